//! Asking: every outcome, once, and whatever goes wrong with one département.

use anyhow::Result;
use app::tenants::Tenants;
use app::{AnswerState, InquireError, LetterState};
use chrono::Utc;
use domain::Outcome;
use testing::TestApp;
use testing::people::DECEDENTS;

use crate::actors::{ask, decided, notary, question, slug, submission};

#[tokio::test]
async fn every_outcome_is_answered_and_its_letter_follows() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    for decedent in &DECEDENTS {
        let id = submission();
        let asked = question(decedent, &["isere", "rhone"]);
        let answers = test.app.inquire(&notary, &asked, id, Utc::now()).await?;
        assert_eq!(answers.len(), 2);
        for answer in &answers {
            let decided = decided(answer)?;
            assert_eq!(decided.outcome, decedent.outcome, "{}", decedent.birth_name);
            assert_eq!(decided.letter, LetterState::InPreparation);
            assert!(
                decided
                    .reference
                    .starts_with(answer.department.insee_code.as_str())
            );
        }
        test.work().await?;
        let page = test.app.answers(&notary, id, Utc::now()).await?.unwrap();
        assert_eq!(page.decedent, asked.decedent);
        for answer in &page.answers {
            let decided = decided(answer)?;
            assert!(
                matches!(decided.letter, LetterState::Ready { size: 1000.., .. }),
                "{decided:?}"
            );
            let file = test
                .app
                .letter_for_notary(&notary, id, decided.inquiry, Utc::now())
                .await?;
            assert!(file.bytes.starts_with(b"%PDF-"));
            assert_eq!(file.name, format!("courrier-{}.pdf", decided.reference));
        }
    }
    let to_notary = test.mails.mails_to(&notary.email).len();
    assert_eq!(to_notary, 2 * DECEDENTS.len());
    let noticed = DECEDENTS
        .iter()
        .filter(|decedent| decedent.outcome.notifies_service())
        .count();
    for department in ["rhone", "isere"] {
        let mailbox = format!("creances@{department}.example");
        assert_eq!(test.mails.mails_to(&mailbox).len(), noticed, "{department}");
    }
    assert_eq!(test.sql("select count(*) from graphile_worker.jobs").await?, "0");
    Ok(())
}

#[tokio::test]
async fn a_decision_keeps_what_it_stands_on() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    let (_, answer) = ask(&test, &notary, &DECEDENTS[0], "rhone").await?;
    test.work().await?;
    let kept = format!(
        "select d.engine_version = '{}', d.register_id = r.id, cardinality(d.reasons) > 0, d.candidates::text \
         from tenant_rhone.decision d, tenant_rhone.register_version r where r.state = 'active' and d.inquiry_id = '{}'",
        matching::ENGINE_VERSION,
        answer.inquiry
    );
    assert_eq!(test.sql(&kept).await?, "t|t|t|{R1}");
    let trail = test
        .sql("select string_agg(action, ' ' order by number) from tenant_rhone.audit where action <> 'key.drawn'")
        .await?;
    assert!(
        trail.ends_with("inquiry.asked inquiry.decided letter.issued mail.sent mail.sent")
            || trail.ends_with("inquiry.asked inquiry.decided mail.sent letter.issued mail.sent"),
        "{trail}"
    );
    Ok(())
}

#[tokio::test]
async fn a_form_sent_twice_at_once_makes_one_inquiry() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    let asked = question(&DECEDENTS[0], &["rhone"]);
    let (id, now) = (submission(), Utc::now());
    let (one, two) = tokio::join!(
        test.app.inquire(&notary, &asked, id, now),
        test.app.inquire(&notary, &asked, id, now),
    );
    assert_eq!(decided(&one?[0])?.inquiry, decided(&two?[0])?.inquiry);
    assert_eq!(test.sql("select count(*) from tenant_rhone.inquiry").await?, "1");
    assert_eq!(test.sql("select count(*) from tenant_rhone.letter").await?, "1");
    assert_eq!(
        test.sql("select count(*) from platform.inquiry_index").await?,
        "1"
    );
    test.work().await?;
    assert_eq!(test.mails.mails_to(&notary.email).len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_form_changed_after_it_was_sent_is_refused() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    let id = submission();
    test.app
        .inquire(&notary, &question(&DECEDENTS[0], &["rhone"]), id, Utc::now())
        .await?;
    let changed = question(&DECEDENTS[1], &["rhone", "isere"]);
    let refused = test.app.inquire(&notary, &changed, id, Utc::now()).await;
    assert!(matches!(refused, Err(InquireError::Changed)));
    assert_eq!(test.sql("select count(*) from tenant_isere.inquiry").await?, "0");
    Ok(())
}

#[tokio::test]
async fn a_form_that_cannot_be_read_again_asks_nobody_else() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    let id = submission();
    let asked = question(&DECEDENTS[0], &["isere"]);
    test.app.inquire(&notary, &asked, id, Utc::now()).await?;
    Tenants::new(test.app.clone(), test.owner())
        .suspend(&slug("isere"))
        .await?;
    let changed = question(&DECEDENTS[1], &["rhone"]);
    let refused = test.app.inquire(&notary, &changed, id, Utc::now()).await;
    assert!(matches!(refused, Err(InquireError::Changed)));
    assert_eq!(test.sql("select count(*) from tenant_rhone.inquiry").await?, "0");
    let repeated = test.app.inquire(&notary, &asked, id, Utc::now()).await?;
    assert_eq!(repeated[0].state, AnswerState::Suspended);
    Ok(())
}

#[tokio::test]
async fn a_form_of_another_office_does_not_exist() -> Result<()> {
    let test = TestApp::start().await?;
    let (mine, theirs) = (
        notary(&test, "camille", "69001").await?,
        notary(&test, "diane", "38002").await?,
    );
    let asked = question(&DECEDENTS[0], &["rhone"]);
    let id = submission();
    let answers = test.app.inquire(&mine, &asked, id, Utc::now()).await?;
    let inquiry = decided(&answers[0])?.inquiry;
    test.work().await?;
    assert_eq!(test.app.answers(&theirs, id, Utc::now()).await?, None);
    // Sent by another office it is a form of its own, as if nobody had ever sent it.
    let repeated = test.app.inquire(&theirs, &asked, id, Utc::now()).await?;
    assert_ne!(decided(&repeated[0])?.inquiry, inquiry);
    let page = test.app.answers(&theirs, id, Utc::now()).await?.unwrap();
    assert_eq!(page.answers.len(), 1);
    assert_eq!(decided(&page.answers[0])?.inquiry, decided(&repeated[0])?.inquiry);
    let page = test.app.answers(&mine, id, Utc::now()).await?.unwrap();
    assert_eq!(
        (page.answers.len(), decided(&page.answers[0])?.inquiry),
        (1, inquiry)
    );
    let file = test.app.letter_for_notary(&theirs, id, inquiry, Utc::now()).await;
    assert!(matches!(file, Err(app::LetterFileError::NotFound)));
    // The letter is found only with the form it belongs to.
    let file = test
        .app
        .letter_for_notary(&mine, submission(), inquiry, Utc::now())
        .await;
    assert!(matches!(file, Err(app::LetterFileError::NotFound)));
    Ok(())
}

#[tokio::test]
async fn a_suspended_departement_leaves_the_others_alone() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    let tenants = Tenants::new(test.app.clone(), test.owner());
    assert!(tenants.suspend(&slug("isere")).await?);
    let asked = question(&DECEDENTS[0], &["isere", "rhone"]);
    let id = submission();
    let answers = test.app.inquire(&notary, &asked, id, Utc::now()).await?;
    let state = |slug: &str| {
        &answers
            .iter()
            .find(|a| a.department.slug.as_str() == slug)
            .unwrap()
            .state
    };
    assert_eq!(state("isere"), &AnswerState::Suspended);
    assert!(matches!(state("rhone"), AnswerState::Decided(_)));

    assert!(tenants.resume(&slug("isere")).await?);
    let again = test.app.inquire(&notary, &asked, id, Utc::now()).await?;
    assert!(again.iter().all(|answer| decided(answer).is_ok()));
    assert_eq!(test.sql("select count(*) from tenant_rhone.inquiry").await?, "1");
    assert_eq!(test.sql("select count(*) from tenant_isere.inquiry").await?, "1");
    let noted =
        "select string_agg(action, ' ' order by number) from tenant_isere.audit where action like 'tenant.%'";
    assert_eq!(
        test.sql(noted).await?,
        "tenant.created tenant.suspended tenant.resumed"
    );
    Ok(())
}

#[tokio::test]
async fn one_departement_failing_leaves_the_others_alone() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    test.sql("alter table tenant_isere.decision rename to decision_away")
        .await?;
    let asked = question(&DECEDENTS[0], &["isere", "rhone"]);
    let id = submission();
    let answers = test.app.inquire(&notary, &asked, id, Utc::now()).await?;
    assert_eq!(answers[0].state, AnswerState::Failed);
    assert!(matches!(answers[1].state, AnswerState::Decided(_)));
    assert_eq!(test.sql("select count(*) from tenant_isere.inquiry").await?, "0");

    test.sql("alter table tenant_isere.decision_away rename to decision")
        .await?;
    let again = test.app.inquire(&notary, &asked, id, Utc::now()).await?;
    assert!(again.iter().all(|answer| decided(answer).is_ok()));
    assert_eq!(
        test.sql("select count(*) from platform.inquiry_index").await?,
        "2"
    );
    Ok(())
}

#[tokio::test]
async fn without_a_usable_register_an_officer_decides() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    test.sql("update tenant_rhone.register_version set keys_version = keys_version - 1")
        .await?;
    let (_, stale) = ask(&test, &notary, &DECEDENTS[3], "rhone").await?;
    assert_eq!(stale.outcome, Outcome::Ambiguous);
    test.sql("delete from tenant_isere.register_version").await?;
    let (_, none) = ask(&test, &notary, &DECEDENTS[3], "isere").await?;
    assert_eq!(none.outcome, Outcome::Ambiguous);
    test.work().await?;
    assert_eq!(test.mails.mails_to("creances@isere.example").len(), 1);
    Ok(())
}
