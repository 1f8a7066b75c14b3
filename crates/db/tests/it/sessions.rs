use std::collections::HashMap;

use serde_json::json;
use time::{Duration, OffsetDateTime};
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};

use crate::world::World;

fn record(expires_in: Duration) -> Record {
    Record {
        id: Id::default(),
        data: HashMap::from([
            ("csrf".to_owned(), json!("x’y")),
            ("id_token".to_owned(), json!("a.b.c")),
        ]),
        // PostgreSQL rounds to microseconds: a second that has no fraction stays the one it is.
        expiry_date: OffsetDateTime::now_utc().truncate_to_second() + expires_in,
    }
}

#[tokio::test]
async fn a_session_is_kept_until_it_expires_or_ends() {
    let world = World::new().await;
    let store = world.db.sessions();
    let mut session = record(Duration::minutes(30));
    store.create(&mut session).await.unwrap();
    let loaded = store.load(&session.id).await.unwrap().unwrap();
    assert_eq!((loaded.id, &loaded.data), (session.id, &session.data));
    assert_eq!(
        loaded.expiry_date.unix_timestamp(),
        session.expiry_date.unix_timestamp()
    );

    session.data.insert("more".to_owned(), json!(1));
    store.save(&session).await.unwrap();
    assert_eq!(store.load(&session.id).await.unwrap().unwrap().data, session.data);

    store.delete(&session.id).await.unwrap();
    assert!(store.load(&session.id).await.unwrap().is_none());
    // A request that was still under way when the session ended does not bring it back.
    store.save(&session).await.unwrap();
    assert!(store.load(&session.id).await.unwrap().is_none());
}

#[tokio::test]
async fn an_expired_session_is_not_found_and_is_purged() {
    let world = World::new().await;
    let store = world.db.sessions();
    let (mut old, mut fresh) = (record(Duration::seconds(-1)), record(Duration::minutes(5)));
    store.create(&mut old).await.unwrap();
    store.create(&mut fresh).await.unwrap();
    assert!(store.load(&old.id).await.unwrap().is_none());
    assert_eq!(store.purge().await.unwrap(), 1);
    assert!(store.load(&fresh.id).await.unwrap().is_some());
}

#[tokio::test]
async fn an_id_already_taken_is_drawn_again() {
    let world = World::new().await;
    let store = world.db.sessions();
    let mut first = record(Duration::minutes(5));
    store.create(&mut first).await.unwrap();
    let mut second = record(Duration::minutes(5));
    second.id = first.id;
    second.data.clear();
    store.create(&mut second).await.unwrap();
    assert_ne!(second.id, first.id);
    assert_eq!(store.load(&first.id).await.unwrap().unwrap().data, first.data);
}

#[tokio::test]
async fn the_table_does_not_give_a_session_away() {
    let world = World::new().await;
    let mut session = record(Duration::minutes(5));
    world.db.sessions().create(&mut session).await.unwrap();
    let table = world
        .superuser("select encode(id_hash, 'hex'), encode(data, 'escape') from platform.session")
        .await;
    let plain = data_encoding::HEXLOWER.encode(&session.id.0.to_be_bytes());
    assert!(!table.contains(&session.id.to_string()) && !table.contains(&plain));
    assert!(!table.contains("csrf") && !table.contains("a.b.c"), "{table}");
}

#[tokio::test]
async fn what_one_session_holds_does_not_open_in_another() {
    let world = World::new().await;
    let store = world.db.sessions();
    let (mut one, mut other) = (record(Duration::minutes(5)), record(Duration::minutes(5)));
    store.create(&mut one).await.unwrap();
    store.create(&mut other).await.unwrap();
    world
        .superuser(
            "update platform.session set data = (select data from platform.session order by id_hash limit 1)",
        )
        .await;
    let opened = [store.load(&one.id).await, store.load(&other.id).await];
    assert_eq!(opened.iter().filter(|loaded| loaded.is_ok()).count(), 1);
}
