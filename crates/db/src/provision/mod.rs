//! Départements come and go: role, schema, grants, export. Works with the owner's login.

mod export;

use domain::{DepartmentId, DepartmentSlug};

pub use export::{ExportReport, export};

use crate::error::Result;
use crate::platform::departments::DepartmentIdentity;
use crate::settings::MigrateSettings;

/// Creates a département: role, schema with every migration, grants, row in the shared list. Tells whether it was new;
/// one already there keeps its id and is only completed.
///
/// # Errors
/// When the database refuses, or another département has this INSEE code (constraint `department_insee_code_key`).
pub async fn create(
    settings: &MigrateSettings,
    id: DepartmentId,
    identity: &DepartmentIdentity,
) -> Result<bool> {
    let _ = (settings, id, identity);
    todo!()
}

/// Takes the département's role from the application: from now on PostgreSQL itself refuses its data to it.
/// Tells whether it was in service.
///
/// # Errors
/// When the database refuses, or there is no such département.
pub async fn suspend(settings: &MigrateSettings, slug: &DepartmentSlug) -> Result<bool> {
    let _ = (settings, slug);
    todo!()
}

/// Gives it back. Tells whether it was suspended.
///
/// # Errors
/// When the database refuses, or there is no such département.
pub async fn resume(settings: &MigrateSettings, slug: &DepartmentSlug) -> Result<bool> {
    let _ = (settings, slug);
    todo!()
}

/// Deletes a département for good: schema, role, index, staff, jobs. Export it first. Objects in storage are not touched.
///
/// # Errors
/// When the database refuses, or there is no such département.
pub async fn drop(settings: &MigrateSettings, slug: &DepartmentSlug) -> Result<()> {
    let _ = (settings, slug);
    todo!()
}
