//! The mail relay is down, slow, or refuses one address.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use testing::people::{DECEDENTS, OTHER_NOTARY};

use crate::ground::{Ground, NOTARY_MAIL, PATIENCE, Store};
use crate::outage;

/// Mail address of [`OTHER_NOTARY`].
const OTHER_MAIL: &str = "diane@halles.example";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mails_wait_for_the_relay_and_letters_do_not_wait_for_mails() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let ground = Ground::shared(Store::Folder(folder.path().to_owned())).await?;
    let mut service = ground.serve(&[]).await?;
    let notary = ground.notary().await?;
    let other = ground.site.notary(OTHER_NOTARY).await?;
    let unissued = "select count(*) from tenant_rhone.letter where issued_at is null";

    // Down: the letter is there all the same.
    ground.mails.go_down();
    for _ in 0..6 {
        ground.ask(&notary, &DECEDENTS[3]).await?;
    }
    ground.until(unissued, "0").await?;
    ground.until(WAITING, "6").await?;
    ground.doctor("mail", "failed", &["SMTP 421"]).await?;
    ground
        .doctor("jobs", "warning", &["6 to be tried again", "dn jobs list"])
        .await?;
    tokio::time::sleep(outage()).await;
    assert!(ground.mails.mails().is_empty());
    ground.mails.heal();
    ground.mails.wait_for(NOTARY_MAIL, 6, PATIENCE).await?;
    ground.until_done().await?;

    // Slow: every command takes its time, more mails are on their way than are sent at once.
    ground.mails.slow_down(Duration::from_millis(1500));
    for _ in 0..6 {
        ground.ask(&notary, &DECEDENTS[3]).await?;
    }
    ground.until(unissued, "0").await?;
    let sent = ground.mails.mails_to(NOTARY_MAIL).len();
    assert!(sent < 12, "letters waited for mails: {sent} had come");
    ground.doctor("mail", "warning", &["slow"]).await?;
    ground.mails.wait_for(NOTARY_MAIL, 12, PATIENCE).await?;
    ground.mails.heal();
    ground.until_done().await?;

    // Refusing one address: the others get theirs, this one is kept and can be seen, and sent once that is mended.
    ground.mails.refuse(NOTARY_MAIL);
    ground.ask(&notary, &DECEDENTS[3]).await?;
    ground.ask(&other, &DECEDENTS[3]).await?;
    ground.mails.wait_for(OTHER_MAIL, 1, PATIENCE).await?;
    ground.until(FAILED, "1").await?;
    ground
        .until("select count(*) from graphile_worker._private_jobs", "1")
        .await?;
    let listed = ground.run(&["jobs", "list", "--failed", "--json"]).await?;
    let jobs: Value = serde_json::from_str(&listed.out)?;
    assert_eq!(jobs[0]["task"], "send_mail", "{jobs}");
    assert_eq!(
        jobs[0]["last_error"], "the relay refuses the mail (SMTP 550)",
        "{jobs}"
    );
    assert!(!listed.out.contains(NOTARY_MAIL));
    ground
        .doctor("jobs", "warning", &["1 failed for good", "dn jobs retry"])
        .await?;
    ground.doctor("mail", "ok", &[]).await?;
    ground.mails.heal();
    let number = jobs[0]["number"].to_string();
    let retried = ground.run(&["jobs", "retry", &number]).await?;
    ensure!(retried.code == Some(0), "{}", retried.err);
    ground.mails.wait_for(NOTARY_MAIL, 13, PATIENCE).await?;
    ground.until_done().await?;

    let deliveries = ground.mails.mails().len();
    let forms = ground
        .sql("select submission_id from tenant_rhone.inquiry")
        .await?;
    assert_eq!((deliveries, forms.lines().count()), (14, 14));
    let unsent = ground
        .sql("select count(*) from tenant_rhone.mail where sent_at is null")
        .await?;
    assert_eq!(unsent, "0");
    assert!(service.runs().context("the service")?, "{}", service.said()?);
    Ok(())
}

/// Mails that were tried and wait.
const WAITING: &str = "select count(*) from graphile_worker._private_jobs j join graphile_worker._private_tasks t
    on t.id = j.task_id where t.identifier = 'send_mail' and attempts between 1 and max_attempts - 1 and locked_at is null";
/// Jobs that were given up.
const FAILED: &str =
    "select count(*) from graphile_worker._private_jobs where attempts >= max_attempts and locked_at is null";
