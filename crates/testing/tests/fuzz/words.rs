//! Names, dates, amounts and codes.

use domain::{
    Amount, Crpcen, DepartmentSlug, FamilyName, FileReference, GivenNames, InseeCode, PartialDate, Place,
    Siret, VerificationCode,
};
use proptest::prelude::*;
use proptest::strategy::Union;

use dn_testing::broken::{broken_text, cases};

const GOOD: [&str; 11] = [
    "LE GOFF-d’ARC",
    "Jean-Bernard, Émile Œdipe",
    "02/01/1931",
    "1931-00-00",
    "12 345,67",
    "69-7K2QX-9M4TD-0ZB3W-HF6RP",
    "2A",
    "69123",
    "99000069500017",
    "seine-saint-denis",
    "DOS/2026-0457",
];

const WORDS: &[&str] = &[
    " ",
    "\u{a0}",
    "\u{202f}",
    "-",
    "'",
    "’",
    ",",
    ";",
    "/",
    "0",
    "00",
    "9999",
    "é",
    "e\u{301}",
    "ß",
    "ﬁ",
    "İ",
    "\u{0}",
    "\u{7f}",
    "\u{202e}",
    "\u{200d}",
    "👵",
    "李",
    "\n",
    "Ǆ",
    "\u{1d173}",
];

fn typed() -> impl Strategy<Value = String> {
    let broken = GOOD.map(|good| broken_text(good, WORDS).boxed());
    prop_oneof![3 => Union::new(broken), 1 => "\\PC{0,250}"]
}

/// What is taken reads the same again: nothing is changed the second time it passes a form.
fn stays<T: PartialEq + std::fmt::Debug, E>(
    text: &str,
    parse: impl Fn(&str) -> Result<T, E>,
    show: impl Fn(&T) -> String,
) -> Result<(), TestCaseError> {
    if let Ok(taken) = parse(text) {
        let shown = show(&taken);
        prop_assert!(!shown.chars().any(char::is_control), "{shown:?}");
        let again = parse(&shown).ok();
        prop_assert_eq!(again, Some(taken), "{:?} became {:?}", text, shown);
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn what_is_taken_is_taken_again(text in typed()) {
        stays(&text, FamilyName::parse, ToString::to_string)?;
        stays(&text, GivenNames::parse, ToString::to_string)?;
        stays(&text, Place::parse, ToString::to_string)?;
        stays(&text, PartialDate::parse, ToString::to_string)?;
        stays(&text, FileReference::parse, |reference| reference.as_str().to_owned())?;
        stays(&text, str::parse::<VerificationCode>, ToString::to_string)?;
        stays(&text, str::parse::<InseeCode>, ToString::to_string)?;
        stays(&text, str::parse::<Crpcen>, ToString::to_string)?;
        stays(&text, str::parse::<Siret>, ToString::to_string)?;
        stays(&text, str::parse::<DepartmentSlug>, ToString::to_string)?;
    }

    #[test]
    fn an_amount_is_refused_or_exact(text in typed()) {
        if let Ok(amount) = Amount::parse(&text) {
            let shown = domain::french::amount(amount);
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            prop_assert_eq!(digits(&shown).trim_start_matches('0').parse::<u64>().unwrap_or(0), amount.cents());
        }
    }
}
