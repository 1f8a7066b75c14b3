//! Filters and functions of templates: how French writes what a context holds.

use chrono::{DateTime, NaiveDate, Timelike, Utc};
use domain::{Amount, Outcome, PartialDate, Role, french};
use minijinja::{Environment, Error, ErrorKind};

use crate::{render, typography};

/// Makes every filter and function known to the templates.
pub(crate) fn add_to(environment: &mut Environment<'_>) {
    environment.add_filter("date", date);
    environment.add_filter("instant", instant);
    environment.add_filter("instant_exact", instant_exact);
    environment.add_filter("day", day);
    environment.add_filter("partial_date", partial_date);
    environment.add_filter("is_whole", is_whole);
    environment.add_filter("file_size", file_size);
    environment.add_filter("amount", |cents: u64| french::amount(Amount::from_cents(cents)));
    environment.add_filter("number", french::integer);
    environment.add_filter("outcome", |code: &str| outcome(code).map(Outcome::label));
    environment.add_filter("role", role);
    environment.add_filter("phone", |number: &str| number.replace(' ', "\u{a0}"));
    environment.add_filter("typo", |text: &str| typography::set(text).into_owned());
    environment.add_function("statique", |name: &str| render::statique(name));
}

fn bad(what: &str, text: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("not {what}: {text}"))
}

/// `23 novembre 2026`.
fn date(text: &str) -> Result<String, Error> {
    text.parse::<NaiveDate>()
        .map(french::date)
        .map_err(|_| bad("a date", text))
}

/// `23 novembre 2026 à 17 h 40`, in the time of Paris.
fn instant(text: &str) -> Result<String, Error> {
    let paris = in_paris(text)?;
    Ok(format!(
        "{} à {}{nbsp}h{nbsp}{:02}",
        french::date(paris.date_naive()),
        paris.hour(),
        paris.minute(),
        nbsp = french::NBSP
    ))
}

/// `23/11/2026 à 17 h 40 min 05 s`, in the time of Paris: for lists in which seconds count.
fn instant_exact(text: &str) -> Result<String, Error> {
    let paris = in_paris(text)?;
    let written = paris.format("%d/%m/%Y à %-H~h~%M~min~%S~s").to_string();
    Ok(written.replace('~', &french::NBSP.to_string()))
}

/// The day of an instant in Paris: `23 novembre 2026`.
fn day(text: &str) -> Result<String, Error> {
    Ok(french::date(in_paris(text)?.date_naive()))
}

fn in_paris(text: &str) -> Result<DateTime<chrono_tz::Tz>, Error> {
    let utc: DateTime<Utc> = text.parse().map_err(|_| bad("an instant", text))?;
    Ok(utc.with_timezone(&chrono_tz::Europe::Paris))
}

/// Whether day and month are known: « le 3 novembre 1931 », but « en 1931 ».
fn is_whole(text: &str) -> Result<bool, Error> {
    PartialDate::parse(text)
        .map(|date| date.full().is_some())
        .map_err(|_| bad("a date of civil status", text))
}

/// `84 ko`, `1,2 Mo`: decimal units, rounded up so that nothing has 0 ko.
fn file_size(bytes: u64) -> String {
    let nbsp = french::NBSP;
    if bytes < 1_000_000 {
        format!("{}{nbsp}ko", bytes.div_ceil(1000))
    } else {
        let tenths = bytes.div_ceil(100_000);
        format!("{},{}{nbsp}Mo", french::integer(tenths / 10), tenths % 10)
    }
}

/// `novembre 1931`.
fn partial_date(text: &str) -> Result<String, Error> {
    PartialDate::parse(text)
        .map(french::partial_date)
        .map_err(|_| bad("a date of civil status", text))
}

fn outcome(code: &str) -> Result<Outcome, Error> {
    Outcome::from_code(code).ok_or_else(|| bad("an outcome", code))
}

fn role(code: &str) -> Result<&'static str, Error> {
    Role::from_code(code)
        .map(Role::label)
        .ok_or_else(|| bad("a role", code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_that_of_paris() {
        assert_eq!(
            instant("2026-11-23T16:40:00Z").unwrap(),
            "23\u{a0}novembre 2026 à 17\u{a0}h\u{a0}40"
        );
        assert_eq!(
            instant("2026-07-31T22:05:00Z").unwrap(),
            "1er\u{a0}août 2026 à 0\u{a0}h\u{a0}05"
        );
        assert_eq!(day("2026-07-31T22:05:00Z").unwrap(), "1er\u{a0}août 2026");
        assert!(instant("hier").is_err());
        assert_eq!(
            instant_exact("2026-07-31T22:05:09Z").unwrap(),
            "01/08/2026 à 0\u{a0}h\u{a0}05\u{a0}min\u{a0}09\u{a0}s"
        );
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!(file_size(1), "1\u{a0}ko");
        assert_eq!(file_size(83_801), "84\u{a0}ko");
        assert_eq!(file_size(1_234_567), "1,3\u{a0}Mo");
    }
}
