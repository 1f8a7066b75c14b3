use db::Opened;
use domain::{DecisionId, Outcome, RegisterId};
use uuid::Uuid;

use crate::world::{World, at, decision, new_inquiry, slug};

#[tokio::test]
async fn an_inquiry_comes_back_as_it_was_asked() {
    let world = World::new().await;
    let new = new_inquiry();
    let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
    let Opened::New(opened) = tx.inquiries().open(&new).await.unwrap() else {
        panic!("it is new");
    };
    assert_eq!(opened.reference, "69-2026-000001");
    tx.save().await.unwrap();

    let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
    let row = tx
        .inquiries()
        .by_submission(new.asker.office, new.submission)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.inquiry, *opened);
    assert_eq!(
        (&row.inquiry.asker, &row.inquiry.decedent),
        (&new.asker, &new.decedent)
    );
    assert_eq!(
        (row.inquiry.file_reference, row.inquiry.asked_at),
        (new.file_reference, new.asked_at)
    );
    assert_eq!((row.decision, row.letter), (None, None));
}

#[tokio::test]
async fn the_same_form_twice_is_one_inquiry() {
    let world = World::new().await;
    let (one, two) = (new_inquiry(), new_inquiry());
    let again = db::NewInquiry {
        submission: one.submission,
        asker: one.asker.clone(),
        ..two
    };
    // At the same moment, as a double click does it.
    let open = async |new: db::NewInquiry| {
        let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
        let opened = tx.inquiries().open(&new).await.unwrap();
        tx.save().await.unwrap();
        opened
    };
    let (first, second) = tokio::join!(open(one.clone()), open(again));
    let (new, existing) = match (first, second) {
        (Opened::New(new), Opened::Existing(row)) | (Opened::Existing(row), Opened::New(new)) => (new, row),
        other => panic!("one of them is new: {other:?}"),
    };
    assert_eq!(existing.inquiry, *new);
    let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
    assert_eq!(tx.inquiries().count().await.unwrap(), 1);
    // Of another office it is another form, whatever its id.
    let other = db::NewInquiry {
        submission: one.submission,
        ..new_inquiry()
    };
    let opened = tx.inquiries().open(&other).await.unwrap();
    assert!(matches!(opened, Opened::New(_)), "{opened:?}");
    let theirs = tx
        .inquiries()
        .by_submission(other.asker.office, one.submission)
        .await
        .unwrap();
    assert_eq!(theirs.unwrap().inquiry.id, other.id);
}

#[tokio::test]
async fn the_last_decision_counts_and_all_are_kept() {
    let world = World::new().await;
    let new = new_inquiry();
    let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
    tx.inquiries().open(&new).await.unwrap();
    let first = decision(Outcome::Ambiguous, at("2026-11-23T10:00:00Z"));
    let last = domain::Decision {
        id: DecisionId(Uuid::now_v7()),
        candidates: vec!["A-1".to_owned(), "A-2".to_owned()],
        register: Some(RegisterId(Uuid::now_v7())),
        finding: Some(domain::Finding {
            outcome: Outcome::Recoverable,
            aids: vec![],
            claim: Some(domain::Amount::from_cents(123_456)),
            overpaid: None,
        }),
        ..decision(Outcome::Recoverable, at("2026-11-24T10:00:00Z"))
    };
    tx.decisions().add(new.id, &last).await.unwrap();
    tx.decisions().add(new.id, &first).await.unwrap();
    tx.save().await.unwrap();

    let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
    let row = tx.inquiries().by_id(new.id).await.unwrap().unwrap();
    assert_eq!(row.decision, Some(last.clone()));
    assert_eq!(tx.decisions().of(new.id).await.unwrap(), [first, last]);
}

#[tokio::test]
async fn the_newest_come_first() {
    let world = World::new().await;
    let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
    let mut asked = Vec::new();
    for day in ["2026-01-02", "2026-01-04", "2026-01-03"] {
        let new = db::NewInquiry {
            asked_at: at(&format!("{day}T00:00:00Z")),
            ..new_inquiry()
        };
        tx.inquiries().open(&new).await.unwrap();
        asked.push(new.id);
    }
    let recent = tx.inquiries().recent(2).await.unwrap();
    let recent: Vec<_> = recent.iter().map(|row| row.inquiry.id).collect();
    assert_eq!(recent, [asked[1], asked[2]]);
    let many = tx.inquiries().many(&asked[..2]).await.unwrap();
    assert_eq!(many.len(), 2);
}
