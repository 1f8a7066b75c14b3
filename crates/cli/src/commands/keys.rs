//! `dn keys …`: draw, rotate, rewrap.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use app::Department;
use chrono::Utc;
use domain::DepartmentSlug;

use crate::config::Config;
use crate::output;
use crate::wiring::{Wired, wire};

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Draw a key for the configuration: 32 random bytes in base64.
    Generate,
    /// Draw a new data key for letters to come. Letters before stay readable with theirs.
    Rotate(Which),
    /// Wrap the data keys under storage.current_master. Once all are, the old master may go; not while a département
    /// is suspended, whose keys cannot be reached.
    Rewrap(Which),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Which {
    /// Départements.
    #[arg(value_name = "SLUG", required_unless_present = "all")]
    slugs: Vec<DepartmentSlug>,
    /// Every département in service.
    #[arg(long, conflicts_with = "slugs")]
    all: bool,
}

pub(crate) async fn run(load: impl Fn() -> Result<Config>, command: Command) -> Result<ExitCode> {
    match command {
        Command::Generate => output::line(draw()),
        Command::Rotate(which) => {
            let wired = wire(&load()?).await?;
            for department in which.departments(&wired).await? {
                let done = wired.app.rotate_key(&department, Utc::now()).await?;
                output::line(format!("{}: a new key; {} in all", department.slug, done.keys));
            }
        }
        Command::Rewrap(which) => rewrap(&wire(&load()?).await?, &which).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn rewrap(wired: &Wired, which: &Which) -> Result<()> {
    for department in which.departments(wired).await? {
        let done = wired.app.rewrap_keys(&department, Utc::now()).await;
        let done = done.with_context(|| format!("{}: nothing was changed", department.slug))?;
        output::line(format!(
            "{}: {} of {} key(s) wrapped again",
            department.slug, done.changed, done.keys
        ));
    }
    if !which.all {
        return Ok(());
    }
    let known = wired.app.departments().await?;
    let skipped: Vec<&str> = known
        .iter()
        .filter(|department| department.suspended)
        .map(|department| department.slug.as_str())
        .collect();
    if skipped.is_empty() {
        return Ok(());
    }
    bail!(
        "suspended, and therefore skipped: {}\n  their keys may still be wrapped under the old master: keep it in \
         storage.master_keys\n  next: `dn tenant resume` and `dn keys rewrap` for each of them",
        skipped.join(", ")
    )
}

/// 32 random bytes in base64.
pub(crate) fn draw() -> String {
    data_encoding::BASE64.encode(&rand::random::<[u8; 32]>())
}

impl Which {
    async fn departments(&self, wired: &Wired) -> Result<Vec<Department>> {
        let known = wired.app.departments().await?;
        if self.all {
            return Ok(known
                .iter()
                .filter(|department| !department.suspended)
                .cloned()
                .collect());
        }
        let find = |slug: &DepartmentSlug| known.iter().find(|department| &department.slug == slug).cloned();
        let mut found = Vec::new();
        for slug in &self.slugs {
            match find(slug) {
                Some(department) => found.push(department),
                None => bail!("there is no département `{slug}`\n  next: `dn tenant list`"),
            }
        }
        Ok(found)
    }
}
