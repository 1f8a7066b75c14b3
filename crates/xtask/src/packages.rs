//! What the system must have: Debian's packages, installed where one may.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::run::{ask, run};
use crate::{Result, console};

/// A Debian package and how one sees that it, or another of its kind, is there.
struct Package {
    name: &'static str,
    is_there: fn() -> bool,
}

const POSTGRESQL: Package = Package {
    name: "postgresql",
    is_there: has_postgresql,
};

/// What the tests need besides.
const FOR_TESTS: [Package; 8] = [
    Package {
        name: "chromium",
        is_there: || has_program("chromium"),
    },
    Package {
        name: "chromium-driver",
        is_there: || has_program("chromedriver"),
    },
    Package {
        name: "fonts-liberation",
        is_there: || Path::new("/usr/share/doc/fonts-liberation").exists(),
    },
    Package {
        name: "libfaketime",
        is_there: has_faketime,
    },
    Package {
        name: "poppler-utils",
        is_there: || has_program("pdftotext"),
    },
    Package {
        name: "python3-venv",
        is_there: has_venv,
    },
    Package {
        name: "qpdf",
        is_there: || has_program("qpdf"),
    },
    Package {
        name: "systemd",
        is_there: || has_program("systemd-analyze"),
    },
];

/// Makes sure of what the demo needs.
///
/// # Errors
/// It cannot be installed; the message says what to do.
pub(crate) fn for_demo() -> Result<()> {
    ensure([&POSTGRESQL])
}

/// Makes sure of what the tests need.
///
/// # Errors
/// It cannot be installed; the message says what to do.
pub(crate) fn for_tests() -> Result<()> {
    ensure(FOR_TESTS.iter().chain([&POSTGRESQL]))
}

fn ensure<'a>(packages: impl IntoIterator<Item = &'a Package>) -> Result<()> {
    let missing: Vec<&str> = packages
        .into_iter()
        .filter(|package| !(package.is_there)())
        .map(|package| package.name)
        .collect();
    if missing.is_empty() {
        console::say("Nothing to install.");
        return Ok(());
    }
    let list = missing.join(" ");
    if !has_program("apt-get") {
        return Err(format!(
            "this system has no apt-get; install what Debian calls: {list}"
        ));
    }
    if !is_root() {
        return Err(format!(
            "run this once, then try again:\n\n  sudo apt-get install -y {list}\n"
        ));
    }
    console::say(&format!("Installing {list}"));
    run(Command::new("apt-get").arg("update"))?;
    let mut install = Command::new("apt-get");
    install
        .args(["install", "-y", "--no-install-recommends"])
        .args(&missing);
    run(install.env("DEBIAN_FRONTEND", "noninteractive")).map(drop)
}

fn is_root() -> bool {
    ask(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}

fn has_program(name: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}

/// As the tests of clocks that are set back look for it.
fn has_faketime() -> bool {
    fs::read_dir("/usr/lib")
        .into_iter()
        .flatten()
        .flatten()
        .any(|folder| folder.path().join("faketime/libfaketimeMT.so.1").is_file())
}

fn has_venv() -> bool {
    ask(Command::new("python3").args(["-c", "import ensurepip, venv"])).is_some()
}

/// As `sandbox` looks for it.
fn has_postgresql() -> bool {
    let debian = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    env::var_os("PG_BINDIR").is_some()
        || debian
            .into_iter()
            .any(|version| version.path().join("bin/initdb").is_file())
        || has_program("initdb")
}
