//! A database of its own for each test: copied from a template that is made once per server.

use anyhow::{Context, Result, ensure};
use app::tenants::{TenantFolder, Tenants};
use chrono::Utc;
use db::MigrateSettings;
use sandbox::{MailCatcher, Postgres, S3Endpoint};
use uuid::Uuid;

use crate::departments::DEPARTMENTS;
use crate::test_app::{application, connect};

/// Role of migrations and provisioning.
pub const OWNER_ROLE: &str = "dn_owner";
/// Role of the application.
pub const APP_ROLE: &str = "dn_app";

/// Changes with what [`fill`] writes, so that a template of before is not taken for it.
const FIXTURES: u32 = 2;

/// A fresh database with the départements of [`DEPARTMENTS`] and their registers; returns its name.
pub(crate) async fn copy(postgres: &Postgres) -> Result<String> {
    let template = format!(
        "dn_template_{}_{}_{FIXTURES}",
        db::migrate::platform_version(),
        db::migrate::tenant_version()
    );
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

async fn fill(postgres: &Postgres, database: &str) -> Result<()> {
    let owner = MigrateSettings::new(
        postgres.url_as(OWNER_ROLE, database),
        postgres.url_as(APP_ROLE, database),
    );
    let report = db::migrate::migrate(&owner, |_| ()).await?;
    ensure!(report.is_complete(), "the template does not migrate");
    let dir = tempfile::tempdir()?;
    let db = connect(postgres, database).await?;
    let objects = S3Endpoint::start(dir.path()).await?;
    let mails = MailCatcher::start(None).await?;
    let app = application(db.clone(), &objects, &mails, &"http://127.0.0.1/".parse()?).await?;
    let tenants = Tenants::new(app.clone(), owner);
    for department in DEPARTMENTS {
        let folder = department.write(dir.path())?;
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
    }
    db.close().await;
    Ok(())
}
