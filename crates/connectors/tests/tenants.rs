//! The shipped registers: as the generator writes them, without a fault, and giving every outcome they promise.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::Cursor;
use std::path::PathBuf;

use dn_connectors::file::{Encoding, Entry, read};
use dn_connectors::generate::{Form, Options, generate};
use dn_connectors::questions::{self, Question};
use domain::{Catalogue, Decedent, Individual, Outcome, TenantSettings, outcome_of};
use matching::{Frequencies, Verdict, decide, query_keys, register_keys};

/// Slug, seed and form of each.
const TENANTS: [(&str, u64, Form); 3] = [
    ("rhone", 69, Form::Semicolon),
    ("isere", 38, Form::Semicolon),
    ("nord", 59, Form::LegacyComma),
];

fn text(slug: &str, file: &str) -> Vec<u8> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tenants");
    fs::read(root.join(slug).join(file)).unwrap()
}

fn catalogue(slug: &str) -> Catalogue {
    let settings = String::from_utf8(text(slug, "tenant.toml")).unwrap();
    TenantSettings::from_toml(&settings).unwrap().catalogue()
}

fn questions(slug: &str) -> Vec<Question> {
    questions::parse(&String::from_utf8(text(slug, "demo.toml")).unwrap()).unwrap()
}

fn register(slug: &str) -> Vec<Individual> {
    let bytes = text(slug, "register.csv");
    let import = read(Cursor::new(&bytes), &catalogue(slug)).unwrap();
    import
        .map(|entry| match entry.unwrap() {
            Entry::Individual(person) => *person,
            Entry::Problem(problem) => panic!("{slug}: {problem:?}"),
        })
        .collect()
}

/// A register as the database has it: by key.
fn by_key(register: &[Individual]) -> HashMap<i64, Vec<&Individual>> {
    let mut keyed: HashMap<i64, Vec<&Individual>> = HashMap::new();
    for person in register {
        for key in register_keys(person) {
            keyed.entry(key).or_default().push(person);
        }
    }
    keyed
}

fn candidates(decedent: &Decedent, keyed: &HashMap<i64, Vec<&Individual>>) -> Vec<Individual> {
    let fetched = query_keys(decedent, &Frequencies::new())
        .into_iter()
        .filter_map(|key| keyed.get(&key));
    fetched.flatten().map(|person| (*person).clone()).collect()
}

/// As the service answers: candidates by key, decision, outcome of the aids.
fn answer(decedent: &Decedent, register: &[Individual], catalogue: &Catalogue, imported: &str) -> Outcome {
    let fetched = candidates(decedent, &by_key(register));
    match decide(decedent, &fetched) {
        Verdict::Unknown { .. } => Outcome::Unknown,
        Verdict::Ambiguous { .. } => Outcome::Ambiguous,
        Verdict::Definite { identifier, .. } => {
            let person = fetched
                .iter()
                .find(|person| person.identifier == identifier)
                .unwrap();
            outcome_of(person, decedent.death_date, imported.parse().unwrap(), catalogue).outcome
        }
    }
}

#[test]
fn every_register_is_two_thousand_generated_people_after_a_few_known_ones() {
    for (slug, seed, form) in TENANTS {
        let mut generated = vec![];
        let options = Options {
            individuals: 2_000,
            seed,
            form,
        };
        generate(&options, &mut generated).unwrap();
        let header = 1 + generated.iter().position(|byte| *byte == b'\n').unwrap();
        let bytes = text(slug, "register.csv");
        assert!(bytes.starts_with(&generated[..header]), "{slug}: header");
        assert!(
            bytes.ends_with(&generated[header..]),
            "{slug}: not what `dn register generate --individuals 2000 --seed {seed}` writes"
        );
        let people = register(slug);
        let known = people
            .iter()
            .filter(|person| person.identifier.starts_with('D'))
            .count();
        assert_eq!(people.len(), 2_000 + known);
        assert!((5..=10).contains(&known));
    }
}

#[test]
fn one_register_comes_from_old_software() {
    let kinds: Vec<(Encoding, char)> = TENANTS
        .iter()
        .map(|(slug, ..)| {
            let import = read(Cursor::new(text(slug, "register.csv")), &catalogue(slug)).unwrap();
            (import.encoding(), import.delimiter())
        })
        .collect();
    assert_eq!(
        kinds,
        [
            (Encoding::Utf8, ';'),
            (Encoding::Utf8, ';'),
            (Encoding::Windows1252, ',')
        ]
    );
}

#[test]
fn every_question_is_answered_as_promised_whenever_the_register_was_imported() {
    for (slug, ..) in TENANTS {
        let (register, catalogue) = (register(slug), catalogue(slug));
        for question in questions(slug) {
            for imported in ["2026-09-30", "2026-11-23", "2031-01-01"] {
                let outcome = answer(&question.decedent, &register, &catalogue, imported);
                assert_eq!(
                    outcome, question.expect,
                    "{slug}: {} (imported {imported})",
                    question.title
                );
            }
        }
        let promised: HashSet<Outcome> = questions(slug).iter().map(|question| question.expect).collect();
        for outcome in Outcome::ALL
            .into_iter()
            .filter(|outcome| *outcome != Outcome::Pending)
        {
            assert!(
                promised.contains(&outcome),
                "{slug} has no question for {outcome:?}"
            );
        }
    }
}

#[test]
fn somebody_is_known_in_two_departements_with_two_outcomes() {
    let mut outcomes: HashMap<String, Vec<Outcome>> = HashMap::new();
    for (slug, ..) in TENANTS {
        for question in questions(slug) {
            outcomes
                .entry(format!("{:?}", question.decedent))
                .or_default()
                .push(question.expect);
        }
    }
    assert!(outcomes.values().any(|all| {
        all.contains(&Outcome::Recoverable)
            && all.contains(&Outcome::NotRecoverable)
            && all.contains(&Outcome::Unknown)
    }));
}

#[test]
fn whoever_is_asked_about_as_the_register_has_them_is_never_unknown_and_rarely_ambiguous() {
    for (slug, ..) in TENANTS {
        let register = register(slug);
        let keyed = by_key(&register);
        let mut definite = 0;
        for person in &register {
            let decedent = Decedent {
                birth_name: person.birth_name.clone(),
                usage_name: person.usage_name.clone(),
                given_names: person.given_names.clone(),
                sex: person.sex,
                birth_date: person.birth_date,
                birth_place: person.birth_place.clone(),
                death_date: person
                    .death_date
                    .map_or_else(|| "2026-10-15".parse().unwrap(), |death| death.full().unwrap()),
                death_place: None,
                death_certificate_date: None,
            };
            match decide(&decedent, &candidates(&decedent, &keyed)) {
                Verdict::Definite { identifier, .. } => {
                    assert_eq!(identifier, person.identifier, "{slug}");
                    definite += 1;
                }
                Verdict::Ambiguous { identifiers, .. } => assert!(identifiers.contains(&person.identifier)),
                Verdict::Unknown { .. } => panic!("{slug}: {person:?} is unknown"),
            }
        }
        assert!(
            definite * 100 > register.len() * 97,
            "{slug}: {definite} definite of {}",
            register.len()
        );
    }
}
