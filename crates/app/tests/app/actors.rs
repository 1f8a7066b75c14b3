//! Who acts in these tests, and what they do.

use anyhow::{Context, Result};
use app::{Answer, AnswerState, Decided, LoginClaims, NotaryIdentity, OfficeClaims};
use chrono::Utc;
use domain::{Decedent, DepartmentSlug, FamilyName, FileReference, GivenNames, PartialDate, SubmissionId};
use testing::TestApp;
use testing::people::TestDecedent;
use uuid::Uuid;
use views::forms::ParsedInquiry;

pub(crate) fn claims(subject: &str, crpcen: &str) -> LoginClaims {
    LoginClaims {
        provider: "idnot".into(),
        subject: subject.into(),
        given_name: Some("Camille".into()),
        family_name: Some(format!("Notaire {subject}")),
        email: Some(format!("{subject}@etude.example")),
        email_verified: true,
        office: OfficeClaims {
            crpcen: Some(crpcen.into()),
            name: Some("Étude des Quais".into()),
            address: vec!["12 quai Fictif".into(), "69990 SPÉCIMEN".into()],
        },
        ..LoginClaims::default()
    }
}

pub(crate) async fn notary(test: &TestApp, subject: &str, crpcen: &str) -> Result<NotaryIdentity> {
    Ok(test
        .app
        .login_notary(&claims(subject, crpcen), Utc::now())
        .await?)
}

pub(crate) fn slug(text: &str) -> DepartmentSlug {
    text.parse().unwrap()
}

pub(crate) fn submission() -> SubmissionId {
    SubmissionId(Uuid::now_v7())
}

pub(crate) fn question(decedent: &TestDecedent, departments: &[&str]) -> ParsedInquiry {
    ParsedInquiry {
        departments: departments.iter().map(|text| slug(text)).collect(),
        decedent: Decedent {
            birth_name: Some(FamilyName::parse(decedent.birth_name).unwrap()),
            usage_name: None,
            given_names: GivenNames::parse(decedent.given_names).unwrap(),
            sex: None,
            birth_date: PartialDate::parse(decedent.birth_date).unwrap(),
            birth_place: None,
            death_date: "2026-04-02".parse().unwrap(),
            death_place: None,
            death_certificate_date: None,
        },
        file_reference: Some(FileReference::parse("2026-118/CF").unwrap()),
    }
}

pub(crate) fn decided(answer: &Answer) -> Result<&Decided> {
    match &answer.state {
        AnswerState::Decided(decided) => Ok(decided),
        other => anyhow::bail!("{} did not decide: {other:?}", answer.department.slug),
    }
}

/// Asks one département and returns what it decided.
pub(crate) async fn ask(
    test: &TestApp,
    notary: &NotaryIdentity,
    decedent: &TestDecedent,
    department: &str,
) -> Result<(SubmissionId, Decided)> {
    let submission = submission();
    let question = question(decedent, &[department]);
    let answers = test
        .app
        .inquire(notary, &question, submission, Utc::now())
        .await?;
    let answer = answers.first().context("no answer")?;
    Ok((submission, decided(answer)?.clone()))
}

/// The letter of an inquiry, as the office downloads it.
pub(crate) async fn letter(
    app: &app::App,
    notary: &NotaryIdentity,
    submission: SubmissionId,
    decided: &Decided,
) -> Result<Vec<u8>, app::LetterFileError> {
    let file = app
        .letter_for_notary(notary, submission, decided.inquiry, Utc::now())
        .await?;
    Ok(file.bytes)
}
