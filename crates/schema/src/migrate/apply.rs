//! One schema, brought up to date inside one transaction.

use sqlx::PgConnection;

use super::files::{Migration, checksum};
use crate::error::{DbError, Result};
use crate::names::{literal, quoted};
use crate::owner::run;

/// First key of the advisory lock on one schema: "dn" and a number of no meaning.
const LOCK: i32 = 0x646e_0002;

/// What one schema should become.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) schema: String,
    pub(crate) migrations: &'static [Migration],
    /// Grants, with the names put in. They stand in `_migrations` as version 0.
    pub(crate) grants: String,
}

/// A row of `_migrations`.
#[derive(sqlx::FromRow)]
struct Applied {
    version: i32,
    name: String,
    checksum: String,
}

/// Applies what is missing; tells what that was.
pub(crate) async fn bring_up(tx: &mut PgConnection, plan: &Plan) -> Result<Vec<String>> {
    // While a migration waits for a table in use, everybody else waits behind it: it lets them pass and tries again.
    // The schema's own lock: what a migration that was cut off left running may come to its end after the owner's is free.
    let begin = format!(
        "set local lock_timeout = '2s'; select pg_advisory_xact_lock({LOCK}, hashtext({}))",
        literal(&plan.schema)
    );
    run(tx, begin).await?;
    ensure_schema(tx, &plan.schema).await?;
    let applied = applied(tx).await?;
    refuse_surprises(plan, &applied)?;
    let mut done = Vec::new();
    for migration in plan.migrations {
        if applied.iter().all(|row| row.version != migration.version) {
            apply(tx, migration.name, migration.sql).await?;
            record(tx, migration.version, migration.name, &migration.checksum()).await?;
            done.push(migration.name.to_owned());
        }
    }
    let grants = checksum(&plan.grants);
    let granted = applied
        .iter()
        .any(|row| row.version == 0 && row.checksum == grants);
    if !(granted && done.is_empty()) {
        apply(tx, "grants", &plan.grants).await?;
        record(tx, 0, "grants", &grants).await?;
        done.push("grants".to_owned());
    }
    Ok(done)
}

async fn ensure_schema(tx: &mut PgConnection, schema: &str) -> Result<()> {
    let exists: bool = sqlx::query_scalar("select exists (select from pg_namespace where nspname = $1)")
        .bind(schema)
        .fetch_one(&mut *tx)
        .await?;
    if !exists {
        run(tx, format!("create schema {}", quoted(schema))).await?;
    }
    sqlx::query("select set_config('search_path', $1, true)")
        .bind(quoted(schema))
        .execute(&mut *tx)
        .await?;
    let recorded: bool = sqlx::query_scalar("select to_regclass('_migrations') is not null")
        .fetch_one(&mut *tx)
        .await?;
    if !recorded {
        let table = "create table _migrations (version integer primary key, name text not null, \
                     checksum text not null, applied_at timestamptz not null default now())";
        run(tx, table.to_owned()).await?;
    }
    Ok(())
}

async fn applied(tx: &mut PgConnection) -> Result<Vec<Applied>> {
    Ok(
        sqlx::query_as("select version, name, checksum from _migrations order by version")
            .fetch_all(tx)
            .await?,
    )
}

/// Refuses a migration that was changed after it was applied, and a schema that a newer program migrated.
fn refuse_surprises(plan: &Plan, applied: &[Applied]) -> Result<()> {
    for row in applied.iter().filter(|row| row.version != 0) {
        match plan.migrations.iter().find(|m| m.version == row.version) {
            None => {
                return Err(DbError::Migrations(
                    format!(
                        "{} was migrated by a newer program: it has migration {}, which this one does not know",
                        plan.schema, row.name
                    )
                    .into(),
                ));
            }
            Some(migration) if migration.checksum() != row.checksum => {
                return Err(DbError::Migrations(
                    format!(
                        "migration {} was changed after it was applied to {}: write a new one instead",
                        row.name, plan.schema
                    )
                    .into(),
                ));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

async fn apply(tx: &mut PgConnection, name: &str, sql: &str) -> Result<()> {
    run(tx, sql.to_owned()).await.map_err(|error| match error {
        DbError::Query(source) => DbError::Migration {
            name: name.to_owned(),
            source,
        },
        other => other,
    })
}

async fn record(tx: &mut PgConnection, version: i32, name: &str, checksum: &str) -> Result<()> {
    let sql = "insert into _migrations (version, name, checksum) values ($1, $2, $3) \
               on conflict (version) do update set checksum = excluded.checksum, applied_at = now()";
    sqlx::query(sql)
        .bind(version)
        .bind(name)
        .bind(checksum)
        .execute(tx)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &[Migration] = &[Migration {
        version: 1,
        name: "0001_one",
        sql: "select 1",
    }];

    fn row(version: i32, checksum: &str) -> Applied {
        Applied {
            version,
            name: format!("{version:04}_some"),
            checksum: checksum.to_owned(),
        }
    }

    fn plan() -> Plan {
        Plan {
            schema: "tenant_x".to_owned(),
            migrations: ONE,
            grants: String::new(),
        }
    }

    #[test]
    fn a_changed_or_unknown_migration_is_refused() {
        assert!(refuse_surprises(&plan(), &[row(1, &ONE[0].checksum())]).is_ok());
        assert!(refuse_surprises(&plan(), &[row(1, "other")]).is_err());
        assert!(refuse_surprises(&plan(), &[row(1, &ONE[0].checksum()), row(2, "x")]).is_err());
        assert!(refuse_surprises(&plan(), &[row(0, "grants change freely")]).is_ok());
    }
}
