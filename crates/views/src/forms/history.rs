//! The filter of « Mes demandes ».

use chrono::NaiveDate;
use domain::{DepartmentSlug, Outcome};
use serde::{Deserialize, Serialize};

use super::FieldErrors;

/// What was typed, as it stands in the query of the address.
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
    /// Page, from 1.
    pub page: String,
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
    /// Page, from 1.
    pub page: u32,
}

impl HistoryFilter {
    /// Takes what can be taken; what cannot is left out and told, so that the list is shown all the same.
    pub fn parse(&self) -> (ParsedFilter, FieldErrors) {
        todo!()
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
