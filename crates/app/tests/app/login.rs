//! Login: who is let in, as whom, and who is not.

use anyhow::Result;
use app::{LoginClaims, NotaryLoginError, StaffLinking, StaffLoginError, StaffTrust};
use chrono::Utc;
use domain::Role;
use testing::people::DECEDENTS;
use testing::{DEPARTMENTS, TestApp};

use crate::actors::{ask, claims, letter, notary};

#[tokio::test]
async fn a_notary_without_office_or_mail_is_told_so() -> Result<()> {
    let test = TestApp::start().await?;
    let login = async |claims: LoginClaims| test.app.login_notary(&claims, Utc::now()).await;
    for crpcen in ["", "6900", "abcde"] {
        let refused = login(claims("camille", crpcen)).await;
        assert!(
            matches!(refused, Err(NotaryLoginError::OfficeMissing)),
            "{crpcen}"
        );
    }
    let no_mail = LoginClaims {
        email: Some("pas une adresse".into()),
        ..claims("camille", "69001")
    };
    assert!(matches!(
        login(no_mail).await,
        Err(NotaryLoginError::EmailMissing)
    ));
    assert_eq!(test.sql("select count(*) from platform.notary").await?, "0");
    Ok(())
}

#[tokio::test]
async fn terms_are_accepted_once_per_version() -> Result<()> {
    let test = TestApp::start().await?;
    let camille = notary(&test, "camille", "69001").await?;
    assert!(!camille.terms_accepted);
    test.app.accept_terms(camille.notary, Utc::now()).await?;
    test.app.accept_terms(camille.notary, Utc::now()).await?;
    assert!(test.app.notary(camille.notary).await?.unwrap().terms_accepted);
    assert!(notary(&test, "camille", "69001").await?.terms_accepted);
    assert_eq!(
        test.sql("select count(*) from platform.terms_acceptance").await?,
        "1"
    );
    Ok(())
}

#[tokio::test]
async fn a_login_without_office_name_leaves_the_known_one() -> Result<()> {
    let test = TestApp::start().await?;
    let log_in = async |crpcen: &str, name: Option<&str>| {
        let mut claims = claims("camille", crpcen);
        claims.office.name = name.map(str::to_owned);
        test.app.login_notary(&claims, Utc::now()).await
    };
    let named = log_in("69001", Some("Étude des Quais")).await?;
    let unnamed = log_in("69001", None).await?;
    assert_eq!(unnamed.office, named.office);
    assert_eq!(unnamed.office_name, "Étude des Quais");
    let renamed = log_in("69001", Some("Étude du Port")).await?;
    assert_eq!(renamed.office_name, "Étude du Port");
    assert_eq!(log_in("38002", None).await?.office_name, "Office notarial 38002");
    assert_eq!(log_in("38002", Some("Étude")).await?.office_name, "Étude");
    Ok(())
}

#[tokio::test]
async fn an_inquiry_stays_with_the_office_it_was_made_for() -> Result<()> {
    let test = TestApp::start().await?;
    let before = notary(&test, "camille", "69001").await?;
    let (submission, decided) = ask(&test, &before, &DECEDENTS[0], "rhone").await?;
    test.work().await?;
    let moved = notary(&test, "camille", "38002").await?;
    assert_eq!(moved.notary, before.notary);
    assert_ne!(moved.office, before.office);
    assert_eq!(test.app.answers(&moved, submission, Utc::now()).await?, None);
    assert!(letter(&test.app, &moved, submission, &decided).await.is_err());
    let colleague = notary(&test, "basile", "69001").await?;
    assert!(letter(&test.app, &colleague, submission, &decided).await.is_ok());
    Ok(())
}

fn agent(subject: &str, email: &str) -> LoginClaims {
    LoginClaims {
        provider: "proconnect".into(),
        subject: subject.into(),
        email: Some(email.into()),
        siret: Some(DEPARTMENTS[0].siret.into()),
        roles: vec!["agent_public_territorial".into()],
        ..LoginClaims::default()
    }
}

fn anywhere(linking: StaffLinking) -> StaffTrust {
    StaffTrust {
        departments: None,
        linking,
    }
}

fn siret_and_role() -> StaffLinking {
    StaffLinking::SiretAndRole {
        roles: vec!["agent_public_territorial".into()],
    }
}

#[tokio::test]
async fn an_administrator_is_linked_at_the_first_login_and_known_by_the_account_after() -> Result<()> {
    let test = TestApp::start().await?;
    let login = async |claims: LoginClaims| {
        test.app
            .login_staff(&claims, &anywhere(siret_and_role()), Utc::now())
            .await
    };
    let first = login(agent("sub-1", "admin@rhone.example")).await?;
    assert_eq!(first.len(), 1);
    assert!(first[0].roles.holds(Role::Administrator));
    // The account counts from now on, whatever mail it bears.
    let again = login(agent("sub-1", "anne.vasselin@ailleurs.example")).await?;
    assert_eq!(again[0].staff, first[0].staff);
    assert_eq!(test.app.staff(first[0].staff).await?.as_ref(), Some(&first[0]));
    let elsewhere = LoginClaims {
        provider: "keycloak".into(),
        ..agent("sub-1", "admin@rhone.example")
    };
    assert!(matches!(
        login(elsewhere).await,
        Err(StaffLoginError::LinkedElsewhere)
    ));
    let trail = "select count(*) from tenant_rhone.audit where action = 'staff.logged_in'";
    assert_eq!(test.sql(trail).await?, "2");
    Ok(())
}

#[tokio::test]
async fn an_account_that_its_provider_numbers_anew_is_linked_by_the_same_proof() -> Result<()> {
    let test = TestApp::start().await?;
    let login = async |claims: LoginClaims| {
        test.app
            .login_staff(&claims, &anywhere(siret_and_role()), Utc::now())
            .await
    };
    let first = login(agent("sub-1", "admin@rhone.example")).await?;
    let unproven = LoginClaims {
        roles: vec![],
        ..agent("sub-2", "admin@rhone.example")
    };
    assert!(matches!(
        login(unproven).await,
        Err(StaffLoginError::LinkedElsewhere)
    ));
    let again = login(agent("sub-2", "admin@rhone.example")).await?;
    assert_eq!(again[0].staff, first[0].staff);
    let old = login(agent("sub-1", "anne@ailleurs.example")).await;
    assert!(
        matches!(old, Err(StaffLoginError::Unknown)),
        "the old number opens nothing"
    );
    Ok(())
}

#[tokio::test]
async fn whom_nobody_vouches_for_stays_outside() -> Result<()> {
    let test = TestApp::start().await?;
    let login = async |claims: LoginClaims, linking: StaffLinking| {
        test.app
            .login_staff(&claims, &anywhere(linking), Utc::now())
            .await
    };
    let unknown = login(agent("sub-1", "personne@rhone.example"), siret_and_role()).await;
    assert!(matches!(unknown, Err(StaffLoginError::Unknown)));
    let elsewhere = LoginClaims {
        siret: Some(DEPARTMENTS[1].siret.into()),
        ..agent("sub-1", "admin@rhone.example")
    };
    let refused = login(elsewhere, siret_and_role()).await;
    assert!(matches!(refused, Err(StaffLoginError::NotVouchedFor)));
    let unverified = login(agent("sub-1", "admin@rhone.example"), StaffLinking::VerifiedEmail).await;
    assert!(matches!(unverified, Err(StaffLoginError::NotVouchedFor)));
    assert_eq!(
        test.sql("select count(*) from platform.staff where provider is not null")
            .await?,
        "0"
    );
    Ok(())
}

#[tokio::test]
async fn the_provider_of_one_departement_has_no_say_in_another() -> Result<()> {
    let test = TestApp::start().await?;
    let verified = |email: &str| LoginClaims {
        email_verified: true,
        ..agent("sub-1", email)
    };
    let of = |slug: &str| StaffTrust {
        departments: Some(vec![slug.parse().unwrap()]),
        linking: StaffLinking::VerifiedEmail,
    };
    let forged = verified("admin@isere.example");
    let refused = test.app.login_staff(&forged, &of("rhone"), Utc::now()).await;
    assert!(matches!(refused, Err(StaffLoginError::NotVouchedFor)));
    let own = test.app.login_staff(&forged, &of("isere"), Utc::now()).await?;
    assert_eq!(own.len(), 1);
    // An account that is linked already opens nothing either once the provider may no longer speak for the département.
    let later = test.app.login_staff(&forged, &of("rhone"), Utc::now()).await;
    assert!(later.is_err());
    Ok(())
}
