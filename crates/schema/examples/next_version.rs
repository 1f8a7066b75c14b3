//! What `dn migrate` of a version to come would do: the migrations there are, and one more for each schema, which only adds.
//! For the test that cuts a migration off while the version before goes on serving.
//!
//! `next_version OWNER_URL APP_URL`

use anyhow::{Context, Result, ensure};
use dn_schema::MigrateSettings;
use dn_schema::migrate::{MIGRATIONS, Migration, Migrations, migrate_to};

const TO_COME: &str =
    "alter table inquiry add column to_come text; alter table letter add column to_come text;
     create table to_come (id uuid primary key); create index inquiry_to_come on inquiry (to_come)";
const TO_COME_PLATFORM: &str = "alter table department add column to_come text;
     alter table inquiry_index add column to_come text";

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut argument = || arguments.next().context("next_version OWNER_URL APP_URL");
    let settings = MigrateSettings::new(argument()?, argument()?);
    let migrations = Migrations {
        platform: and_one(MIGRATIONS.platform, TO_COME_PLATFORM),
        tenant: and_one(MIGRATIONS.tenant, TO_COME),
    };
    let report = migrate_to(&migrations, &settings, |_| ()).await?;
    ensure!(report.is_complete(), "{:?}", report.failed);
    Ok(())
}

fn and_one(migrations: &[Migration], sql: &'static str) -> &'static [Migration] {
    let next = Migration {
        version: migrations.len() as i32 + 1,
        name: "9999_to_come",
        sql,
    };
    // For as long as this program runs.
    [migrations, &[next]].concat().leak()
}
