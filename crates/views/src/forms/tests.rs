//! The form of an inquiry, right and wrong.

use chrono::NaiveDate;
use domain::{Sex, SubmissionId};
use proptest::prelude::*;

use super::{FieldErrors, InquiryForm};

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn filled() -> InquiryForm {
    InquiryForm {
        departements: vec!["rhone".into(), "isere".into(), "rhone".into()],
        nom_naissance: "Durand".into(),
        nom_usage: "Petit".into(),
        prenoms: "Marie, Jeanne".into(),
        sexe: "F".into(),
        naissance_date: "00/11/1931".into(),
        naissance_lieu: "Lyon 3e".into(),
        deces_date: "12/09/2026".into(),
        deces_lieu: "Villeurbanne".into(),
        acte_date: "13/09/2026".into(),
        reference: "2026-114".into(),
        attestation: "oui".into(),
        ..InquiryForm::default()
    }
}

fn errors(change: impl FnOnce(&mut InquiryForm)) -> FieldErrors {
    let mut form = filled();
    change(&mut form);
    form.parse(today()).unwrap_err()
}

#[track_caller]
fn assert_only(errors: &FieldErrors, field: &str, words: &str) {
    let all: Vec<_> = errors.iter().collect();
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0].field, field);
    assert!(all[0].message.contains(words), "{}", all[0].message);
}

#[test]
fn a_filled_form_becomes_an_inquiry() {
    let parsed = filled().parse(today()).unwrap();
    let slugs: Vec<&str> = parsed.departments.iter().map(|slug| slug.as_str()).collect();
    assert_eq!(slugs, ["rhone", "isere"]);
    assert_eq!(parsed.decedent.given_names.all(), ["Marie", "Jeanne"]);
    assert_eq!(parsed.decedent.sex, Some(Sex::Female));
    assert_eq!(parsed.decedent.birth_date.to_string(), "1931-11-00");
    assert_eq!(parsed.file_reference.unwrap().as_str(), "2026-114");
}

#[test]
fn what_is_not_required_may_stay_empty() {
    let form = InquiryForm {
        departements: vec!["rhone".into()],
        nom_usage: "Petit".into(),
        prenoms: "Marie".into(),
        naissance_date: "1931".into(),
        deces_date: "12/09/2026".into(),
        attestation: "oui".into(),
        ..InquiryForm::default()
    };
    let parsed = form.parse(today()).unwrap();
    assert!(parsed.decedent.birth_name.is_none() && parsed.file_reference.is_none());
}

#[test]
fn an_empty_form_tells_everything_at_once_in_the_order_of_the_page() {
    let errors = InquiryForm::default().parse(today()).unwrap_err();
    let fields: Vec<&str> = errors.iter().map(|error| error.field).collect();
    assert_eq!(
        fields,
        [
            "departements",
            "nom_naissance",
            "prenoms",
            "naissance_date",
            "deces_date",
            "attestation"
        ]
    );
}

#[test]
fn each_mistake_is_told_at_its_field() {
    assert_only(
        &errors(|f| f.departements = vec!["../x".into()]),
        "departements",
        "liste",
    );
    assert_only(
        &errors(|f| f.nom_usage = "<b>".into()),
        "nom_usage",
        "n’est pas admis",
    );
    assert_only(&errors(|f| f.prenoms = "123".into()), "prenoms", "Prénoms\u{a0}:");
    assert_only(&errors(|f| f.sexe = "x".into()), "sexe", "Non précisé");
    assert_only(
        &errors(|f| f.naissance_date = "31/02/1931".into()),
        "naissance_date",
        "calendrier",
    );
    assert_only(
        &errors(|f| f.naissance_date = "12/00/1931".into()),
        "naissance_date",
        "le jour l’est aussi",
    );
    assert_only(
        &errors(|f| f.deces_date = "00/09/2026".into()),
        "deces_date",
        "complète",
    );
    assert_only(
        &errors(|f| f.naissance_lieu = "a".repeat(101)),
        "naissance_lieu",
        "dépasse",
    );
    assert_only(&errors(|f| f.reference = "a".repeat(61)), "reference", "60");
    assert_only(
        &errors(|f| f.attestation = "non".into()),
        "attestation",
        "chargé de la succession",
    );
}

#[test]
fn dates_must_go_together() {
    assert_only(
        &errors(|f| f.naissance_date = "01/10/2026".into()),
        "naissance_date",
        "après la date du décès",
    );
    assert_only(
        &errors(|f| f.naissance_date = "01/01/1900".into()),
        "naissance_date",
        "126 ans",
    );
    assert_only(
        &errors(|f| f.acte_date = "11/09/2026".into()),
        "acte_date",
        "avant le décès",
    );
    assert_only(
        &errors(|f| f.acte_date = "24/11/2026".into()),
        "acte_date",
        "avenir",
    );
    let future = errors(|f| {
        f.deces_date = "24/11/2026".into();
        f.acte_date = String::new();
    });
    assert_only(&future, "deces_date", "avenir");
}

#[test]
fn the_bounds_themselves_are_taken() {
    let mut form = filled();
    form.deces_date = "23/11/2026".into();
    form.acte_date = "23/11/2026".into();
    form.naissance_date = "24/11/1905".into();
    assert!(form.parse(today()).is_ok(), "120 years, dead and certified today");
    form.naissance_date = "23/11/1905".into();
    assert!(form.parse(today()).is_err(), "121 years");
    form.naissance_date = "00/00/2026".into();
    assert!(form.parse(today()).is_ok(), "born this year, day unknown");
}

#[test]
fn the_form_can_be_sent_again_for_those_who_could_not_be_asked() {
    let parsed = filled().parse(today()).unwrap();
    let submission = SubmissionId(uuid::Uuid::from_u128(7));
    let slug = &parsed.departments[1];
    let again = InquiryForm::again(submission, &[slug], &parsed.decedent, Some("2026-114"));
    assert_eq!(again.submission(), Some(submission));
    let twice = again.parse(today()).unwrap();
    assert_eq!(twice.decedent, parsed.decedent);
    assert_eq!(twice.departments, std::slice::from_ref(slug));
}

#[test]
fn repeated_fields_arrive() {
    let form: InquiryForm =
        serde_html_form::from_str("departements=rhone&departements=isere&prenoms=Marie&inconnu=1").unwrap();
    assert_eq!(form.departements, ["rhone", "isere"]);
    let form: InquiryForm = serde_html_form::from_str("departements=rhone").unwrap();
    assert_eq!(form.departements, ["rhone"]);
    let form: InquiryForm = serde_html_form::from_str("").unwrap();
    assert!(form.departements.is_empty());
}

proptest! {
    #[test]
    fn never_panics(
        departements in proptest::collection::vec("\\PC{0,12}", 0..4),
        texts in proptest::collection::vec("\\PC{0,120}", 7),
        dates in proptest::collection::vec("[0-9]{0,2}[/ -]?[0-9]{0,2}[/ -]?[0-9]{0,4}|\\PC{0,12}", 3),
    ) {
        let form = InquiryForm {
            departements,
            nom_naissance: texts[0].clone(),
            nom_usage: texts[1].clone(),
            prenoms: texts[2].clone(),
            sexe: texts[3].clone(),
            naissance_lieu: texts[4].clone(),
            deces_lieu: texts[5].clone(),
            reference: texts[6].clone(),
            naissance_date: dates[0].clone(),
            deces_date: dates[1].clone(),
            acte_date: dates[2].clone(),
            ..filled()
        };
        match form.parse(today()) {
            Ok(parsed) => {
                prop_assert!(!parsed.departments.is_empty());
                prop_assert!(parsed.decedent.names().next().is_some());
                prop_assert!(parsed.decedent.birth_date.earliest() <= parsed.decedent.death_date);
            }
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                prop_assert!(errors.iter().all(|error| error.message.ends_with('.')));
            }
        }
    }
}
