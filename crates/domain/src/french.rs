//! How French writes dates, amounts and lists: one place for pages, mails and letters.

use chrono::{Datelike, NaiveDate};

use crate::amount::Amount;
use crate::partial_date::PartialDate;

/// No-break space, before `:` and inside « ».
pub const NBSP: char = '\u{a0}';
/// Narrow no-break space, between thousands and before `;`, `!`, `?` and `€`.
pub const NARROW: char = '\u{202f}';

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

fn month_name(month: u32) -> &'static str {
    usize::try_from(month)
        .ok()
        .and_then(|month| MONTHS.get(month.wrapping_sub(1)))
        .copied()
        .unwrap_or("")
}

/// `11` for `novembre`, in any case, with or without accents.
pub fn month_number(name: &str) -> Option<u32> {
    let plain = |text: &str| text.to_lowercase().replace(['é', 'è'], "e").replace('û', "u");
    let name = plain(name);
    (1..=12).find(|month| plain(month_name(*month)) == name)
}

/// `23 novembre 2026`, `1er mars 2026`.
pub fn date(date: NaiveDate) -> String {
    let day = if date.day() == 1 {
        "1er".to_owned()
    } else {
        date.day().to_string()
    };
    format!("{day}{NBSP}{} {}", month_name(date.month()), date.year())
}

/// A date whose parts may be unknown: `23 novembre 1931`, `novembre 1931`, `1931`.
pub fn partial_date(partial: PartialDate) -> String {
    match (partial.full(), partial.month()) {
        (Some(full), _) => date(full),
        (None, Some(month)) => format!("{} {}", month_name(month), partial.year()),
        (None, None) => partial.year().to_string(),
    }
}

/// A date as a form has it: `23/11/1931`, `00/11/1931`.
pub fn form_date(partial: PartialDate) -> String {
    format!(
        "{:02}/{:02}/{:04}",
        partial.day().unwrap_or(0),
        partial.month().unwrap_or(0),
        partial.year()
    )
}

/// An integer by thousands: `46 000`.
pub fn integer(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(NARROW);
        }
        text.push(digit);
    }
    text
}

/// `1 234,56 €`.
pub fn amount(amount: Amount) -> String {
    format!(
        "{},{:02}{NBSP}€",
        integer(amount.cents() / 100),
        amount.cents() % 100
    )
}

/// `a`, `a et b`, `a, b et c`.
pub fn list<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} et {}", first.join(", "), last.as_ref())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_months() {
        assert_eq!(month_number("Février"), Some(2));
        assert_eq!(month_number("AOUT"), Some(8));
        assert_eq!(month_number(""), None);
    }

    #[test]
    fn writes_as_a_secretary_would() {
        assert_eq!(
            date(NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()),
            "23\u{a0}novembre 2026"
        );
        assert_eq!(
            date(NaiveDate::from_ymd_opt(2026, 8, 1).unwrap()),
            "1er\u{a0}août 2026"
        );
        assert_eq!(
            partial_date(PartialDate::parse("00/02/1931").unwrap()),
            "février 1931"
        );
        assert_eq!(partial_date(PartialDate::parse("00/00/1931").unwrap()), "1931");
        assert_eq!(
            amount(Amount::from_cents(123_456_789)),
            "1\u{202f}234\u{202f}567,89\u{a0}€"
        );
        assert_eq!(list(&["a", "b", "c"]), "a, b et c");
    }
}
