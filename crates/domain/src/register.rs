//! What a département knows.

use serde::{Deserialize, Serialize};

use crate::aids::Aid;
use crate::civil_status::{FamilyName, GivenNames, Place, Sex};
use crate::partial_date::PartialDate;

/// One person in the register, with the aids granted to them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Individual {
    /// The département's own identifier of the person (`identifiant` of the import).
    pub identifier: String,
    /// Sex, when known.
    pub sex: Option<Sex>,
    /// Family name at birth.
    pub birth_name: Option<FamilyName>,
    /// Name in use.
    pub usage_name: Option<FamilyName>,
    /// Given names.
    pub given_names: GivenNames,
    /// Date of birth; day or month may be unknown.
    pub birth_date: PartialDate,
    /// Commune of birth.
    pub birth_place: Option<Place>,
    /// Date of death as far as the département knows it.
    pub death_date: Option<PartialDate>,
    /// Aids, in the order of the file.
    pub aids: Vec<Aid>,
}
