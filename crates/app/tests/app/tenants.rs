//! Départements: applied twice, exported, dropped; and the doctor.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::{Result, anyhow};
use app::doctor::Status;
use app::tenants::{TenantError, TenantFolder, Tenants};
use app::{StaffLinking, StaffLoginError, StaffTrust};
use chrono::Utc;
use testing::TestApp;
use testing::people::DECEDENTS;

use crate::actors::{ask, claims, notary, slug};

fn shipped(slug: &str) -> Result<TenantFolder> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tenants");
    TenantFolder::read(&root.join(slug)).map_err(|problems| anyhow!("{problems:?}"))
}

#[tokio::test]
async fn a_folder_is_applied_once_and_changes_are_seen_at_once() -> Result<()> {
    let test = TestApp::start().await?;
    let tenants = Tenants::new(test.app.clone(), test.owner());
    let nord = shipped("nord")?;
    let first = tenants.create(&nord, Utc::now()).await?;
    assert!(first.created && first.changed);
    let second = tenants.create(&nord, Utc::now()).await?;
    assert!(!second.created && !second.changed);
    assert_eq!(second.revision, first.revision);

    let mut changed = shipped("nord")?;
    changed.settings.recovery.officer = "M. Nouveau Venu".into();
    let third = test.app.apply_tenant(&changed, Utc::now()).await?;
    assert!(third.changed && third.revision > first.revision);
    let kit = test.app.kit(&slug("nord")).await?.unwrap();
    assert_eq!(kit.settings.recovery.officer, "M. Nouveau Venu");
    assert_eq!(
        test.sql("select count(*) from tenant_nord.audit where action = 'settings.applied'")
            .await?,
        "2"
    );
    Ok(())
}

#[tokio::test]
async fn an_administrator_who_is_no_longer_named_is_out_at_once() -> Result<()> {
    let test = TestApp::start().await?;
    let tenants = Tenants::new(test.app.clone(), test.owner());
    let with = shipped("nord")?;
    tenants.create(&with, Utc::now()).await?;
    let log_in = async || {
        let claims = app::LoginClaims {
            email: Some("admin@nord.example".into()),
            ..claims("wilfrid", "")
        };
        let trust = StaffTrust {
            departments: None,
            linking: StaffLinking::VerifiedEmail,
        };
        test.app.login_staff(&claims, &trust, Utc::now()).await
    };
    let before = log_in().await?.remove(0);
    assert_eq!(test.app.staff(before.staff).await?.as_ref(), Some(&before));

    let mut without = shipped("nord")?;
    without.settings.administrators.clear();
    assert!(test.app.apply_tenant(&without, Utc::now()).await?.changed);
    assert_eq!(test.app.staff(before.staff).await?, None, "the session is over");
    assert!(matches!(log_in().await, Err(StaffLoginError::Unknown)));
    assert!(!test.app.apply_tenant(&without, Utc::now()).await?.changed);

    assert!(test.app.apply_tenant(&with, Utc::now()).await?.changed);
    assert_eq!(log_in().await?.remove(0), before, "named again");
    let trail = "select string_agg(action, ' ' order by number) from tenant_nord.audit \
                 where action like 'staff.administrator%' and object = ";
    assert_eq!(
        test.sql(&format!("{trail}'{}'", before.staff)).await?,
        "staff.administrator_named staff.administrator_removed staff.administrator_named"
    );
    Ok(())
}

#[tokio::test]
async fn two_departements_cannot_have_one_insee_code() -> Result<()> {
    let test = TestApp::start().await?;
    let tenants = Tenants::new(test.app.clone(), test.owner());
    let mut nord = shipped("nord")?;
    nord.settings.identity.insee_code = "69".parse()?;
    let refused = tenants.create(&nord, Utc::now()).await;
    assert!(
        matches!(refused, Err(TenantError::InseeCodeTaken(_))),
        "{refused:?}"
    );
    Ok(())
}

#[tokio::test]
async fn another_process_hears_of_a_change() -> Result<()> {
    let test = TestApp::start().await?;
    let other = test.another(|_| ()).await?;
    let stop = tokio_util::sync::CancellationToken::new();
    let following = tokio::spawn({
        let (other, stop) = (other.clone(), stop.clone());
        async move { other.follow_changes(stop).await }
    });
    assert!(
        other
            .department(&slug("rhone"))
            .await?
            .is_some_and(|department| !department.suspended)
    );
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    other.departments().await?;
    Tenants::new(test.app.clone(), test.owner())
        .suspend(&slug("rhone"))
        .await?;
    let heard = async {
        while !other
            .department(&slug("rhone"))
            .await?
            .is_some_and(|department| department.suspended)
        {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), heard).await??;
    stop.cancel();
    following.await?;
    Ok(())
}

#[tokio::test]
async fn what_is_dropped_was_exported_with_its_letters() -> Result<()> {
    let test = TestApp::start().await?;
    let camille = notary(&test, "camille", "69001").await?;
    let (_, decided) = ask(&test, &camille, &DECEDENTS[0], "isere").await?;
    test.work().await?;
    let tenants = Tenants::new(test.app.clone(), test.owner());
    let full = test.dir.path().join("occupied");
    std::fs::create_dir_all(full.join("something"))?;
    assert!(
        tenants.drop(&slug("isere"), &full).await.is_err(),
        "nothing is overwritten"
    );
    assert!(test.app.department(&slug("isere")).await?.is_some());

    let to = test.dir.path().join("export");
    let dropped = tenants.drop(&slug("isere"), &to).await?;
    assert_eq!(dropped.exported.letters, Some(1));
    let letter = std::fs::read(to.join(format!("courriers/{}.pdf", decided.reference)))?;
    assert!(letter.starts_with(b"%PDF-"));
    assert!(std::fs::read_to_string(to.join("inquiry.csv"))?.contains(&decided.reference));
    let closed = |path: &Path, mode: u32| -> Result<()> {
        let is = std::fs::metadata(path)?.permissions().mode() & 0o777;
        anyhow::ensure!(is == mode, "{}: {is:o}", path.display());
        Ok(())
    };
    for directory in [to.clone(), to.join("courriers")] {
        closed(&directory, 0o700)?;
        for inside in std::fs::read_dir(directory)? {
            let path = inside?.path();
            if path.is_file() {
                closed(&path, 0o600)?;
            }
        }
    }
    assert_eq!(dropped.purged.map(|purged| purged.deleted > 0), Some(true));
    assert!(test.app.department(&slug("isere")).await?.is_none());
    assert_eq!(
        test.sql("select to_regnamespace('tenant_isere') is null").await?,
        "t"
    );
    let again = tenants.drop(&slug("isere"), &to).await;
    assert!(matches!(again, Err(TenantError::NotFound(_))));
    Ok(())
}

#[tokio::test]
async fn what_was_given_up_goes_out_after_a_suspension() -> Result<()> {
    let test = TestApp::start().await?;
    let tenants = Tenants::new(test.app.clone(), test.owner());
    let rhone = slug("rhone");
    let unsent = "select count(*) from tenant_rhone.mail where sent_at is null";
    let camille = notary(&test, "camille", "69001").await?;
    // One letter is issued and its mail waits; the other is not issued yet.
    ask(&test, &camille, &DECEDENTS[3], "rhone").await?;
    test.mails.go_down();
    test.work().await?;
    assert_eq!(test.sql(unsent).await?, "1");
    ask(&test, &camille, &DECEDENTS[3], "rhone").await?;
    tenants.suspend(&rhone).await?;
    // What days of it leave: one job given up, the other deleted by hand.
    test.sql(
        "delete from graphile_worker._private_jobs where key like 'issue_letter:%'; \
         update graphile_worker._private_jobs set attempts = max_attempts where key like 'send_mail:%'",
    )
    .await?;
    test.mails.heal();
    test.work().await?;
    assert_eq!(test.mails.mails_to(&camille.email).len(), 0);

    assert!(tenants.resume(&rhone).await?);
    assert!(!tenants.resume(&rhone).await?, "again, and no harm done");
    test.work().await?;
    assert_eq!(
        test.sql("select count(*) from tenant_rhone.letter where issued_at is null")
            .await?,
        "0"
    );
    assert_eq!(test.sql(unsent).await?, "0");
    assert_eq!(test.mails.mails_to(&camille.email).len(), 2);
    Ok(())
}

#[tokio::test]
async fn the_doctor_says_what_is_missing_and_how_to_mend_it() -> Result<()> {
    let test = TestApp::start().await?;
    test.sql("delete from tenant_isere.register_version").await?;
    test.mails.go_down();
    let checks = test.app.doctor().await;
    let of = |name: &str| checks.iter().find(|check| check.name == name).unwrap();
    assert_eq!(of("database").status, Status::Ok);
    assert_eq!(of("tenant rhone").status, Status::Ok, "{:?}", of("tenant rhone"));
    assert_eq!(of("tenant isere").status, Status::Warning);
    assert!(
        of("tenant isere")
            .mend
            .as_ref()
            .unwrap()
            .contains("dn register import isere")
    );
    assert_eq!(of("mail").status, Status::Failed);
    assert_eq!(
        of("storage").status,
        Status::Warning,
        "this store locks nothing: {:?}",
        of("storage")
    );
    Ok(())
}

#[tokio::test]
async fn the_doctor_sees_a_login_that_could_do_too_much() -> Result<()> {
    let test = TestApp::start().await?;
    let give = format!("grant temporary on database {} to public", test.database);
    test.sql(&give).await?;
    let database = test
        .app
        .doctor()
        .await
        .into_iter()
        .find(|check| check.name == "database");
    let database = database.ok_or_else(|| anyhow!("the database was not looked at"))?;
    assert_eq!(database.status, Status::Failed);
    assert!(
        database.found.contains("creates temporary tables"),
        "{}",
        database.found
    );
    Ok(())
}
