//! Dates of civil status, of which the day or the month may be unknown.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// A date cannot be taken as typed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not a date in any form we know.
    #[error("écrivez la date sous la forme JJ/MM/AAAA, par exemple 23/11/1931")]
    Form,
    /// Day and month that the calendar does not have.
    #[error("cette date n’existe pas au calendrier")]
    Calendar,
    /// A day without its month.
    #[error("si le mois est inconnu (00), le jour l’est aussi (00)")]
    DayWithoutMonth,
    /// A part is missing where the whole date is wanted.
    #[error("cette date doit être complète")]
    Incomplete,
    /// Later than today.
    #[error("cette date est dans l’avenir")]
    Future,
    /// Before any person alive could be born.
    #[error("l’année doit être comprise entre 1850 et aujourd’hui")]
    TooOld,
}

/// A date whose day, or day and month, may be unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartialDate {
    year: i32,
    month: Option<u32>,
    day: Option<u32>,
}

impl PartialDate {
    /// Earliest year taken.
    pub const FIRST_YEAR: i32 = 1850;

    /// A date from its parts.
    ///
    /// # Errors
    /// When the calendar has no such date, or a day stands without a month.
    pub fn new(year: i32, month: Option<u32>, day: Option<u32>) -> Result<Self, DateError> {
        if !(Self::FIRST_YEAR..=2200).contains(&year) {
            return Err(DateError::TooOld);
        }
        let exists = match (month, day) {
            (None, Some(_)) => return Err(DateError::DayWithoutMonth),
            (None, None) => true,
            (Some(month), None) => (1..=12).contains(&month),
            (Some(month), Some(day)) => NaiveDate::from_ymd_opt(year, month, day).is_some(),
        };
        if exists {
            Ok(Self { year, month, day })
        } else {
            Err(DateError::Calendar)
        }
    }

    /// Takes `JJ/MM/AAAA` (also with `-` or `.`) or ISO `AAAA-MM-JJ`, `00` standing for an unknown part.
    ///
    /// # Errors
    /// A [`DateError`] to show at the field.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let parts: Vec<&str> = text.trim().split(['/', '-', '.']).map(str::trim).collect();
        let [a, b, c] = parts[..] else {
            return Err(DateError::Form);
        };
        let (year, month, day) = if a.len() == 4 { (a, b, c) } else { (c, b, a) };
        if year.len() != 4 {
            return Err(DateError::Form);
        }
        let number = |text: &str| -> Result<u32, DateError> {
            if text.is_empty() || text.len() > 4 || !text.bytes().all(|b| b.is_ascii_digit()) {
                return Err(DateError::Form);
            }
            text.parse().map_err(|_| DateError::Form)
        };
        let known = |part: u32| (part != 0).then_some(part);
        let year = i32::try_from(number(year)?).map_err(|_| DateError::Form)?;
        Self::new(year, known(number(month)?), known(number(day)?))
    }

    /// Year, always known.
    pub fn year(self) -> i32 {
        self.year
    }

    /// Month, 1 to 12, if known.
    pub fn month(self) -> Option<u32> {
        self.month
    }

    /// Day, 1 to 31, if known.
    pub fn day(self) -> Option<u32> {
        self.day
    }

    /// The date when every part is known.
    pub fn full(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year, self.month?, self.day?)
    }

    /// The first day it may mean.
    pub fn earliest(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1)).unwrap_or_default()
    }

    /// The last day it may mean.
    pub fn latest(self) -> NaiveDate {
        let month = self.month.unwrap_or(12);
        let last = (28..=31)
            .rev()
            .find_map(|day| NaiveDate::from_ymd_opt(self.year, month, self.day.unwrap_or(day)));
        last.unwrap_or_default()
    }

    /// Whether both may mean the same day: every part known on both sides is equal.
    pub fn compatible(self, other: Self) -> bool {
        let same = |a: Option<u32>, b: Option<u32>| a.is_none() || b.is_none() || a == b;
        self.year == other.year && same(self.month, other.month) && same(self.day, other.day)
    }
}

impl From<NaiveDate> for PartialDate {
    fn from(date: NaiveDate) -> Self {
        Self {
            year: date.year(),
            month: Some(date.month()),
            day: Some(date.day()),
        }
    }
}

/// ISO 8601 with `00` for unknown parts: sorts by time and goes through [`PartialDate::parse`] again.
impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:04}-{:02}-{:02}",
            self.year,
            self.month.unwrap_or(0),
            self.day.unwrap_or(0)
        )
    }
}

impl FromStr for PartialDate {
    type Err = DateError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for PartialDate {
    type Error = DateError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> Self {
        date.to_string()
    }
}

/// Takes a date that must be complete, in the forms of [`PartialDate::parse`].
///
/// # Errors
/// A [`DateError`] to show at the field.
pub fn parse_full_date(text: &str) -> Result<NaiveDate, DateError> {
    PartialDate::parse(text)?.full().ok_or(DateError::Incomplete)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn takes_french_and_iso_dates_and_unknown_parts() {
        let date = PartialDate::parse("3/11/1931").unwrap();
        assert_eq!(date, PartialDate::parse("1931-11-03").unwrap());
        assert_eq!(date.to_string(), "1931-11-03");
        assert_eq!(PartialDate::parse("00/11/1931").unwrap().full(), None);
        assert_eq!(
            PartialDate::parse("00/00/1931").unwrap().to_string(),
            "1931-00-00"
        );
        assert_eq!(PartialDate::parse("12/00/1931"), Err(DateError::DayWithoutMonth));
        assert_eq!(PartialDate::parse("31/02/1931"), Err(DateError::Calendar));
        assert_eq!(PartialDate::parse("1931"), Err(DateError::Form));
        assert_eq!(PartialDate::parse("01/01/0031"), Err(DateError::TooOld));
        assert_eq!(parse_full_date("00/11/1931"), Err(DateError::Incomplete));
    }

    #[test]
    fn unknown_parts_leave_doubt() {
        let whole = PartialDate::parse("03/11/1931").unwrap();
        assert!(whole.compatible(PartialDate::parse("00/11/1931").unwrap()));
        assert!(whole.compatible(PartialDate::parse("00/00/1931").unwrap()));
        assert!(!whole.compatible(PartialDate::parse("00/12/1931").unwrap()));
    }

    #[test]
    fn spans_the_days_it_may_mean() {
        let span = |text: &str| {
            let date = PartialDate::parse(text).unwrap();
            (date.earliest().to_string(), date.latest().to_string())
        };
        assert_eq!(span("1932-00-00"), ("1932-01-01".into(), "1932-12-31".into()));
        assert_eq!(span("1932-02-00"), ("1932-02-01".into(), "1932-02-29".into()));
        assert_eq!(span("1932-02-03"), ("1932-02-03".into(), "1932-02-03".into()));
    }

    proptest! {
        #[test]
        fn parsing_never_panics(text in "\\PC{0,20}") {
            let _ = PartialDate::parse(&text);
        }

        #[test]
        fn display_parses_back(year in 1850i32..2200, month in 0u32..13, day in 0u32..32) {
            let known = |part: u32| (part != 0).then_some(part);
            if let Ok(date) = PartialDate::new(year, known(month), known(day)) {
                prop_assert_eq!(PartialDate::parse(&date.to_string()), Ok(date));
            }
        }
    }
}
