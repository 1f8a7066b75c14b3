//! Migrates a database and makes the département `template` in it, against which the queries of `dn-db` are compiled
//! (see that crate's README.md).
//!
//! `template_schema postgres://owner@host/database`: the login must be able to create roles.

use anyhow::Context;
use dn_schema::provision::{self, DepartmentIdentity};
use dn_schema::{MigrateSettings, migrate};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let url = std::env::args()
        .nth(1)
        .context("the address of the database is missing")?;
    let mut app = url::Url::parse(&url).context("the address of the database")?;
    app.set_username("dn_app")
        .ok()
        .context("the address of the database")?;
    let settings = MigrateSettings::new(url, app);
    migrate::migrate(&settings, |_| ()).await?;
    let template = DepartmentIdentity {
        slug: "template".parse()?,
        insee_code: "00".parse()?,
        name: "Template".to_owned(),
        official_name: "Template".to_owned(),
        sirets: Vec::new(),
    };
    provision::create(&settings, domain::DepartmentId(uuid::Uuid::nil()), &template).await?;
    Ok(())
}
