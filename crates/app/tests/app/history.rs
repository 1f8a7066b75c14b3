//! « Mes demandes »: found by whoever may, by what they remember, and in no shared table.

use anyhow::Result;
use app::tenants::Tenants;
use app::{AnswerState, HISTORY_PAGE};
use chrono::{Days, Utc};
use domain::{Outcome, TimeZone};
use testing::TestApp;
use testing::people::DECEDENTS;
use views::forms::ParsedFilter;

use crate::actors::{ask, notary, question, slug, submission};

fn filter(change: impl FnOnce(&mut ParsedFilter)) -> ParsedFilter {
    let mut filter = ParsedFilter::default();
    change(&mut filter);
    filter
}

#[tokio::test]
async fn an_office_finds_its_inquiries_by_what_it_remembers() -> Result<()> {
    let test = TestApp::start().await?;
    let camille = notary(&test, "camille", "69001").await?;
    for decedent in &DECEDENTS {
        let both = question(decedent, &["rhone", "isere"]);
        test.app
            .inquire(&camille, &both, submission(), Utc::now())
            .await?;
    }
    let found = async |change: &dyn Fn(&mut ParsedFilter)| -> Result<u64> {
        Ok(test
            .app
            .history(&camille, &filter(change), 1, Utc::now())
            .await?
            .total)
    };
    assert_eq!(found(&|_| ()).await?, 10);
    assert_eq!(found(&|f| f.name = Some("lefevre".into())).await?, 2);
    assert_eq!(found(&|f| f.name = Some("LEF".into())).await?, 2);
    assert_eq!(found(&|f| f.name = Some("odette lefè".into())).await?, 2);
    assert_eq!(found(&|f| f.name = Some("odette garnier".into())).await?, 0);
    assert_eq!(found(&|f| f.reference = Some("2026-118".into())).await?, 10);
    assert_eq!(found(&|f| f.reference = Some("lefevre".into())).await?, 0);
    assert_eq!(found(&|f| f.outcome = Some(Outcome::Ambiguous)).await?, 2);
    assert_eq!(found(&|f| f.department = Some(slug("isere"))).await?, 5);
    let today = TimeZone::default().day(Utc::now());
    assert_eq!(found(&|f| (f.from, f.to) = (Some(today), Some(today))).await?, 10);
    assert_eq!(found(&|f| f.to = today.checked_sub_days(Days::new(1))).await?, 0);
    assert_eq!(
        found(&|f| f.from = today.checked_add_days(Days::new(1))).await?,
        0
    );

    let page = test.app.history(&camille, &filter(|_| ()), 1, Utc::now()).await?;
    assert!(page.rows.is_sorted_by(|a, b| a.asked_at >= b.asked_at));
    let first = page.rows[0].question.as_ref().unwrap();
    assert_eq!(first.decedent, "Jean PERRIN");
    Ok(())
}

#[tokio::test]
async fn a_colleague_sees_the_office_and_another_office_nothing() -> Result<()> {
    let test = TestApp::start().await?;
    let camille = notary(&test, "camille", "69001").await?;
    let basile = notary(&test, "basile", "69001").await?;
    let diane = notary(&test, "diane", "38002").await?;
    ask(&test, &camille, &DECEDENTS[0], "rhone").await?;
    assert_eq!(
        test.app
            .history(&basile, &filter(|_| ()), 1, Utc::now())
            .await?
            .total,
        1
    );
    assert_eq!(
        test.app
            .history(&diane, &filter(|_| ()), 1, Utc::now())
            .await?
            .total,
        0
    );
    let by_name = filter(|f| f.name = Some("lefèvre".into()));
    assert_eq!(test.app.history(&diane, &by_name, 1, Utc::now()).await?.total, 0);
    Ok(())
}

#[tokio::test]
async fn pages_hold_what_they_say() -> Result<()> {
    let test = TestApp::start().await?;
    let camille = notary(&test, "camille", "69001").await?;
    let inquiries = HISTORY_PAGE + 3;
    for _ in 0..inquiries {
        ask(&test, &camille, &DECEDENTS[3], "rhone").await?;
    }
    let page = async |number| {
        test.app
            .history(&camille, &ParsedFilter::default(), number, Utc::now())
            .await
    };
    let (first, second, past) = (page(1).await?, page(2).await?, page(3).await?);
    assert_eq!((first.total, first.pages), (u64::from(inquiries), 2));
    assert_eq!(first.rows.len(), HISTORY_PAGE as usize);
    assert_eq!((second.rows.len(), past.rows.len()), (3, 0));
    Ok(())
}

#[tokio::test]
async fn a_suspended_departement_shows_that_it_was_asked_and_no_more() -> Result<()> {
    let test = TestApp::start().await?;
    let camille = notary(&test, "camille", "69001").await?;
    ask(&test, &camille, &DECEDENTS[0], "rhone").await?;
    let tenants = Tenants::new(test.app.clone(), test.owner());
    tenants.suspend(&slug("rhone")).await?;
    let page = test.app.history(&camille, &filter(|_| ()), 1, Utc::now()).await?;
    assert_eq!(page.total, 1);
    assert_eq!(page.rows[0].question, None);
    assert_eq!(page.rows[0].answer.state, AnswerState::Suspended);
    Ok(())
}

#[tokio::test]
async fn no_shared_table_and_no_job_holds_a_name() -> Result<()> {
    let test = TestApp::start().await?;
    let camille = notary(&test, "camille", "69001").await?;
    ask(&test, &camille, &DECEDENTS[0], "rhone").await?;
    let shared = test
        .sql("select coalesce(string_agg(query_to_xml(format('select * from %I.%I', table_schema, table_name), true, false, '')::text, ''), '') \
              from information_schema.tables where table_schema in ('platform', 'graphile_worker') and table_type = 'BASE TABLE'")
        .await?
        .to_lowercase();
    assert!(shared.contains("issue_letter"), "the job is there");
    for word in ["lefèvre", "lefevre", "odette", "1931", "2026-118"] {
        assert!(!shared.contains(word), "{word}");
    }
    Ok(())
}
