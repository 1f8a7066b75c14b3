use std::time::Duration;

use db::{Contents, Db, NewRegister, NumberedIndividual, TenantTx};
use domain::{Aid, AidKind, Amount, Individual, Overpaid, PartialDate, RegisterId};
use uuid::Uuid;

use crate::world::{World, at, decedent, slug};

fn person(number: u32) -> NumberedIndividual {
    let decedent = decedent();
    NumberedIndividual {
        number,
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
    }
}

/// Some pages of an index; what stands on them is no matter of the database.
fn pages() -> [(i32, Vec<u8>); 3] {
    [(0, vec![0]), (7, vec![0, 255, 92]), (i32::MAX, vec![1; 9000])]
}

fn contents(persons: &[NumberedIndividual]) -> Contents {
    let aids = persons.iter().map(|person| person.individual.aids.len());
    Contents {
        individuals: persons.len() as u64,
        aids: aids.sum::<usize>() as u64,
        page_bits: 31,
    }
}

async fn import(tx: &mut TenantTx, persons: &[NumberedIndividual], day: &str) -> RegisterId {
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
    tx.indexing().add_pages(id, &pages()).await.unwrap();
    let version = tx
        .register()
        .activate(id, contents(persons), at(&format!("{day}T00:00:01Z")))
        .await
        .unwrap();
    assert!(version.active);
    id
}

#[tokio::test]
async fn a_person_comes_back_as_imported() {
    let world = World::new().await;
    let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
    let persons = [person(1), person(3), person(2)];
    let id = import(&mut tx, &persons, "2026-01-01").await;
    let found = tx.register().by_numbers(id, &[2, 4]).await.unwrap();
    assert_eq!(found, [persons[2].individual.clone()]);
    assert_eq!(tx.register().by_numbers(id, &[]).await.unwrap(), []);
    let page = tx.register().page(id, 2, 5).await.unwrap();
    assert_eq!(
        page,
        [persons[2].individual.clone(), persons[1].individual.clone()]
    );
    assert_eq!(
        tx.register().page(id, 0, 1).await.unwrap(),
        [persons[0].individual.clone()]
    );
    let named = tx
        .register()
        .by_identifiers(id, &["P-1".to_owned()])
        .await
        .unwrap();
    assert_eq!(named, [persons[0].individual.clone()]);
    let version = tx.register().active().await.unwrap().unwrap();
    assert_eq!((version.id, version.individuals, version.aids), (id, 3, 6));
    assert_eq!(version.page_bits, Some(31));
    let [first, middle, last] = pages().map(|(_, entries)| entries);
    assert_eq!(tx.indexing().pages(id, &[7, 8]).await.unwrap(), [middle]);
    assert_eq!(
        tx.indexing().pages(id, &[0, 1, i32::MAX]).await.unwrap(),
        [first, last]
    );
}

#[tokio::test]
async fn an_import_replaces_the_register_and_keeps_the_last_two() {
    let world = World::new().await;
    let rhone = slug("rhone");
    let mut ids = Vec::new();
    // Pages of a version that a former program, which does not know of them, has deleted.
    world
        .superuser("insert into tenant_rhone.register_keys values (gen_random_uuid(), 1, '\\x00')")
        .await;
    for (number, day) in (0..).zip(["2026-01-01", "2026-02-01", "2026-03-01"]) {
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
    // The same numbers stand in both: only those of the version asked for.
    let numbers: Vec<u32> = (0..20).collect();
    let found = tx.register().by_numbers(active, &numbers).await.unwrap();
    let mut found: Vec<_> = found.iter().map(|person| person.identifier.as_str()).collect();
    found.sort_unstable();
    assert_eq!(found, ["P-12", "P-2"]);
    assert_eq!(
        world
            .superuser(
                "select (select count(*) from tenant_rhone.individual),
                               (select count(*) from tenant_rhone.register_keys)"
            )
            .await,
        "4|6"
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
    let unknown = tx
        .register()
        .activate(next.id, contents(&[]), next.started_at)
        .await;
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

/// Whatever PostgreSQL believes of a table that was just filled: reading it whole takes a million people a second.
#[tokio::test]
async fn people_and_pages_are_found_by_an_index() {
    let world = World::new().await;
    let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
    let persons: Vec<_> = (0..10_000).map(person).collect();
    let id = import(&mut tx, &persons, "2026-01-01").await;
    let pages: Vec<_> = (10..5_000).map(|page| (page, vec![1; 300])).collect();
    tx.indexing().add_pages(id, &pages).await.unwrap();
    tx.save().await.unwrap();
    assert_found_by_an_index(&world, id).await;
    world
        .superuser("analyze tenant_rhone.individual, tenant_rhone.register_keys")
        .await;
    assert_found_by_an_index(&world, id).await;
    // Another version, of which it has not heard.
    let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
    let id = import(&mut tx, &persons, "2026-02-01").await;
    tx.indexing().add_pages(id, &pages).await.unwrap();
    tx.save().await.unwrap();
    assert_found_by_an_index(&world, id).await;
}

async fn assert_found_by_an_index(world: &World, id: RegisterId) {
    let read_whole = || async {
        let whole = "select sum(seq_scan) from pg_stat_user_tables
                     where schemaname = 'tenant_rhone' and relname in ('individual', 'register_keys')";
        world.superuser(whole).await
    };
    let read = || async {
        let read = "select sum(idx_tup_read) from pg_stat_user_indexes
                    where schemaname = 'tenant_rhone' and relname in ('individual', 'register_keys')";
        world.superuser(read).await.parse::<u64>().unwrap()
    };
    // What a connection counts is told when it ends.
    settled(&read_whole).await;
    let (whole_before, before) = (read_whole().await, read().await);
    let db = Db::connect(&world.app_settings()).await.unwrap();
    let mut tx = db.tenant(&slug("rhone")).await.unwrap();
    let mut asked = 0;
    // Often enough for a plan that is made for no number of them in particular.
    for count in [3, 400, 2000, 1, 50, 900, 12, 1200] {
        let numbers: Vec<u32> = (0..count).map(|n| n * 5).collect();
        let found = tx.register().by_numbers(id, &numbers).await.unwrap();
        assert_eq!(found.len(), numbers.len());
        let pages: Vec<i32> = (10..110).collect();
        assert_eq!(tx.indexing().pages(id, &pages).await.unwrap().len(), pages.len());
        asked += u64::from(count) + 100;
    }
    drop(tx);
    db.close().await;
    while read().await < before + asked {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    settled(&read_whole).await;
    assert_eq!(read_whole().await, whole_before);
    let more = read().await - before;
    assert!(more < 2 * asked, "{more} entries read for {asked}");
}

/// Waits until nothing more is told.
async fn settled<F: Future<Output = String>>(of: &impl Fn() -> F) {
    let mut last = of().await;
    loop {
        tokio::time::sleep(Duration::from_millis(1200)).await;
        let now = of().await;
        if std::mem::replace(&mut last, now.clone()) == now {
            return;
        }
    }
}
