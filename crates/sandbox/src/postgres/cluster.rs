//! The files of a private cluster: where they lie, how they are made, what an earlier run left behind.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use data_encoding::HEXLOWER;

use super::PostgresOptions;
use crate::unprivileged;

/// The folder of a cluster, reachable by whoever runs the server.
pub(super) struct Cluster {
    pub(super) data: PathBuf,
    pub(super) password: String,
}

impl Cluster {
    /// The major version of the cluster in this folder, if there is one.
    pub(super) fn version(dir: &Path) -> Option<String> {
        Some(
            fs::read_to_string(dir.join("data/PG_VERSION"))
                .ok()?
                .trim()
                .to_owned(),
        )
    }

    /// Opens the cluster of this folder, made first if there is none.
    pub(super) fn open(dir: &Path, bin: &Path, options: PostgresOptions) -> Result<Self> {
        fs::create_dir_all(dir).with_context(|| format!("cannot make the folder {}", dir.display()))?;
        let data = data_folder(dir)?;
        let password_file = data.with_extension("password");
        if !data.join("PG_VERSION").exists() {
            initialise(&data, &password_file, bin, options)?;
        }
        let password = fs::read_to_string(&password_file)
            .with_context(|| format!("cannot read {}", password_file.display()))?;
        Ok(Self { data, password })
    }

    /// Removes what a killed server left behind; waits for one that is still stopping.
    pub(super) fn release(&self) -> Result<()> {
        let pid_file = self.data.join("postmaster.pid");
        let deadline = Instant::now() + Duration::from_secs(10);
        while let Ok(text) = fs::read_to_string(&pid_file) {
            let pid = text.lines().next().unwrap_or_default().to_owned();
            let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
            if name.trim() != "postgres" {
                fs::remove_file(&pid_file).or_else(ignore_missing)?;
                break;
            }
            ensure!(
                Instant::now() < deadline,
                "the database in {} is in use by process {pid}: stop the demo that runs there first",
                self.data.display()
            );
            sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Whether the server that runs on these files accepts connections, by its own account.
    pub(super) fn is_ready(&self) -> bool {
        fs::read_to_string(self.data.join("postmaster.pid"))
            .is_ok_and(|text| text.lines().nth(7).is_some_and(|status| status.trim() == "ready"))
    }
}

/// `dir/data`, or, where `nobody` cannot reach it (a clone in root's home), a link from there to a folder of
/// the same fate under /var/tmp.
fn data_folder(dir: &Path) -> Result<PathBuf> {
    let data = dir.join("data");
    if dir.parent().is_none_or(unprivileged::can_reach) {
        unprivileged::give(dir)?;
        return Ok(data);
    }
    let mut hasher = DefaultHasher::new();
    dir.hash(&mut hasher);
    let elsewhere = PathBuf::from(format!("/var/tmp/dn-postgres-{:016x}", hasher.finish()));
    if !data.is_symlink() {
        // The folder that linked here was removed: what it linked to goes too.
        fs::remove_dir_all(&elsewhere).or_else(ignore_missing)?;
        fs::create_dir_all(&elsewhere)?;
        fs::set_permissions(&elsewhere, fs::Permissions::from_mode(0o700))?;
        unprivileged::give(&elsewhere)?;
        symlink(elsewhere.join("data"), &data)?;
    }
    Ok(elsewhere.join("data"))
}

fn initialise(data: &Path, password_file: &Path, bin: &Path, options: PostgresOptions) -> Result<()> {
    // An initialisation that was interrupted has no PG_VERSION, or not yet its password: begin again.
    fs::remove_dir_all(data).or_else(ignore_missing)?;
    fs::create_dir(data)?;
    fs::set_permissions(data, fs::Permissions::from_mode(0o700))?;
    unprivileged::give(data)?;
    fs::write(password_file, HEXLOWER.encode(&rand::random::<[u8; 24]>()))?;
    fs::set_permissions(password_file, fs::Permissions::from_mode(0o600))?;
    unprivileged::give(password_file)?;
    let mut initdb = unprivileged::command(&bin.join("initdb"));
    initdb
        .args(["--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8"])
        .arg("--pgdata")
        .arg(data)
        .arg("--pwfile")
        .arg(password_file)
        .arg(if options.durable {
            "--auth=scram-sha-256"
        } else {
            "--auth=trust"
        });
    if !options.durable {
        initdb.arg("--no-sync");
    }
    let output = initdb.output().context("cannot run initdb")?;
    if !output.status.success() {
        bail!(
            "initdb failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(())
}

fn ignore_missing(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::NotFound {
        Ok(())
    } else {
        Err(error)
    }
}
