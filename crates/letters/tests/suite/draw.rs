//! From an inquiry and its decision to the data of a letter, and through the database.

use chrono::{DateTime, NaiveDate, Utc};
use dn_letters::{LetterData, LetterDataError, LetterParts};
use domain::{
    Aid, AidKind, Amount, Asker, Catalogue, Consequence, Decedent, Decision, DecisionId, FileReference,
    GivenNames, Individual, Inquiry, InquiryId, LetterId, LetterKind, NotaryId, OfficeId, Outcome,
    PartialDate, RegisterId, SubmissionId, VerificationCode, outcome_of,
};
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn instant() -> DateTime<Utc> {
    "2026-11-20T23:30:00Z".parse().unwrap()
}

fn inquiry() -> Inquiry {
    Inquiry {
        id: InquiryId(Uuid::from_u128(1)),
        submission: SubmissionId(Uuid::from_u128(2)),
        reference: "69-2026-000042".into(),
        asker: Asker {
            notary: NotaryId(Uuid::from_u128(3)),
            office: OfficeId(Uuid::from_u128(4)),
            name: "Élodie\tLefèvre".into(),
            email: "e.lefevre@office.example".into(),
            office_name: "Office ".repeat(60),
            crpcen: "69001".parse().unwrap(),
            office_address: vec!["".into(), "1 rue de la Paix".into(), "69001 Lyon\n".into()],
        },
        decedent: Decedent {
            birth_name: Some("Durand".to_owned().try_into().unwrap()),
            usage_name: None,
            given_names: GivenNames::parse("Jean Marie").unwrap(),
            sex: None,
            birth_date: PartialDate::parse("1931-03-00").unwrap(),
            birth_place: None,
            death_date: day("2026-10-02"),
            death_place: None,
            death_certificate_date: None,
        },
        file_reference: Some(FileReference::parse("SUCC 12").unwrap()),
        asked_at: instant(),
    }
}

fn decision(outcome: Outcome, aids: Vec<Aid>) -> Decision {
    let individual = Individual {
        identifier: "SECRET-ID".into(),
        sex: None,
        birth_name: None,
        usage_name: None,
        given_names: GivenNames::parse("Jean").unwrap(),
        birth_date: PartialDate::parse("1931-03-04").unwrap(),
        birth_place: None,
        death_date: None,
        aids,
    };
    let finding = outcome_of(
        &individual,
        day("2026-10-02"),
        day("2026-11-16"),
        &Catalogue::default(),
    );
    Decision {
        id: DecisionId(Uuid::from_u128(5)),
        outcome,
        reasons: vec!["même nom".into()],
        candidates: vec!["SECRET-ID".into()],
        finding: Some(finding),
        engine_version: "1".into(),
        register: Some(RegisterId(Uuid::from_u128(6))),
        decided_at: instant(),
    }
}

fn aid(kind: AidKind) -> Aid {
    Aid {
        kind,
        recoverable: None,
        starts: None,
        ends: Some(PartialDate::parse("2026-09-30").unwrap()),
        amount: Some(Amount::from_cents(100_000)),
        overpayment: None,
        territory: None,
    }
}

fn draw(decision: &Decision, register_date: Option<NaiveDate>) -> Result<LetterData, LetterDataError> {
    LetterData::new(LetterParts {
        id: LetterId(Uuid::from_u128(7)),
        inquiry: &inquiry(),
        decision,
        asked_on: day("2026-11-21"),
        dated_on: day("2026-11-21"),
        register_date,
        code: &VerificationCode::from_random("69".parse().unwrap(), [9; 20]),
        public_url: "https://notaires.example/",
        retention_years: 5,
    })
}

#[tokio::test]
async fn a_drawn_letter_goes_through_the_database_and_renders() {
    let decision = decision(
        Outcome::Recoverable,
        vec![aid(AidKind::ApaHome), aid(AidKind::AshElderly)],
    );
    let data = draw(&decision, Some(day("2026-11-16"))).unwrap();
    assert_eq!(data.kind, LetterKind::Recoverable);
    assert_eq!(data.aids[0].consequence, Consequence::Recoverable);
    assert_eq!(data.claim, Some(Amount::from_cents(100_000)));
    assert_eq!(data.addressee.name, "Élodie Lefèvre");
    assert_eq!(data.addressee.office.chars().count(), 120);
    assert_eq!(data.addressee.address, ["1 rue de la Paix", "69001 Lyon"]);
    assert_eq!(
        data.verification.url,
        format!("https://notaires.example/v/{}", data.verification.code)
    );
    let frozen = serde_json::to_value(&data).unwrap();
    assert!(
        !frozen.to_string().contains("SECRET-ID"),
        "the register’s own identifier is nobody else’s business"
    );
    assert_eq!(serde_json::from_value::<LetterData>(frozen).unwrap(), data);
    let letter = crate::support::text(&crate::support::render(data).await.pdf);
    assert!(
        letter.contains("la personne nommée Jean Marie DURAND, née en mars 1931 et décédée"),
        "{letter}"
    );
}

#[test]
fn an_acknowledgement_holds_nothing_of_what_was_found() {
    let decision = decision(Outcome::Ambiguous, vec![aid(AidKind::AshElderly)]);
    let data = draw(&decision, Some(day("2026-11-16"))).unwrap();
    assert_eq!(data.kind, LetterKind::Acknowledgement);
    assert_eq!((data.aids.len(), data.claim, data.register_date), (0, None, None));
}

#[test]
fn no_letter_says_more_than_is_known() {
    let register = Some(day("2026-11-16"));
    let none = vec![];
    assert_eq!(
        draw(&decision(Outcome::Pending, none.clone()), register),
        Err(LetterDataError::NoLetter)
    );
    for outcome in [Outcome::Unknown, Outcome::Recoverable, Outcome::NotRecoverable] {
        assert_eq!(
            draw(&decision(outcome, none.clone()), None),
            Err(LetterDataError::NoRegister)
        );
    }
    let mut known = decision(Outcome::Overpayment, none);
    known.finding = None;
    assert_eq!(draw(&known, register), Err(LetterDataError::NoFinding));
}

#[test]
fn a_long_list_is_cut_and_counted() {
    let decision = decision(Outcome::Recoverable, vec![aid(AidKind::AshElderly); 65]);
    let data = draw(&decision, Some(day("2026-11-16"))).unwrap();
    assert_eq!((data.aids.len(), data.omitted_aids), (40, 25));
}

/// Letters frozen by earlier versions of this programme stay readable.
#[tokio::test]
async fn the_first_version_stays_readable() {
    let frozen = include_str!("frozen-v1.json");
    let data: LetterData = serde_json::from_str(frozen).unwrap();
    assert_eq!(data, LetterData::samples()[0]);
    crate::support::render(data).await;
}
