//! `cargo xtask demo`: from a fresh system to a running demonstration.

use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::cargo::{built, cargo, workspace};
use crate::run::run;
use crate::{Result, console, packages};

/// Installs, builds, and becomes `dn demo` with these arguments.
///
/// # Errors
/// Something is missing, or does not compile.
pub(crate) fn demo(arguments: &[String]) -> Result<()> {
    console::heading("System");
    packages::for_demo()?;
    console::heading("Build");
    console::say("The first time takes some five minutes.");
    // `--workspace` although one program is wanted: fewer features would compile the dependencies twice.
    run(&mut cargo(&["build", "--workspace", "--bin", "dn"]))?;
    console::heading("Demo");
    // From here on the terminal, its Ctrl-C and our exit code are those of `dn`.
    let error = Command::new(built("dn")?)
        .arg("demo")
        .args(arguments)
        .current_dir(workspace())
        .exec();
    Err(format!("cannot run dn: {error}"))
}
