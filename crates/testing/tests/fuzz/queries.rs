//! Files of queries, and the policies they are answered by.

use dn_testing::broken::{broken, broken_text, cases};
use domain::{GivenNames, Individual, PartialDate};
use evaluation::questions::{QuestionsError, read_questions};
use evaluation::store::Register;
use matching::Policy;
use proptest::prelude::*;

const QUERIES: &[u8] =
    "id;nom_naissance;nom_usage;prenoms;date_naissance;sexe;date_deces;commune_naissance\n\
    1;LEFÈBVRE;MARTIN;Marie Jeanne;14/07/1931;F;2024-01-01;Lyon\n\
    2;\"D’ARC\";;Zoé;1950-00-00;;;\n\
    3;;EL AMRANI;J-Bernard;1931;M;2024-01-01;\n"
        .as_bytes();

const POLICY: &str = "profile = \"careful\"\n\
    [definite]\ncertainty = 10.5\nmargin = 7.0\ndates = [\"day\", \"month\"]\nsound = true\nrequire = [\"sex\"]\n\
    [doubt]\nreach = 1.0\nmost = 20\n\
    [model]\nwrong_sex = 0.02\n[model.family]\nsame = 0.78\n[model.date]\nyear_same = 0.88\n";

const WORDS: &[&str] = &[
    ";",
    "\"",
    "\n",
    "\r\n",
    "\u{feff}",
    "id",
    "nom_naissance",
    "00/00/0000",
    "9999",
    "31/02/1931",
    "\u{0}",
    "田中",
    "e\u{301}",
    "= 0",
    "nan",
    "-1e300",
    "inf",
    "[model]",
    "strict",
    "[[",
    "{}",
];

fn register() -> Register {
    let mut register = Register::new();
    register.add(&Individual {
        identifier: "A1".to_owned(),
        sex: domain::Sex::parse("F"),
        birth_name: domain::FamilyName::parse("LEFEBVRE").ok(),
        usage_name: domain::FamilyName::parse("MARTIN").ok(),
        given_names: GivenNames::parse("Marie Jeanne").unwrap(),
        birth_date: PartialDate::parse("14/07/1931").unwrap(),
        birth_place: domain::Place::parse("Lyon").ok(),
        death_date: None,
        aids: Vec::new(),
    });
    register.finish();
    register
}

proptest! {
    #![proptest_config(cases(400))]

    /// Each line is a query or is told by its number; whatever it holds is answered.
    #[test]
    fn a_broken_file_of_queries_is_answered_or_told_where(bytes in broken(QUERIES, WORDS)) {
        let lines = bytes.split(|byte| *byte == b'\n').count() as u64;
        let (register, policy) = (register(), Policy::default());
        match read_questions(bytes.as_slice()) {
            Err(error) => prop_assert!(error.to_string().starts_with("line 1: "), "{error}"),
            Ok(questions) => for question in questions {
                match question {
                    Ok(question) => drop(register.rule(&question.read().0, &policy)),
                    Err(QuestionsError::TooManyFields { line, .. } | QuestionsError::Line(line, _)) => {
                        prop_assert!((2..=lines).contains(&line));
                    }
                    Err(error) => prop_assert!(false, "{error}"),
                }
            },
        }
    }

    /// A policy is refused with a reason, or one by which the person of the register is never lost.
    #[test]
    fn a_broken_policy_is_refused_or_loses_nobody(text in broken_text(POLICY, WORDS)) {
        match Policy::from_toml(&text) {
            Err(error) => prop_assert!(!error.to_string().is_empty()),
            Ok(policy) => {
                let question = read_questions(QUERIES).unwrap().next().unwrap().unwrap();
                let ruling = register().rule(&question.read().0, &policy);
                prop_assert!(ruling.answer != matching::Answer::Unknown, "{policy:?}");
            }
        }
    }
}
