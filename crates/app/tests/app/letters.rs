//! Letters: issued once whatever happens, the same bytes each time, handed to whom they belong.

use anyhow::Result;
use app::tenants::TenantFolder;
use app::{CopyCheck, LetterFileError, LetterState, StaffLinking, StaffTrust, Worker};
use chrono::{TimeDelta, Utc};
use db::jobs::{Attempt, Job, JobHandler};
use domain::LetterId;
use sha2::{Digest, Sha256};
use testing::TestApp;
use testing::people::DECEDENTS;

use crate::actors::{ask, claims, letter, notary, slug};

const FIRST: Attempt = Attempt { number: 1, of: 25 };

/// What a kill after the upload leaves: an object, and no word of it.
const UNRECORDED: &str = "delete from tenant_rhone.mail where letter_id is not null; \
     update tenant_rhone.letter set sha256 = null, size = null, template_version = null, object_key = null, \
     object_version = null, data_key_id = null, issued_at = null, locked_until = null";
const FINGERPRINT: &str = "select encode(sha256, 'hex') from tenant_rhone.letter";

async fn issue_job(test: &TestApp) -> Result<Job> {
    let id: LetterId = test.sql("select id from tenant_rhone.letter").await?.parse()?;
    let department = slug("rhone");
    Ok(Job::IssueLetter {
        department,
        letter: id,
    })
}

#[tokio::test]
async fn two_workers_issue_a_letter_once() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    ask(&test, &notary, &DECEDENTS[3], "rhone").await?;
    let job = issue_job(&test).await?;
    let worker = Worker::new(test.app.clone());
    let (one, two) = tokio::join!(worker.handle(job.clone(), FIRST), worker.handle(job, FIRST));
    assert_eq!((one, two), (Ok(()), Ok(())));
    assert_eq!(
        test.sql("select count(*) from tenant_rhone.audit where action = 'letter.issued'")
            .await?,
        "1"
    );
    assert_eq!(test.sql("select count(*) from tenant_rhone.mail").await?, "1");
    Ok(())
}

#[tokio::test]
async fn stopped_between_storing_and_recording_it_issues_the_same_letter() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    let (submission, decided) = ask(&test, &notary, &DECEDENTS[0], "rhone").await?;
    let job = issue_job(&test).await?;
    let worker = Worker::new(test.app.clone());
    worker.handle(job.clone(), FIRST).await?;
    let fingerprint = "select encode(sha256, 'hex') from tenant_rhone.letter";
    let before = test.sql(fingerprint).await?;
    test.sql(UNRECORDED).await?;
    assert!(matches!(
        letter(&test.app, &notary, submission, &decided).await,
        Err(LetterFileError::NotYet)
    ));
    worker.handle(job, FIRST).await?;
    assert_eq!(test.sql(fingerprint).await?, before);
    test.work().await?;
    assert_eq!(test.mails.mails_to(&notary.email).len(), 1);
    let bytes = letter(&test.app, &notary, submission, &decided).await?;
    assert_eq!(data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)), before);
    Ok(())
}

#[tokio::test]
async fn a_letter_has_the_letterhead_of_its_day() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    ask(&test, &notary, &DECEDENTS[0], "rhone").await?;
    let worker = Worker::new(test.app.clone());
    worker.handle(issue_job(&test).await?, FIRST).await?;
    let before = test.sql(FINGERPRINT).await?;
    test.sql(UNRECORDED).await?;
    // The département has another signatory before the letter is made once more.
    let folder = testing::DEPARTMENTS[0].write(test.dir.path())?;
    let settings = std::fs::read_to_string(folder.join("tenant.toml"))?;
    let changed = settings.replace("Claire Aubernon", "Denis Valmont");
    assert_ne!(settings, changed);
    std::fs::write(folder.join("tenant.toml"), changed)?;
    let read = TenantFolder::read(&folder).map_err(|problems| anyhow::anyhow!("{problems:?}"))?;
    assert!(test.app.apply_tenant(&read, Utc::now()).await?.changed);
    worker.handle(issue_job(&test).await?, FIRST).await?;
    assert_eq!(test.sql(FINGERPRINT).await?, before);
    // A worker that has never seen the former letterhead finds it all the same.
    test.sql(UNRECORDED).await?;
    let other = Worker::new(test.another(|_| ()).await?);
    other.handle(issue_job(&test).await?, FIRST).await?;
    assert_eq!(test.sql(FINGERPRINT).await?, before);
    // The next inquiry has the new one.
    let (submission, decided) = ask(&test, &notary, &DECEDENTS[0], "rhone").await?;
    test.work().await?;
    let revisions =
        "select string_agg(settings_revision::text, ',' order by drawn_at) from tenant_rhone.letter";
    assert_eq!(test.sql(revisions).await?, "1,2");
    letter(&test.app, &notary, submission, &decided).await?;
    Ok(())
}

#[tokio::test]
async fn another_file_of_a_letter_never_takes_the_place_of_the_one_recorded() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    let (submission, decided) = ask(&test, &notary, &DECEDENTS[3], "rhone").await?;
    let worker = Worker::new(test.app.clone());
    worker.handle(issue_job(&test).await?, FIRST).await?;
    let key = "select object_key from tenant_rhone.letter";
    let (first, kept) = (test.sql(key).await?, test.sql(FINGERPRINT).await?);
    // As if the two had been made by different versions of the template, which words the same data otherwise.
    test.sql(UNRECORDED).await?;
    let otherwise =
        "update tenant_rhone.letter set data = jsonb_set(data, '{addressee,name}', '\"Autre rédaction\"')";
    test.sql(otherwise).await?;
    worker.handle(issue_job(&test).await?, FIRST).await?;
    assert_ne!(test.sql(FINGERPRINT).await?, kept);
    assert_ne!(
        test.sql(key).await?,
        first,
        "the store keeps no versions: the first would be gone"
    );
    letter(&test.app, &notary, submission, &decided).await?;
    // And after a rotation: the same file, encrypted otherwise, has a place of its own as well.
    let second = test.sql(key).await?;
    test.sql(UNRECORDED).await?;
    let rhone = test.app.department(&slug("rhone")).await?.unwrap();
    test.app.rotate_key(&rhone, Utc::now()).await?;
    worker.handle(issue_job(&test).await?, FIRST).await?;
    assert_ne!(test.sql(key).await?, second);
    letter(&test.app, &notary, submission, &decided).await?;
    Ok(())
}

#[tokio::test]
async fn a_letter_whose_job_is_gone_is_taken_up_again() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    let (submission, decided) = ask(&test, &notary, &DECEDENTS[3], "rhone").await?;
    test.sql("delete from graphile_worker._private_jobs").await?;
    assert_eq!(
        test.app.take_up_letters(Utc::now()).await?,
        0,
        "it may still be on its way"
    );
    let later = Utc::now() + TimeDelta::minutes(11);
    assert_eq!(test.app.take_up_letters(later).await?, 1);
    assert_eq!(test.app.take_up_letters(later).await?, 1);
    test.work().await?;
    assert_eq!(test.app.take_up_letters(later).await?, 0);
    letter(&test.app, &notary, submission, &decided).await?;
    assert_eq!(test.mails.mails_to(&notary.email).len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_letter_waits_for_a_store_that_is_away() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    ask(&test, &notary, &DECEDENTS[3], "rhone").await?;
    let away = test
        .another(|storage| storage.endpoint = "http://127.0.0.1:9".to_owned())
        .await;
    // Connecting needs no server; the bucket does.
    if let Ok(away) = away {
        let done = Worker::new(away).handle(issue_job(&test).await?, FIRST).await;
        assert!(matches!(done, Err(db::jobs::JobError::Away(_))), "{done:?}");
    }
    assert_eq!(test.sql("select count(*) from tenant_rhone.mail").await?, "0");
    test.work().await?;
    assert_eq!(test.mails.mails_to(&notary.email).len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_letter_that_was_tampered_with_is_not_handed_over() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    let (submission, decided) = ask(&test, &notary, &DECEDENTS[3], "rhone").await?;
    test.work().await?;
    test.sql("update tenant_rhone.letter set sha256 = sha256('autre')")
        .await?;
    let handed = letter(&test.app, &notary, submission, &decided).await;
    assert!(matches!(handed, Err(LetterFileError::Other(_))));
    assert_eq!(
        test.sql("select count(*) from tenant_rhone.audit where action = 'letter.downloaded'")
            .await?,
        "0"
    );
    Ok(())
}

#[tokio::test]
async fn staff_read_the_letters_of_their_departement_alone() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    let (_, decided) = ask(&test, &notary, &DECEDENTS[0], "rhone").await?;
    test.work().await?;
    let trust = StaffTrust {
        departments: None,
        linking: StaffLinking::VerifiedEmail,
    };
    let staff = async |department: &str| {
        let claims = app::LoginClaims {
            provider: "keycloak".into(),
            email: Some(format!("ADMIN@{department}.example")),
            ..claims(department, "")
        };
        test.app.login_staff(&claims, &trust, Utc::now()).await
    };
    let own = staff("rhone").await?;
    let file = test
        .app
        .letter_for_staff(&own[0], decided.inquiry, Utc::now())
        .await?;
    assert!(file.bytes.starts_with(b"%PDF-"));
    let other = staff("isere").await?;
    let refused = test
        .app
        .letter_for_staff(&other[0], decided.inquiry, Utc::now())
        .await;
    assert!(matches!(refused, Err(LetterFileError::NotFound)));
    let trail = "select actor || ' ' || action from tenant_rhone.audit where action = 'letter.downloaded'";
    assert_eq!(test.sql(trail).await?, "staff letter.downloaded");
    Ok(())
}

#[tokio::test]
async fn anybody_may_check_a_letter_and_learns_nothing_else() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    let (submission, decided) = ask(&test, &notary, &DECEDENTS[0], "rhone").await?;
    let secret = test
        .sql("select verification_secret from tenant_rhone.letter")
        .await?;
    let code = format!("69-{secret}").parse()?;
    assert_eq!(
        test.app.verify(&code, None, Utc::now()).await?,
        None,
        "not issued yet"
    );
    test.work().await?;
    let page = test.app.answers(&notary, submission, Utc::now()).await?.unwrap();
    let LetterState::Ready {
        code: shown,
        dated_on,
        ..
    } = &crate::actors::decided(&page.answers[0])?.letter
    else {
        panic!("not ready");
    };
    assert_eq!(shown, &code);
    let bytes = letter(&test.app, &notary, submission, &decided).await?;
    let checked = test
        .app
        .verify(&code, Some(Sha256::digest(&bytes).into()), Utc::now())
        .await?
        .unwrap();
    assert_eq!((checked.copy, checked.dated_on), (CopyCheck::Genuine, *dated_on));
    assert_eq!(checked.department, "Département Rhône");
    let altered = [&bytes[..], b" "].concat();
    let checked = test
        .app
        .verify(&code, Some(Sha256::digest(altered).into()), Utc::now())
        .await?
        .unwrap();
    assert_eq!(checked.copy, CopyCheck::Different);
    let elsewhere = format!("38-{secret}").parse()?;
    assert_eq!(test.app.verify(&elsewhere, None, Utc::now()).await?, None);
    let nowhere = format!("59-{secret}").parse()?;
    assert_eq!(test.app.verify(&nowhere, None, Utc::now()).await?, None);
    Ok(())
}

#[tokio::test]
async fn a_job_without_its_letter_fails_for_good() -> Result<()> {
    let test = TestApp::start().await?;
    let unknown = Job::IssueLetter {
        department: slug("rhone"),
        letter: LetterId(uuid::Uuid::now_v7()),
    };
    let done = Worker::new(test.app.clone()).handle(unknown, FIRST).await;
    assert!(matches!(done, Err(db::jobs::JobError::Fail(_))));
    Ok(())
}

#[tokio::test]
async fn a_letter_that_cannot_be_issued_is_said_to_be_late() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    let (submission, _) = ask(&test, &notary, &DECEDENTS[3], "rhone").await?;
    let data = test.sql("select data from tenant_rhone.letter").await?;
    test.sql("update tenant_rhone.letter set data = '{}', drawn_at = drawn_at - interval '1 minute'")
        .await?;
    test.work().await?;
    let state = async || {
        let page = test.app.answers(&notary, submission, Utc::now()).await?.unwrap();
        anyhow::Ok(crate::actors::decided(&page.answers[0])?.letter.clone())
    };
    assert_eq!(state().await?, LetterState::Failed);
    assert!(test.mails.mails_to(&notary.email).is_empty());
    // Mended and tried again, it goes out as any other.
    test.sql(&format!(
        "update tenant_rhone.letter set data = '{}'",
        data.replace('\'', "''")
    ))
    .await?;
    let mut tx = test.db.platform().await?;
    tx.jobs().retry_failed().await?;
    tx.save().await?;
    test.work().await?;
    assert!(matches!(state().await?, LetterState::Ready { .. }));
    assert_eq!(test.mails.mails_to(&notary.email).len(), 1);
    Ok(())
}
