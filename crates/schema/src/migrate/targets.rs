//! The schemas there are, and how each is brought up to date.

use std::time::Duration;

use domain::{Action, DepartmentSlug};
use graphile_worker::WorkerUtils;
use serde_json::json;
use sqlx::{Connection, PgConnection};

use super::apply::{Plan, bring_up};
use super::files::{Migrations, PLATFORM_GRANTS, TENANT_GRANTS};
use crate::error::{DbError, QueryError, Result};
use crate::names::{DEPARTMENTS, quoted, role, schema};
use crate::operator::{Operator, Trail, note};
use crate::owner::{self, Owner, run};
use crate::roles::{ensure_role, take_back_from_members};
use crate::settings::MigrateSettings;

/// Schema of the job queue, which brings its own migrations.
const QUEUE: &str = "graphile_worker";

/// Times that a migration lets others pass when a table is in use, and how long it waits in between.
const PATIENCE: u32 = 20;
const PAUSE: Duration = Duration::from_secs(1);

/// Brings the job queue up to date.
pub(super) async fn queue(settings: &MigrateSettings) -> Result<()> {
    let pool = owner::pool(settings).await?;
    let migrated = WorkerUtils::new(pool.clone(), QUEUE.to_owned()).migrate().await;
    pool.close().await;
    // Its statements are the same everywhere: what PostgreSQL says of them quotes no data of ours.
    migrated.map_err(|error| DbError::Queue(QueryError::plain(error.to_string())))
}

/// Brings the shared schema up to date.
pub(super) async fn platform(migrations: &Migrations, owner: &mut Owner) -> Result<Vec<String>> {
    let plan = Plan {
        schema: "platform".to_owned(),
        migrations: migrations.platform,
        grants: PLATFORM_GRANTS
            .replace(":app", &quoted(&owner.app_role))
            .replace(":departments", &quoted(DEPARTMENTS)),
    };
    for _ in 0..PATIENCE {
        match platform_once(owner, &plan).await {
            Err(error) if is_in_use(&error) => tokio::time::sleep(PAUSE).await,
            done => return done,
        }
    }
    platform_once(owner, &plan).await
}

async fn platform_once(owner: &mut Owner, plan: &Plan) -> Result<Vec<String>> {
    let mut tx = owner.connection.begin().await?;
    let applied = bring_up(&mut tx, plan).await?;
    refuse_temporary(&mut tx).await?;
    note_applied(&mut tx, Trail::Platform, &owner.operator, &applied).await?;
    tx.commit().await?;
    Ok(applied)
}

/// 55P03: a table is in use. 40P01: by somebody who in turn waits for one that the migration has already changed.
fn is_in_use(error: &DbError) -> bool {
    matches!(error.code(), Some("55P03" | "40P01"))
}

/// A temporary table outlives its transaction on a pooled connection, so nobody may have one. Rights on a database do
/// not come back with a restored dump: every migration looks again.
async fn refuse_temporary(tx: &mut PgConnection) -> Result<()> {
    let take_back = "do $do$ begin if has_database_privilege('public', current_database(), 'temporary') then \
                     execute format('revoke temporary on database %I from public', current_database()); \
                     end if; end $do$";
    run(tx, take_back.to_owned()).await
}

/// What changed in a schema stands in its own trail.
pub(crate) async fn note_applied(
    tx: &mut PgConnection,
    trail: Trail<'_>,
    operator: &Operator,
    applied: &[String],
) -> Result<()> {
    if applied.is_empty() {
        return Ok(());
    }
    let object = match trail {
        Trail::Platform => "platform",
        Trail::Tenant(slug) => slug.as_str(),
    };
    let details = json!({ "applied": applied, "version": env!("CARGO_PKG_VERSION") });
    note(tx, trail, operator, Action::SchemaMigrated, object, details).await
}

/// The départements there are, by slug.
pub(crate) async fn departments(owner: &mut Owner) -> Result<Vec<DepartmentSlug>> {
    let listed: bool = sqlx::query_scalar("select to_regclass('platform.department') is not null")
        .fetch_one(&mut owner.connection)
        .await?;
    if !listed {
        return Ok(Vec::new());
    }
    let slugs: Vec<String> = sqlx::query_scalar("select slug from platform.department order by slug")
        .fetch_all(&mut owner.connection)
        .await?;
    slugs
        .into_iter()
        .map(|slug| {
            slug.try_into()
                .map_err(|_| DbError::Unreadable("platform.department"))
        })
        .collect()
}

/// Brings one département up to date, in its own transaction. What it commits is waited for once for all: see [`settle`].
pub(super) async fn tenant(
    migrations: &Migrations,
    owner: &mut Owner,
    slug: &DepartmentSlug,
) -> Result<Vec<String>> {
    ensure_role(owner, slug).await?;
    for _ in 0..PATIENCE {
        match tenant_once(migrations, owner, slug).await {
            Err(error) if is_in_use(&error) => tokio::time::sleep(PAUSE).await,
            done => return done,
        }
    }
    tenant_once(migrations, owner, slug).await
}

async fn tenant_once(
    migrations: &Migrations,
    owner: &mut Owner,
    slug: &DepartmentSlug,
) -> Result<Vec<String>> {
    let mut tx = owner.connection.begin().await?;
    let applied = tenant_in(migrations, &mut tx, slug).await?;
    note_applied(&mut tx, Trail::Tenant(slug), &owner.operator, &applied).await?;
    tx.commit().await?;
    Ok(applied)
}

/// Takes back what former versions granted to each département, and waits until everything committed before lies on disk. What a crash of PostgreSQL takes back until then is whole
/// schemas, the last ones, and the next `dn migrate` finds them as they were.
pub(super) async fn settle(owner: &mut Owner) -> Result<()> {
    take_back_from_members(&mut owner.connection).await?;
    // The log is written in order: a mark that lies on disk has everything before it there.
    run(
        &mut owner.connection,
        "select pg_logical_emit_message(true, 'dn', '')".to_owned(),
    )
    .await
}

/// Brings one département's schema up to date in this transaction. Its role must be there.
pub(crate) async fn tenant_in(
    migrations: &Migrations,
    tx: &mut PgConnection,
    slug: &DepartmentSlug,
) -> Result<Vec<String>> {
    let (schema, role) = (schema(slug), quoted(&role(slug)));
    let plan = Plan {
        migrations: migrations.tenant,
        grants: TENANT_GRANTS
            .replace(":tenant", &role)
            .replace(":schema", &quoted(&schema)),
        schema,
    };
    let applied = bring_up(tx, &plan).await?;
    if !applied.is_empty() {
        let suspended: bool = sqlx::query_scalar(
            "update platform.department set schema_version = $2 where slug = $1 returning suspended",
        )
        .bind(slug.as_str())
        .bind(migrations.tenant_version())
        .fetch_one(&mut *tx)
        .await?;
        if suspended {
            set_suspended(tx, slug, true).await?;
        }
    }
    Ok(applied)
}

/// Takes the schema from the département's role, or gives it back.
pub(crate) async fn set_suspended(
    tx: &mut PgConnection,
    slug: &DepartmentSlug,
    suspended: bool,
) -> Result<()> {
    let (schema, role) = (quoted(&schema(slug)), quoted(&role(slug)));
    let sql = if suspended {
        format!("revoke usage on schema {schema} from {role}")
    } else {
        format!("grant usage on schema {schema} to {role}")
    };
    run(tx, sql).await
}
