//! How many inquiries a notary may make, and how many tries at one person are answered.

use chrono::{DateTime, TimeDelta, Utc};
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

/// There is no room for what is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// In which span.
    pub span: Span,
    /// How many inquiries it takes.
    pub limit: u32,
    /// From when on there is room.
    pub opens_at: DateTime<Utc>,
}

impl Quota {
    /// The most that may ever be asked at once.
    pub fn at_once(self) -> u32 {
        self.inquiries_per_hour.min(self.inquiries_per_day)
    }

    /// Whether `wanted` inquiries more are too many after those made at the moments `made`, in whatever order: the span
    /// that opens last. `wanted` is at most [`Quota::at_once`]. Moments later than `now` (a clock was set back) count.
    pub fn reached(self, made: &[DateTime<Utc>], wanted: usize, now: DateTime<Utc>) -> Option<Reached> {
        let spans = [
            (Span::Hour, self.inquiries_per_hour),
            (Span::Day, self.inquiries_per_day),
        ];
        let reached = spans.into_iter().filter_map(|(span, limit)| {
            let mut within: Vec<_> = made.iter().filter(|at| **at > now - span.length()).collect();
            within.sort_unstable();
            let over = (within.len() + wanted).checked_sub(limit as usize)?;
            let last_to_leave = over.min(within.len()).checked_sub(1)?;
            Some(Reached {
                span,
                limit,
                opens_at: *within[last_to_leave] + span.length(),
            })
        });
        reached.max_by_key(|reached| reached.opens_at)
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
            inquiries_per_hour: self.inquiries_per_hour.unwrap_or(u32::MAX),
            inquiries_per_day: self.inquiries_per_day.unwrap_or(u32::MAX),
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
    use proptest::prelude::*;

    use super::*;

    const QUOTA: Quota = Quota {
        inquiries_per_hour: 3,
        inquiries_per_day: 5,
    };

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    fn all(minutes: &[i64]) -> Vec<DateTime<Utc>> {
        minutes.iter().map(|minutes| at(*minutes)).collect()
    }

    #[test]
    fn an_hour_and_a_day_are_counted_apart_and_slide() {
        let opens = |made: &[i64], wanted, now| {
            let reached = QUOTA.reached(&all(made), wanted, at(now));
            reached.map(|reached| (reached.span, reached.limit, reached.opens_at))
        };
        assert_eq!(opens(&[], 3, 0), None);
        assert_eq!(opens(&[0, 10], 1, 20), None);
        assert_eq!(opens(&[10, 0, 20], 1, 30), Some((Span::Hour, 3, at(60))));
        assert_eq!(opens(&[10, 0, 20], 2, 30), Some((Span::Hour, 3, at(70))));
        assert_eq!(opens(&[0, 10, 20], 1, 59), Some((Span::Hour, 3, at(60))));
        assert_eq!(opens(&[0, 10, 20], 1, 60), None);
        let day = [0, 100, 200, 300, 400];
        assert_eq!(opens(&day, 1, 500), Some((Span::Day, 5, at(1440))));
        assert_eq!(opens(&day, 2, 500), Some((Span::Day, 5, at(1540))));
        assert_eq!(opens(&day, 1, 1440), None);
        // Both: the one that opens last.
        assert_eq!(
            opens(&[0, 1, 700, 701, 702], 1, 710),
            Some((Span::Day, 5, at(1440)))
        );
        // The clock was set back: what was made "later" still counts.
        assert_eq!(opens(&[50, 51, 52], 1, 0), Some((Span::Hour, 3, at(110))));
    }

    #[test]
    fn a_departement_without_limits_of_its_own_has_none() {
        let many = vec![at(0); 10_000];
        assert_eq!(Limits::default().quota().reached(&many, 1, at(1)), None);
        let own = Limits {
            inquiries_per_day: Some(2),
            ..Limits::default()
        };
        assert!(own.quota().reached(&many[..2], 1, at(1)).is_some());
    }

    proptest! {
        #[test]
        fn it_opens_when_it_says_and_not_before(
            made in proptest::collection::vec(0_i64..3000, 0..12), wanted in 1_usize..=3, now in 0_i64..3000,
        ) {
            let made: Vec<i64> = made.into_iter().filter(|at| *at <= now).collect();
            if let Some(reached) = QUOTA.reached(&all(&made), wanted, at(now)) {
                prop_assert!(reached.opens_at > at(now));
                prop_assert!(QUOTA.reached(&all(&made), wanted, reached.opens_at).is_none());
                let before = reached.opens_at - TimeDelta::milliseconds(1);
                prop_assert!(QUOTA.reached(&all(&made), wanted, before).is_some());
            }
        }
    }
}
