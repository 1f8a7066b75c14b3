//! The filter of a département's audit trail.

use chrono::NaiveDate;
use domain::{Action, ActorKind, clean_line};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::FieldErrors;
use super::history::day;

/// What the address says. Dates, codes and ids only: nothing of it names a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JournalFilter {
    /// First day.
    pub du: String,
    /// Last day.
    pub au: String,
    /// Code of an action, or empty.
    pub action: String,
    /// Code of a kind of actor, or empty.
    pub auteur: String,
    /// Id of a notary or member of staff, or empty.
    pub personne: String,
    /// Id of what it was about, or empty.
    pub objet: String,
}

/// What to look for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParsedJournal {
    /// On this day or later.
    pub from: Option<NaiveDate>,
    /// On this day or before.
    pub to: Option<NaiveDate>,
    /// One action only.
    pub action: Option<Action>,
    /// One kind of actor only.
    pub actor: Option<ActorKind>,
    /// One person only.
    pub person: Option<Uuid>,
    /// One object only.
    pub object: Option<String>,
}

/// Longest id looked for, in characters.
const MAX_OBJECT: usize = 100;

impl JournalFilter {
    /// Takes what can be taken; what cannot is left out and told, so that the list is shown all the same.
    pub fn parse(&self) -> (ParsedJournal, FieldErrors) {
        let mut errors = FieldErrors::new();
        let from = day(&mut errors, "du", "Première date", &self.du);
        let to = day(&mut errors, "au", "Dernière date", &self.au);
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            errors.push("au", "La dernière date vient avant la première : échangez-les.");
        }
        let parsed = ParsedJournal {
            from,
            to,
            action: Action::from_code(self.action.trim()),
            actor: ActorKind::from_code(self.auteur.trim()),
            person: self.personne.trim().parse().ok(),
            object: clean_line(&self.objet, MAX_OBJECT).ok(),
        };
        (parsed, errors)
    }

    /// The fields that say something, by name: what links to other pages of the same list carry on.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("du", &self.du),
            ("au", &self.au),
            ("action", &self.action),
            ("auteur", &self.auteur),
            ("personne", &self.personne),
            ("objet", &self.objet),
        ]
        .into_iter()
        .map(|(name, value)| (name, value.trim()))
        .filter(|(_, value)| !value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_understood_is_told_or_left_out() {
        let form: JournalFilter = serde_html_form::from_str(
            "du=1er+mars+2026&au=hier&action=letter.downloaded&auteur=staff&personne=moi&objet=+69-2026-000042+&x=y",
        )
        .unwrap();
        let (parsed, errors) = form.parse();
        assert_eq!(parsed.from, NaiveDate::from_ymd_opt(2026, 3, 1));
        assert_eq!((parsed.to, parsed.person), (None, None));
        assert_eq!(parsed.action, Some(Action::LetterDownloaded));
        assert_eq!(parsed.actor, Some(ActorKind::Staff));
        assert_eq!(parsed.object.as_deref(), Some("69-2026-000042"));
        assert!(errors.get("au").is_some() && errors.get("du").is_none());
    }

    #[test]
    fn an_empty_filter_finds_everything() {
        let (parsed, errors) = JournalFilter::default().parse();
        assert_eq!(parsed, ParsedJournal::default());
        assert!(errors.is_empty());
        assert_eq!(JournalFilter::default().fields().count(), 0);
    }
}
