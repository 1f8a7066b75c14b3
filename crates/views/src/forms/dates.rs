//! Dates as people type them.

use chrono::NaiveDate;
use domain::{DateError, PartialDate, french};

/// Longer than any date one may type.
const MAX_SIGNS: usize = 40;

/// Takes `23/11/1931`, `23 11 1931`, `23111931`, `23 novembre 1931`, `1er mars 1931`, `1931-11-23`; `00` stands
/// for an unknown day or month, which `novembre 1931` and `1931` leave out altogether.
pub(super) fn partial(text: &str) -> Result<PartialDate, DateError> {
    let text = text.trim().to_lowercase();
    if text.chars().count() > MAX_SIGNS {
        return Err(DateError::Form);
    }
    let parts: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, '/' | '-' | '.'))
        .filter(|part| !part.is_empty())
        .collect();
    match parts[..] {
        [whole] if whole.len() == 8 && digits(whole) => {
            PartialDate::parse(&format!("{}/{}/{}", &whole[..2], &whole[2..4], &whole[4..]))
        }
        [year] if year.len() == 4 && digits(year) => PartialDate::parse(&format!("00/00/{year}")),
        [month, year] => PartialDate::parse(&format!("00/{}/{year}", month_number(month))),
        [day, month, year] => {
            let day = if day == "1er" { "1" } else { day };
            PartialDate::parse(&format!("{day}/{}/{year}", month_number(month)))
        }
        _ => Err(DateError::Form),
    }
}

/// A date of which every part must be known.
pub(super) fn full(text: &str) -> Result<NaiveDate, DateError> {
    partial(text)?.full().ok_or(DateError::Incomplete)
}

fn digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// `11` for `novembre`; anything else as it is.
fn month_number(text: &str) -> String {
    french::month_number(text).map_or_else(|| text.to_owned(), |month| month.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn takes_what_deeds_and_software_give() {
        for text in [
            "23/11/1931",
            "23.11.1931",
            "23 11 1931",
            " 23111931 ",
            "1931-11-23",
            "23 novembre 1931",
            "23\u{a0}NOVEMBRE\u{a0}1931",
        ] {
            assert_eq!(partial(text).unwrap().to_string(), "1931-11-23", "{text}");
        }
        for (text, expected) in [
            ("1er août 2026", "2026-08-01"),
            ("1 aout 2026", "2026-08-01"),
            ("00/11/1931", "1931-11-00"),
            ("novembre 1931", "1931-11-00"),
            ("11/1931", "1931-11-00"),
            ("1931", "1931-00-00"),
            ("00001931", "1931-00-00"),
        ] {
            assert_eq!(partial(text).unwrap().to_string(), expected, "{text}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        for text in ["", "hier", "23/11", "23/11/31", "1/2/3/4", "23 brumaire 1931"] {
            assert!(partial(text).is_err(), "{text}");
        }
        assert_eq!(partial("31/02/1931"), Err(DateError::Calendar));
        assert_eq!(full("00/11/1931"), Err(DateError::Incomplete));
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,60}") {
            let _ = partial(&text);
        }

        #[test]
        fn never_panics_on_what_looks_like_a_date(text in "[0-9éà/ .-]{0,14}") {
            let _ = full(&text);
        }
    }
}
