use db::migrate::{MIGRATIONS, Migration, Migrations, Progress, Target, migrate, migrate_to};
use db::{DbError, MigrateSettings};
use secrecy::ExposeSecret;
use sqlx::{Connection, PgConnection};

use crate::world::{World, empty_database, slug};

/// Everything `migrate` could have changed: what it recorded and when, and who may do what.
async fn state(world: &World) -> String {
    world
        .superuser(
            "select version, name, checksum, applied_at from platform._migrations
             union all select version, name, checksum, applied_at from tenant_rhone._migrations
             union all select version, name, checksum, applied_at from tenant_isere._migrations order by 1, 2, 4;
             select oid::regclass, relacl from pg_class where relacl is not null order by oid",
        )
        .await
}

#[tokio::test]
async fn an_empty_database_is_migrated_once() {
    let (postgres, database, owner) = empty_database().await;
    let mut steps = Vec::new();
    let report = migrate(&owner, |step| {
        if let Progress::Done { target, applied, .. } = step {
            steps.push((target.clone(), applied.len()));
        }
    })
    .await
    .unwrap();
    assert!(report.is_complete());
    assert_eq!(steps.len(), 1, "no département yet");
    assert_eq!(steps[0].0, Target::Platform);
    assert!(steps[0].1 > 0);
    let tables = postgres
        .run(
            &database,
            "select count(*) from pg_tables where schemaname = 'platform'",
        )
        .await
        .unwrap();
    assert!(tables.trim().parse::<u32>().unwrap() > 5);
}

#[tokio::test]
async fn migrating_twice_changes_nothing() {
    let world = World::new().await;
    let before = state(&world).await;
    let report = migrate(&world.owner, |_| ()).await.unwrap();
    assert!(report.is_complete());
    assert_eq!((report.migrated.len(), report.unchanged), (0, 3));
    assert_eq!(state(&world).await, before);
}

#[tokio::test]
async fn two_at_once_wait_for_one_another() {
    let (postgres, database, owner) = empty_database().await;
    let (one, two) = tokio::join!(migrate(&owner, |_| ()), migrate(&owner, |_| ()));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(
        one.migrated.len() + two.migrated.len(),
        1,
        "only one of them had something to do"
    );
    let twice = "select count(*) from platform._migrations group by version having count(*) > 1";
    assert_eq!(postgres.run(&database, twice).await.unwrap().trim(), "");
}

#[tokio::test]
async fn the_second_says_that_it_waits() {
    let world = World::new().await;
    let mut first = PgConnection::connect(world.owner.url.expose_secret())
        .await
        .unwrap();
    sqlx::query("select pg_advisory_lock($1)")
        .bind(0x646e_0001_i64)
        .execute(&mut first)
        .await
        .unwrap();
    let (told, waits) = tokio::sync::oneshot::channel();
    let owner = world.owner.clone();
    let second = tokio::spawn(async move {
        let mut told = Some(told);
        migrate(&owner, |step| {
            if matches!(step, Progress::Waiting) {
                told.take().unwrap().send(()).unwrap();
            }
        })
        .await
    });
    waits.await.unwrap();
    assert!(!second.is_finished());
    drop(first);
    assert!(second.await.unwrap().unwrap().is_complete());
}

#[tokio::test]
async fn a_failing_departement_is_named_and_the_others_go_on() {
    let world = World::new().await;
    // Both are to get their register again (2, and 9 and 10 that add to it); in isère a table is in the way.
    world
        .superuser(
            "delete from tenant_rhone._migrations where version in (2, 9, 10);
             drop table tenant_rhone.individual, tenant_rhone.register_version, tenant_rhone.register_keys;
             delete from tenant_isere._migrations where version in (2, 9, 10);
             drop table tenant_isere.register_version, tenant_isere.register_keys",
        )
        .await;
    let mut named = Vec::new();
    let report = migrate(&world.owner, |step| {
        if let Progress::Failed { target, .. } = step {
            named.push(target.to_string());
        }
    })
    .await
    .unwrap();
    assert!(!report.is_complete());
    assert_eq!(named, ["isere"]);
    let (target, error) = &report.failed[0];
    assert_eq!(*target, Target::Tenant(slug("isere")));
    assert_eq!(error.code(), Some("42P07"), "the table exists: {error}");
    assert!(matches!(&report.migrated[..], [(Target::Tenant(done), _)] if *done == slug("rhone")));
    // Isère is as it was: the first half of the migration did not stay.
    let half = "select to_regclass('tenant_isere.register_version') is null";
    assert_eq!(world.superuser(half).await, "t");
    assert!(
        world
            .db
            .tenant(&slug("rhone"))
            .await
            .unwrap()
            .register()
            .active()
            .await
            .unwrap()
            .is_none()
    );
    // Mended, it is brought up to date.
    world.superuser("drop table tenant_isere.individual").await;
    assert!(migrate(&world.owner, |_| ()).await.unwrap().is_complete());
}

#[tokio::test]
async fn a_migration_changed_afterwards_and_a_newer_schema_are_refused() {
    let world = World::new().await;
    world
        .superuser(
            "update tenant_rhone._migrations set checksum = 'other' where version = 1;
             insert into tenant_isere._migrations (version, name, checksum) values (99, '0099_future', 'x')",
        )
        .await;
    let report = migrate(&world.owner, |_| ()).await.unwrap();
    let errors: Vec<String> = report.failed.iter().map(|(_, error)| error.to_string()).collect();
    assert_eq!(errors.len(), 2);
    assert!(
        errors[0].contains("0099_future") && errors[0].contains("newer"),
        "{errors:?}"
    );
    assert!(
        errors[1].contains("was changed after it was applied"),
        "{errors:?}"
    );
}

#[tokio::test]
async fn an_application_login_that_could_do_everything_is_refused() {
    let world = World::new().await;
    world
        .postgres
        .create_role("dn_db_mighty", "inherit")
        .await
        .unwrap();
    let app = world.postgres.url_as("dn_db_mighty", &world.database);
    let owner = MigrateSettings::new(world.postgres.url_as("dn_db_owner", &world.database), app);
    let error = migrate(&owner, |_| ()).await.unwrap_err();
    assert!(matches!(error, DbError::Settings(_)));
    assert!(error.to_string().contains("noinherit"), "{error}");
}

#[tokio::test]
async fn what_a_restored_database_gives_everybody_is_taken_back() {
    let world = World::new().await;
    assert!(world.db.standing().await.unwrap().is_sound());
    // Rights on a database are not in a dump of it.
    let give = format!("grant temporary on database {} to public", world.database);
    world.superuser(&give).await;
    let standing = world.db.standing().await.unwrap();
    assert_eq!(standing.excessive, ["creates temporary tables"]);
    assert!(!standing.is_sound());
    let report = migrate(&world.owner, |_| ()).await.unwrap();
    assert!(report.is_complete());
    assert!(world.db.standing().await.unwrap().is_sound());
}

/// The migrations there are, and one more for each département.
fn and_one(sql: &'static str) -> Migrations {
    let next = Migration {
        version: i32::try_from(MIGRATIONS.tenant.len()).unwrap() + 1,
        name: "9999_to_come",
        sql,
    };
    Migrations {
        tenant: [MIGRATIONS.tenant, &[next]].concat().leak(),
        ..MIGRATIONS
    }
}

/// Until a migration waits for a table.
async fn waiting(world: &World) {
    let waits = "select count(*) from pg_locks where not granted and mode = 'AccessExclusiveLock'";
    while world.superuser(waits).await == "0" {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_migration_that_somebody_waits_for_while_it_waits_for_them_gives_way() {
    let world = World::new().await;
    let migrations =
        and_one("alter table inquiry add column to_come text; alter table letter add column to_come text");
    let mut reader = PgConnection::connect(&world.postgres.url(&world.database))
        .await
        .unwrap();
    let mut both = reader.begin().await.unwrap();
    let read = async |tx: &mut PgConnection, sql: &'static str| sqlx::query(sql).execute(tx).await.map(drop);
    read(&mut both, "select from tenant_rhone.letter").await.unwrap();
    let owner = world.owner.clone();
    let migrating = tokio::spawn(async move { migrate_to(&migrations, &owner, |_| ()).await });
    waiting(&world).await;
    // PostgreSQL ends the one that has waited longer, with « deadlock detected »: that is the migration.
    read(&mut both, "select from tenant_rhone.inquiry").await.unwrap();
    both.commit().await.unwrap();
    let report = migrating.await.unwrap().unwrap();
    assert!(report.is_complete(), "{:?}", report.failed);
}

#[tokio::test]
async fn nobody_waits_behind_a_migration_that_waits() {
    let world = World::new().await;
    let migrations = and_one("alter table inquiry add column to_come text");
    // Somebody reads for a long time.
    let mut reader = PgConnection::connect(&world.postgres.url(&world.database))
        .await
        .unwrap();
    let mut long = reader.begin().await.unwrap();
    sqlx::query("select id from tenant_rhone.inquiry")
        .fetch_all(&mut *long)
        .await
        .unwrap();
    let owner = world.owner.clone();
    let migrating = tokio::spawn(async move { migrate_to(&migrations, &owner, |_| ()).await });
    waiting(&world).await;
    // Others are answered all the same; only then does the first come to an end.
    let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
    assert_eq!(tx.inquiries().count().await.unwrap(), 0);
    drop(tx);
    long.rollback().await.unwrap();
    let report = migrating.await.unwrap().unwrap();
    assert!(report.is_complete(), "{:?}", report.failed);
    assert_eq!(report.migrated.len(), 2);
}

#[tokio::test]
async fn a_departement_that_waits_holds_up_no_other() {
    let world = World::new().await;
    // Both are to get the column again; somebody reads in isère, the first of them.
    for name in ["isere", "rhone"] {
        let back = format!(
            "delete from tenant_{name}._migrations where version in (0, 9); alter table tenant_{name}.individual drop column blocks"
        );
        world.superuser(&back).await;
    }
    let mut reader = PgConnection::connect(&world.postgres.url(&world.database))
        .await
        .unwrap();
    let mut long = reader.begin().await.unwrap();
    sqlx::query("select identifier from tenant_isere.individual")
        .fetch_all(&mut *long)
        .await
        .unwrap();
    let (told, done) = tokio::sync::mpsc::unbounded_channel();
    let owner = world.owner.clone();
    let migrating = tokio::spawn(async move {
        migrate(&owner, |step| {
            if let Progress::Done { target, .. } = step {
                told.send(target.to_string()).unwrap();
            }
        })
        .await
    });
    let mut done = done;
    assert_eq!(done.recv().await.unwrap(), "platform");
    assert_eq!(done.recv().await.unwrap(), "rhone");
    long.rollback().await.unwrap();
    assert_eq!(done.recv().await.unwrap(), "isere");
    let report = migrating.await.unwrap().unwrap();
    let migrated: Vec<String> = report
        .migrated
        .iter()
        .map(|(target, _)| target.to_string())
        .collect();
    assert_eq!(migrated, ["isere", "rhone"], "in their order, however they ended");
}

#[tokio::test]
async fn a_schema_is_brought_up_to_date_by_one_at_a_time() {
    let world = World::new().await;
    world
        .superuser("delete from tenant_rhone._migrations where version = 0")
        .await;
    // What a migration that was cut off left behind: a transaction that has not come to its end.
    let mut left = PgConnection::connect(world.owner.url.expose_secret())
        .await
        .unwrap();
    let mut running = left.begin().await.unwrap();
    sqlx::query("select pg_advisory_xact_lock($1, hashtext('tenant_rhone'))")
        .bind(0x646e_0002_i32)
        .execute(&mut *running)
        .await
        .unwrap();
    let owner = world.owner.clone();
    let again = tokio::spawn(async move { migrate(&owner, |_| ()).await });
    let waits = "select count(*) from pg_locks where locktype = 'advisory' and not granted
                 and database = (select oid from pg_database where datname = current_database())";
    while world.superuser(waits).await == "0" {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    running.rollback().await.unwrap();
    let report = again.await.unwrap().unwrap();
    assert!(report.is_complete());
    assert_eq!(report.migrated.len(), 1);
}
