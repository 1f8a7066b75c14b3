//! The filter of « Mes demandes ».

use chrono::NaiveDate;
use domain::{DepartmentSlug, Outcome, clean_line};
use serde::{Deserialize, Serialize};

use super::{FieldErrors, dates};

/// What was typed. It is posted and kept in the session: a name must not stand in an address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HistoryFilter {
    /// Words of the name of the deceased, or their beginnings.
    pub nom: String,
    /// A reference, the notary's or the département's.
    pub reference: String,
    /// Code of an outcome, or empty.
    pub reponse: String,
    /// Slug of a département, or empty.
    pub departement: String,
    /// First day.
    pub du: String,
    /// Last day.
    pub au: String,
}

/// What to look for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParsedFilter {
    /// Words of a name.
    pub name: Option<String>,
    /// A reference or its beginning.
    pub reference: Option<String>,
    /// One outcome only.
    pub outcome: Option<Outcome>,
    /// One département only.
    pub department: Option<DepartmentSlug>,
    /// Asked on this day or later.
    pub from: Option<NaiveDate>,
    /// Asked on this day or before.
    pub to: Option<NaiveDate>,
}

impl HistoryFilter {
    /// Takes what can be taken; what cannot is left out and told, so that the list is shown all the same.
    pub fn parse(&self) -> (ParsedFilter, FieldErrors) {
        let mut errors = FieldErrors::new();
        let name = line(&mut errors, "nom", "Nom", &self.nom);
        let reference = line(&mut errors, "reference", "Référence", &self.reference);
        let from = day(&mut errors, "du", "Première date", &self.du);
        let to = day(&mut errors, "au", "Dernière date", &self.au);
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            errors.push("au", "La dernière date vient avant la première : échangez-les.");
        }
        let parsed = ParsedFilter {
            name,
            reference,
            outcome: Outcome::from_code(self.reponse.trim()),
            department: self.departement.trim().parse().ok(),
            from,
            to,
        };
        (parsed, errors)
    }

    /// Whether anything is looked for.
    pub fn is_empty(&self) -> bool {
        [
            &self.nom,
            &self.reference,
            &self.reponse,
            &self.departement,
            &self.du,
            &self.au,
        ]
        .into_iter()
        .all(|text| text.trim().is_empty())
    }
}

/// Longest text looked for, in characters.
const MAX_TEXT: usize = 100;

fn line(errors: &mut FieldErrors, field: &'static str, label: &str, text: &str) -> Option<String> {
    if text.trim().is_empty() {
        return None;
    }
    clean_line(text, MAX_TEXT)
        .map_err(|error| errors.push(field, format!("{label} : {error}.")))
        .ok()
}

pub(super) fn day(
    errors: &mut FieldErrors,
    field: &'static str,
    label: &str,
    text: &str,
) -> Option<NaiveDate> {
    if text.trim().is_empty() {
        return None;
    }
    dates::full(text)
        .map_err(|error| errors.push(field, format!("{label} : {error}.")))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_filter_finds_everything() {
        let (filter, errors) = HistoryFilter::default().parse();
        assert!(errors.is_empty());
        assert_eq!(filter, ParsedFilter::default());
    }

    #[test]
    fn what_cannot_be_understood_is_told_and_left_out() {
        let form: HistoryFilter = serde_html_form::from_str(
            "nom=+Durand+&reponse=unknown&departement=rhone&du=32%2F01%2F2026&au=2026-03-01",
        )
        .unwrap();
        assert!(!form.is_empty());
        let (filter, errors) = form.parse();
        assert_eq!(filter.name.as_deref(), Some("Durand"));
        assert_eq!(filter.outcome, Some(Outcome::Unknown));
        assert_eq!(filter.department.unwrap().as_str(), "rhone");
        assert!(filter.from.is_none() && filter.to.is_some());
        assert!(errors.get("du").unwrap().contains("calendrier"));
    }

    #[test]
    fn dates_the_wrong_way_round_are_told() {
        let form = HistoryFilter {
            du: "02/01/2026".into(),
            au: "01/01/2026".into(),
            ..HistoryFilter::default()
        };
        assert!(form.parse().1.get("au").is_some());
    }
}
