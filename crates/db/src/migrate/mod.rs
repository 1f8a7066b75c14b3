//! Brings `platform`, the job queue and every département's schema up to date.

use std::time::Duration;

use domain::DepartmentSlug;

use crate::error::{DbError, Result};
use crate::settings::MigrateSettings;

/// What is migrated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The shared schema and the job queue.
    Platform,
    /// A département's schema.
    Tenant(DepartmentSlug),
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
    todo!()
}

/// How many migrations this program has for a département's schema.
pub fn tenant_version() -> i32 {
    todo!()
}

/// Brings everything up to date, one transaction per schema. Goes on past a département that fails. Running it twice
/// changes nothing; two at once wait for one another.
///
/// # Errors
/// When the database cannot be reached, or the shared schema itself cannot be migrated; départements that fail are in
/// the report instead.
pub async fn migrate(
    settings: &MigrateSettings,
    progress: impl FnMut(Progress<'_>) + Send,
) -> Result<MigrateReport> {
    let _ = (settings, progress);
    todo!()
}
