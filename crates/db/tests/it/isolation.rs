//! What `TenantTx` and the grants promise.

use db::DbError;
use sqlx::Connection;

use crate::attempts::{REFUSED, assume};
use crate::roles::narrow;
use crate::world::{World, code, execute, new_inquiry, slug};

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
