//! Everything a département owns, in files it can read without us.

use std::path::Path;

use domain::DepartmentSlug;

use crate::error::Result;
use crate::settings::MigrateSettings;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportReport {
    /// File name and rows of each table.
    pub tables: Vec<(String, u64)>,
}

/// Writes one CSV file per table of the département's schema, found in PostgreSQL's catalogue, from one snapshot, into a
/// new directory. Works on a suspended département too.
///
/// # Errors
/// When the directory exists and is not empty, a file cannot be written, or the database refuses.
pub async fn export(
    settings: &MigrateSettings,
    slug: &DepartmentSlug,
    directory: &Path,
) -> Result<ExportReport> {
    let _ = (settings, slug, directory);
    todo!()
}
