//! Where `cargo xtask test` puts the programs that tests need.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

/// The workspace's own target folder: tools and pictures stay there wherever cargo builds.
fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target")
}

/// A program or file below `target/tools`.
///
/// # Errors
/// It is not there: the message names the command that installs it.
pub fn tool(path: &str) -> Result<PathBuf> {
    let found = target().join("tools").join(path);
    ensure!(
        found.exists(),
        "{} is missing: `cargo xtask test` installs it",
        found.display()
    );
    Ok(found.canonicalize()?)
}

/// Where pictures of pages are kept for whoever wants to look: `target/screenshots`.
///
/// # Errors
/// It cannot be made.
pub fn screenshots() -> Result<PathBuf> {
    let folder = target().join("screenshots");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}
