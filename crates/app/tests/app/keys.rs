//! Keys: rotated and wrapped again, and every letter stays readable.

use anyhow::Result;
use chrono::Utc;
use data_encoding::BASE64;
use secrecy::SecretString;
use testing::TestApp;
use testing::people::DECEDENTS;

use crate::actors::{ask, letter, notary, slug};

#[tokio::test]
async fn a_new_key_leaves_old_letters_readable() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    let rhone = test.app.department(&slug("rhone")).await?.unwrap();
    let (first, before) = ask(&test, &notary, &DECEDENTS[0], "rhone").await?;
    test.work().await?;
    let report = test.app.rotate_key(&rhone, Utc::now()).await?;
    assert_eq!((report.keys, report.changed), (2, 1));
    let (second, after) = ask(&test, &notary, &DECEDENTS[3], "rhone").await?;
    test.work().await?;
    assert!(
        letter(&test.app, &notary, first, &before)
            .await?
            .starts_with(b"%PDF-")
    );
    assert!(
        letter(&test.app, &notary, second, &after)
            .await?
            .starts_with(b"%PDF-")
    );
    assert_eq!(
        test.sql("select count(distinct data_key_id) from tenant_rhone.letter")
            .await?,
        "2"
    );
    Ok(())
}

#[tokio::test]
async fn under_a_new_master_the_old_one_may_go() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    let rhone = test.app.department(&slug("rhone")).await?.unwrap();
    let (submission, decided) = ask(&test, &notary, &DECEDENTS[0], "rhone").await?;
    test.work().await?;
    let new_master = SecretString::from(BASE64.encode(&[42; 32]));
    let both = test
        .another(|storage| {
            storage.master_keys.insert("neuve".into(), new_master.clone());
            storage.current_master = "neuve".into();
        })
        .await?;
    let only_new = test
        .another(|storage| {
            storage.master_keys.clear();
            storage.master_keys.insert("neuve".into(), new_master.clone());
            storage.current_master = "neuve".into();
        })
        .await?;
    assert!(
        letter(&only_new, &notary, submission, &decided).await.is_err(),
        "not yet wrapped again"
    );
    assert!(
        only_new.rewrap_keys(&rhone, Utc::now()).await.is_err(),
        "the old master is needed once"
    );

    let report = both.rewrap_keys(&rhone, Utc::now()).await?;
    assert_eq!((report.keys, report.changed), (1, 1));
    assert_eq!(
        both.rewrap_keys(&rhone, Utc::now()).await?.changed,
        0,
        "done once"
    );
    assert!(
        letter(&only_new, &notary, submission, &decided)
            .await?
            .starts_with(b"%PDF-")
    );
    assert!(
        letter(&test.app, &notary, submission, &decided).await.is_err(),
        "the old master opens nothing now"
    );
    Ok(())
}
