//! A register's file.

use std::collections::HashSet;
use std::io::Cursor;

use connectors::file::{Entry, FileError, Severity, read};
use connectors::generate::{Form, Options, generate};
use domain::Catalogue;
use proptest::prelude::*;

use dn_testing::broken::{broken, cases};

const WORDS: &[&str] = &[
    ";",
    "\"",
    "\"\"",
    "\n",
    "\r\n",
    "\r",
    ",",
    "\u{feff}",
    "\0",
    "identifiant",
    "aide",
    "ASH-PA",
    "00/00/1931",
    "31/02/1931",
    "29/02/2023",
    "99999999999999999999",
    "1e9",
    "-1",
    "oui",
    "É",
    "\u{202e}",
    "01/01/0000",
    "31/12/9999",
];

fn good() -> Vec<u8> {
    let mut file = Vec::new();
    let options = Options {
        individuals: 12,
        seed: 7,
        form: Form::Semicolon,
    };
    generate(&options, &mut file).unwrap();
    file
}

proptest! {
    #![proptest_config(cases(300))]

    /// Whatever the file: each row is either taken or refused with its line, and the count of both is told.
    #[test]
    fn a_broken_file_is_reported_line_by_line(bytes in broken(&good(), WORDS)) {
        let lines = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64 + 1;
        let Ok(mut import) = read(Cursor::new(bytes), &Catalogue::new(Vec::new())) else {
            return Ok(());
        };
        let (mut people, mut refused) = (HashSet::new(), HashSet::new());
        let mut ended = false;
        for entry in import.by_ref() {
            match entry {
                Ok(Entry::Individual(person)) => {
                    prop_assert!(people.insert(person.identifier.clone()), "one person twice");
                }
                Ok(Entry::Problem(problem)) => {
                    prop_assert!((1..=lines).contains(&problem.line), "line {} of {lines}", problem.line);
                    prop_assert!(!problem.reason.is_empty());
                    if problem.severity == Severity::Error {
                        refused.insert(problem.line);
                    }
                }
                Err(FileError::NoGoodRow { .. }) => ended = true,
                Err(error) => return Err(TestCaseError::fail(error.to_string())),
            }
        }
        let summary = import.summary();
        prop_assert_eq!(summary.refused == summary.rows, ended, "a file without a good row says so");
        prop_assert_eq!(people.len() as u64, summary.individuals);
        prop_assert_eq!(refused.len() as u64, summary.refused);
        prop_assert!(summary.individuals <= summary.rows);
    }
}
