//! Made-up people, offices and départements for the samples of pages and mails. All of it is fictional.

pub(crate) mod answers;
mod france;
mod journal;
mod office;
mod staff;

use std::str::FromStr;

use chrono::{DateTime, Utc};
use domain::{Contact, Decedent};
use uuid::Uuid;

pub(crate) use france::all_departments;
pub(crate) use journal::journal;
pub(crate) use office::{departments, form, history};
pub(crate) use staff::{staff_home, staff_home_empty};

use crate::pages::AccessibilityContact;
use crate::{Brand, Layout, PlatformIdentity, UserKind, UserMenu};

/// « Nos références ».
pub(crate) const REFERENCE: &str = "69-2026-000042";
/// A verification code.
pub(crate) const CODE: &str = "69-7K3M2-9QXTA-44WDE-ZB01C";

/// A value of the domain from its text.
#[expect(
    clippy::panic,
    reason = "the texts are constants; the test that renders every sample proves them right"
)]
pub(crate) fn of<T: FromStr>(text: &str) -> T {
    match text.parse() {
        Ok(value) => value,
        Err(_) => panic!("sample {text} is not what it should be"),
    }
}

/// A value of the domain from its text, for types that are read from strings by serde alone.
pub(crate) fn name<T: TryFrom<String>>(text: &str) -> Option<T> {
    T::try_from(text.to_owned()).ok()
}

/// An id that is always the same.
pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0193_5a7e_1b2c_7d00_8000_0000_0000_0000 + number)
}

/// 23 November 2026, 17:40 in Paris.
pub(crate) fn now() -> DateTime<Utc> {
    of("2026-11-23T16:40:00Z")
}

fn layout(path: &str, user: Option<UserMenu>) -> Layout {
    Layout {
        csrf: "jeton-de-session".to_owned(),
        path: path.to_owned(),
        user,
        department: None,
        banner: Some("Démonstration : toutes les personnes sont fictives.".to_owned()),
    }
}

/// Nobody is signed in.
pub(crate) fn visitor(path: &str) -> Layout {
    Layout {
        banner: None,
        ..layout(path, None)
    }
}

fn user(name: &str, organisation: &str, kind: UserKind) -> Option<UserMenu> {
    Some(UserMenu {
        name: name.to_owned(),
        organisation: organisation.to_owned(),
        kind,
    })
}

/// A notary.
pub(crate) fn notary(path: &str) -> Layout {
    layout(
        path,
        user("Claire Fontaine", "Étude Fontaine et associés", UserKind::Notary),
    )
}

/// A notary who has not accepted the terms yet.
pub(crate) fn arriving(path: &str) -> Layout {
    layout(
        path,
        user(
            "Claire Fontaine",
            "Étude Fontaine et associés",
            UserKind::Arriving,
        ),
    )
}

/// Staff of the Rhône.
pub(crate) fn staff(path: &str) -> Layout {
    of_rhone(path, false)
}

fn of_rhone(path: &str, auditor: bool) -> Layout {
    let kind = UserKind::Staff {
        department: rhone().slug,
        auditor,
    };
    layout(path, user("Paul Martin", "Département du Rhône", kind))
}

/// An auditor of the Rhône, in its colours.
pub(crate) fn auditor(path: &str) -> Layout {
    Layout {
        department: Some(rhone()),
        ..of_rhone(path, true)
    }
}

/// Staff of the Rhône, in its colours.
pub(crate) fn branded(path: &str) -> Layout {
    Layout {
        department: Some(rhone()),
        ..staff(path)
    }
}

fn brand(slug: &str, name: &str, official_name: &str) -> Brand {
    Brand {
        slug: of(slug),
        name: name.to_owned(),
        official_name: official_name.to_owned(),
        stylesheet: format!("/departements/{slug}/couleurs-4.css"),
        logo: Some(format!("/departements/{slug}/logo-4")),
    }
}

/// A département.
pub(crate) fn rhone() -> Brand {
    brand("rhone", "Rhône", "Département du Rhône")
}

/// Another.
pub(crate) fn isere() -> Brand {
    Brand {
        logo: None,
        ..brand("isere", "Isère", "Département de l’Isère")
    }
}

/// A third.
pub(crate) fn nord() -> Brand {
    brand("nord", "Nord", "Département du Nord")
}

/// Service that recovers aid.
pub(crate) fn contact() -> Contact {
    Contact {
        service: vec![
            "Direction de l’autonomie".to_owned(),
            "Service des récupérations".to_owned(),
        ],
        address: vec!["12 rue de l’Exemple".to_owned(), "69003 LYON".to_owned()],
        telephone: "04 00 00 00 69".to_owned(),
        email: "recuperations@rhone.exemple.fr".to_owned(),
        website: None,
        data_protection: Some("dpd@rhone.exemple.fr".to_owned()),
    }
}

/// Départements that can be written to.
pub(crate) fn contacts() -> Vec<AccessibilityContact> {
    [rhone(), isere()]
        .into_iter()
        .map(|brand| AccessibilityContact {
            slug: brand.slug,
            official_name: brand.official_name,
            contact: contact(),
        })
        .collect()
}

/// Who runs the platform.
pub(crate) fn platform() -> PlatformIdentity {
    PlatformIdentity {
        operator: "ADULLACT".to_owned(),
        address: vec!["1 place de l’Exemple".to_owned(), "34000 MONTPELLIER".to_owned()],
        email: Some("contact@exemple.fr".to_owned()),
        telephone: Some("04 00 00 00 34".to_owned()),
        publication_director: Some("M. Jean Exemple, président".to_owned()),
        host: vec![
            "Hébergeur Exemple".to_owned(),
            "2 rue des Serveurs, 59000 LILLE".to_owned(),
        ],
    }
}

/// A woman of whom everything is known.
pub(crate) fn decedent() -> Decedent {
    Decedent {
        birth_name: name("Durand"),
        usage_name: name("Petit"),
        given_names: given("Marie Jeanne"),
        sex: Some(domain::Sex::Female),
        birth_date: of("1931-11-03"),
        birth_place: name("Lyon 3e"),
        death_date: of("2026-09-12"),
        death_place: name("Villeurbanne"),
        death_certificate_date: Some(of("2026-09-13")),
    }
}

/// A person of whom only the least is known.
pub(crate) fn unclear_decedent() -> Decedent {
    Decedent {
        birth_name: name("d’Alembert-Œuvrard de la Tour du Pin"),
        usage_name: None,
        given_names: given("Maximilien-Alexandre François Xavier Marie"),
        sex: None,
        birth_date: of("1931-11-00"),
        birth_place: None,
        death_date: of("2026-10-01"),
        death_place: None,
        death_certificate_date: None,
    }
}

#[expect(
    clippy::panic,
    reason = "the texts are constants; the test that renders every sample proves them right"
)]
fn given(text: &str) -> domain::GivenNames {
    match domain::GivenNames::parse(text) {
        Ok(names) => names,
        Err(_) => panic!("sample {text} is not what it should be"),
    }
}
