//! Whoever circles around one person learns nothing more; whoever mends a typing error does.

use anyhow::Result;
use app::{AnswerState, NotaryIdentity};
use chrono::{DateTime, Days, Utc};
use domain::{Outcome, PartialDate, SubmissionId};
use testing::TestApp;
use testing::people::{DECEDENTS, TestDecedent};
use views::forms::ParsedInquiry;

use crate::actors::{decided, notary, question, submission};

/// Odette Lefèvre, born on 2 January 1931, is in both registers: recoverable.
const SOUGHT: TestDecedent = DECEDENTS[0];

fn spelled(name: &'static str, birth_date: &'static str) -> TestDecedent {
    TestDecedent {
        birth_name: name,
        birth_date,
        ..SOUGHT
    }
}

/// The year of the right date.
const RIGHT: i32 = 1931;

/// As sought in the right year; in any other born on a day too far from the right one to be a slip.
fn born(year: i32, departments: &[&str]) -> ParsedInquiry {
    let mut question = question(&SOUGHT, departments);
    if year != RIGHT {
        question.decedent.birth_date = PartialDate::new(year, Some(8), Some(17)).unwrap();
    }
    question
}

async fn outcome(
    test: &TestApp,
    who: &NotaryIdentity,
    question: &ParsedInquiry,
    now: DateTime<Utc>,
) -> Result<Outcome> {
    let answers = test.app.inquire(who, question, submission(), now).await?;
    Ok(decided(&answers[0])?.outcome)
}

#[tokio::test]
async fn honest_corrections_are_answered() -> Result<()> {
    let test = TestApp::start().await?;
    let camille = notary(&test, "camille", "69001").await?;
    let now = Utc::now();
    let tries = [
        (spelled("Lefevbre", "02/01/1931"), Outcome::Recoverable),
        (spelled("Lefèvre", "02/01/1913"), Outcome::Ambiguous),
        (spelled("Lefèvre", "00/01/1931"), Outcome::Recoverable),
        (SOUGHT, Outcome::Recoverable),
        // Asked once more, word for word: no further try.
        (SOUGHT, Outcome::Recoverable),
    ];
    for (decedent, expected) in tries {
        let found = outcome(&test, &camille, &question(&decedent, &["rhone"]), now).await?;
        assert_eq!(found, expected, "{} {}", decedent.birth_name, decedent.birth_date);
    }
    assert_eq!(test.sql("select count(*) from tenant_rhone.alert").await?, "0");
    Ok(())
}

#[tokio::test]
async fn a_series_is_left_to_an_officer_whatever_the_register_says() -> Result<()> {
    let test = TestApp::start().await?;
    let camille = notary(&test, "camille", "69001").await?;
    let basile = notary(&test, "basile", "69001").await?;
    let diane = notary(&test, "diane", "38002").await?;
    let now = Utc::now();
    for year in 1943..1947 {
        let found = outcome(&test, &camille, &born(year, &["rhone"]), now).await?;
        assert_eq!(found, Outcome::Unknown, "{year}");
    }
    // The fifth would be the right one.
    let answers = test
        .app
        .inquire(&camille, &born(RIGHT, &["rhone"]), submission(), now)
        .await?;
    let held = decided(&answers[0])?;
    assert_eq!((held.outcome, held.claim), (Outcome::Ambiguous, None));
    let kept = "select l.kind, d.finding is null, l.data::text like '%ASH%', d.reasons[1], d.candidates::text
                from tenant_rhone.decision d join tenant_rhone.letter l on l.decision_id = d.id where d.outcome = 'ambiguous'";
    let kept = test.sql(kept).await?;
    assert!(
        kept.starts_with("acknowledgement|t|f|série de demandes proches"),
        "{kept}"
    );
    assert!(
        kept.contains("5 états civils") && kept.ends_with("{R1}"),
        "{kept}"
    );
    // Nor does a colleague get any further, and what was unknown before is now held back as well.
    for (who, year) in [(&basile, RIGHT), (&basile, 1948), (&camille, 1943)] {
        assert_eq!(
            outcome(&test, who, &born(year, &["rhone"]), now).await?,
            Outcome::Ambiguous,
            "{year}"
        );
    }
    // Another person's estate, another office, another département: as ever.
    let garnier = question(&DECEDENTS[1], &["rhone"]);
    assert_eq!(
        outcome(&test, &camille, &garnier, now).await?,
        Outcome::Overpayment
    );
    assert_eq!(
        outcome(&test, &diane, &born(RIGHT, &["rhone"]), now).await?,
        Outcome::Recoverable
    );
    assert_eq!(
        outcome(&test, &camille, &born(RIGHT, &["isere"]), now).await?,
        Outcome::Recoverable
    );

    test.work().await?;
    let mails = test.mails.mails_to("admin@rhone.example");
    // Once for each notary.
    assert_eq!(mails.len(), 2, "{mails:?}");
    let reference = test
        .sql("select reference from tenant_rhone.inquiry order by asked_at, reference limit 1 offset 4")
        .await?;
    let texts: Vec<&str> = mails.iter().filter_map(|mail| mail.text.as_deref()).collect();
    assert!(texts.iter().any(|text| text.contains(&reference)), "{texts:?}");
    assert!(
        texts
            .iter()
            .all(|text| !text.contains("Lef") && !text.contains("1931"))
    );
    assert!(test.mails.mails_to("admin@isere.example").is_empty());
    let trail = "select count(*) from tenant_rhone.audit where action = 'inquiry.series_examined'";
    assert_eq!(test.sql(trail).await?, "2");

    // Old tries no longer count.
    let later = now + Days::new(31);
    assert_eq!(
        outcome(&test, &camille, &born(RIGHT, &["rhone"]), later).await?,
        Outcome::Recoverable
    );
    Ok(())
}

#[tokio::test]
async fn a_longer_one_is_refused_and_what_was_answered_still_shown() -> Result<()> {
    let test = TestApp::start().await?;
    test.sql(
        r#"update tenant_rhone.settings
           set content = content || '{"lookups": {"answered": 2, "taken": 3, "days": 30}}'"#,
    )
    .await?;
    let camille = notary(&test, "camille", "69001").await?;
    let now = Utc::now();
    let first: SubmissionId = submission();
    test.app
        .inquire(&camille, &born(1943, &["rhone"]), first, now)
        .await?;
    for (year, expected) in [(1944, Outcome::Unknown), (1945, Outcome::Ambiguous)] {
        assert_eq!(
            outcome(&test, &camille, &born(year, &["rhone"]), now).await?,
            expected
        );
    }
    for year in [RIGHT, 1946, 1947] {
        let both = born(year, &["isere", "rhone"]);
        let answers = test.app.inquire(&camille, &both, submission(), now).await?;
        assert!(matches!(answers[0].state, AnswerState::Decided(_)));
        assert!(matches!(&answers[1].state, AnswerState::Refused(contact) if !contact.email.is_empty()));
    }
    assert_eq!(test.sql("select count(*) from tenant_rhone.inquiry").await?, "3");
    let again = test
        .app
        .inquire(&camille, &born(1943, &["rhone"]), first, now)
        .await?;
    assert_eq!(decided(&again[0])?.outcome, Outcome::Unknown);
    test.work().await?;
    // One of each kind.
    assert_eq!(test.mails.mails_to("admin@rhone.example").len(), 2);
    let trail =
        "select string_agg(action, ' ' order by number) from tenant_rhone.audit where action like '%series%'";
    assert_eq!(
        test.sql(trail).await?,
        "inquiry.series_examined inquiry.series_refused"
    );
    Ok(())
}

#[tokio::test]
async fn many_sent_at_once_see_one_another() -> Result<()> {
    let test = TestApp::start().await?;
    let processes = [test.another_process().await?, test.another_process().await?];
    let office = [
        notary(&test, "camille", "69001").await?,
        notary(&test, "basile", "69001").await?,
    ];
    let now = Utc::now();
    let mut tries = tokio::task::JoinSet::new();
    for year in 1940..1952 {
        let place = year as usize % 2;
        let (app, who) = (processes[place].clone(), office[place].clone());
        tries.spawn(async move {
            app.inquire(&who, &born(year, &["rhone"]), submission(), now)
                .await
        });
    }
    let mut unknown = 0;
    while let Some(answers) = tries.join_next().await {
        let outcome = decided(&answers??[0])?.outcome;
        unknown += usize::from(outcome == Outcome::Unknown);
    }
    assert_eq!(unknown, 4, "so many are answered, and no more");
    Ok(())
}
