//! Directories and files that nobody but their owner reads: an export holds everything a département knows.

use std::fs::Permissions;
use std::io::Result;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use tokio::fs::{self, DirBuilder, File, OpenOptions};

/// Makes a directory, and those above that are missing, with mode 0700. One that is there is closed to others too.
///
/// # Errors
/// When it cannot be made, or belongs to somebody else.
pub async fn private_directory(path: &Path) -> Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).await?;
    fs::set_permissions(path, Permissions::from_mode(0o700)).await
}

/// Makes a new file with mode 0600, to be written.
///
/// # Errors
/// When it is there already, or cannot be made.
pub async fn private_file(path: &Path) -> Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .await
}
