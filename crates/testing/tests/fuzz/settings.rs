//! A département's `tenant.toml`.

use domain::TenantSettings;
use proptest::prelude::*;

use dn_testing::broken::{broken_text, cases};

const GOOD: &str = include_str!("../../../../tenants/rhone/tenant.toml");

const WORDS: &[&str] = &[
    "\"",
    "'''",
    "[",
    "]",
    "[[",
    "=",
    "\n",
    "#",
    "{",
    "}",
    "\\",
    "\\u0000",
    "1e400",
    "-0",
    "nan",
    "0x",
    "1979-05-27T07:32:00Z",
    "[identity]",
    "insee_code",
    "../",
    "Europe/Nulle_Part",
    "\u{202e}",
    "É",
];

proptest! {
    #![proptest_config(cases(300))]

    /// Taken, or told in which line and column of the text it is wrong.
    #[test]
    fn a_broken_file_is_told_where(text in broken_text(GOOD, WORDS)) {
        if let Err(error) = TenantSettings::from_toml(&text) {
            // A text that ends with a line end has one more, empty, line.
            prop_assert!((1..=text.split('\n').count()).contains(&error.line), "{error}");
            let line = text.split('\n').nth(error.line - 1).unwrap();
            prop_assert!((1..=line.chars().count() + 1).contains(&error.column), "{error}");
            prop_assert!(!error.message.is_empty());
        }
    }
}
