//! `dn tenant …`: départements, from their folders.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use app::tenants::{Exported, Problem, TenantFolder, TenantLine, Tenants};
use chrono::Utc;
use domain::DepartmentSlug;
use serde_json::json;

use crate::config::Config;
use crate::output;
use crate::wiring::{Wired, owner, wire};

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Create départements (role, schema, grants) and apply their folders. Those that are there are only applied.
    Create(Folders),
    /// Take over tenant.toml, letterhead and administrators of départements that exist. Safe to run again.
    Apply(Folders),
    /// Show every département and what it holds.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Check folders without touching anything: no configuration, no database.
    Check(Folders),
    /// Write everything a département owns into a new directory: tables as CSV, letters as PDF.
    Export {
        /// The département.
        slug: DepartmentSlug,
        /// Directory to make; by default `exports/` and its name and the time.
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
    /// Take a département out of service. PostgreSQL itself then refuses its data to the application.
    Suspend {
        /// The département.
        slug: DepartmentSlug,
    },
    /// Put a suspended département back into service.
    Resume {
        /// The département.
        slug: DepartmentSlug,
    },
    /// Export, then delete a département for good.
    Drop {
        /// The département.
        slug: DepartmentSlug,
        /// The slug again, where nobody can be asked.
        #[arg(long, value_name = "SLUG")]
        confirm: Option<String>,
        /// Directory for the export; by default `exports/` and its name and the time.
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Folders {
    /// Folders (tenants/rhone) or slugs (rhone); none: every folder below --root.
    #[arg(value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// Where the folders of départements are.
    #[arg(long, default_value = "tenants", value_name = "DIR")]
    root: PathBuf,
}

impl Folders {
    fn paths(&self) -> Result<Vec<PathBuf>> {
        if self.folders.is_empty() {
            let found = TenantFolder::all(&self.root)
                .with_context(|| format!("{} cannot be listed", self.root.display()))?;
            if found.is_empty() {
                bail!("no folder with a tenant.toml in {}", self.root.display());
            }
            return Ok(found);
        }
        let path = |given: &PathBuf| {
            let is_slug = given.components().count() == 1 && !given.is_dir();
            if is_slug {
                self.root.join(given)
            } else {
                given.clone()
            }
        };
        Ok(self.folders.iter().map(path).collect())
    }

    /// Every folder, checked; nothing is done while one is at fault.
    fn read(&self) -> Result<Vec<TenantFolder>> {
        let (mut folders, mut problems) = (Vec::new(), Vec::new());
        for path in self.paths()? {
            match TenantFolder::read(&path) {
                Ok(folder) => folders.push(folder),
                Err(found) => problems.extend(found),
            }
        }
        refuse(&problems)?;
        Ok(folders)
    }
}

fn refuse(problems: &[Problem]) -> Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = problems.iter().map(|problem| format!("  {problem}")).collect();
    bail!(
        "{} problem(s):\n{}\n  next: mend the file and run `dn tenant check`",
        problems.len(),
        lines.join("\n")
    )
}

pub(crate) async fn run(load: impl Fn() -> Result<Config>, command: Command) -> Result<ExitCode> {
    match command {
        Command::Check(folders) => check(&folders)?,
        Command::List { json } => list(&wire(&load()?).await?, json).await?,
        Command::Apply(folders) => apply(&wire(&load()?).await?, &folders).await?,
        Command::Create(folders) => create(&load()?, &folders).await?,
        Command::Export { slug, to } => {
            let tenants = tenants(&load()?).await?;
            let to = to.unwrap_or_else(|| export_directory(&slug));
            let exported = tenants.export(&slug, &to).await?;
            tell_export(&slug, &to, &exported);
        }
        Command::Suspend { slug } => {
            let changed = tenants(&load()?).await?.suspend(&slug).await?;
            let said = if changed {
                "suspended"
            } else {
                "was suspended already"
            };
            output::line(format!(
                "{slug}: {said}; `dn tenant resume {slug}` puts it back into service"
            ));
        }
        Command::Resume { slug } => {
            let changed = tenants(&load()?).await?.resume(&slug).await?;
            let said = if changed {
                "back in service"
            } else {
                "was in service already"
            };
            output::line(format!("{slug}: {said}"));
        }
        Command::Drop { slug, confirm, to } => drop(&load()?, &slug, confirm, to).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn tenants(config: &Config) -> Result<Tenants> {
    Ok(Tenants::new(wire(config).await?.app, owner(config)?))
}

fn check(folders: &Folders) -> Result<()> {
    for folder in folders.read()? {
        let name = &folder.settings.identity.official_name;
        output::line(format!("{}: {name}, in order", folder.slug));
    }
    Ok(())
}

async fn create(config: &Config, folders: &Folders) -> Result<()> {
    let folders = folders.read()?;
    let tenants = tenants(config).await?;
    for folder in &folders {
        let done = tenants.create(folder, Utc::now()).await;
        let done = done.with_context(|| format!("{} cannot be created", folder.slug))?;
        let said = match (done.created, done.changed) {
            (true, _) => "created",
            (false, true) => "was there; settings applied",
            (false, false) => "was there, nothing changed",
        };
        output::line(format!("{}: {said} (revision {})", folder.slug, done.revision));
        if done.created {
            output::line(format!("  next: dn register import {} FILE", folder.slug));
        }
    }
    Ok(())
}

async fn apply(wired: &Wired, folders: &Folders) -> Result<()> {
    for folder in &folders.read()? {
        let done = wired.app.apply_tenant(folder, Utc::now()).await;
        let done = done.with_context(|| format!("{} cannot be applied", folder.slug))?;
        let said = if done.changed {
            "applied"
        } else {
            "nothing changed"
        };
        output::line(format!("{}: {said} (revision {})", folder.slug, done.revision));
    }
    Ok(())
}

async fn list(wired: &Wired, json: bool) -> Result<()> {
    let lines = wired.app.tenant_lines().await?;
    if json {
        let lines: Vec<_> = lines.iter().map(as_json).collect();
        return output::json(&lines);
    }
    let headers = [
        "slug",
        "INSEE",
        "name",
        "state",
        "settings",
        "register",
        "people",
        "inquiries",
    ];
    output::table(&headers, lines.iter().map(as_row));
    Ok(())
}

fn as_json(line: &TenantLine) -> serde_json::Value {
    let department = &line.department;
    let contents = line.contents.as_ref();
    let register = contents.and_then(|contents| contents.register.as_ref());
    json!({
        "slug": department.slug,
        "insee_code": department.insee_code,
        "name": department.name,
        "suspended": department.suspended,
        "schema_version": department.schema_version,
        "revision": contents.and_then(|contents| contents.revision),
        "inquiries": contents.map(|contents| contents.inquiries),
        "register": register.map(|register| json!({
            "source": register.source,
            "imported_at": register.imported_at,
            "individuals": register.individuals,
            "aids": register.aids,
        })),
    })
}

fn as_row(line: &TenantLine) -> Vec<String> {
    let department = &line.department;
    let dash = || "–".to_owned();
    let contents = line.contents.as_ref();
    let register = contents.and_then(|contents| contents.register.as_ref());
    vec![
        department.slug.to_string(),
        department.insee_code.to_string(),
        department.name.clone(),
        if department.suspended {
            "suspended"
        } else {
            "in service"
        }
        .to_owned(),
        contents
            .and_then(|contents| contents.revision)
            .map_or_else(dash, |revision| format!("revision {revision}")),
        register.map_or_else(dash, |register| {
            register.imported_at.format("%Y-%m-%d").to_string()
        }),
        register.map_or_else(dash, |register| register.individuals.to_string()),
        contents.map_or_else(dash, |contents| contents.inquiries.to_string()),
    ]
}

async fn drop(
    config: &Config,
    slug: &DepartmentSlug,
    confirm: Option<String>,
    to: Option<PathBuf>,
) -> Result<()> {
    confirmed(slug, confirm)?;
    let to = to.unwrap_or_else(|| export_directory(slug));
    let dropped = tenants(config).await?.drop(slug, &to).await?;
    tell_export(slug, &to, &dropped.exported);
    match dropped.purged {
        Some(purged) if purged.kept > 0 => output::line(format!(
            "{slug}: dropped; {} objects deleted, {} are locked by the store until their retention ends",
            purged.deleted, purged.kept
        )),
        Some(purged) => output::line(format!("{slug}: dropped; {} objects deleted", purged.deleted)),
        None => output::line(format!(
            "{slug}: dropped; its letters stay in the store, since they could not be exported"
        )),
    }
    Ok(())
}

/// The slug must be typed again: this cannot be undone.
fn confirmed(slug: &DepartmentSlug, confirm: Option<String>) -> Result<()> {
    let typed = match confirm {
        Some(confirm) => confirm,
        None => ask(slug)?,
    };
    if typed.trim() == slug.as_str() {
        return Ok(());
    }
    bail!("not confirmed: nothing was done\n  next: type the slug again, or pass --confirm {slug}")
}

fn ask(slug: &DepartmentSlug) -> Result<String> {
    if std::io::stdin().is_terminal() {
        let _ = write!(
            std::io::stderr().lock(),
            "This exports {slug} and then deletes it for good: schema, role, letters.\nType the slug to go on: "
        );
    }
    let mut typed = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut typed)
        .context("standard input cannot be read")?;
    Ok(typed)
}

fn export_directory(slug: &DepartmentSlug) -> PathBuf {
    PathBuf::from("exports").join(format!("{slug}-{}", Utc::now().format("%Y%m%d-%H%M%S")))
}

fn tell_export(slug: &DepartmentSlug, to: &Path, exported: &Exported) {
    let rows: u64 = exported.tables.iter().map(|(_, rows)| rows).sum();
    let letters = match exported.letters {
        Some(letters) => format!("{letters} letters"),
        None => "no letters (suspended: they stay in the store)".to_owned(),
    };
    output::line(format!(
        "{slug}: exported to {}: {} tables with {rows} rows, {letters}",
        to.display(),
        exported.tables.len()
    ));
}
