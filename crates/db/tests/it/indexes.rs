use db::{IndexEntry, IndexFilter, Page, TenantTx};
use domain::{InquiryId, NotaryId, OfficeId, Outcome, SubmissionId};
use uuid::Uuid;

use crate::world::{World, at, slug};

async fn tell(
    tx: &mut TenantTx,
    office: OfficeId,
    day: u32,
    outcome: Outcome,
    words: &[&[u8]],
) -> IndexEntry {
    let entry = IndexEntry {
        inquiry: InquiryId(Uuid::now_v7()),
        submission: SubmissionId(Uuid::now_v7()),
        office,
        notary: NotaryId(Uuid::now_v7()),
        asked_at: at(&format!("2026-01-{day:02}T12:00:00Z")),
        outcome,
        tokens: words.iter().map(|word| word.to_vec()).collect(),
    };
    tx.index().add(&entry).await.unwrap();
    entry
}

#[tokio::test]
async fn an_office_finds_its_inquiries_across_departements() {
    let world = World::new().await;
    let (mine, other) = (OfficeId(Uuid::now_v7()), OfficeId(Uuid::now_v7()));
    let mut rhone = world.db.tenant(&slug("rhone")).await.unwrap();
    let first = tell(&mut rhone, mine, 1, Outcome::Unknown, &[b"dur", b"dura"]).await;
    let third = tell(&mut rhone, mine, 3, Outcome::Ambiguous, &[b"dur", b"mar"]).await;
    tell(&mut rhone, other, 4, Outcome::Unknown, &[b"dur"]).await;
    rhone.save().await.unwrap();
    let mut isere = world.db.tenant(&slug("isere")).await.unwrap();
    let second = tell(&mut isere, mine, 2, Outcome::Unknown, &[b"mar"]).await;
    isere.save().await.unwrap();

    let mut tx = world.db.platform().await.unwrap();
    let all = Page { number: 1, size: 10 };
    let found = async |tx: &mut db::PlatformTx, filter: &IndexFilter, page| {
        let (rows, total) = tx.index().page(mine, filter, page).await.unwrap();
        (rows.into_iter().map(|row| row.inquiry).collect::<Vec<_>>(), total)
    };
    let any = IndexFilter::default();
    assert_eq!(
        found(&mut tx, &any, all).await,
        (vec![third.inquiry, second.inquiry, first.inquiry], 3)
    );
    assert_eq!(
        found(&mut tx, &any, Page { number: 2, size: 2 }).await,
        (vec![first.inquiry], 3)
    );
    assert_eq!(
        found(&mut tx, &any, Page { number: 9, size: 2 }).await,
        (vec![], 3)
    );
    let words = IndexFilter {
        tokens: vec![b"dur".to_vec(), b"mar".to_vec()],
        ..any.clone()
    };
    assert_eq!(found(&mut tx, &words, all).await, (vec![third.inquiry], 1));
    let unknown = IndexFilter {
        outcome: Some(Outcome::Unknown),
        from: Some(at("2026-01-02T00:00:00Z")),
        ..any.clone()
    };
    assert_eq!(found(&mut tx, &unknown, all).await, (vec![second.inquiry], 1));
    let before = IndexFilter {
        department: Some(slug("rhone")),
        until: Some(at("2026-01-03T12:00:00Z")),
        ..any
    };
    assert_eq!(found(&mut tx, &before, all).await, (vec![first.inquiry], 1));

    let rows = tx.index().of_submission(mine, second.submission).await.unwrap();
    assert_eq!((rows.len(), &rows[0].department), (1, &slug("isere")));
    assert!(
        tx.index()
            .of_submission(other, second.submission)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(tx.index().find(other, first.inquiry).await.unwrap().is_none());
    assert_eq!(
        tx.index()
            .find(mine, first.inquiry)
            .await
            .unwrap()
            .unwrap()
            .asked_at,
        first.asked_at
    );
}

#[tokio::test]
async fn an_answer_changes_in_the_index_by_its_own_departement_only() {
    let world = World::new().await;
    let office = OfficeId(Uuid::now_v7());
    let mut rhone = world.db.tenant(&slug("rhone")).await.unwrap();
    let entry = tell(&mut rhone, office, 1, Outcome::Ambiguous, &[]).await;
    rhone.save().await.unwrap();
    let when = at("2026-02-01T00:00:00Z");
    let mut isere = world.db.tenant(&slug("isere")).await.unwrap();
    assert!(
        !isere
            .index()
            .answer(entry.inquiry, Outcome::Unknown, when)
            .await
            .unwrap()
    );
    isere.save().await.unwrap();
    let mut rhone = world.db.tenant(&slug("rhone")).await.unwrap();
    assert!(
        rhone
            .index()
            .answer(entry.inquiry, Outcome::Recoverable, when)
            .await
            .unwrap()
    );
    rhone.index().add(&entry).await.unwrap();
    rhone.save().await.unwrap();
    let mut tx = world.db.platform().await.unwrap();
    let row = tx.index().find(office, entry.inquiry).await.unwrap().unwrap();
    assert_eq!((row.outcome, row.updated_at), (Outcome::Recoverable, when));
}
