//! Everything a département owns, in files it can read without us.

use std::path::Path;

use db::provision::{self, private_directory, private_file};
use db::{DbError, MigrateSettings};
use tokio::io::AsyncWriteExt as _;

use super::TenantError;
use crate::App;
use crate::departments::Department;
use crate::download::data_key;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// File name and rows of each table.
    pub tables: Vec<(String, u64)>,
    /// Letters written to `courriers/`; `None` when the département is suspended: they stay in the store, encrypted with
    /// the keys of the exported table.
    pub letters: Option<u64>,
}

pub(super) async fn export(
    app: &App,
    owner: &MigrateSettings,
    department: &Department,
    directory: &Path,
) -> Result<Exported, TenantError> {
    let tables = provision::export(owner, &department.slug, directory)
        .await?
        .tables;
    let letters = letters(app, department, &directory.join("courriers")).await?;
    Ok(Exported { tables, letters })
}

async fn letters(app: &App, department: &Department, directory: &Path) -> Result<Option<u64>, TenantError> {
    let mut tx = match app.db().tenant(&department.slug).await {
        Ok(tx) => tx,
        Err(DbError::TenantUnavailable(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let rows = tx.inquiries().recent(u32::MAX >> 1).await?;
    private_directory(directory).await?;
    let mut written = 0;
    for row in rows {
        let Some(letter) = row.letter else { continue };
        let Some(key) = data_key(&mut tx, &letter).await? else {
            continue;
        };
        let bytes = app.fetch(department, &letter, &key).await?;
        let name = format!("{}.pdf", row.inquiry.reference);
        let mut file = private_file(&directory.join(name)).await?;
        file.write_all(&bytes).await?;
        file.flush().await?;
        written += 1;
    }
    Ok(Some(written))
}
