//! Départements come and go: role, schema, grants, export. Works with the owner's login.

mod export;
mod measured;
mod private;

use domain::{Action, DepartmentId, DepartmentSlug, InseeCode, Siret};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

pub use export::{ExportReport, export};
pub use measured::{enlist, forget_notaries, is_in_use, withdraw};
pub use private::{private_directory, private_file};

use crate::error::{DbError, Result};
use crate::migrate::MIGRATIONS;
use crate::migrate::targets::{note_applied, set_suspended, tenant_in};
use crate::names::{quoted, role, schema};
use crate::operator::{Operator, Trail, note};
use crate::owner::{Owner, TRIES, run};
use crate::roles::{drop_role, ensure_role};
use crate::settings::MigrateSettings;

/// What a département is called, from its `tenant.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepartmentIdentity {
    /// Short name; never changes.
    pub slug: DepartmentSlug,
    /// INSEE code.
    pub insee_code: InseeCode,
    /// `Rhône`.
    pub name: String,
    /// `Département du Rhône`.
    pub official_name: String,
    /// Establishments whose agents may log in.
    pub sirets: Vec<Siret>,
}

/// Creates a département: role, schema with every migration, grants, row in the shared list. Tells whether it was new;
/// one already there keeps its id and name and is only completed. The shared schema must have been migrated.
///
/// # Errors
/// When the database refuses, or another département has this INSEE code (constraint `department_insee_code_key`).
pub async fn create(
    settings: &MigrateSettings,
    id: DepartmentId,
    identity: &DepartmentIdentity,
) -> Result<bool> {
    let mut owner = Owner::lock(settings, || {}).await?;
    let mut tries = 1;
    let new = loop {
        match create_once(&mut owner, id, identity).await {
            Err(error) if tries < TRIES && is_gone(&error) => tries += 1,
            done => break done?,
        }
    };
    owner.close().await?;
    Ok(new)
}

async fn create_once(owner: &mut Owner, id: DepartmentId, identity: &DepartmentIdentity) -> Result<bool> {
    ensure_role(owner, &identity.slug).await?;
    let mut tx = owner.connection.begin().await?;
    let new = list(&mut tx, id, identity).await?;
    let applied = tenant_in(&MIGRATIONS, &mut tx, &identity.slug).await?;
    if new {
        note_twice(&mut tx, &identity.slug, &owner.operator, Action::TenantCreated).await?;
    } else {
        note_applied(&mut tx, Trail::Tenant(&identity.slug), &owner.operator, &applied).await?;
    }
    announce(&mut tx, &identity.slug).await?;
    tx.commit().await?;
    Ok(new)
}

/// 42704: the role is gone. Another database of the same cluster serves the same département, and dropped it after we
/// found it and before anything here needed it.
fn is_gone(error: &DbError) -> bool {
    error.code() == Some("42704")
}

async fn list(tx: &mut PgConnection, id: DepartmentId, identity: &DepartmentIdentity) -> Result<bool> {
    let sirets: Vec<&str> = identity.sirets.iter().map(Siret::as_str).collect();
    let sql = "insert into platform.department (id, slug, insee_code, name, official_name, sirets) \
               values ($1, $2, $3, $4, $5, $6) on conflict (slug) do nothing";
    let inserted = sqlx::query(sql)
        .bind(id.0)
        .bind(identity.slug.as_str())
        .bind(identity.insee_code.as_str())
        .bind(&identity.name)
        .bind(&identity.official_name)
        .bind(&sirets)
        .execute(tx)
        .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Takes the département's schema from its role: from now on PostgreSQL itself refuses its data to the application.
/// Tells whether it was in service.
///
/// # Errors
/// When the database refuses, or there is no such département.
pub async fn suspend(settings: &MigrateSettings, slug: &DepartmentSlug) -> Result<bool> {
    switch(settings, slug, true).await
}

/// Gives it back. Tells whether it was suspended.
///
/// # Errors
/// When the database refuses, or there is no such département.
pub async fn resume(settings: &MigrateSettings, slug: &DepartmentSlug) -> Result<bool> {
    switch(settings, slug, false).await
}

async fn switch(settings: &MigrateSettings, slug: &DepartmentSlug, suspended: bool) -> Result<bool> {
    let mut owner = Owner::lock(settings, || {}).await?;
    let mut tx = owner.connection.begin().await?;
    let was: Option<bool> =
        sqlx::query_scalar("select suspended from platform.department where slug = $1 for update")
            .bind(slug.as_str())
            .fetch_optional(&mut *tx)
            .await?;
    let was = was.ok_or_else(|| DbError::UnknownDepartment(slug.clone()))?;
    sqlx::query("update platform.department set suspended = $2, revision = revision + 1 where slug = $1")
        .bind(slug.as_str())
        .bind(suspended)
        .execute(&mut *tx)
        .await?;
    set_suspended(&mut tx, slug, suspended).await?;
    if was != suspended {
        let action = if suspended {
            Action::TenantSuspended
        } else {
            Action::TenantResumed
        };
        note_twice(&mut tx, slug, &owner.operator, action).await?;
    }
    announce(&mut tx, slug).await?;
    tx.commit().await?;
    owner.close().await?;
    Ok(was != suspended)
}

/// Deletes a département for good: schema, staff, index, waiting jobs, role. Export it first. Objects in storage are
/// not touched.
///
/// # Errors
/// When the database refuses, or there is no such département.
pub async fn drop(settings: &MigrateSettings, slug: &DepartmentSlug) -> Result<()> {
    let mut owner = Owner::lock(settings, || {}).await?;
    let mut tx = owner.connection.begin().await?;
    let deleted = sqlx::query("delete from platform.department where slug = $1")
        .bind(slug.as_str())
        .execute(&mut *tx)
        .await?;
    if deleted.rows_affected() == 0 {
        return Err(DbError::UnknownDepartment(slug.clone()));
    }
    // Its own trail goes with it; where it ended stays, so that the exported one can be held against it.
    let details = json!({ "trail": trail_end(&mut tx, slug).await? });
    let action = Action::TenantDropped;
    note(
        &mut tx,
        Trail::Platform,
        &owner.operator,
        action,
        slug.as_str(),
        details,
    )
    .await?;
    sqlx::query("delete from graphile_worker._private_jobs where payload ->> 'department' = $1")
        .bind(slug.as_str())
        .execute(&mut *tx)
        .await?;
    let (schema, role) = (quoted(&schema(slug)), quoted(&role(slug)));
    run(&mut tx, format!("drop schema {schema} cascade")).await?;
    // A former version of the program may have granted it what is shared.
    run(
        &mut tx,
        format!(
            "revoke all on all functions in schema platform from {role}; revoke all on schema platform from {role}"
        ),
    )
    .await?;
    announce(&mut tx, slug).await?;
    tx.commit().await?;
    drop_role(&mut owner, &role).await?;
    owner.close().await
}

/// In the département's trail, and in the platform's, which outlives it.
pub(crate) async fn note_twice(
    tx: &mut PgConnection,
    slug: &DepartmentSlug,
    operator: &Operator,
    action: Action,
) -> Result<()> {
    for trail in [Trail::Tenant(slug), Trail::Platform] {
        note(tx, trail, operator, action, slug.as_str(), Value::Null).await?;
    }
    Ok(())
}

/// Where a département's trail ends: `NUMBER:FINGERPRINT`.
async fn trail_end(tx: &mut PgConnection, slug: &DepartmentSlug) -> Result<Option<String>> {
    let sql = format!(
        "select number || ':' || encode(hash, 'hex') from {}.audit_head order by number desc limit 1",
        quoted(&schema(slug))
    );
    Ok(sqlx::query_scalar(AssertSqlSafe(sql)).fetch_optional(tx).await?)
}

/// Channel on which every process hears which département changed.
pub const CHANGES: &str = "dn_department";

async fn announce(tx: &mut PgConnection, slug: &DepartmentSlug) -> Result<()> {
    sqlx::query("select pg_notify($1, $2)")
        .bind(CHANGES)
        .bind(slug.as_str())
        .execute(tx)
        .await?;
    Ok(())
}
