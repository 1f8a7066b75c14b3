//! Registers: what is bad is told, and what is in force stays unless something good replaces it.

use std::path::PathBuf;

use anyhow::Result;
use app::{Department, ImportError};
use chrono::Utc;
use domain::Outcome;
use testing::TestApp;
use testing::people::DECEDENTS;

use crate::actors::{ask, notary, slug};

const HEADER: &str = "identifiant;nom_naissance;prenoms;date_naissance;aide\n";

fn file(test: &TestApp, name: &str, rows: &str) -> Result<PathBuf> {
    let path = test.dir.path().join(name);
    std::fs::write(&path, format!("{HEADER}{rows}"))?;
    Ok(path)
}

async fn rhone(test: &TestApp) -> Result<Department> {
    Ok(test.app.department(&slug("rhone")).await?.unwrap())
}

#[tokio::test]
async fn bad_rows_are_told_and_the_good_ones_come_into_force() -> Result<()> {
    let test = TestApp::start().await?;
    let rhone = rhone(&test).await?;
    let rows = "N1;INCONNU;Personne;01/01/1930;ASH-PA\nN2;DURAND;Jean;31/02/1930;ASH-PA\n";
    let path = file(&test, "nouveau.csv", rows)?;
    let mut last = None;
    let report = test
        .app
        .import_register(&rhone, &path, false, Utc::now(), |at| last = Some(at))
        .await?;
    assert!(report.imported);
    assert_eq!((report.version.individuals, report.summary.refused), (1, 1));
    assert_eq!(
        (report.problems[0].line, report.problems[0].column),
        (3, Some("date_naissance"))
    );
    assert!(last.is_some_and(|at| at.rows == at.of && at.of == 2));
    let notary = notary(&test, "camille", "69001").await?;
    let (_, known) = ask(&test, &notary, &DECEDENTS[3], "rhone").await?;
    assert_eq!(
        known.outcome,
        Outcome::Recoverable,
        "the person of the new register"
    );
    let (_, gone) = ask(&test, &notary, &DECEDENTS[0], "rhone").await?;
    assert_eq!(gone.outcome, Outcome::Unknown, "the person of the old one");
    Ok(())
}

#[tokio::test]
async fn a_file_without_a_good_row_replaces_nothing() -> Result<()> {
    let test = TestApp::start().await?;
    let rhone = rhone(&test).await?;
    let before = test
        .sql("select id from tenant_rhone.register_version where state = 'active'")
        .await?;
    for (name, rows) in [
        ("mauvais.csv", "N2;DURAND;Jean;31/02/1930;ASH-PA\n"),
        ("vide.csv", ""),
    ] {
        let path = file(&test, name, rows)?;
        let refused = test
            .app
            .import_register(&rhone, &path, false, Utc::now(), |_| ())
            .await;
        assert!(matches!(refused, Err(ImportError::File { .. })), "{name}");
    }
    let missing = test.dir.path().join("absent.csv");
    let refused = test
        .app
        .import_register(&rhone, &missing, false, Utc::now(), |_| ())
        .await;
    assert!(matches!(refused, Err(ImportError::File { .. })));
    assert_eq!(
        test.sql("select id from tenant_rhone.register_version where state = 'active'")
            .await?,
        before
    );
    assert_eq!(
        test.sql("select count(*) from tenant_rhone.register_version")
            .await?,
        "1"
    );
    Ok(())
}

#[tokio::test]
async fn the_file_in_force_is_not_imported_again_unless_asked() -> Result<()> {
    let test = TestApp::start().await?;
    let rhone = rhone(&test).await?;
    let path = file(&test, "nouveau.csv", "N1;MARTIN;Anne;01/01/1930;ASH-PA\n")?;
    let import = async |again| {
        test.app
            .import_register(&rhone, &path, again, Utc::now(), |_| ())
            .await
    };
    assert!(import(false).await?.imported);
    assert!(!import(false).await?.imported);
    assert!(import(true).await?.imported);
    assert_eq!(
        test.sql("select count(*) from tenant_rhone.register_version")
            .await?,
        "2",
        "the last two are kept"
    );
    let trail =
        "select count(*) from tenant_rhone.audit where action = 'register.imported' and actor = 'operator'";
    assert_eq!(test.sql(trail).await?, "3");
    Ok(())
}
