//! Two dates of birth, by what a clerk does wrong: a digit, day for month, a neighbouring year, the convention of
//! 1 January for who does not know the day.

use domain::PartialDate;

/// Years between two births from which one may be the other's parent.
pub(crate) const GENERATION: u32 = 15;

/// How one part of a date stands to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartTie {
    /// Equal.
    Same,
    /// Not known on one side.
    Unknown,
    /// Not known on either side: the same gap in both is evidence.
    BothUnknown,
    /// One digit replaced, or two exchanged.
    Digit,
    /// Two parts.
    Other,
}

/// How the years stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum YearTie {
    /// Equal.
    Same,
    /// The year before or after.
    Neighbour,
    /// The last two digits exchanged.
    Exchanged,
    /// The last digit replaced.
    Unit,
    /// The decade replaced.
    Decade,
    /// The century replaced.
    Century,
    /// Two years.
    Other,
}

/// How day and month stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayTie {
    /// Part by part.
    Parts {
        /// The day.
        day: PartTie,
        /// The month.
        month: PartTie,
    },
    /// Day and month exchanged.
    Exchanged,
    /// One side says 1 January, as is the convention where the day is not known.
    FirstOfJanuary,
}

/// What a date that differs is worth against a namesake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weakness {
    /// A slip of the pen leaves most of it.
    Slip,
    /// The day is unknown.
    Unknown,
    /// Only the year is known; or the decade is the one before or after, as when a line of a form is misread; or one side
    /// says 1 January, by which clerks mean that they do not know, and which is also a day to be born on.
    Part,
    /// Namesakes of one family are born some years apart: it may be another date.
    Another,
}

/// Two dates of birth compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateTie {
    /// Day and month.
    pub day: DayTie,
    /// Year.
    pub year: YearTie,
    /// Years between both.
    pub gap: u32,
    /// Both say 1 January, which may mean that nobody knew the day.
    pub conventional: bool,
}

impl DateTie {
    /// Compares; the same from both sides.
    pub fn of(a: PartialDate, b: PartialDate) -> Self {
        Self {
            day: days(a, b),
            year: years(a.year(), b.year()),
            gap: a.year().abs_diff(b.year()),
            conventional: [a, b]
                .iter()
                .all(|date| (date.day(), date.month()) == (Some(1), Some(1))),
        }
    }

    /// The whole date is known on both sides and the same.
    pub fn is_same(self) -> bool {
        self.year == YearTie::Same
            && self.day
                == DayTie::Parts {
                    day: PartTie::Same,
                    month: PartTie::Same,
                }
    }

    /// How much of a date is left to tell somebody from a namesake.
    pub(crate) fn weakness(self) -> Weakness {
        let known = |tie: PartTie| !matches!(tie, PartTie::Unknown | PartTie::BothUnknown);
        match (self.day, self.year) {
            (DayTie::FirstOfJanuary, YearTie::Same) => Weakness::Part,
            (DayTie::FirstOfJanuary, _) => Weakness::Another,
            (DayTie::Parts { month, .. }, YearTie::Same) if !known(month) => Weakness::Part,
            (DayTie::Parts { day, .. }, YearTie::Same) if !known(day) => Weakness::Unknown,
            (DayTie::Parts { day, month }, _) if !(known(day) && known(month)) => Weakness::Another,
            (_, YearTie::Same | YearTie::Neighbour) => Weakness::Slip,
            (_, YearTie::Decade) if self.gap == 10 => Weakness::Part,
            _ => Weakness::Another,
        }
    }

    /// Slips it takes to write one for the other: 0 where parts are merely unknown; `None` when no slips explain it.
    pub fn slips(self) -> Option<u32> {
        let year = match self.year {
            YearTie::Same => 0,
            YearTie::Other => return None,
            _ => 1,
        };
        let part = |tie: PartTie| match tie {
            PartTie::Same | PartTie::Unknown | PartTie::BothUnknown => Some(0),
            PartTie::Digit => Some(1),
            PartTie::Other => None,
        };
        Some(match self.day {
            DayTie::Parts { day, month } => part(day)? + part(month)? + year,
            DayTie::Exchanged | DayTie::FirstOfJanuary => 1 + year,
        })
    }
}

fn days(a: PartialDate, b: PartialDate) -> DayTie {
    let whole = |date: PartialDate| Some((date.day()?, date.month()?));
    if let (Some((day, month)), Some((other_day, other_month))) = (whole(a), whole(b))
        && (day, month) != (other_day, other_month)
    {
        if (day, month) == (other_month, other_day) {
            return DayTie::Exchanged;
        }
        if (day, month) == (1, 1) || (other_day, other_month) == (1, 1) {
            // One of both equal is a nearer reading than a convention.
            let parts = (
                part(Some(day), Some(other_day)),
                part(Some(month), Some(other_month)),
            );
            if parts.0 != PartTie::Same && parts.1 != PartTie::Same {
                return DayTie::FirstOfJanuary;
            }
        }
    }
    // The last of one month and the first of the next.
    if let (Some(one), Some(other)) = (a.full(), b.full())
        && a.month() != b.month()
        && a.year() == b.year()
        && (one - other).num_days().abs() == 1
    {
        return DayTie::Parts {
            day: PartTie::Digit,
            month: PartTie::Same,
        };
    }
    DayTie::Parts {
        day: part(a.day(), b.day()),
        month: part(a.month(), b.month()),
    }
}

fn part(a: Option<u32>, b: Option<u32>) -> PartTie {
    let (Some(a), Some(b)) = (a, b) else {
        return if a == b {
            PartTie::BothUnknown
        } else {
            PartTie::Unknown
        };
    };
    let digits = |part: u32| (part / 10, part % 10);
    let ((a10, a1), (b10, b1)) = (digits(a), digits(b));
    if a == b {
        PartTie::Same
    } else if a10 == b10 || a1 == b1 || (a10, a1) == (b1, b10) || a.abs_diff(b) == 1 {
        PartTie::Digit
    } else {
        PartTie::Other
    }
}

fn years(a: i32, b: i32) -> YearTie {
    let digits = |year: i32| (year / 100, year / 10 % 10, year % 10);
    let ((ac, ad, au), (bc, bd, bu)) = (digits(a), digits(b));
    if a == b {
        YearTie::Same
    } else if a.abs_diff(b) == 1 {
        YearTie::Neighbour
    } else if ac == bc && (ad, au) == (bu, bd) {
        YearTie::Exchanged
    } else if ac == bc && ad == bd {
        YearTie::Unit
    } else if ac == bc && au == bu {
        YearTie::Decade
    } else if (ad, au) == (bd, bu) && a.abs_diff(b) == 100 {
        YearTie::Century
    } else {
        YearTie::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tie(a: &str, b: &str) -> DateTie {
        let date = |text: &str| PartialDate::parse(text).unwrap();
        let there = DateTie::of(date(a), date(b));
        assert_eq!(there, DateTie::of(date(b), date(a)));
        there
    }

    #[test]
    fn tells_slips_from_other_dates() {
        for (a, b, slips) in [
            ("03/11/1931", "03/11/1931", Some(0)),
            ("03/11/1931", "00/11/1931", Some(0)),
            ("03/11/1931", "08/11/1931", Some(1)),
            ("03/11/1931", "11/03/1931", Some(1)),
            ("12/11/1931", "21/11/1931", Some(1)),
            ("03/11/1931", "03/12/1931", Some(1)),
            ("03/11/1931", "03/11/1932", Some(1)),
            ("03/11/1931", "03/11/1913", Some(1)),
            ("03/11/1931", "03/11/1941", Some(1)),
            ("14/07/1931", "01/01/1931", Some(1)),
            ("03/11/1931", "08/11/1941", Some(2)),
            ("30/11/1931", "01/12/1931", Some(1)),
            ("03/11/1931", "26/11/1931", None),
            ("03/11/1931", "03/11/1958", None),
        ] {
            assert_eq!(tie(a, b).slips(), slips, "{a} / {b}");
        }
        assert!(tie("03/11/1931", "03/11/1931").is_same());
        assert!(!tie("03/11/1931", "00/11/1931").is_same());
    }
}
