use db::{DatabaseSettings, Db, DbError};
use sqlx::{Connection, PgConnection};

use crate::world::{World, code, execute, new_inquiry, slug};

const REFUSED: &str = "42501";

/// Every table of a schema, from the catalogue.
async fn tables(world: &World, schema: &str) -> Vec<String> {
    let sql = format!(
        "select quote_ident(relname) from pg_class
         where relnamespace = '{schema}'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f') order by 1"
    );
    let tables: Vec<String> = world.superuser(&sql).await.lines().map(str::to_owned).collect();
    assert!(!tables.is_empty());
    tables
}

fn attempts(table: &str) -> [String; 7] {
    [
        format!("select * from {table}"),
        format!("select count(*) from {table}"),
        format!("insert into {table} default values"),
        format!("delete from {table}"),
        format!("truncate {table}"),
        format!("lock table {table}"),
        format!("alter table {table} disable trigger all"),
    ]
}

/// Becomes the département's role as `TenantTx` does.
async fn assume(connection: &mut PgConnection, department: &str) {
    sqlx::query("select set_config('role', $1, true), set_config('search_path', $2, true)")
        .bind(format!("dn_tenant_{department}"))
        .bind(format!("tenant_{department}, pg_temp"))
        .execute(connection)
        .await
        .unwrap();
}

#[tokio::test]
async fn no_departement_reads_or_writes_its_neighbour() {
    let world = World::new().await;
    let mut connection = world.app_connection().await;
    for table in tables(&world, "tenant_isere").await {
        for attempt in attempts(&format!("tenant_isere.{table}")) {
            let mut tx = connection.begin().await.unwrap();
            assume(&mut tx, "rhone").await;
            let answer = code(execute(&mut tx, &attempt).await);
            assert_eq!(answer, REFUSED, "{attempt}");
        }
        // By another search path the neighbour's schema is not even found.
        let mut tx = connection.begin().await.unwrap();
        assume(&mut tx, "rhone").await;
        execute(&mut tx, "set local search_path = tenant_isere")
            .await
            .unwrap();
        let answer = code(execute(&mut tx, format!("select * from {table}")).await);
        assert_eq!(answer, "42P01", "{table}");
    }
}

#[tokio::test]
async fn the_login_alone_reads_no_departement() {
    let world = World::new().await;
    let mut connection = world.app_connection().await;
    for schema in ["tenant_rhone", "tenant_isere"] {
        for table in tables(&world, schema).await {
            for attempt in attempts(&format!("{schema}.{table}")) {
                let mut tx = connection.begin().await.unwrap();
                assert_eq!(code(execute(&mut tx, &attempt).await), REFUSED, "{attempt}");
            }
        }
    }
    let call = "select platform.add_job('issue_letter', gen_random_uuid())";
    assert_eq!(code(execute(&mut connection, call).await), REFUSED);
}

#[tokio::test]
async fn a_departement_reads_nothing_that_is_shared() {
    let world = World::new().await;
    let mut connection = world.app_connection().await;
    for schema in ["platform", "graphile_worker"] {
        for table in tables(&world, schema).await {
            for attempt in attempts(&format!("{schema}.{table}")) {
                let mut tx = connection.begin().await.unwrap();
                assume(&mut tx, "rhone").await;
                assert_eq!(code(execute(&mut tx, &attempt).await), REFUSED, "{attempt}");
            }
        }
    }
}

#[tokio::test]
async fn a_departement_changes_neither_its_tables_nor_what_was_recorded() {
    let world = World::new().await;
    let mut connection = world.app_connection().await;
    for attempt in [
        "create table more (id int)",
        "drop table inquiry",
        "alter table inquiry add column more int",
        "delete from inquiry",
        "update inquiry set asked_at = now()",
        "delete from decision",
        "update decision set outcome = 'unknown'",
        "update letter set data = '{}'",
        "delete from letter",
        "delete from mail",
        "delete from data_key",
        "select * from _migrations",
        "create function own() returns int language sql as 'select 1'",
    ] {
        let mut tx = connection.begin().await.unwrap();
        assume(&mut tx, "rhone").await;
        assert_eq!(code(execute(&mut tx, attempt).await), REFUSED, "{attempt}");
    }
}

#[tokio::test]
async fn every_table_says_who_may_use_it() {
    let world = World::new().await;
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

/// A pool of one connection: whatever a transaction leaves behind, the next one finds.
async fn narrow(world: &World) -> Db {
    let settings = DatabaseSettings {
        max_connections: 1,
        ..world.app_settings()
    };
    Db::connect(&settings).await.unwrap()
}

/// Only the login itself may read the list of départements.
async fn is_itself_again(db: &Db, how: &str) {
    let listed = db.platform().await.unwrap().departments().list().await;
    assert_eq!(
        listed
            .unwrap_or_else(|error| panic!("after {how}: {error}"))
            .len(),
        2
    );
}

#[tokio::test]
async fn no_role_outlives_its_transaction() {
    let world = World::new().await;
    let db = narrow(&world).await;
    let rhone = slug("rhone");

    let mut tx = db.tenant(&rhone).await.unwrap();
    tx.inquiries().open(&new_inquiry()).await.unwrap();
    tx.save().await.unwrap();
    is_itself_again(&db, "save").await;

    let mut tx = db.tenant(&rhone).await.unwrap();
    tx.inquiries().open(&new_inquiry()).await.unwrap();
    drop(tx);
    is_itself_again(&db, "drop").await;

    let mut tx = db.tenant(&rhone).await.unwrap();
    let same = new_inquiry();
    tx.inquiries().open(&same).await.unwrap();
    let clash = db::NewInquiry {
        submission: domain::SubmissionId(uuid::Uuid::now_v7()),
        ..same
    };
    assert!(tx.inquiries().open(&clash).await.is_err(), "the id is taken");
    assert_eq!(
        tx.save().await.unwrap_err().code(),
        Some("25P02"),
        "nothing is kept, and it is said"
    );
    is_itself_again(&db, "an error").await;

    let cancelled = tokio::time::timeout(std::time::Duration::from_millis(20), async {
        let mut tx = db.tenant(&rhone).await.unwrap();
        loop {
            tx.inquiries().open(&new_inquiry()).await.unwrap();
        }
    });
    cancelled.await.unwrap_err();
    is_itself_again(&db, "being cancelled in the middle of a query").await;

    assert_eq!(
        db.tenant(&rhone)
            .await
            .unwrap()
            .inquiries()
            .count()
            .await
            .unwrap(),
        1,
        "only what was saved"
    );
    assert_eq!(
        db.tenant(&slug("isere"))
            .await
            .unwrap()
            .inquiries()
            .count()
            .await
            .unwrap(),
        0
    );
}

#[tokio::test]
async fn prepared_statements_follow_the_departement() {
    let world = World::new().await;
    let db = narrow(&world).await;
    for round in 1..=12 {
        let mut tx = db.tenant(&slug("rhone")).await.unwrap();
        tx.inquiries().open(&new_inquiry()).await.unwrap();
        assert_eq!(tx.inquiries().count().await.unwrap(), round);
        tx.save().await.unwrap();
        let mut tx = db.tenant(&slug("isere")).await.unwrap();
        assert_eq!(tx.inquiries().count().await.unwrap(), 0);
    }
}

#[tokio::test]
async fn an_unknown_departement_is_not_served() {
    let world = World::new().await;
    let nowhere = world.db.tenant(&slug("nowhere")).await;
    assert!(matches!(nowhere, Err(DbError::TenantUnavailable(_))));
}

#[tokio::test]
async fn the_platform_is_told_by_the_role_and_not_by_an_argument() {
    let world = World::new().await;
    let mut connection = world.app_connection().await;
    let mut tx = connection.begin().await.unwrap();
    assume(&mut tx, "isere").await;
    execute(
        &mut tx,
        "select platform.add_job('issue_letter', '00000000-0000-0000-0000-000000000007')",
    )
    .await
    .unwrap();
    execute(
        &mut tx,
        "select platform.index_inquiry('00000000-0000-0000-0000-000000000001', gen_random_uuid(), gen_random_uuid(),
                gen_random_uuid(), now(), 'unknown', '{}')",
    )
    .await
    .unwrap();
    assert_eq!(
        code(execute(&mut tx, "select platform.calling_department()").await),
        REFUSED
    );
    tx.rollback().await.unwrap();

    let mut tx = connection.begin().await.unwrap();
    assume(&mut tx, "isere").await;
    for sql in [
        "select platform.add_job('issue_letter', '00000000-0000-0000-0000-000000000007')",
        "select platform.index_inquiry('00000000-0000-0000-0000-000000000001', gen_random_uuid(), gen_random_uuid(),
                gen_random_uuid(), now(), 'unknown', '{}')",
    ] {
        execute(&mut tx, sql).await.unwrap();
    }
    tx.commit().await.unwrap();
    let told =
        "select payload ->> 'department' || ' ' || (payload ->> 'id') from graphile_worker._private_jobs
                union all select department_slug from platform.inquiry_index";
    let told = world.superuser(told).await;
    assert_eq!(told, "isere 00000000-0000-0000-0000-000000000007\nisere");

    // Rhône may not change what isère told, and a task of the platform is not a département's to add.
    let mut tx = connection.begin().await.unwrap();
    assume(&mut tx, "rhone").await;
    let change =
        "select 1 where platform.index_outcome('00000000-0000-0000-0000-000000000001', 'recoverable', now())";
    assert_eq!(execute(&mut tx, change).await.unwrap(), 0);
    assert_eq!(
        code(
            execute(
                &mut tx,
                "select platform.add_job('purge_sessions', gen_random_uuid())"
            )
            .await
        ),
        REFUSED
    );
    tx.rollback().await.unwrap();
    let outcome = world
        .superuser("select outcome from platform.inquiry_index")
        .await;
    assert_eq!(outcome, "unknown");
}
