use db::{IssuedLetter, MailKind, NewKey, NewLetter, NewMail};
use domain::{InquiryId, LetterId, LetterKind, MailId, Outcome};
use serde_json::json;
use uuid::Uuid;

use crate::world::{World, at, decision, new_inquiry, slug};

/// An inquiry with a letter to be issued.
async fn drawn(tx: &mut db::TenantTx) -> (InquiryId, NewLetter) {
    let new = new_inquiry();
    let decision = decision(Outcome::Unknown, new.asked_at);
    tx.inquiries().open(&new).await.unwrap();
    tx.decisions().add(new.id, &decision).await.unwrap();
    let letter = NewLetter {
        id: LetterId(Uuid::now_v7()),
        inquiry: new.id,
        decision: decision.id,
        kind: LetterKind::Unknown,
        data: json!({ "subject": "Succession" }),
        settings_revision: 1,
        verification_secret: Uuid::new_v4().simple().to_string()[..20].to_uppercase(),
        dated_on: "2026-11-23".parse().unwrap(),
        drawn_at: new.asked_at,
    };
    tx.letters().draw(&letter).await.unwrap();
    (new.id, letter)
}

fn key() -> NewKey {
    NewKey {
        id: Uuid::now_v7(),
        wrapped: vec![1, 2, 3],
        master_key_id: "2026".to_owned(),
        created_at: at("2026-01-01T00:00:00Z"),
    }
}

#[tokio::test]
async fn a_letter_is_issued_once() {
    let world = World::new().await;
    let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
    let (inquiry, letter) = drawn(&mut tx).await;
    let key = tx.keys().add_first(&key()).await.unwrap();
    let issued = IssuedLetter {
        sha256: [7; 32],
        size: 45_678,
        template_version: "1".to_owned(),
        object_key: "t/x/y".to_owned(),
        object_version: None,
        data_key: key.id,
        issued_at: at("2026-11-23T10:00:01Z"),
        locked_until: Some(at("2031-11-23T10:00:01Z")),
    };
    assert_eq!(tx.letters().by_id(letter.id).await.unwrap().unwrap().issued, None);
    assert!(tx.letters().mark_issued(letter.id, &issued).await.unwrap());
    let other = IssuedLetter {
        sha256: [8; 32],
        ..issued.clone()
    };
    assert!(!tx.letters().mark_issued(letter.id, &other).await.unwrap());
    let row = tx
        .letters()
        .by_secret(&letter.verification_secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.issued, Some(issued));
    assert_eq!(
        (row.data.clone(), row.kind, row.dated_on),
        (letter.data, letter.kind, letter.dated_on)
    );
    assert_eq!(
        tx.inquiries().by_id(inquiry).await.unwrap().unwrap().letter,
        Some(row)
    );
    assert_eq!(tx.letters().by_secret("NOBODY").await.unwrap(), None);
}

#[tokio::test]
async fn a_letter_held_is_waited_for() {
    let world = World::new().await;
    let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
    let (_, letter) = drawn(&mut tx).await;
    tx.save().await.unwrap();
    let mut holder = world.db.tenant(&slug("rhone")).await.unwrap();
    holder.letters().hold(letter.id).await.unwrap().unwrap();
    let db = world.db.clone();
    let waiting = tokio::spawn(async move {
        let mut tx = db.tenant(&slug("rhone")).await.unwrap();
        tx.letters().hold(letter.id).await.unwrap().is_some()
    });
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert!(!waiting.is_finished());
    holder.save().await.unwrap();
    assert!(waiting.await.unwrap());
}

#[tokio::test]
async fn a_mail_is_written_once_and_sent_once() {
    let world = World::new().await;
    let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
    let (inquiry, letter) = drawn(&mut tx).await;
    let mail = NewMail {
        id: MailId(Uuid::now_v7()),
        kind: MailKind::AnswerReady,
        inquiry,
        letter: Some(letter.id),
        recipient: "claire@office.example".to_owned(),
        created_at: at("2026-11-23T10:00:02Z"),
    };
    assert_eq!(tx.mails().add(&mail).await.unwrap(), mail.id);
    let again = NewMail {
        id: MailId(Uuid::now_v7()),
        ..mail.clone()
    };
    assert_eq!(tx.mails().add(&again).await.unwrap(), mail.id);
    let notice = NewMail {
        id: MailId(Uuid::now_v7()),
        kind: MailKind::ServiceNotice,
        letter: None,
        ..mail.clone()
    };
    assert_eq!(tx.mails().add(&notice).await.unwrap(), notice.id);
    assert_eq!(
        tx.mails()
            .add(&NewMail {
                id: again.id,
                ..notice.clone()
            })
            .await
            .unwrap(),
        notice.id
    );

    let sent = at("2026-11-23T10:00:03Z");
    assert!(tx.mails().mark_sent(mail.id, sent).await.unwrap());
    assert!(
        !tx.mails()
            .mark_sent(mail.id, at("2026-11-24T10:00:03Z"))
            .await
            .unwrap()
    );
    assert_eq!(
        tx.mails().hold(mail.id).await.unwrap().unwrap().sent_at,
        Some(sent)
    );
    assert_eq!(tx.mails().of(inquiry).await.unwrap().len(), 2);
}

#[tokio::test]
async fn one_data_key_is_active() {
    let world = World::new().await;
    let rhone = slug("rhone");
    let first = async || {
        let mut tx = world.db.tenant(&rhone).await.unwrap();
        let active = tx.keys().add_first(&key()).await.unwrap();
        tx.save().await.unwrap();
        active.id
    };
    let (one, two) = tokio::join!(first(), first());
    assert_eq!(one, two, "both use the key that was there first");

    let mut tx = world.db.tenant(&rhone).await.unwrap();
    let next = key();
    tx.keys().rotate(&next).await.unwrap();
    assert_eq!(tx.keys().active().await.unwrap().unwrap().id, next.id);
    tx.keys().rewrap(one, &[9], "2027").await.unwrap();
    let old = tx.keys().by_id(one).await.unwrap().unwrap();
    assert_eq!(
        (old.active, old.wrapped, old.master_key_id.as_str()),
        (false, vec![9], "2027")
    );
    assert_eq!(tx.keys().all().await.unwrap().len(), 2);
}
