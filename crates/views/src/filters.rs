//! Filters and functions of templates: how French writes what a context holds.

use chrono::{DateTime, NaiveDate, Timelike, Utc};
use domain::{Amount, Outcome, PartialDate, Role, french};
use minijinja::{Environment, Error, ErrorKind};

use crate::{render, typography};

/// Makes every filter and function known to the templates.
pub(crate) fn add_to(environment: &mut Environment<'_>) {
    environment.add_filter("date", date);
    environment.add_filter("instant", instant);
    environment.add_filter("partial_date", partial_date);
    environment.add_filter("amount", |cents: u64| french::amount(Amount::from_cents(cents)));
    environment.add_filter("number", french::integer);
    environment.add_filter("outcome", |code: &str| outcome(code).map(Outcome::label));
    environment.add_filter("role", role);
    environment.add_filter("set", |text: &str| typography::set(text).into_owned());
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
    let utc: DateTime<Utc> = text.parse().map_err(|_| bad("an instant", text))?;
    let paris = utc.with_timezone(&chrono_tz::Europe::Paris);
    Ok(format!(
        "{} à {}{nbsp}h{nbsp}{:02}",
        french::date(paris.date_naive()),
        paris.hour(),
        paris.minute(),
        nbsp = french::NBSP
    ))
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
