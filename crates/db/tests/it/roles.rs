//! No role outlives its transaction on a pooled connection, however the transaction ends. The pool has one connection:
//! whatever a transaction leaves behind, the next one finds.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use db::{DatabaseSettings, Db, DbError, TenantTx};
use domain::NotaryId;
use secrecy::ExposeSecret;
use sqlx::{Connection, PgConnection};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

use crate::attempts::{REFUSED, assume};
use crate::world::{World, code, execute, new_inquiry, slug};

/// A pool of one connection.
pub(crate) async fn narrow(world: &World) -> Db {
    narrow_for(world, 60).await
}

/// A pool of one connection, whose queries end after so many seconds.
async fn narrow_for(world: &World, statement_timeout_seconds: u64) -> Db {
    let settings = DatabaseSettings {
        max_connections: 1,
        statement_timeout_seconds,
        ..world.app_settings()
    };
    Db::connect(&settings).await.unwrap()
}

/// A transaction of the Rhône in which something was done.
async fn at_work(db: &Db) -> TenantTx {
    let mut tx = db.tenant(&slug("rhone")).await.unwrap();
    tx.inquiries().open(&new_inquiry()).await.unwrap();
    tx
}

/// The connection is the login's again, and serves another département as if nothing had been.
async fn is_itself_again(db: &Db, how: &str) {
    let standing = db
        .standing()
        .await
        .unwrap_or_else(|error| panic!("after {how}: {error:?}"));
    assert!(standing.is_sound(), "after {how}: {standing:?}");
    let mut tx = db.tenant(&slug("isere")).await.unwrap();
    assert_eq!(tx.inquiries().count().await.unwrap(), 0, "after {how}");
}

/// What was kept for the Rhône.
async fn kept(world: &World) -> String {
    world.superuser("select count(*) from tenant_rhone.inquiry").await
}

#[tokio::test]
async fn saved_or_dropped() {
    let world = World::new().await;
    let db = narrow(&world).await;
    at_work(&db).await.save().await.unwrap();
    is_itself_again(&db, "save").await;
    drop(at_work(&db).await);
    is_itself_again(&db, "drop").await;
    assert_eq!(kept(&world).await, "1");
}

#[tokio::test]
async fn after_an_error_in_the_middle() {
    let world = World::new().await;
    let db = narrow(&world).await;
    for save in [true, false] {
        let mut tx = db.tenant(&slug("rhone")).await.unwrap();
        let same = new_inquiry();
        tx.inquiries().open(&same).await.unwrap();
        let clash = db::NewInquiry {
            submission: domain::SubmissionId(uuid::Uuid::now_v7()),
            ..same
        };
        assert!(tx.inquiries().open(&clash).await.is_err(), "the id is taken");
        if save {
            let refused = tx.save().await.unwrap_err();
            assert_eq!(refused.code(), Some("25P02"), "nothing is kept, and it is said");
        } else {
            drop(tx);
        }
        is_itself_again(&db, "an error").await;
    }
    assert_eq!(kept(&world).await, "0");
}

/// Polls a future so many times, then drops it where it stands.
async fn dropped_after<T>(polls: usize, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut left = polls;
    poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        work.as_mut().poll(context).map(Some)
    })
    .await
}

/// A pool of one connection to a server that is some way off: every answer is waited for.
async fn distant(world: &World) -> Db {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (near, far) = (listener.local_addr().unwrap().port(), world.postgres.port());
    tokio::spawn(async move {
        while let Ok((ours, _)) = listener.accept().await {
            tokio::spawn(async move {
                let theirs = TcpStream::connect(("127.0.0.1", far)).await?;
                let ((mut from_us, mut to_us), (mut from_them, mut to_them)) =
                    (ours.into_split(), theirs.into_split());
                tokio::spawn(async move { tokio::io::copy(&mut from_us, &mut to_them).await });
                let mut buffer = [0; 4096];
                loop {
                    let length = from_them.read(&mut buffer).await?;
                    tokio::time::sleep(Duration::from_millis(2)).await;
                    to_us.write_all(&buffer[..length]).await?;
                    if length == 0 {
                        return std::io::Result::Ok(());
                    }
                }
            });
        }
    });
    let mut settings = world.app_settings();
    let url = settings
        .url
        .expose_secret()
        .replace(&format!(":{far}/"), &format!(":{near}/"));
    settings.url = url.into();
    settings.max_connections = 1;
    Db::connect(&settings).await.unwrap()
}

#[tokio::test]
async fn cancelled_wherever_it_waits() {
    let world = World::new().await;
    let db = distant(&world).await;
    let mut places = 0;
    loop {
        let whole = dropped_after(places, async {
            let mut tx = at_work(&db).await;
            tx.inquiries().count().await.unwrap();
            tx.save().await.unwrap();
        });
        if whole.await.is_some() {
            break;
        }
        is_itself_again(&db, &format!("being cancelled at its {places}th wait")).await;
        places += 1;
    }
    // At least: begin, enter, open, count, make sure, commit.
    assert!(places > 6, "only {places} waits were cut");
}

#[tokio::test]
async fn after_a_panic() {
    let world = World::new().await;
    let db = narrow(&world).await;
    let own = db.clone();
    let panicked = tokio::spawn(async move {
        let _tx = at_work(&own).await;
        panic!("as a handler might");
    });
    assert!(panicked.await.unwrap_err().is_panic());
    is_itself_again(&db, "a panic").await;
    assert_eq!(kept(&world).await, "0");
}

#[tokio::test]
async fn after_a_timeout_of_the_statement() {
    let world = World::new().await;
    let db = narrow_for(&world, 1).await;
    let mut other = PgConnection::connect(&world.postgres.url(&world.database))
        .await
        .unwrap();
    let mut holding = other.begin().await.unwrap();
    execute(&mut holding, "lock table tenant_rhone.audit")
        .await
        .unwrap();
    let mut tx = at_work(&db).await;
    let late = tx
        .audit()
        .newest(&db::TrailFilter::default(), db::Between::default(), 1)
        .await
        .unwrap_err();
    assert_eq!(late.code(), Some("57014"), "{late:?}");
    drop(tx);
    is_itself_again(&db, "a timeout").await;
}

#[tokio::test]
async fn after_the_connection_was_killed() {
    let world = World::new().await;
    let db = narrow(&world).await;
    let kill = "select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity
                where datname = current_database() and application_name = 'dn' and pid <> pg_backend_pid()";
    let mut tx = at_work(&db).await;
    world.superuser(kill).await;
    assert!(matches!(
        tx.inquiries().count().await,
        Err(DbError::Unreachable(_))
    ));
    drop(tx);
    is_itself_again(&db, "a kill in the middle").await;
    let tx = at_work(&db).await;
    world.superuser(kill).await;
    assert!(tx.save().await.is_err());
    is_itself_again(&db, "a kill before saving").await;
    world.superuser(kill).await;
    is_itself_again(&db, "a kill in the pool").await;
    // Single looks begin without trying the connection: they are asked again, not answered with the death.
    for _ in 0..3 {
        world.superuser(kill).await;
        let nobody = db.reads().notary(NotaryId(Uuid::nil()), "1").await;
        assert!(matches!(nobody, Ok(None)), "{nobody:?}");
    }
    assert_eq!(kept(&world).await, "0");
}

#[tokio::test]
async fn after_a_departement_could_not_be_entered() {
    let world = World::new().await;
    let db = narrow(&world).await;
    let nowhere = db.tenant(&slug("nowhere")).await;
    assert!(matches!(nowhere, Err(DbError::TenantUnavailable(_))));
    is_itself_again(&db, "no such département").await;
    db::provision::suspend(&world.owner, &slug("rhone"))
        .await
        .unwrap();
    assert!(matches!(
        db.tenant(&slug("rhone")).await,
        Err(DbError::TenantUnavailable(_))
    ));
    is_itself_again(&db, "a suspended département").await;
}

/// A statement prepared in one role asks for its rights again in the next. (The application prepares none by SQL; the driver
/// does, under names that all départements share.)
#[tokio::test]
async fn a_prepared_statement_carries_no_rights() {
    let world = World::new().await;
    let mut connection = world.app_connection().await;
    let mut tx = connection.begin().await.unwrap();
    assume(&mut tx, "rhone").await;
    execute(
        &mut tx,
        "prepare theirs as select birth_name from tenant_rhone.inquiry",
    )
    .await
    .unwrap();
    execute(&mut tx, "execute theirs").await.unwrap();
    tx.commit().await.unwrap();
    for department in [None, Some("isere")] {
        let mut tx = connection.begin().await.unwrap();
        if let Some(department) = department {
            assume(&mut tx, department).await;
        }
        assert_eq!(code(execute(&mut tx, "execute theirs").await), REFUSED);
    }
}
