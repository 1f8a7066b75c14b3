//! Database, départements and registers, as an operator would set them up.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use app::tenants::{TenantFolder, Tenants};
use chrono::Utc;
use db::migrate::migrate as migrate_all;

use crate::commands::migrate::show;
use crate::config::Config;
use crate::output::{self, said};
use crate::wiring::{Wired, owner};

/// The folders of the départements, checked.
pub(in crate::commands) fn folders(root: &Path) -> Result<Vec<TenantFolder>> {
    let paths = TenantFolder::all(root).with_context(|| {
        format!(
            "{} cannot be listed\n  next: start the demo in the repository, or pass --tenants",
            root.display()
        )
    })?;
    let mut folders = Vec::new();
    for path in paths {
        let folder = TenantFolder::read(&path).map_err(|problems| {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            anyhow::anyhow!("{}", problems.join("\n"))
        })?;
        folders.push(folder);
    }
    if folders.is_empty() {
        bail!("no département in {}", root.display());
    }
    Ok(folders)
}

pub(in crate::commands) async fn migrate(config: &Config) -> Result<()> {
    let bar = output::bar("Migrating");
    let report = migrate_all(&owner(config)?, |progress| show(&bar, progress)).await;
    bar.finish_and_clear();
    let report = report.context("the database of the last demo is of no use: start over with --fresh")?;
    if !report.is_complete() {
        bail!(
            "{} schema(s) could not be migrated: start with --fresh, or see .local/dn.log",
            report.failed.len()
        );
    }
    said(format!(
        "database: {} schema(s) migrated, {} up to date",
        report.migrated.len(),
        report.unchanged
    ));
    Ok(())
}

/// Creates or applies every département.
pub(in crate::commands) async fn tenants(
    config: &Config,
    wired: &Wired,
    folders: &[TenantFolder],
) -> Result<()> {
    let tenants = Tenants::new(wired.app.clone(), owner(config)?);
    for folder in folders {
        let bar = output::spinner(format!("département {}", folder.slug));
        let done = tenants.create(folder, Utc::now()).await;
        bar.finish_and_clear();
        let done = done.with_context(|| format!("{} cannot be created", folder.slug))?;
        let state = match (done.created, done.changed) {
            (true, _) => "created",
            (false, true) => "settings applied",
            (false, false) => "as before",
        };
        said(format!("département {}: {state}", folder.slug));
    }
    Ok(())
}

/// Imports the shipped registers; a file that is in force already is skipped.
pub(in crate::commands) async fn registers(wired: &Wired, folders: &[TenantFolder]) -> Result<()> {
    for folder in folders {
        let file = register(folder)?;
        let department = wired
            .app
            .department(&folder.slug)
            .await?
            .context("the département was just created")?;
        let bar = output::bar(&format!("register of {}", folder.slug));
        let imported = wired
            .app
            .import_register(&department, &file, false, Utc::now(), |at| {
                bar.set_length(at.of);
                bar.set_position(at.rows);
            });
        let report = imported.await;
        bar.finish_and_clear();
        let report = report.with_context(|| format!("{} cannot be imported", file.display()))?;
        let (people, refused) = (report.version.individuals, report.summary.refused);
        said(if report.imported {
            format!(
                "register of {}: {people} people imported, {refused} row(s) refused",
                folder.slug
            )
        } else {
            format!("register of {}: {people} people, as before", folder.slug)
        });
    }
    Ok(())
}

/// The one CSV file in the folder.
fn register(folder: &TenantFolder) -> Result<PathBuf> {
    let entries = std::fs::read_dir(&folder.path)?
        .filter_map(Result::ok)
        .map(|entry| entry.path());
    let mut files = entries.filter(|path| path.extension().is_some_and(|extension| extension == "csv"));
    let file = files
        .next()
        .with_context(|| format!("no register (*.csv) in {}", folder.path.display()))?;
    Ok(file)
}
