//! The time zone a département dates its letters in.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A time zone by its IANA name: `Europe/Paris`, `Indian/Reunion`, `America/Martinique`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeZone(chrono_tz::Tz);

impl TimeZone {
    /// The day it is there at that moment: the date of a letter.
    pub fn day(self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.0).date_naive()
    }

    /// The zone itself, for computing with hours.
    pub fn tz(self) -> chrono_tz::Tz {
        self.0
    }
}

impl Default for TimeZone {
    /// Metropolitan France.
    fn default() -> Self {
        Self(chrono_tz::Europe::Paris)
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

impl TryFrom<String> for TimeZone {
    type Error = String;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self).map_err(|_| {
            format!(
                "unknown time zone `{text}`, expected an IANA name such as `Europe/Paris` or `Indian/Reunion`"
            )
        })
    }
}

impl From<TimeZone> for String {
    fn from(zone: TimeZone) -> Self {
        zone.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_bears_the_date_of_its_place() {
        let at: DateTime<Utc> = "2026-06-30T22:30:00Z".parse().unwrap();
        let day = |zone: &str| TimeZone::try_from(zone.to_owned()).unwrap().day(at).to_string();
        assert_eq!(day("Europe/Paris"), "2026-07-01");
        assert_eq!(day("America/Martinique"), "2026-06-30");
        assert!(TimeZone::try_from("Paris".to_owned()).is_err());
    }
}
