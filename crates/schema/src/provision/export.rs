//! Everything a département owns, in files it can read without us.

use std::path::Path;

use domain::{Action, DepartmentSlug};
use futures::TryStreamExt;
use sqlx::{Connection, PgConnection};
use tokio::fs;
use tokio::io::{AsyncWriteExt, BufWriter};

use super::{note_twice, private_directory, private_file};
use crate::error::{DbError, Result};
use crate::names::{literal, quoted, schema};
use crate::owner::{self, run};
use crate::settings::MigrateSettings;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportReport {
    /// File name and rows of each table.
    pub tables: Vec<(String, u64)>,
}

/// Shared tables with rows of a département, and the column that says whose.
const SHARED: [(&str, &str); 3] = [
    ("department", "slug"),
    ("staff", "department_slug"),
    ("inquiry_index", "department_slug"),
];

/// Writes one CSV file per table of the département's schema, found in PostgreSQL's catalogue, and one per shared
/// table with rows of it, from one snapshot, into a new directory that only its owner reads. Works on a suspended
/// département too.
///
/// # Errors
/// When the directory exists and is not empty, a file cannot be written, or the database refuses.
pub async fn export(
    settings: &MigrateSettings,
    slug: &DepartmentSlug,
    directory: &Path,
) -> Result<ExportReport> {
    prepare(directory).await.map_err(DbError::Export)?;
    let mut connection = owner::connect(settings).await?;
    record(&mut connection, settings, slug).await?;
    let mut tx = connection.begin().await?;
    run(
        &mut tx,
        "set transaction isolation level repeatable read, read only".to_owned(),
    )
    .await?;
    let tables = tables(&mut tx, slug).await?;
    let mut report = ExportReport { tables: Vec::new() };
    for table in tables {
        let source = format!("select * from {}.{}", quoted(&schema(slug)), quoted(&table));
        let file = format!("{table}.csv");
        let rows = copy(&mut tx, &source, &directory.join(&file)).await?;
        report.tables.push((file, rows));
    }
    for (table, column) in SHARED {
        let source = format!(
            "select * from platform.{table} where {column} = {}",
            literal(slug.as_str())
        );
        let file = format!("platform_{table}.csv");
        let rows = copy(&mut tx, &source, &directory.join(&file)).await?;
        report.tables.push((file, rows));
    }
    tx.rollback().await?;
    connection.close().await?;
    Ok(report)
}

/// Before anything is written: what leaves is recorded, and the exported trail says so itself.
async fn record(
    connection: &mut PgConnection,
    settings: &MigrateSettings,
    slug: &DepartmentSlug,
) -> Result<()> {
    let mut tx = connection.begin().await?;
    // Says clearly that there is no such département, where there is none.
    tables(&mut tx, slug).await?;
    note_twice(&mut tx, slug, &settings.operator, Action::TenantExported).await?;
    Ok(tx.commit().await?)
}

async fn prepare(directory: &Path) -> std::io::Result<()> {
    let there = fs::try_exists(directory).await?;
    if there && fs::read_dir(directory).await?.next_entry().await?.is_some() {
        return Err(std::io::Error::new(
            std::io::ErrorKind::AlreadyExists,
            "the directory is not empty",
        ));
    }
    private_directory(directory).await
}

async fn tables(tx: &mut PgConnection, slug: &DepartmentSlug) -> Result<Vec<String>> {
    let tables: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class where relnamespace = to_regnamespace($1) and relkind in ('r', 'p') \
         order by relname",
    )
    .bind(schema(slug))
    .fetch_all(tx)
    .await?;
    if tables.is_empty() {
        return Err(DbError::UnknownDepartment(slug.clone()));
    }
    Ok(tables)
}

/// Streams the rows to a file; tells how many they were.
async fn copy(tx: &mut PgConnection, source: &str, path: &Path) -> Result<u64> {
    let mut file = BufWriter::new(private_file(path).await.map_err(DbError::Export)?);
    let statement = format!("copy ({source}) to stdout with (format csv, header)");
    let mut rows = tx.copy_out_raw(&statement).await?;
    // PostgreSQL sends one row a message, the header first.
    let mut messages = 0_u64;
    while let Some(row) = rows.try_next().await? {
        file.write_all(&row).await.map_err(DbError::Export)?;
        messages += 1;
    }
    file.flush().await.map_err(DbError::Export)?;
    Ok(messages.saturating_sub(1))
}
