//! Checks of single values, as `deserialize_with` functions: the error then bears the place in the file.

use std::fmt::Display;

use chrono::NaiveDate;
use serde::de::{Deserialize, Deserializer, Error};

use super::Administrator;
use crate::aids::{Catalogue, OptionalAid};
use crate::identifiers::{InseeCode, Siret};
use crate::limits::Lookups;
use crate::text::{TextError, clean_line};

/// Longest line of an address, a name, a footer, in characters.
const MAX_LINE: usize = 200;
/// Most lines of an address or a capacity: what the top of a letter has room for.
const MAX_LINES: usize = 6;

fn checked_line(text: &str) -> Result<String, String> {
    clean_line(text, MAX_LINE).map_err(|error| {
        match error {
            TextError::Empty => "must not be empty",
            TextError::TooLong(_) => "is longer than 200 characters",
            TextError::Control => "holds an invisible character",
        }
        .to_owned()
    })
}

/// One line of text, not empty.
pub(super) fn line<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    checked_line(&String::deserialize(deserializer)?).map_err(said)
}

/// One to six lines of text, none empty.
pub(super) fn lines<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let lines = Vec::<String>::deserialize(deserializer)?;
    if lines.is_empty() || lines.len() > MAX_LINES {
        return Err(said(format!("needs 1 to {MAX_LINES} lines, has {}", lines.len())));
    }
    lines
        .iter()
        .map(|text| checked_line(text).map_err(said))
        .collect()
}

/// An e-mail address, in lower case.
pub(super) fn email<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    checked_email(String::deserialize(deserializer)?)
}

/// An e-mail address, in lower case, that may be absent.
pub(super) fn optional_email<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(checked_email).transpose()
}

fn checked_email<E: Error>(text: String) -> Result<String, E> {
    if is_email(&text) {
        Ok(text.to_lowercase())
    } else {
        Err(said(format!(
            "`{text}` is not an e-mail address (expected `name@domain.fr`)"
        )))
    }
}

/// The form of an address of RFC 5321 without quoting: whether it exists is for mail to find out.
fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else {
        return false;
    };
    let atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    let label = |part: &str| {
        !part.is_empty()
            && part.len() <= 63
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    text.len() <= 254
        && local.len() <= 64
        && local
            .split('.')
            .all(|part| !part.is_empty() && part.chars().all(atom))
        && host.contains('.')
        && host.split('.').all(label)
}

/// A telephone number: digits, spaces, dots, a leading plus.
pub(super) fn telephone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = checked_line(&String::deserialize(deserializer)?).map_err(said)?;
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let signs = text.chars().all(|c| c.is_ascii_digit() || " +.()-".contains(c));
    if signs && (4..=15).contains(&digits) {
        Ok(text)
    } else {
        Err(said(format!(
            "`{text}` is not a telephone number (expected `04 00 00 00 00`)"
        )))
    }
}

/// A web address.
pub(super) fn website<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let text = checked_line(&text).map_err(said)?;
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    if host.is_some_and(|host| host.contains('.') && !text.contains([' ', '"', '<', '>'])) {
        Ok(Some(text))
    } else {
        Err(said(format!(
            "`{text}` is not a web address (expected `https://www.departement.fr`)"
        )))
    }
}

/// A colour `#rrggbb`, in lower case.
pub(super) fn colour<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    let hexadecimal = text
        .strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()));
    if hexadecimal {
        Ok(text.to_lowercase())
    } else {
        Err(said(format!(
            "`{text}` is not a colour (expected `#rrggbb`, for instance `#0b5fa5`)"
        )))
    }
}

/// The name of a file in `letterhead/`: no path, so that nothing outside the kit can be meant.
pub(super) fn kit_file<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    checked_kit_file(String::deserialize(deserializer)?).map_err(said)
}

/// As [`kit_file`], when the key is there.
pub(super) fn optional_kit_file<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(checked_kit_file).transpose().map_err(said)
}

fn checked_kit_file(text: String) -> Result<String, String> {
    let extension = text
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase());
    let image = matches!(extension.as_deref(), Some("svg" | "png" | "jpg" | "jpeg"));
    let plain = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
        && !text.starts_with('.');
    if image && plain && text.len() <= 100 {
        Ok(text)
    } else {
        Err(format!(
            "`{text}` is not the name of a file in `letterhead/` (letters, digits, `-`, `_` and `.`, ending in .svg, .png, .jpg or .jpeg)"
        ))
    }
}

/// A number of years from 1 to 100.
pub(super) fn years<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let years = u32::deserialize(deserializer)?;
    if (1..=100).contains(&years) {
        Ok(years)
    } else {
        Err(said(format!("{years} years: expected 1 to 100")))
    }
}

/// A number that is not zero: a limit of none would close the service.
pub(crate) fn at_least_one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        0 => Err(said("0: expected 1 or more")),
        number => Ok(number),
    }
}

/// As [`at_least_one`], when the key is there.
pub(crate) fn optional_at_least_one<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<u32>, D::Error> {
    at_least_one(deserializer).map(Some)
}

/// How many tries at one person: two at least are answered, so that a typing error can be mended.
pub(super) fn lookups<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Lookups, D::Error> {
    let lookups = Lookups::deserialize(deserializer)?;
    if !(2..=100).contains(&lookups.answered) {
        return Err(said(format!(
            "answered = {}: expected 2 to 100",
            lookups.answered
        )));
    }
    if lookups.taken < lookups.answered || lookups.taken > 1000 {
        return Err(said(format!(
            "taken = {}: expected {} (answered) to 1000",
            lookups.taken, lookups.answered
        )));
    }
    if !(1..=365).contains(&lookups.days) {
        return Err(said(format!("days = {}: expected 1 to 365", lookups.days)));
    }
    Ok(lookups)
}

/// INSEE code of the département.
pub(super) fn insee_code<'de, D: Deserializer<'de>>(deserializer: D) -> Result<InseeCode, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| {
        said(format!(
            "`{text}` is not the INSEE code of a département (expected `69`, `2A` or `971`)"
        ))
    })
}

/// SIRET numbers, spaces allowed.
pub(super) fn sirets<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Siret>, D::Error> {
    let check = |text: &String| {
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        digits.parse().map_err(|_| {
            said(format!(
                "`{text}` is not a SIRET number (expected 14 digits with a right check digit)"
            ))
        })
    };
    Vec::<String>::deserialize(deserializer)?
        .iter()
        .map(check)
        .collect()
}

/// Administrators, each e-mail once.
pub(super) fn administrators<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Administrator>, D::Error> {
    people(deserializer, "administrator")
}

pub(super) fn auditors<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Administrator>, D::Error> {
    people(deserializer, "auditor")
}

fn people<'de, D: Deserializer<'de>>(deserializer: D, what: &str) -> Result<Vec<Administrator>, D::Error> {
    let people = Vec::<Administrator>::deserialize(deserializer)?;
    match repeated(people.iter().map(|person| person.email.as_str())) {
        Some(email) => Err(said(format!("{what} `{email}` is there twice"))),
        None => Ok(people),
    }
}

/// Optional aids: each code once, none that the law already has, spans in order.
pub(super) fn aids<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<OptionalAid>, D::Error> {
    let aids = Vec::<OptionalAid>::deserialize(deserializer)?;
    let legal = Catalogue::default();
    for aid in &aids {
        let code = &aid.code;
        let signs = code
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-');
        if !signs || code.is_empty() || code.len() > 40 {
            return Err(said(format!(
                "code `{code}` of an optional aid: expected capital letters, digits and hyphens"
            )));
        }
        if checked_line(&aid.label).is_err() {
            return Err(said(format!("optional aid `{code}` needs a label")));
        }
        if let Some(kind) = legal.find(code).or_else(|| legal.find(&aid.label)) {
            return Err(said(format!(
                "optional aid `{code}` would hide the legal aid `{}`, whose rules are those of the law",
                kind.code()
            )));
        }
        if aid
            .recoverable
            .iter()
            .any(|span| span.to.is_some_and(|to| to < span.from))
        {
            return Err(said(format!("optional aid `{code}`: `to` comes before `from`")));
        }
    }
    match repeated(aids.iter().map(|aid| aid.code.as_str())) {
        Some(code) => Err(said(format!("optional aid `{code}` is there twice"))),
        None => Ok(aids),
    }
}

/// A whole day, as TOML writes dates or as text (as JSON has it).
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Day {
    Native(toml::value::Datetime),
    Text(String),
}

impl Day {
    fn read<E: Error>(self) -> Result<NaiveDate, E> {
        let text = match self {
            Self::Native(day) => day.to_string(),
            Self::Text(text) => text,
        };
        text.parse()
            .map_err(|_| said(format!("`{text}` is not a date (expected `2026-11-23`)")))
    }
}

/// A day.
pub(crate) fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    Day::deserialize(deserializer)?.read()
}

/// A day, when the key is there.
pub(crate) fn optional_day<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<NaiveDate>, D::Error> {
    Option::<Day>::deserialize(deserializer)?
        .map(Day::read)
        .transpose()
}

fn repeated<'a>(items: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut items: Vec<&str> = items.collect();
    items.sort_unstable();
    items
        .windows(2)
        .find(|pair| pair[0] == pair[1])
        .map(|pair| pair[0])
}

fn said<E: Error>(message: impl Display) -> E {
    E::custom(message)
}
