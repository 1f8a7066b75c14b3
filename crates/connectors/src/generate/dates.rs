//! Dates of fiction, and how a register writes them.

use chrono::{Datelike, Days, NaiveDate};

use super::random::Random;

/// The day the register is as of: nothing in it is later.
pub(super) fn as_of() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 9, 30).unwrap_or_default()
}

/// A day from `first` to `last`, both included; `first` when they are the wrong way round.
pub(super) fn day_between(random: &mut Random, first: NaiveDate, last: NaiveDate) -> NaiveDate {
    let days = u32::try_from((last - first).num_days()).unwrap_or_default();
    first + Days::new(u64::from(random.between(0, days)))
}

/// The last day of a day's month.
pub(super) fn month_end(day: NaiveDate) -> NaiveDate {
    let (year, month) = (day.year() + i32::from(day.month() == 12), day.month() % 12 + 1);
    NaiveDate::from_ymd_opt(year, month, 1)
        .and_then(|next| next.pred_opt())
        .unwrap_or(day)
}

/// The first day of a year.
pub(super) fn year_start(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default()
}

/// How much of a date of birth is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    All,
    Month,
    Year,
}

/// Year, month and day with 0 for what is not known.
pub(super) fn parts(day: NaiveDate, known: Known) -> (i32, u32, u32) {
    match known {
        Known::All => (day.year(), day.month(), day.day()),
        Known::Month => (day.year(), day.month(), 0),
        Known::Year => (day.year(), 0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_end_where_the_calendar_says() {
        let end = |text: &str| month_end(text.parse().unwrap()).to_string();
        assert_eq!(end("2024-02-03"), "2024-02-29");
        assert_eq!(end("2025-12-31"), "2025-12-31");
        assert_eq!(end("2026-09-01"), "2026-09-30");
    }
}
