//! `GET /departements/{slug}/journal`.

use chrono::{DateTime, Utc};
use domain::{Action, ActorKind, Purpose, Role};
use serde::Serialize;

use crate::forms::{FieldErrors, JournalFilter};
use crate::trail_words::{self, Detail};
use crate::{Brand, Page, Sample, samples};

/// A code and what it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// As stored.
    pub code: &'static str,
    /// As shown.
    pub label: &'static str,
}

/// One entry as stored, with the name of who acted where it is known.
#[derive(Debug, Clone, Copy)]
pub struct StoredEntry<'a> {
    /// Position in the trail.
    pub number: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Code of the kind of actor.
    pub actor: &'a str,
    /// Id of who acted.
    pub person: Option<uuid::Uuid>,
    /// What that person is called.
    pub name: Option<&'a str>,
    /// In which role.
    pub role: &'a str,
    /// Code of the action.
    pub action: &'a str,
    /// On what.
    pub object: Option<&'a str>,
    /// Code of the purpose.
    pub purpose: Option<&'a str>,
    /// JSON.
    pub details: &'a str,
}

/// One entry as shown. What another version wrote is shown by its code.
#[derive(Debug, Clone, Serialize)]
pub struct JournalRow {
    /// Position in the trail.
    pub number: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// « Courrier téléchargé ».
    pub action: String,
    /// « Règlement d’une succession ».
    pub purpose: Option<String>,
    /// « Notaire ».
    pub actor: String,
    /// In which role, where that says more than the kind of actor.
    pub role: Option<String>,
    /// Name of who acted.
    pub name: Option<String>,
    /// Id of who acted: entries of the same person are at `?personne=`.
    pub person: Option<String>,
    /// On what: entries on the same thing are at `?objet=`.
    pub object: Option<String>,
    /// What else is to be known.
    pub details: Vec<Detail>,
}

impl From<StoredEntry<'_>> for JournalRow {
    fn from(entry: StoredEntry<'_>) -> Self {
        let known = |label: Option<&'static str>, code: &str| label.unwrap_or(code).to_owned();
        let roles: Option<Vec<&str>> = entry
            .role
            .split(' ')
            .map(|code| Role::from_code(code).map(Role::label))
            .collect();
        let purpose = |code| known(Purpose::from_code(code).map(Purpose::label), code);
        Self {
            number: entry.number,
            at: entry.at,
            action: known(Action::from_code(entry.action).map(Action::label), entry.action),
            purpose: entry.purpose.map(purpose),
            actor: known(
                ActorKind::from_code(entry.actor).map(ActorKind::label),
                entry.actor,
            ),
            role: roles.map(|roles| roles.join(", ")),
            name: entry.name.map(str::to_owned),
            person: entry.person.map(|id| id.to_string()),
            object: entry.object.map(str::to_owned),
            details: trail_words::details(entry.details),
        }
    }
}

/// Where the other parts of the same list are.
#[derive(Debug, Clone, Default, Serialize)]
pub struct JournalLinks {
    /// The same entries as CSV.
    pub csv: String,
    /// Newer entries.
    pub newer: Option<String>,
    /// Older entries.
    pub older: Option<String>,
}

/// A département's audit trail, for its auditors.
#[derive(Debug, Clone, Serialize)]
pub struct JournalPage {
    /// The département.
    pub department: Brand,
    /// What was looked for.
    pub filter: JournalFilter,
    /// What of it could not be understood.
    pub errors: FieldErrors,
    /// Actions to choose from.
    pub actions: Vec<Choice>,
    /// Kinds of actors to choose from.
    pub actors: Vec<Choice>,
    /// Entries of this page, newest first.
    pub rows: Vec<JournalRow>,
    /// Where the others are.
    pub links: JournalLinks,
}

impl JournalPage {
    /// Everything that may be looked for.
    pub fn choices() -> (Vec<Choice>, Vec<Choice>) {
        let actions = Action::ALL.iter().map(|action| Choice {
            code: action.code(),
            label: action.label(),
        });
        let actors = ActorKind::ALL.iter().map(|actor| Choice {
            code: actor.code(),
            label: actor.label(),
        });
        (actions.collect(), actors.collect())
    }
}

impl Page for JournalPage {
    const TEMPLATE: &'static str = "pages/journal.html";

    fn title(&self) -> String {
        "Journal des accès".to_owned()
    }

    fn samples() -> Vec<Sample<Self>> {
        let page = |filter: JournalFilter, rows: Vec<JournalRow>| {
            let (actions, actors) = Self::choices();
            Self {
                department: samples::rhone(),
                errors: filter.parse().1,
                links: JournalLinks {
                    csv: "/departements/rhone/journal.csv".to_owned(),
                    newer: (!rows.is_empty()).then(|| "/departements/rhone/journal?apres=412".to_owned()),
                    older: (!rows.is_empty()).then(|| "/departements/rhone/journal?avant=403".to_owned()),
                },
                filter,
                actions,
                actors,
                rows,
            }
        };
        let layout = || samples::auditor("/departements/rhone/journal");
        let narrow = JournalFilter {
            du: "01/11/2026".to_owned(),
            auteur: "notary".to_owned(),
            personne: samples::id(7).to_string(),
            ..JournalFilter::default()
        };
        let wrong = JournalFilter {
            au: "hier".to_owned(),
            ..narrow.clone()
        };
        vec![
            Sample::new(
                "journal",
                layout(),
                page(JournalFilter::default(), samples::journal()),
            ),
            Sample::new(
                "journal-filtre",
                layout(),
                page(narrow.clone(), samples::journal()),
            ),
            Sample::new("journal-erreur", layout(), page(wrong, samples::journal())),
            Sample::new("journal-rien", layout(), page(narrow, vec![])),
        ]
    }
}
