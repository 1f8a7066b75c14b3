//! Roles of PostgreSQL. They belong to the whole cluster, so another database of it may be making or dropping the same
//! ones at the same moment.

use domain::DepartmentSlug;
use sqlx::PgConnection;

use crate::error::{DbError, Result};
use crate::names::{DEPARTMENTS, literal, quoted, role};
use crate::owner::{Owner, TRIES, run};

/// Runs one statement on roles. Where another database is doing the same, PostgreSQL refuses, and trying again finds it
/// done.
pub(crate) async fn run_on_roles(connection: &mut PgConnection, sql: &str) -> Result<()> {
    let mut tries = 1;
    loop {
        match run(connection, sql.to_owned()).await {
            Err(error) if tries < TRIES && is_race(&error) => {
                tries += 1;
                tokio::time::sleep(std::time::Duration::from_millis(25)).await;
            }
            done => return done,
        }
    }
}

/// 23505 and 42710: created meanwhile. XX000: « tuple concurrently updated ».
pub(crate) fn is_race(error: &DbError) -> bool {
    matches!(error.code(), Some("23505" | "42710" | "XX000"))
}

/// Creates the role of which every département's is a member: what they may all do is granted to it, once. Refuses one
/// that could do more.
pub(crate) async fn ensure_group(connection: &mut PgConnection) -> Result<()> {
    let sql = "select not (rolcanlogin or rolinherit or rolsuper or rolbypassrls or rolcreaterole or rolcreatedb \
               or exists (select from pg_auth_members where member = r.oid)) from pg_roles r where rolname = $1";
    let harmless = async |connection: &mut PgConnection| -> Result<Option<bool>> {
        Ok(sqlx::query_scalar(sql)
            .bind(DEPARTMENTS)
            .fetch_optional(connection)
            .await?)
    };
    if harmless(connection).await?.is_none() {
        run_on_roles(connection, &create_unless_there(DEPARTMENTS, "nologin noinherit")).await?;
    }
    if harmless(connection).await? == Some(true) {
        return Ok(());
    }
    Err(DbError::Settings(
        format!(
            "the role {DEPARTMENTS} must be NOLOGIN and NOINHERIT, have no other attribute and be a member of nothing"
        )
        .into(),
    ))
}

/// Creates the département's role, gives it to the application, which may assume it and nothing more, and makes it a
/// member of the group.
pub(crate) async fn ensure_role(owner: &mut Owner, slug: &DepartmentSlug) -> Result<()> {
    let role = role(slug);
    let (name, app, group) = (quoted(&role), quoted(&owner.app_role), quoted(DEPARTMENTS));
    if memberships(owner, &role).await?.is_none() {
        // It may log in because Citus reaches its nodes as this role; without a password nobody else can.
        let create = create_unless_there(&role, &format!("login in role {group} role {app}"));
        run_on_roles(&mut owner.connection, &create).await?;
    }
    let missing = match memberships(owner, &role).await? {
        Some((true, true)) => return Ok(()),
        Some((false, true)) => format!("grant {name} to {app}"),
        Some((true, false)) => format!("grant {group} to {name}"),
        // None: dropped again by another database. Granting says so.
        Some((false, false)) | None => format!("grant {name} to {app}; grant {group} to {name}"),
    };
    run_on_roles(&mut owner.connection, &missing).await
}

/// Whether the application may assume the role, and whether the role has the rights of the group. None without a role.
async fn memberships(owner: &mut Owner, role: &str) -> Result<Option<(bool, bool)>> {
    let sql = "select exists (select from pg_auth_members m join pg_roles a on a.oid = m.member \
                              where m.roleid = r.oid and a.rolname = $2), \
                      pg_has_role(r.oid, $3, 'usage') \
               from pg_roles r where r.rolname = $1";
    Ok(sqlx::query_as(sql)
        .bind(role)
        .bind(&owner.app_role)
        .bind(DEPARTMENTS)
        .fetch_optional(&mut owner.connection)
        .await?)
}

/// Takes from each département what it holds of the shared schema itself, and has by the group: former versions of the
/// program granted it to each.
pub(crate) async fn take_back_from_members(connection: &mut PgConnection) -> Result<()> {
    // Not from the owner: since its version 16 PostgreSQL makes whoever creates a role a member of it.
    let sql = format!(
        "do $do$ declare members text := (
             select string_agg(distinct quote_ident(rolname), ', ')
             from (select acl.grantee from pg_namespace, aclexplode(nspacl) acl where nspname = 'platform'
                   union all
                   select acl.grantee from pg_proc, aclexplode(proacl) acl where pronamespace = 'platform'::regnamespace
             ) held
             join pg_roles on oid = grantee
             where rolname like 'dn\\_tenant\\_%' and pg_has_role(oid, {group}, 'usage'));
         begin
             if members is not null then
                 execute 'revoke all on schema platform from ' || members;
                 execute 'revoke all on all functions in schema platform from ' || members;
             end if;
         end $do$",
        group = literal(DEPARTMENTS)
    );
    run_on_roles(connection, &sql).await
}

/// Another database of the same cluster may serve the same département: then its role stays (2BP01), or went with the
/// other one's a moment ago.
pub(crate) async fn drop_role(owner: &mut Owner, role: &str) -> Result<()> {
    match run_on_roles(&mut owner.connection, &format!("drop role if exists {role}")).await {
        Err(error) if error.code() == Some("2BP01") => Ok(()),
        done => done,
    }
}

fn create_unless_there(role: &str, attributes: &str) -> String {
    format!(
        "do $do$ begin if not exists (select from pg_roles where rolname = {}) then create role {} {attributes}; \
         end if; end $do$",
        literal(role),
        quoted(role)
    )
}
