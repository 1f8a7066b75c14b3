//! Mails: retried, kept when they fail, and silent about the deceased.

use anyhow::Result;
use db::jobs::{JobFilter, JobRow};
use testing::TestApp;
use testing::people::DECEDENTS;

use crate::actors::{ask, notary};

async fn failed(test: &TestApp) -> Result<Vec<JobRow>> {
    let filter = JobFilter {
        failed_only: true,
        ..JobFilter::default()
    };
    Ok(test.db.platform().await?.jobs().list(&filter).await?)
}

#[tokio::test]
async fn a_relay_that_is_down_delays_a_mail() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    test.mails.go_down();
    ask(&test, &notary, &DECEDENTS[3], "rhone").await?;
    test.work().await?;
    assert!(test.mails.mails().is_empty());
    assert!(failed(&test).await?.is_empty(), "it is tried again");
    assert_eq!(test.sql("select attempts from graphile_worker.jobs").await?, "1");
    test.mails.heal();
    test.sql("update graphile_worker._private_jobs set run_at = now()")
        .await?;
    test.work().await?;
    assert_eq!(test.mails.mails_to(&notary.email).len(), 1);
    assert_eq!(test.sql("select count(*) from graphile_worker.jobs").await?, "0");
    Ok(())
}

#[tokio::test]
async fn a_refused_mail_is_kept_and_sent_when_retried() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    test.mails.refuse(&notary.email);
    ask(&test, &notary, &DECEDENTS[3], "rhone").await?;
    test.work().await?;
    let kept = failed(&test).await?;
    assert_eq!(kept.len(), 1);
    let error = kept[0].last_error.clone().unwrap_or_default();
    assert!(error.contains("550") && !error.contains(&notary.email), "{error}");
    test.mails.heal();
    let mut tx = test.db.platform().await?;
    assert_eq!(tx.jobs().retry_failed().await?, 1);
    tx.save().await?;
    test.work().await?;
    let mails = test.mails.mails_to(&notary.email);
    assert_eq!(mails.len(), 1);
    let id = test.sql("select id from tenant_rhone.mail").await?;
    assert_eq!(
        mails[0].message_id.as_deref(),
        Some(format!("{id}@dn.example").as_str())
    );
    Ok(())
}

#[tokio::test]
async fn no_mail_speaks_of_the_deceased() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    for decedent in &DECEDENTS {
        ask(&test, &notary, decedent, "rhone").await?;
    }
    test.work().await?;
    let mails = test.mails.mails();
    assert_eq!(mails.len(), 8);
    for mail in &mails {
        let text = format!(
            "{} {}",
            mail.text.as_deref().unwrap_or_default(),
            mail.html.as_deref().unwrap_or_default()
        );
        assert!(text.contains(test.url.as_str()), "no link: {text}");
        let all = format!("{} {text} {}", mail.subject, mail.raw).to_lowercase();
        for decedent in &DECEDENTS {
            let first = decedent.given_names.split(' ').next().unwrap();
            for word in [decedent.birth_name, first, decedent.birth_date] {
                // « Inconnu » and « Personne » are words of the language too.
                if decedent.birth_name != "Inconnu" {
                    assert!(!all.contains(&word.to_lowercase()), "{word} in {}", mail.subject);
                }
            }
        }
        assert!(
            !all.contains("2026-118"),
            "the office’s reference may hold a name"
        );
    }
    Ok(())
}
