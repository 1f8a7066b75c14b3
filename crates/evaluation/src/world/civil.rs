//! A civil status as it is written in a register or a query.

use chrono::NaiveDate;
use domain::{Aid, AidKind, FamilyName, GivenNames, Individual, PartialDate, Place, Sex};

/// A civil status as it is written: no field is checked, any may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Civil {
    /// Family name at birth.
    pub birth_name: String,
    /// Name in use.
    pub usage_name: String,
    /// Given names, in order.
    pub given: Vec<String>,
    /// Day of birth, 0 when unknown.
    pub day: u32,
    /// Month of birth, 0 when unknown.
    pub month: u32,
    /// Year of birth.
    pub year: i32,
    /// Sex.
    pub sex: Option<Sex>,
    /// Commune of birth.
    pub place: String,
    /// Date of death.
    pub death: Option<NaiveDate>,
}

impl Civil {
    /// The date of birth; `None` when the calendar does not have it.
    pub fn date(&self) -> Option<PartialDate> {
        let known = |part: u32| (part != 0).then_some(part);
        PartialDate::new(self.year, known(self.month), known(self.day)).ok()
    }

    /// Sets the date of birth if the calendar has it; says whether it does.
    pub fn set_date(&mut self, year: i32, month: u32, day: u32) -> bool {
        let known = |part: u32| (part != 0).then_some(part);
        let exists = PartialDate::new(year, known(month), known(day)).is_ok() && year < 2026;
        if exists {
            (self.year, self.month, self.day) = (year, month, day);
        }
        exists
    }

    /// As a person of the register; `None` when an import would refuse the row.
    pub fn individual(&self, identifier: String) -> Option<Individual> {
        let name = |text: &str| {
            if text.is_empty() {
                Some(None)
            } else {
                FamilyName::parse(text).ok().map(Some)
            }
        };
        Some(Individual {
            identifier,
            sex: self.sex,
            birth_name: name(&self.birth_name)?,
            usage_name: name(&self.usage_name)?,
            given_names: GivenNames::parse(&self.given.join(" ")).ok()?,
            birth_date: self.date()?,
            birth_place: Place::parse(&self.place).ok(),
            death_date: self.death.map(Into::into),
            aids: vec![Aid {
                kind: AidKind::AshElderly,
                recoverable: None,
                starts: None,
                ends: None,
                amount: None,
                overpayment: None,
                territory: None,
            }],
        })
    }
}
