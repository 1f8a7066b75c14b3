//! `.local/`: what the demo keeps from one start to the next.

use std::fs::{self, File, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::commands::keys;

/// A file only we make: `--fresh` deletes no folder without it.
const MARK: &str = "this-is-a-demo";

/// The folder, absolute.
pub(in crate::commands) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Opens the folder, or makes it; with `fresh`, what was there is deleted first.
    pub(in crate::commands) fn open(dir: &Path, fresh: bool) -> Result<Self> {
        let root = std::path::absolute(dir)?;
        let mark = root.join(MARK);
        if fresh && root.exists() {
            if !mark.exists() {
                bail!("{} was not made by the demo: it is not deleted", root.display());
            }
            fs::remove_dir_all(&root).with_context(|| format!("{} cannot be deleted", root.display()))?;
        }
        fs::create_dir_all(&root).with_context(|| format!("{} cannot be made", root.display()))?;
        fs::write(
            &mark,
            "Everything here was made by `dn demo` and may be deleted.\n",
        )?;
        let folder = Self { root };
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder.path("secrets"))?;
        Ok(folder)
    }

    /// Removes it with everything in it.
    pub(in crate::commands) fn remove(self) -> Result<()> {
        fs::remove_dir_all(&self.root).with_context(|| format!("{} cannot be deleted", self.root.display()))
    }

    /// A path inside.
    pub(in crate::commands) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// A folder inside, made if it is missing.
    pub(in crate::commands) fn sub(&self, name: &str) -> Result<PathBuf> {
        let path = self.path(name);
        fs::create_dir_all(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        Ok(path)
    }

    /// A secret drawn at the first start and kept, readable by its owner only.
    pub(in crate::commands) fn secret(&self, name: &str) -> Result<(PathBuf, String)> {
        let path = self.path("secrets").join(name);
        if !path.exists() {
            self.keep_secret(name, &keys::draw())?;
        }
        let secret =
            fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        Ok((path, secret))
    }

    /// Keeps a secret that somebody else drew.
    pub(in crate::commands) fn keep_secret(&self, name: &str, secret: &str) -> Result<PathBuf> {
        let path = self.path("secrets").join(name);
        let mut file = File::options()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&path)?;
        file.write_all(secret.as_bytes())?;
        fs::set_permissions(&path, Permissions::from_mode(0o600))?;
        Ok(path)
    }

    /// Where the logs of the demo go, so that its terminal stays legible.
    pub(in crate::commands) fn log(&self) -> PathBuf {
        self.path("dn.log")
    }
}
