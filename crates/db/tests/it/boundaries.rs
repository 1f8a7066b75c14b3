//! PostgreSQL itself keeps départements apart, whatever a query of ours says.

use sqlx::{Connection, PgConnection};

use crate::attempts::{As, REFUSED, assume, not_refused, objects, on_schema};
use crate::world::{World, code, execute};

/// Everything to try on a schema.
pub(crate) async fn attempts(world: &World, schema: &str) -> Vec<String> {
    let objects = objects(world, schema).await;
    let mut attempts = on_schema(schema);
    attempts.extend(objects.iter().flat_map(|object| object.attempts()));
    attempts
}

/// Kinds of objects that the schema may come to have, given to everybody: the schema's own boundary must hold.
const OPEN: &str = "
    set search_path = tenant_isere;
    create view seen as select birth_name, given_names from inquiry;
    create materialized view counted as select count(*) from inquiry;
    create function told() returns setof inquiry language sql security definer
        set search_path = tenant_isere, pg_temp as 'select * from inquiry';
    create function found(who text, since date) returns bigint language sql security definer
        set search_path = tenant_isere, pg_temp as 'select count(*) from inquiry';
    create procedure forgotten() language sql as 'delete from kit_file';
    create sequence counter;
    create type mood as enum ('good', 'bad');
    create domain short as text check (length(value) < 10);
    create type pair as (one int, two int);
    create table parts (id int) partition by range (id);
    grant select, insert, update, delete on seen, counted, parts to public;
    grant execute on all functions in schema tenant_isere to public;
    grant execute on all procedures in schema tenant_isere to public;
    grant usage on type mood, short, pair to public;";

#[tokio::test]
async fn no_departement_does_anything_to_its_neighbour() {
    let world = World::new().await;
    world.superuser(OPEN).await;
    let attempts = attempts(&world, "tenant_isere").await;
    for kind in [
        "told()",
        "mood",
        "counter",
        "seen",
        "parts",
        "forgotten()",
        "inquiry",
    ] {
        let tried = attempts
            .iter()
            .any(|sql| sql.contains(&format!("tenant_isere.{kind}")));
        assert!(tried, "{kind} is not tried");
    }
    let mut connection = world.app_connection().await;
    let found = not_refused(&mut connection, As::Department("rhone"), &attempts).await;
    assert!(found.is_empty(), "{found:#?}");
    // The same statements are sound: with the rights, they are not refused.
    world
        .superuser("grant usage on schema tenant_isere to dn_tenant_rhone; grant select on tenant_isere.audit to dn_tenant_rhone")
        .await;
    let reading: Vec<String> = attempts
        .into_iter()
        .filter(|sql| sql.starts_with("select * from"))
        .collect();
    let found = not_refused(&mut connection, As::Department("rhone"), &reading).await;
    let reads = |name: &str| {
        found
            .iter()
            .any(|line| line.contains(&format!("select * from {name}: Ok")))
    };
    assert!(
        reads("tenant_isere.audit") && reads("tenant_isere.told()"),
        "{found:#?}"
    );
    assert!(!reads("tenant_isere.inquiry"));
}

#[tokio::test]
async fn by_another_search_path_the_neighbour_is_not_even_found() {
    let world = World::new().await;
    let mut connection = world.app_connection().await;
    for object in objects(&world, "tenant_isere")
        .await
        .iter()
        .filter(|object| object.is_table())
    {
        let mut tx = connection.begin().await.unwrap();
        assume(&mut tx, "rhone").await;
        execute(&mut tx, "set local search_path = tenant_isere")
            .await
            .unwrap();
        let answer = code(execute(&mut tx, format!("select * from {}", object.bare)).await);
        assert_eq!(answer, "42P01", "{}", object.bare);
    }
    // Put before its own schema, the neighbour's is passed over.
    world.superuser("insert into tenant_isere.kit_file values ('theirs', 'x'); insert into tenant_rhone.kit_file values ('ours', 'x')").await;
    let mut tx = connection.begin().await.unwrap();
    assume(&mut tx, "rhone").await;
    execute(&mut tx, "set local search_path = tenant_isere, tenant_rhone")
        .await
        .unwrap();
    let (schema, name): (String, String) =
        sqlx::query_as("select current_schema()::text, name from kit_file")
            .fetch_one(&mut *tx)
            .await
            .unwrap();
    assert_eq!((schema.as_str(), name.as_str()), ("tenant_rhone", "ours"));
}

#[tokio::test]
async fn before_a_role_is_assumed_nothing_is_open() {
    let world = World::new().await;
    let mut connection = world.app_connection().await;
    for schema in ["tenant_rhone", "tenant_isere"] {
        let attempts = attempts(&world, schema).await;
        let found = not_refused(&mut connection, As::Login, &attempts).await;
        assert!(found.is_empty(), "{found:#?}");
    }
    let call = "select platform.add_job('issue_letter', gen_random_uuid())";
    assert_eq!(code(execute(&mut connection, call).await), REFUSED);
}

#[tokio::test]
async fn a_departement_uses_nothing_that_is_shared_but_three_functions() {
    let world = World::new().await;
    let given = world
        .superuser(
            "select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
             where n.nspname not in ('pg_catalog', 'information_schema')
               and has_schema_privilege('dn_tenant_rhone', n.oid, 'usage')
               and has_function_privilege('dn_tenant_rhone', p.oid, 'execute') order by 1",
        )
        .await;
    let given: Vec<&str> = given
        .lines()
        .map(|line| line.split('(').next().unwrap_or(line))
        .collect();
    assert_eq!(
        given,
        [
            "platform.add_job",
            "platform.index_inquiry",
            "platform.index_outcome"
        ]
    );
    let mut connection = world.app_connection().await;
    for schema in ["platform", "graphile_worker"] {
        let mut attempts = on_schema(schema);
        for object in objects(&world, schema).await {
            let given = given.iter().any(|name| object.name.starts_with(name));
            if !(given || schema == "platform" && object.is_type()) {
                attempts.extend(object.attempts());
            }
        }
        // Let into `platform` for its three functions, it sees what things there are called, and is told no more.
        if schema == "platform" {
            let names_only = ["'::regclass", "_size(", "prepare ", "analyze ", "grant usage "];
            attempts.retain(|sql| !names_only.iter().any(|part| sql.contains(part)));
        }
        let found = not_refused(&mut connection, As::Department("rhone"), &attempts).await;
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[tokio::test]
async fn what_runs_with_its_owners_rights_finds_nothing_of_the_callers() {
    let world = World::new().await;
    let loose = world
        .superuser(
            "select oid::regprocedure from pg_proc
             where prosecdef and pronamespace::regnamespace::text in ('platform', 'tenant_rhone')
               and not coalesce(proconfig && array['search_path=pg_catalog, pg_temp',
                                    format('search_path=pg_catalog, %s, pg_temp', pronamespace::regnamespace)], false)",
        )
        .await;
    assert_eq!(loose, "", "security definer without a search_path of its own");
}

#[tokio::test]
async fn nothing_of_a_departement_is_granted_to_anybody_else() {
    let world = World::new().await;
    let granted = world
        .superuser(
            "select c.oid::regclass, coalesce(r.rolname, 'public'), acl.privilege_type
             from pg_class c cross join aclexplode(c.relacl) acl left join pg_roles r on r.oid = acl.grantee
             where c.relnamespace::regnamespace::text like 'tenant\\_%'
               and acl.grantee <> c.relowner
               and 'dn_' || c.relnamespace::regnamespace::text is distinct from r.rolname
             union all
             select n.nspname::regclass, coalesce(r.rolname, 'public'), acl.privilege_type
             from (select oid, nspname::text, nspacl, nspowner from pg_namespace where nspname like 'tenant\\_%') n
             cross join aclexplode(n.nspacl) acl left join pg_roles r on r.oid = acl.grantee
             where acl.grantee <> n.nspowner and 'dn_' || n.nspname is distinct from r.rolname
             union all
             select c.oid::regclass, 'public', acl.privilege_type
             from pg_class c cross join aclexplode(c.relacl) acl
             where c.relnamespace::regnamespace::text = 'platform' and acl.grantee = 0",
        )
        .await;
    assert_eq!(granted, "");
    let silent = world
        .superuser(
            "select c.oid::regclass from pg_class c
             where c.relkind = 'r' and c.relname <> '_migrations' and (
                 (c.relnamespace = 'tenant_rhone'::regnamespace
                     and not has_table_privilege('dn_tenant_rhone', c.oid, 'select'))
                 or (c.relnamespace = 'platform'::regnamespace
                     and not has_table_privilege('dn_db_app', c.oid, 'select')))",
        )
        .await;
    assert_eq!(silent, "", "tables that grants.sql does not name");
}

/// What a role of PostgreSQL could do that is no object of a schema.
pub(crate) const ELSEWHERE: &[&str] = &[
    "create temporary table mine (id int)",
    "create temporary sequence mine",
    "create temporary view mine as select 1",
    "create schema mine",
    "create extension dblink",
    "create role mine",
    "create publication mine",
    "alter role dn_tenant_isere nologin",
    "grant dn_tenant_isere to dn_tenant_rhone",
    "grant dn_db_owner to dn_tenant_rhone",
    "set role dn_db_owner",
    "set session authorization dn_tenant_isere",
    "set session authorization dn_db_owner",
    "set session_replication_role = replica",
    "copy (select 1) to program 'true'",
    "copy (select 1) to '/tmp/mine'",
    "select pg_read_file('/etc/hostname')",
    "select pg_ls_dir('/')",
    "select lo_import('/etc/hostname')",
    "select * from pg_authid",
    "select * from pg_largeobject",
    "select * from pg_statistic",
];

#[tokio::test]
async fn nothing_outside_the_schemas_leads_to_a_neighbour() {
    let world = World::new().await;
    let mut other = world.app_connection().await;
    let mut theirs = other.begin().await.unwrap();
    assume(&mut theirs, "isere").await;
    execute(&mut theirs, "select 'a secret of isère' as noted")
        .await
        .unwrap();
    let mut connection = world.app_connection().await;
    let attempts: Vec<String> = ELSEWHERE.iter().map(|sql| (*sql).to_owned()).collect();
    for who in [As::Login, As::Department("rhone")] {
        let found = not_refused(&mut connection, who, &attempts).await;
        assert!(found.is_empty(), "{found:#?}");
    }
    let end = "select pg_terminate_backend(pid) from pg_stat_activity where query like '%a secret of isère%'
               and pid <> pg_backend_pid()";
    // Without rights on it the query of another is not told either: nobody is found to be ended.
    let everybody = "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()";
    let mut tx = connection.begin().await.unwrap();
    assume(&mut tx, "rhone").await;
    assert_eq!(execute(&mut tx, end).await.unwrap(), 0);
    assert_eq!(code(execute(&mut tx, everybody).await), REFUSED);
    tx.rollback().await.unwrap();
    // What the neighbour is doing, and what the planner knows of its values.
    world
        .superuser(
            "insert into tenant_isere.kit_file select 'LEFÈVRE', 'x'; insert into tenant_isere.kit_file
             select 'n' || n, 'x' from generate_series(1, 50) n; analyze tenant_isere.kit_file",
        )
        .await;
    assert_ne!(
        world
            .superuser("select count(*) from pg_stats where schemaname = 'tenant_isere'")
            .await,
        "0"
    );
    let mut tx = connection.begin().await.unwrap();
    assume(&mut tx, "rhone").await;
    assert_eq!(
        count(&mut tx, "pg_stats where schemaname = 'tenant_isere'").await,
        0
    );
    let heard = "pg_stat_activity where pid <> pg_backend_pid() and query <> '<insufficient privilege>' and query <> ''";
    assert_eq!(count(&mut tx, heard).await, 0);
    tx.rollback().await.unwrap();
    theirs.rollback().await.unwrap();
}

async fn count(connection: &mut PgConnection, from: &str) -> i64 {
    sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select count(*) from {from}")))
        .fetch_one(connection)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_large_object_belongs_to_the_departement_that_made_it() {
    let world = World::new().await;
    let mut connection = world.app_connection().await;
    let mut tx = connection.begin().await.unwrap();
    assume(&mut tx, "isere").await;
    let made: sqlx::postgres::types::Oid = sqlx::query_scalar("select lo_from_bytea(0, 'a secret')")
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let made = made.0;
    let attempts = [
        format!("select lo_get({made})"),
        format!("select lo_put({made}, 0, 'x')"),
        format!("select lo_unlink({made})"),
        format!("select loread(lo_open({made}, 262144), 10)"),
        format!("grant select on large object {made} to current_user"),
    ];
    for who in [As::Login, As::Department("rhone")] {
        let found = not_refused(&mut connection, who, &attempts).await;
        assert!(found.is_empty(), "{found:#?}");
    }
}

/// The one thing that PostgreSQL lets the login do is to assume a département's role, from inside another one's
/// transaction as well: that is what it is for. Hence only `TenantTx` says the words, which `cargo xtask tidy` checks over
/// the source, and no query can carry a second one, which the next test and the same rule show.
#[tokio::test]
async fn the_login_may_assume_any_departement_and_nothing_else() {
    let world = World::new().await;
    let mut connection = world.app_connection().await;
    let mut tx = connection.begin().await.unwrap();
    assume(&mut tx, "rhone").await;
    execute(&mut tx, "set local role dn_tenant_isere").await.unwrap();
    assert_eq!(count(&mut tx, "tenant_isere.inquiry").await, 0);
    tx.rollback().await.unwrap();
    let assumable = world
        .superuser(
            "select rolname from pg_roles where pg_has_role('dn_db_app', oid, 'member')
             and rolname <> 'dn_db_app' and rolname not like 'dn\\_tenant\\_%'",
        )
        .await;
    // By way of any département: see `group.rs`.
    assert_eq!(assumable, "dn_tenants");
    assert!(world.db.standing().await.unwrap().is_sound());
}

#[tokio::test]
async fn a_second_statement_cannot_ride_along() {
    let world = World::new().await;
    let mut connection = world.app_connection().await;
    for second in ["set role dn_tenant_isere", "select 1", "commit"] {
        // As every query of the application goes: prepared, arguments apart.
        let both = format!("select 1; {second}");
        let refused = sqlx::query(sqlx::AssertSqlSafe(both))
            .execute(&mut connection)
            .await;
        let refused = refused.map(|done| done.rows_affected());
        assert_eq!(code(refused), "42601", "{second}");
    }
    let who: String = sqlx::query_scalar("select current_user::text")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(who, "dn_db_app");
}
