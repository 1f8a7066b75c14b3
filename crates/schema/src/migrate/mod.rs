//! Brings `platform`, the job queue and every département's schema up to date.

mod apply;
mod files;
mod hands;
pub(crate) mod targets;

use std::fmt;
use std::time::{Duration, Instant};

use domain::DepartmentSlug;

pub use files::{MIGRATIONS, Migration, Migrations};

use crate::error::{DbError, Result};
use crate::owner::Owner;
use crate::settings::MigrateSettings;

/// What is migrated.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// The shared schema and the job queue.
    Platform,
    /// A département's schema.
    Tenant(DepartmentSlug),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Platform => f.write_str("platform"),
            Self::Tenant(slug) => slug.fmt(f),
        }
    }
}

/// A step of the way, for a progress display.
#[derive(Debug)]
pub enum Progress<'a> {
    /// Another `migrate` is at work: waiting for it.
    Waiting,
    /// So many targets are looked at.
    Begin {
        /// Platform and départements.
        targets: usize,
    },
    /// One is done.
    Done {
        /// Which.
        target: &'a Target,
        /// Migrations applied to it, oldest first; empty when it was up to date.
        applied: &'a [String],
        /// How long it took.
        took: Duration,
    },
    /// One could not be brought up to date: it is as it was before.
    Failed {
        /// Which.
        target: &'a Target,
        /// Why.
        error: &'a DbError,
    },
}

/// What was done.
#[derive(Debug, Default)]
pub struct MigrateReport {
    /// What was brought up to date, with the migrations applied.
    pub migrated: Vec<(Target, Vec<String>)>,
    /// What already was.
    pub unchanged: usize,
    /// What could not be, and why: it is as it was before.
    pub failed: Vec<(Target, DbError)>,
}

impl MigrateReport {
    /// Whether everything is up to date now.
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty()
    }
}

/// How many migrations this program has for the shared schema.
pub fn platform_version() -> i32 {
    MIGRATIONS
        .platform
        .last()
        .map_or(0, |migration| migration.version)
}

/// How many migrations this program has for a département's schema.
pub fn tenant_version() -> i32 {
    MIGRATIONS.tenant_version()
}

/// Brings everything up to date, one transaction per schema, a few départements at a time. Goes on past a département that
/// fails. Running it twice changes nothing; two at once wait for one another.
///
/// # Errors
/// When the database cannot be reached, or the shared schema itself cannot be migrated; départements that fail are in
/// the report instead.
pub async fn migrate(
    settings: &MigrateSettings,
    progress: impl FnMut(Progress<'_>) + Send,
) -> Result<MigrateReport> {
    migrate_to(&MIGRATIONS, settings, progress).await
}

/// As [`migrate`], to the migrations of another version.
///
/// # Errors
/// As [`migrate`].
pub async fn migrate_to(
    migrations: &Migrations,
    settings: &MigrateSettings,
    mut progress: impl FnMut(Progress<'_>) + Send,
) -> Result<MigrateReport> {
    let mut owner = Owner::lock(settings, || progress(Progress::Waiting)).await?;
    let known = targets::departments(&mut owner).await?.len();
    progress(Progress::Begin { targets: known + 1 });
    let mut report = MigrateReport::default();

    let began = Instant::now();
    targets::queue(settings).await?;
    let platform = targets::platform(migrations, &mut owner).await;
    let platform = note(&mut progress, &Target::Platform, began.elapsed(), platform)?;
    report.add(Target::Platform, platform);

    let slugs = targets::departments(&mut owner).await?;
    hands::tenants(migrations, settings, &owner, slugs, |done| {
        let target = Target::Tenant(done.slug);
        match note(&mut progress, &target, done.took, done.applied) {
            Ok(applied) => report.add(target, applied),
            Err(error @ DbError::Unreachable(_)) => return Err(error),
            Err(error) => report.failed.push((target, error)),
        }
        Ok(())
    })
    .await?;
    report.sort();
    targets::settle(&mut owner).await?;
    owner.close().await?;
    Ok(report)
}

/// Tells of one target done, or failed.
fn note(
    progress: &mut (impl FnMut(Progress<'_>) + Send),
    target: &Target,
    took: Duration,
    result: Result<Vec<String>>,
) -> Result<Vec<String>> {
    match &result {
        Ok(applied) => progress(Progress::Done {
            target,
            applied,
            took,
        }),
        Err(error) => progress(Progress::Failed { target, error }),
    }
    result
}

impl MigrateReport {
    fn add(&mut self, target: Target, applied: Vec<String>) {
        if applied.is_empty() {
            self.unchanged += 1;
        } else {
            self.migrated.push((target, applied));
        }
    }

    /// The shared schema first, then by slug: they ended in any order.
    fn sort(&mut self) {
        self.migrated.sort_by(|one, other| one.0.cmp(&other.0));
        self.failed.sort_by(|one, other| one.0.cmp(&other.0));
    }
}
