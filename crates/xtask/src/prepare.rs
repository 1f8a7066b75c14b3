//! `.sqlx`: what the queries of `dn-db` look like to a migrated database, so that a build needs none.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use crate::cargo::{built, cargo, workspace};
use crate::helpers::Helper;
use crate::run::run;
use crate::{Result, console, packages};

/// Query files by name.
type Queries = BTreeMap<String, Vec<u8>>;

/// Writes `.sqlx` anew.
///
/// # Errors
/// A migration or a query is wrong.
pub(crate) fn prepare() -> Result<()> {
    packages::for_demo()?;
    run(&mut cargo(&[
        "build",
        "--workspace",
        "--example",
        "postgres",
        "--example",
        "template_schema",
    ]))?;
    let postgres = Helper::start("postgres")?;
    let queries = compile_queries(&postgres)?;
    let folder = workspace().join(".sqlx");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
    }
    fs::create_dir(&folder).map_err(|error| error.to_string())?;
    for (name, content) in &queries {
        fs::write(folder.join(name), content).map_err(|error| format!("{name}: {error}"))?;
    }
    console::say(&format!("{} queries in .sqlx", queries.len()));
    Ok(())
}

/// Checks that `.sqlx` is what [`prepare`] would write. The examples are built.
///
/// # Errors
/// It is not; the message says how to mend it.
pub(crate) fn check(postgres: &Helper) -> Result<()> {
    let (kept, fresh) = (read(&workspace().join(".sqlx"))?, compile_queries(postgres)?);
    if kept == fresh {
        console::say(&format!("{} queries, all as kept in .sqlx", fresh.len()));
        return Ok(());
    }
    let added = fresh
        .iter()
        .filter(|(name, content)| kept.get(*name) != Some(content))
        .count();
    let gone = kept.keys().filter(|name| !fresh.contains_key(*name)).count();
    Err(format!(
        ".sqlx is out of date ({added} queries new or changed, {gone} gone): run `cargo xtask prepare`"
    ))
}

fn compile_queries(postgres: &Helper) -> Result<Queries> {
    let (url, folder) = (postgres.value("DN_QUERIES")?, workspace().join("target/sqlx"));
    run(Command::new(built("examples/template_schema")?).arg(url))?;
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
    }
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let compiled = touched(&workspace().join("crates/db/src/lib.rs"), || {
        run(cargo(&["check", "--workspace", "--lib"])
            .env("SQLX_OFFLINE", "false")
            .env("SQLX_OFFLINE_DIR", &folder)
            .env(
                "DATABASE_URL",
                format!("{url}?options=--search_path%3Dtenant_template"),
            ))
    });
    compiled?;
    read(&folder)
}

/// Has cargo compile this file's crate again, and only this once: its time is put back.
fn touched<T>(file: &Path, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let say = |error: std::io::Error| format!("{}: {error}", file.display());
    let opened = fs::File::options().append(true).open(file).map_err(say)?;
    let before = opened.metadata().and_then(|meta| meta.modified()).map_err(say)?;
    opened.set_modified(SystemTime::now()).map_err(say)?;
    let done = work();
    opened.set_modified(before).map_err(say)?;
    done
}

fn read(folder: &Path) -> Result<Queries> {
    let say = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut queries = Queries::new();
    for entry in fs::read_dir(folder).map_err(say)? {
        let path = entry.map_err(say)?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            queries.insert(name, fs::read(&path).map_err(say)?);
        }
    }
    Ok(queries)
}
