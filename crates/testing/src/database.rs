//! A database of its own for each test: copied from a template that is made once per server.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use app::App;
use app::tenants::{TenantFolder, Tenants};
use chrono::Utc;
use db::MigrateSettings;
use sandbox::{MailCatcher, Postgres, S3Endpoint};
use uuid::Uuid;

use crate::departments::{DEPARTMENTS, TestDepartment};
use crate::test_app::{application, connect};

/// Role of migrations and provisioning.
pub const OWNER_ROLE: &str = "dn_owner";
/// Role of the application.
pub const APP_ROLE: &str = "dn_app";

/// A fresh database with the départements of [`DEPARTMENTS`] and their registers; returns its name.
///
/// # Errors
/// When the server refuses, or the first one cannot be filled.
pub async fn copy(postgres: &Postgres) -> Result<String> {
    let template = format!("dn_template_{:016x}", contents()?);
    postgres.create_role(OWNER_ROLE, "createrole").await?;
    postgres.create_role(APP_ROLE, "noinherit").await?;
    let filled = template.clone();
    postgres
        .template(&template, OWNER_ROLE, async |_| fill(postgres, &filled).await)
        .await?;
    let database = format!("dn_test_{}", Uuid::new_v4().simple());
    postgres.copy_database(&database, &template).await?;
    Ok(database)
}

/// Changes with what [`fill`] writes, so that a template of before is not taken for it.
fn contents() -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    include_str!("departments.rs").hash(&mut hasher);
    for kind in ["platform", "tenant"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../migrations")
            .join(kind);
        let mut files: Vec<PathBuf> = fs::read_dir(folder)?
            .map(|file| Ok(file?.path()))
            .collect::<Result<_>>()?;
        files.sort();
        for file in files {
            fs::read(file)?.hash(&mut hasher);
        }
    }
    Ok(hasher.finish())
}

async fn fill(postgres: &Postgres, database: &str) -> Result<()> {
    let owner = MigrateSettings::new(
        postgres.url_as(OWNER_ROLE, database),
        postgres.url_as(APP_ROLE, database),
    );
    let report = db::migrate::migrate(&owner, |_| ()).await?;
    ensure!(report.is_complete(), "the template does not migrate");
    let dir = tempfile::tempdir()?;
    let db = connect(postgres, database, |_| ()).await?;
    let objects = S3Endpoint::start(dir.path()).await?;
    let mails = MailCatcher::start(None).await?;
    let app = application(db.clone(), &objects, &mails, &"http://127.0.0.1/".parse()?).await?;
    let tenants = Tenants::new(app.clone(), owner);
    for department in DEPARTMENTS {
        settle(&app, &tenants, &department, dir.path()).await?;
    }
    db.close().await;
    Ok(())
}

/// Creates a département and imports its register.
pub(crate) async fn settle(
    app: &App,
    tenants: &Tenants,
    department: &TestDepartment,
    dir: &Path,
) -> Result<()> {
    let folder = department.write(dir)?;
    let read = TenantFolder::read(&folder).map_err(|problems| anyhow::anyhow!("{problems:?}"))?;
    tenants.create(&read, Utc::now()).await?;
    let slug = read.slug;
    let known = app
        .department(&slug)
        .await?
        .context("the département was not created")?;
    let file = folder.join("registre.csv");
    let report = app
        .import_register(&known, &file, false, Utc::now(), |_| ())
        .await?;
    ensure!(report.problems.is_empty(), "{:?}", report.problems);
    Ok(())
}
