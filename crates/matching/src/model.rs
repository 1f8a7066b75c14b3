//! The probabilities the evidence is weighed by (Fellegi and Sunter, « A Theory for Record Linkage », *JASA* 64, 1969).
//!
//! For each field and each way its two sides stand to each other, `m` is the probability of meeting it between two
//! records of one person. The probability of meeting it between two people, `u`, is counted in the register for
//! names, places and years, and follows from the calendar for days and months. The weight is log₂(m/u), in bits.
//!
//! Where the figures come from: they are set by hand, not counted. Each is an order of magnitude (some per cent of
//! fields hold some error), spread over the kinds of error so that none is forgotten because some register shows it
//! rarely, and deliberately high: an error taken for too likely makes a doubt of somebody who would else be missed,
//! while what is definite is decided by the people who might be mistaken for each other (see [`crate::Definite`])
//! and not by these figures alone. `dn match estimate` estimates them anew by expectation–maximisation for whoever
//! has a register and queries of their own.

use serde::{Deserialize, Serialize};

/// Probabilities of each tie between two records of one person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Model {
    /// Family names.
    pub family: FamilyModel,
    /// First given names.
    pub given: GivenModel,
    /// Dates of birth.
    pub date: DateModel,
    /// Sex: the probability that it is recorded wrong.
    pub wrong_sex: f64,
    /// Place of birth.
    pub place: PlaceModel,
}

/// Family names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FamilyModel {
    /// The same letters.
    pub same: f64,
    /// A particle left out or glued.
    pub particle: f64,
    /// A compound name halved.
    pub part: f64,
    /// Written as it sounds.
    pub sound: f64,
    /// One slip.
    pub one_slip: f64,
    /// Two compounds that share a part.
    pub shared: f64,
    /// Two slips.
    pub two_slips: f64,
    /// Another name.
    pub other: f64,
    /// Name at birth and name in use stand for one another.
    pub exchanged: f64,
}

/// First given names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GivenModel {
    /// The same letters.
    pub same: f64,
    /// Two spellings of one name.
    pub spelling: f64,
    /// Another order.
    pub reordered: f64,
    /// Written as it sounds.
    pub sound: f64,
    /// One slip.
    pub one_slip: f64,
    /// Cut to an initial.
    pub initial: f64,
    /// Another given name of the person stands first.
    pub among: f64,
    /// A composite name halved.
    pub composite: f64,
    /// A short form or another language.
    pub stand_in: f64,
    /// Two slips.
    pub two_slips: f64,
    /// Another name.
    pub other: f64,
}

/// Dates of birth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DateModel {
    /// Day equal.
    pub day_same: f64,
    /// A digit of the day.
    pub day_digit: f64,
    /// Another day.
    pub day_other: f64,
    /// Month equal.
    pub month_same: f64,
    /// A digit of the month.
    pub month_digit: f64,
    /// Another month.
    pub month_other: f64,
    /// Day and month exchanged.
    pub exchanged: f64,
    /// 1 January for an unknown day.
    pub first_of_january: f64,
    /// Year equal.
    pub year_same: f64,
    /// The year before or after.
    pub year_neighbour: f64,
    /// Two digits of the year exchanged.
    pub year_exchanged: f64,
    /// The last digit of the year.
    pub year_unit: f64,
    /// The decade.
    pub year_decade: f64,
    /// Another year.
    pub year_other: f64,
}

/// Places of birth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PlaceModel {
    /// The same.
    pub same: f64,
    /// But for a slip.
    pub near: f64,
    /// Another.
    pub other: f64,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            family: FamilyModel::default(),
            given: GivenModel::default(),
            date: DateModel::default(),
            wrong_sex: 0.02,
            place: PlaceModel::default(),
        }
    }
}

impl Default for FamilyModel {
    fn default() -> Self {
        Self {
            same: 0.78,
            particle: 0.03,
            part: 0.03,
            sound: 0.035,
            one_slip: 0.06,
            shared: 0.005,
            two_slips: 0.01,
            other: 0.012,
            exchanged: 0.15,
        }
    }
}

impl Default for GivenModel {
    fn default() -> Self {
        Self {
            same: 0.76,
            spelling: 0.02,
            reordered: 0.02,
            sound: 0.035,
            one_slip: 0.06,
            initial: 0.01,
            among: 0.03,
            composite: 0.03,
            stand_in: 0.015,
            two_slips: 0.008,
            other: 0.015,
        }
    }
}

impl Default for DateModel {
    fn default() -> Self {
        Self {
            day_same: 0.9,
            day_digit: 0.05,
            day_other: 0.002,
            month_same: 0.92,
            month_digit: 0.035,
            month_other: 0.001,
            exchanged: 0.022,
            first_of_january: 0.015,
            year_same: 0.88,
            year_neighbour: 0.03,
            year_exchanged: 0.01,
            year_unit: 0.025,
            year_decade: 0.02,
            year_other: 0.003,
        }
    }
}

impl Default for PlaceModel {
    fn default() -> Self {
        Self {
            same: 0.85,
            near: 0.05,
            other: 0.1,
        }
    }
}
