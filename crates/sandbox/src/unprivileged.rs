//! PostgreSQL refuses to run as root. Where we are root (containers, CI), its programs run as "nobody".

use std::io;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// User and group `nobody`/`nogroup` of Debian and its kin.
const NOBODY: u32 = 65_534;

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// A command that runs as ourselves, or as `nobody` where we are root.
pub(crate) fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env("LC_ALL", "C.UTF-8")
        .env("TZ", "UTC")
        .stdin(Stdio::null())
        .process_group(0);
    if is_root() {
        command
            .uid(NOBODY)
            .gid(NOBODY)
            .env("HOME", "/tmp")
            .current_dir("/");
    }
    command
}

/// Gives a file or folder to whoever [`command`] runs as.
pub(crate) fn give(path: &Path) -> io::Result<()> {
    if is_root() {
        chown(path, Some(NOBODY), Some(NOBODY))
    } else {
        Ok(())
    }
}

/// Whether whoever [`command`] runs as can reach what lies in this folder: root's home, for one, is closed.
pub(crate) fn can_reach(folder: &Path) -> bool {
    !is_root()
        || folder
            .ancestors()
            .filter_map(|part| part.metadata().ok())
            .all(|meta| meta.permissions().mode() & 0o001 != 0)
}
