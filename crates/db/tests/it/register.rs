use std::time::{Duration, Instant};

use db::{KeyedIndividual, NewRegister, TenantTx};
use domain::{Aid, AidKind, Amount, Individual, Overpaid, PartialDate, RegisterId};
use uuid::Uuid;

use crate::world::{World, at, decedent, slug};

/// A key of everybody.
const ALL: i64 = i64::MIN;

/// A key of one person.
fn one(number: usize) -> i64 {
    i64::try_from(number).unwrap()
}

fn person(number: usize) -> KeyedIndividual {
    let decedent = decedent();
    KeyedIndividual {
        individual: Individual {
            identifier: format!("P-{number}"),
            sex: decedent.sex,
            birth_name: decedent.birth_name,
            usage_name: (number.is_multiple_of(2))
                .then_some(decedent.usage_name)
                .flatten(),
            given_names: decedent.given_names,
            birth_date: decedent.birth_date,
            birth_place: decedent.birth_place,
            death_date: Some(PartialDate::parse("2026-00-00").unwrap()),
            aids: vec![
                Aid {
                    kind: AidKind::AshElderly,
                    recoverable: Some(true),
                    starts: Some(PartialDate::parse("2020-01-01").unwrap()),
                    ends: None,
                    amount: Some(Amount::from_cents(123_456)),
                    overpayment: Some(Overpaid::No),
                    territory: Some("Métropole".to_owned()),
                },
                Aid {
                    kind: AidKind::Optional("CHAUFFAGE".to_owned()),
                    recoverable: None,
                    starts: None,
                    ends: None,
                    amount: None,
                    overpayment: None,
                    territory: None,
                },
            ],
        },
        keys: vec![one(number), ALL],
    }
}

async fn import(tx: &mut TenantTx, persons: &[KeyedIndividual], day: &str) -> RegisterId {
    let id = RegisterId(Uuid::now_v7());
    let register = NewRegister {
        id,
        source: format!("{day}.csv"),
        keys_version: 1,
        started_at: at(&format!("{day}T00:00:00Z")),
    };
    tx.register().begin(&register).await.unwrap();
    for batch in persons.chunks(1000) {
        tx.register().add(id, batch).await.unwrap();
    }
    let version = tx
        .register()
        .activate(id, at(&format!("{day}T00:00:01Z")))
        .await
        .unwrap();
    assert!(version.active);
    id
}

#[tokio::test]
async fn a_person_comes_back_as_imported() {
    let world = World::new().await;
    let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
    let without_a_key = KeyedIndividual {
        keys: vec![],
        ..person(3)
    };
    let persons = [person(1), without_a_key, person(2)];
    let id = import(&mut tx, &persons, "2026-01-01").await;
    let found = tx.register().candidates(id, &[one(2), one(3)]).await.unwrap();
    assert_eq!(found, [persons[2].individual.clone()]);
    assert_eq!(tx.register().candidates(id, &[ALL]).await.unwrap().len(), 2);
    assert_eq!(tx.register().candidates(id, &[]).await.unwrap(), []);
    let named = tx
        .register()
        .by_identifiers(id, &["P-1".to_owned()])
        .await
        .unwrap();
    assert_eq!(named, [persons[0].individual.clone()]);
    let version = tx.register().active().await.unwrap().unwrap();
    assert_eq!((version.id, version.individuals, version.aids), (id, 3, 6));
}

#[tokio::test]
async fn an_import_replaces_the_register_and_keeps_the_last_two() {
    let world = World::new().await;
    let rhone = slug("rhone");
    let mut ids = Vec::new();
    for (number, day) in ["2026-01-01", "2026-02-01", "2026-03-01"].into_iter().enumerate() {
        let mut tx = world.db.tenant(&rhone).await.unwrap();
        ids.push(import(&mut tx, &[person(number), person(10 + number)], day).await);
        tx.save().await.unwrap();
    }
    let mut tx = world.db.tenant(&rhone).await.unwrap();
    let versions = tx.register().versions().await.unwrap();
    assert_eq!(
        versions.iter().map(|v| (v.id, v.active)).collect::<Vec<_>>(),
        [(ids[2], true), (ids[1], false)]
    );
    let active = tx.register().active().await.unwrap().unwrap().id;
    assert_eq!(active, ids[2]);
    // One key of everybody: only those of the version asked for.
    let found = tx.register().candidates(active, &[ALL]).await.unwrap();
    let mut found: Vec<_> = found.iter().map(|person| person.identifier.as_str()).collect();
    found.sort_unstable();
    assert_eq!(found, ["P-12", "P-2"]);
    assert_eq!(
        world
            .superuser("select count(*) from tenant_rhone.individual")
            .await,
        "4"
    );
}

#[tokio::test]
async fn an_import_that_fails_replaces_nothing() {
    let world = World::new().await;
    let rhone = slug("rhone");
    let mut tx = world.db.tenant(&rhone).await.unwrap();
    let id = import(&mut tx, &[person(1)], "2026-01-01").await;
    tx.save().await.unwrap();

    let mut tx = world.db.tenant(&rhone).await.unwrap();
    let next = NewRegister {
        id: RegisterId(Uuid::now_v7()),
        source: "twice.csv".to_owned(),
        keys_version: 1,
        started_at: at("2026-02-01T00:00:00Z"),
    };
    tx.register().begin(&next).await.unwrap();
    let error = tx
        .register()
        .add(next.id, &[person(1), person(1)])
        .await
        .unwrap_err();
    assert_eq!(error.constraint(), Some("individual_pkey"));
    let shown = format!("{error:?} {}", std::error::Error::source(&error).unwrap());
    assert!(
        !shown.contains("P-1"),
        "the identifier of a person is in the error: {shown}"
    );
    drop(tx);
    let mut tx = world.db.tenant(&rhone).await.unwrap();
    assert_eq!(tx.register().active().await.unwrap().unwrap().id, id);
    let unknown = tx.register().activate(next.id, next.started_at).await;
    assert!(matches!(unknown, Err(db::DbError::UnknownRegister)));
}

#[tokio::test]
async fn two_imports_at_once_follow_one_another() {
    let world = World::new().await;
    let rhone = slug("rhone");
    let one = async {
        let mut tx = world.db.tenant(&rhone).await.unwrap();
        let id = import(&mut tx, &[person(1)], "2026-01-01").await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        tx.save().await.unwrap();
        id
    };
    let two = async {
        tokio::time::sleep(Duration::from_millis(40)).await;
        let mut tx = world.db.tenant(&rhone).await.unwrap();
        let id = import(&mut tx, &[person(2)], "2026-01-02").await;
        tx.save().await.unwrap();
        id
    };
    let (first, second) = tokio::join!(one, two);
    let mut tx = world.db.tenant(&rhone).await.unwrap();
    let versions: Vec<_> = tx
        .register()
        .versions()
        .await
        .unwrap()
        .iter()
        .map(|v| v.id)
        .collect();
    assert_eq!(versions, [second, first]);
}

#[tokio::test]
async fn ten_thousand_persons_are_imported_quickly() {
    let key = |kind: usize, number: usize| one(kind * 10_000 + number);
    let world = World::new().await;
    let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
    let persons: Vec<_> = (0..10_000)
        .map(|number| KeyedIndividual {
            keys: (0..6).map(|kind| key(kind, number % 5000 + kind)).collect(),
            ..person(number)
        })
        .collect();
    let began = Instant::now();
    let id = import(&mut tx, &persons, "2026-01-01").await;
    tx.save().await.unwrap();
    let took = began.elapsed();
    assert!(took < Duration::from_secs(8), "{took:?}");

    let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
    let found = tx.register().candidates(id, &[key(0, 4321)]).await.unwrap();
    assert_eq!(found.len(), 2);
    let began = Instant::now();
    for number in 0..100 {
        tx.register().candidates(id, &[key(0, number)]).await.unwrap();
    }
    let each = began.elapsed() / 100;
    assert!(each < Duration::from_millis(10), "{each:?} per look-up");
    println!("10 000 persons in {took:?}, {each:?} per look-up");
}
