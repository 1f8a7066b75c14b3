//! Where PostgreSQL's programs are.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

/// The folder with `initdb`, `postgres` and `psql`: `PG_BINDIR`, then Debian's, newest first, then `PATH`. A
/// cluster that exists already can only be served by its own major version.
pub(super) fn find(cluster_version: Option<&str>) -> Result<PathBuf> {
    let mut folders: Vec<PathBuf> = env::var_os("PG_BINDIR").map(PathBuf::from).into_iter().collect();
    folders.extend(debian(cluster_version));
    folders.extend(env::var_os("PATH").iter().flat_map(env::split_paths));
    let complete = |folder: &Path| {
        ["initdb", "postgres", "psql"]
            .iter()
            .all(|p| folder.join(p).exists())
    };
    if let Some(found) = folders.into_iter().find(|folder| complete(folder)) {
        // Packages link single programs into PATH; initdb wants its neighbours beside it.
        let real = fs::canonicalize(found.join("postgres"))?;
        return Ok(real.parent().map_or(found, Path::to_path_buf));
    }
    match cluster_version {
        Some(version) => bail!(
            "this database was made by PostgreSQL {version}, which is not installed: install it (`apt-get \
             install postgresql-{version}`), name its folder in PG_BINDIR, or start over with --fresh"
        ),
        None => bail!(
            "PostgreSQL is not installed: run `cargo xtask demo`, which installs it, or `apt-get install \
             postgresql`, or name the folder of initdb in PG_BINDIR"
        ),
    }
}

fn debian(cluster_version: Option<&str>) -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse::<u32>().ok()?,
                entry.path().join("bin"),
            ))
        })
        .filter(|(version, _)| cluster_version.is_none_or(|wanted| wanted == version.to_string()))
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().map(|(_, folder)| folder).collect()
}
