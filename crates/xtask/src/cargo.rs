//! Cargo, run from here as if from a shell.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Result, console};

/// The workspace's folder.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap_or_else(|_| PathBuf::from("."))
}

/// A program that `cargo build` made, or an example of it: beside this one.
///
/// # Errors
/// The system does not say where this program lies.
pub(crate) fn built(name: &str) -> Result<PathBuf> {
    let this = std::env::current_exe().map_err(|error| error.to_string())?;
    Ok(this.with_file_name(name))
}

/// Cargo with these arguments.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(workspace()).args(arguments);
    if console::is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    if std::env::var_os("CI").is_some() {
        // What speeds up the next build is of no use where there is none, and takes gigabytes.
        command.env("CARGO_INCREMENTAL", "0");
    }
    // `cargo run` tells the program about its package. Passed on, build scripts would see the difference between this
    // and a plain `cargo`, and half of the dependencies would be compiled again.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}
