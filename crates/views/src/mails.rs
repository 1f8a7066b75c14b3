//! The data of every mail. Nothing personal on the deceased, not even the notary's own reference.

use chrono::{DateTime, Utc};
use domain::{AlertKind, Outcome};
use serde::Serialize;

use crate::{Mail, samples};

/// To the notary: the letter is there.
#[derive(Debug, Clone, Serialize)]
pub struct AnswerReady {
    /// Who it is written to: `Claire Fontaine`.
    pub recipient: String,
    /// `Département du Rhône`.
    pub department: String,
    /// « Nos références » : `69-2026-000042`.
    pub reference: String,
    /// Whether an officer still examines the inquiry: the letter is then an acknowledgement.
    pub examining: bool,
    /// Whole address of the answer page.
    pub link: String,
}

impl Mail for AnswerReady {
    const FOLDER: &'static str = "answer_ready";

    fn samples() -> Vec<(&'static str, Self)> {
        let mail = |examining| Self {
            recipient: "Claire Fontaine".to_owned(),
            department: samples::rhone().official_name,
            reference: samples::REFERENCE.to_owned(),
            examining,
            link: format!("https://notaires.exemple.fr/demandes/{}", samples::id(1)),
        };
        vec![("courriel-reponse", mail(false)), ("courriel-examen", mail(true))]
    }
}

/// To the service of the département: an inquiry that concerns it.
#[derive(Debug, Clone, Serialize)]
pub struct ServiceNotice {
    /// `Département du Rhône`.
    pub department: String,
    /// « Nos références ».
    pub reference: String,
    /// The answer that was given.
    pub outcome: Outcome,
    /// Whole address of the staff's page.
    pub link: String,
}

impl Mail for ServiceNotice {
    const FOLDER: &'static str = "service_notice";

    fn samples() -> Vec<(&'static str, Self)> {
        let mail = |outcome| Self {
            department: samples::rhone().official_name,
            reference: samples::REFERENCE.to_owned(),
            outcome,
            link: "https://notaires.exemple.fr/departements/rhone".to_owned(),
        };
        vec![
            ("courriel-service-creance", mail(Outcome::Recoverable)),
            ("courriel-service-indu", mail(Outcome::Overpayment)),
            ("courriel-service-examen", mail(Outcome::Ambiguous)),
        ]
    }
}

/// To an administrator of the département: something was noticed of a notary.
#[derive(Debug, Clone, Serialize)]
pub struct Alert {
    /// `Département du Rhône`.
    pub department: String,
    /// What was noticed.
    pub kind: AlertKind,
    /// Given and family name of the notary.
    pub notary: String,
    /// Name of the office.
    pub office: String,
    /// CRPCEN code of the office.
    pub crpcen: String,
    /// How many inquiries the limit takes.
    pub allowed: u32,
    /// « Nos références » of the inquiry left to an officer, if any.
    pub reference: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// Whole address of the staff's page.
    pub link: String,
}

impl Mail for Alert {
    const FOLDER: &'static str = "alert";

    fn samples() -> Vec<(&'static str, Self)> {
        let mail = |kind, allowed| Self {
            department: samples::rhone().official_name,
            kind,
            notary: "Claire Fontaine".to_owned(),
            office: "Étude Fontaine et associés".to_owned(),
            crpcen: "69001".to_owned(),
            allowed,
            reference: (kind == AlertKind::SeriesExamined).then(|| samples::REFERENCE.to_owned()),
            at: samples::now(),
            link: "https://notaires.exemple.fr/departements/rhone".to_owned(),
        };
        vec![
            ("courriel-alerte-heure", mail(AlertKind::PlatformHour, 60)),
            ("courriel-alerte-jour", mail(AlertKind::PlatformDay, 300)),
            (
                "courriel-alerte-heure-departement",
                mail(AlertKind::DepartmentHour, 10),
            ),
            (
                "courriel-alerte-jour-departement",
                mail(AlertKind::DepartmentDay, 40),
            ),
            ("courriel-alerte-serie", mail(AlertKind::SeriesExamined, 4)),
            (
                "courriel-alerte-serie-refusee",
                mail(AlertKind::SeriesRefused, 12),
            ),
        ]
    }
}
