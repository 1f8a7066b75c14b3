//! What belongs to one département never serves another: caches, jobs, keys, objects, the trail.

use anyhow::{Context, Result};
use app::{App, LetterFileError, Worker};
use db::jobs::{Attempt, Job, JobError, JobFilter, JobHandler};
use domain::{LetterId, MailId};
use testing::people::DECEDENTS;
use testing::{DEPARTMENTS, TestApp};

use crate::actors::{ask, letter, notary, slug};

const FIRST: Attempt = Attempt { number: 1, of: 25 };

/// Name and revision of what the cache gives for a département.
async fn kit(app: &App, department: &str) -> Result<(String, i64)> {
    let kit = app.kit(&slug(department)).await?.context("no kit")?;
    Ok((kit.settings.identity.name.clone(), kit.revision))
}

#[tokio::test]
async fn a_cache_gives_each_departement_its_own() -> Result<()> {
    let test = TestApp::start().await?;
    // Full, empty, emptied for one, for both: whichever comes first.
    for round in 0..6 {
        for department in DEPARTMENTS {
            if round % 3 == 0 {
                let mut tx = test.db.tenant(&slug(department.slug)).await?;
                tx.announce_change().await?;
                tx.save().await?;
            }
        }
        let asked = DEPARTMENTS.iter().cycle().take(12).map(|department| async {
            let (name, _) = kit(&test.app, department.slug).await?;
            assert_eq!(name, department.name);
            let listed = test
                .app
                .department(&slug(department.slug))
                .await?
                .context("not listed")?;
            assert_eq!(
                (listed.name.as_str(), listed.insee_code.as_str()),
                (department.name, department.insee_code)
            );
            anyhow::Ok(())
        });
        for asked in futures::future::join_all(asked).await {
            asked?;
        }
    }
    // One changes: the other stays as it was, in the cache and out of it.
    let before = kit(&test.app, "isere").await?;
    test.sql(
        "update tenant_rhone.settings set revision = revision + 1,
             content = jsonb_set(content, '{identity,name}', '\"Rhône changé\"')",
    )
    .await?;
    let another = test.another(|_| ()).await?;
    assert_eq!(kit(&another, "rhone").await?.0, "Rhône changé");
    assert_eq!(kit(&another, "isere").await?, before);
    assert_eq!(kit(&test.app, "isere").await?, before);
    Ok(())
}

#[tokio::test]
async fn a_job_that_names_another_departement_does_nothing() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    ask(&test, &notary, &DECEDENTS[0], "rhone").await?;
    let id = test.sql("select id from tenant_rhone.letter").await?;
    let mail = test.sql("select id from tenant_rhone.mail").await?;
    let worker = Worker::new(test.app.clone());
    for job in [
        Job::IssueLetter {
            department: slug("isere"),
            letter: id.parse::<LetterId>()?,
        },
        Job::SendMail {
            department: slug("isere"),
            mail: mail.parse::<MailId>()?,
        },
    ] {
        let done = worker.handle(job, FIRST).await;
        assert!(matches!(done, Err(JobError::Fail(_))), "{done:?}");
    }
    let nowhere = Job::IssueLetter {
        department: slug("nulle-part"),
        letter: id.parse()?,
    };
    assert!(worker.handle(nowhere, FIRST).await.is_err());
    // The same through the queue: what waits for the Rhône is made to name the Isère.
    let waiting = test
        .sql(
            "update graphile_worker._private_jobs set payload = jsonb_set(payload::jsonb, '{department}', '\"isere\"')
             where payload ->> 'department' = 'rhone' returning 1",
        )
        .await?;
    assert_eq!(waiting.lines().count(), 2, "a letter and a notice");
    test.work().await?;
    let filter = JobFilter {
        failed_only: true,
        ..JobFilter::default()
    };
    assert_eq!(test.db.platform().await?.jobs().list(&filter).await?.len(), 2);
    assert!(test.mails.mails().is_empty());
    let done = "select count(*) from tenant_rhone.letter where issued_at is not null";
    assert_eq!(test.sql(done).await?, "0");
    for table in ["letter", "mail", "inquiry", "audit", "data_key"] {
        let found = test
            .sql(&format!(
                "select count(*) from tenant_isere.{table} where '{table}' <> 'audit'"
            ))
            .await?;
        assert_eq!(found, "0", "{table}");
    }
    let trail =
        "select count(*) from tenant_isere.audit where action like 'letter.%' or action like 'mail.%'";
    assert_eq!(test.sql(trail).await?, "0");
    Ok(())
}

#[tokio::test]
async fn a_letter_of_another_departement_is_not_opened_whatever_the_rows_say() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    ask(&test, &notary, &DECEDENTS[0], "rhone").await?;
    let (submission, decided) = ask(&test, &notary, &DECEDENTS[0], "isere").await?;
    test.work().await?;
    assert!(letter(&test.app, &notary, submission, &decided).await.is_ok());
    let refused = async |what: &str| -> Result<()> {
        let file = letter(&test.app, &notary, submission, &decided).await;
        assert!(matches!(file, Err(LetterFileError::Other(_))), "{what}");
        Ok(())
    };
    // Where the object lies: another département's is under another prefix.
    test.sql(
        "update tenant_isere.letter l set object_key = r.object_key, sha256 = r.sha256, size = r.size
         from tenant_rhone.letter r",
    )
    .await?;
    refused("the Rhône's object").await?;
    // Its key as well: wrapped for the Rhône, it opens for nobody else.
    test.sql(
        "update tenant_isere.data_key k set wrapped = r.wrapped, master_key_id = r.master_key_id from tenant_rhone.data_key r",
    )
    .await?;
    refused("the Rhône's object and key").await?;
    test.sql(
        "update tenant_isere.letter l set object_key = replace(l.object_key,
             (select id::text from platform.department where slug = 'rhone'),
             (select id::text from platform.department where slug = 'isere'))",
    )
    .await?;
    refused("the Rhône's key").await?;
    Ok(())
}

#[tokio::test]
async fn what_is_done_for_one_stands_in_its_own_trail_alone() -> Result<()> {
    let test = TestApp::start().await?;
    let trail = "select count(*) from tenant_isere.audit";
    let before = test.sql(trail).await?;
    let notary = notary(&test, "camille", "69001").await?;
    let (submission, decided) = ask(&test, &notary, &DECEDENTS[0], "rhone").await?;
    test.work().await?;
    letter(&test.app, &notary, submission, &decided).await?;
    test.app.answers(&notary, submission, chrono::Utc::now()).await?;
    assert_eq!(test.sql(trail).await?, before);
    let own = "select count(distinct action) from tenant_rhone.audit";
    assert!(test.sql(own).await?.parse::<u32>()? > 4);
    Ok(())
}
