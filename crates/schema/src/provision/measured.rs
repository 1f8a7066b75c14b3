//! What measuring a database needs: many départements at once, and the database left as it was found.

use domain::DepartmentId;
use sqlx::Connection;

use super::{DepartmentIdentity, list};
use crate::error::{DbError, Result};
use crate::migrate::targets::departments;
use crate::owner::{Owner, run};
use crate::settings::MigrateSettings;

/// Writes départements into the shared list, nothing else: the next migration makes their roles and schemas.
///
/// # Errors
/// When the database refuses, or another département has the INSEE code of one.
pub async fn enlist(
    settings: &MigrateSettings,
    departments: &[(DepartmentId, DepartmentIdentity)],
) -> Result<()> {
    let mut owner = Owner::lock(settings, || {}).await?;
    let mut tx = owner.connection.begin().await?;
    for (id, identity) in departments {
        list(&mut tx, *id, identity).await?;
    }
    tx.commit().await?;
    owner.close().await
}

/// Whether the database has a shared schema of ours.
///
/// # Errors
/// When the database cannot be reached.
pub async fn is_in_use(settings: &MigrateSettings) -> Result<bool> {
    let mut owner = Owner::lock(settings, || {}).await?;
    let found: bool = sqlx::query_scalar("select to_regnamespace('platform') is not null")
        .fetch_one(&mut owner.connection)
        .await?;
    owner.close().await?;
    Ok(found)
}

/// Deletes notaries by provider and subject, their acceptances, and those of their offices that have no other notary.
/// Départements keep what these notaries asked.
///
/// # Errors
/// When the database refuses.
pub async fn forget_notaries(settings: &MigrateSettings, provider: &str, subjects: &[String]) -> Result<u64> {
    let mut owner = Owner::lock(settings, || {}).await?;
    let mut tx = owner.connection.begin().await?;
    let acceptances = "delete from platform.terms_acceptance where notary_id in \
                       (select id from platform.notary where provider = $1 and subject = any($2))";
    sqlx::query(acceptances)
        .bind(provider)
        .bind(subjects)
        .execute(&mut *tx)
        .await?;
    let notaries = "with gone as (delete from platform.notary where provider = $1 and subject = any($2) \
                    returning office_id) select office_id::text from gone";
    let offices: Vec<String> = sqlx::query_scalar(notaries)
        .bind(provider)
        .bind(subjects)
        .fetch_all(&mut *tx)
        .await?;
    let empty = "delete from platform.office o where id::text = any($1) \
                 and not exists (select from platform.notary n where n.office_id = o.id)";
    sqlx::query(empty).bind(&offices).execute(&mut *tx).await?;
    tx.commit().await?;
    owner.close().await?;
    Ok(offices.len() as u64)
}

/// Removes the shared schema and the job queue from a database that serves no département. The application's login
/// stays: it belongs to the whole cluster.
///
/// # Errors
/// When a département is served, or the database refuses.
pub async fn withdraw(settings: &MigrateSettings) -> Result<()> {
    let mut owner = Owner::lock(settings, || {}).await?;
    if let Some(served) = departments(&mut owner).await?.first() {
        return Err(DbError::Settings(
            format!("the database serves départements ({served}): its shared schema stays").into(),
        ));
    }
    let mut tx = owner.connection.begin().await?;
    for schema in ["platform", "graphile_worker"] {
        run(&mut tx, format!("drop schema if exists {schema} cascade")).await?;
    }
    // What the migrations took from everybody.
    let give_back =
        "do $$ begin execute format('grant temporary on database %I to public', current_database()); end $$";
    run(&mut tx, give_back.to_owned()).await?;
    tx.commit().await?;
    owner.close().await
}
