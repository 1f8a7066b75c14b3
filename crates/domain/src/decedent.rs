//! The deceased person a notary asks about.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::civil_status::{FamilyName, GivenNames, Place, Sex};
use crate::partial_date::PartialDate;

/// What the notary states of the deceased. At least one of the two names is there: see [`Decedent::names`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decedent {
    /// Family name at birth.
    pub birth_name: Option<FamilyName>,
    /// Name in use (married name, for instance).
    pub usage_name: Option<FamilyName>,
    /// Given names in civil-status order.
    pub given_names: GivenNames,
    /// Sex, when stated.
    pub sex: Option<Sex>,
    /// Date of birth; day or month may be unknown.
    pub birth_date: PartialDate,
    /// Commune or country of birth.
    pub birth_place: Option<Place>,
    /// Date of death.
    pub death_date: NaiveDate,
    /// Commune of death.
    pub death_place: Option<Place>,
    /// Date of the death certificate (acte de décès).
    pub death_certificate_date: Option<NaiveDate>,
}

impl Decedent {
    /// The family names stated, birth name first.
    pub fn names(&self) -> impl Iterator<Item = &FamilyName> {
        self.birth_name.iter().chain(self.usage_name.iter())
    }

    /// As a letter or a list names the person: `Marie Jeanne DURAND, épouse PETIT` without the word of the tie:
    /// `Marie Jeanne DURAND (nom d’usage : PETIT)`.
    pub fn full_name(&self) -> String {
        let upper = |name: &FamilyName| name.as_str().to_uppercase();
        let given = &self.given_names;
        match (&self.birth_name, &self.usage_name) {
            (Some(birth), Some(usage)) if upper(birth) != upper(usage) => {
                format!("{given} {} (nom d’usage : {})", upper(birth), upper(usage))
            }
            (Some(name), _) | (None, Some(name)) => format!("{given} {}", upper(name)),
            (None, None) => given.to_string(),
        }
    }
}
