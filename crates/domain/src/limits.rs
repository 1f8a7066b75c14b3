//! How many inquiries a notary may make, and how many tries at one person are answered.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::settings::checks;

/// A span of time that ends now. It slides: there is no full hour at which everybody begins anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Sixty minutes.
    Hour,
    /// Twenty-four hours.
    Day,
}

impl Span {
    /// How long it is.
    pub fn length(self) -> TimeDelta {
        match self {
            Self::Hour => TimeDelta::hours(1),
            Self::Day => TimeDelta::days(1),
        }
    }
}

/// How many inquiries (one notary, one deceased person, one département) a notary may make in a span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Quota {
    /// In any sixty minutes.
    #[serde(deserialize_with = "checks::at_least_one")]
    pub inquiries_per_hour: u32,
    /// In any twenty-four hours.
    #[serde(deserialize_with = "checks::at_least_one")]
    pub inquiries_per_day: u32,
}

impl Default for Quota {
    fn default() -> Self {
        Self {
            inquiries_per_hour: 60,
            inquiries_per_day: 300,
        }
    }
}

impl Quota {
    /// Stands for a span that has no limit.
    pub const NONE: u32 = u32::MAX;

    /// The most that may ever be asked at once.
    pub fn at_once(self) -> u32 {
        self.inquiries_per_hour.min(self.inquiries_per_day)
    }

    /// Each span that has a limit, with it.
    pub fn spans(self) -> impl Iterator<Item = (Span, u32)> {
        let both = [
            (Span::Hour, self.inquiries_per_hour),
            (Span::Day, self.inquiries_per_day),
        ];
        both.into_iter().filter(|(_, limit)| *limit != Self::NONE)
    }
}

/// What a département allows a notary, besides what the platform does (`[limits]` of `tenant.toml`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Inquiries to this département in any sixty minutes; the platform's limit alone when absent.
    #[serde(
        deserialize_with = "checks::optional_at_least_one",
        skip_serializing_if = "Option::is_none"
    )]
    pub inquiries_per_hour: Option<u32>,
    /// Inquiries to this département in any twenty-four hours; the platform's limit alone when absent.
    #[serde(
        deserialize_with = "checks::optional_at_least_one",
        skip_serializing_if = "Option::is_none"
    )]
    pub inquiries_per_day: Option<u32>,
}

impl Limits {
    /// As a quota of its own.
    pub fn quota(self) -> Quota {
        Quota {
            inquiries_per_hour: self.inquiries_per_hour.unwrap_or(Quota::NONE),
            inquiries_per_day: self.inquiries_per_day.unwrap_or(Quota::NONE),
        }
    }
}

/// How many different civil statuses so close that they may be one person's (see `matching::series`) an office may try
/// (`[lookups]` of `tenant.toml`). Without such a bound the service would be a way to look people up: whoever half knows
/// a name or a birthday could try until the register answers.
///
/// The defaults leave room for honest work: a first inquiry and three corrections (a typing error, the name in use, a
/// date that was incomplete) are answered as any other. From the fifth on the machine tells nothing more and an officer
/// looks; nobody is locked out by that. Past the twelfth nothing is taken at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lookups {
    /// So many are answered by the machine; those after them are left to an officer.
    pub answered: u32,
    /// So many are taken at all; those after them are refused. Not fewer than `answered`.
    pub taken: u32,
    /// Days for which a try counts.
    pub days: u32,
}

impl Default for Lookups {
    fn default() -> Self {
        Self {
            answered: 4,
            taken: 12,
            days: 30,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_departement_binds_only_where_it_says_so() {
        assert_eq!(Limits::default().quota().spans().count(), 0);
        let own = Limits {
            inquiries_per_day: Some(2),
            ..Limits::default()
        };
        assert_eq!(own.quota().spans().collect::<Vec<_>>(), [(Span::Day, 2)]);
        assert_eq!(Quota::default().at_once(), 60);
    }
}
