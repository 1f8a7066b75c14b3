use std::collections::{HashMap, HashSet};
use std::io::Cursor;

use domain::{Catalogue, Individual, Overpaid as Stated};

use super::*;
use crate::file::{Encoding, Entry, read};

fn bytes(individuals: u64, seed: u64, form: Form) -> Vec<u8> {
    let mut out = vec![];
    let options = Options {
        individuals,
        seed,
        form,
    };
    generate(&options, &mut out).unwrap();
    out
}

fn people(bytes: &[u8]) -> Vec<Individual> {
    let import = read(Cursor::new(bytes), &Catalogue::default()).unwrap();
    import
        .map(|entry| match entry.unwrap() {
            Entry::Individual(person) => *person,
            Entry::Problem(problem) => panic!("{problem:?}"),
        })
        .collect()
}

/// FNV-1a, to hold the bytes to what they were.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    assert_eq!(bytes(300, 7, Form::Semicolon), bytes(300, 7, Form::Semicolon));
    assert_ne!(bytes(300, 7, Form::Semicolon), bytes(300, 8, Form::Semicolon));
    let longer = bytes(400, 7, Form::Semicolon);
    assert!(longer.starts_with(&bytes(300, 7, Form::Semicolon)));
    // On every machine and after every update. When the generator changes on purpose, so does this.
    assert_eq!(
        fingerprint(&longer),
        315_366_654_680_439_061,
        "the committed registers must be written again"
    );
}

#[test]
fn both_forms_hold_the_same_people() {
    let (modern, legacy) = (bytes(500, 3, Form::Semicolon), bytes(500, 3, Form::LegacyComma));
    let opened = read(Cursor::new(&legacy), &Catalogue::default()).unwrap();
    assert_eq!(
        (opened.encoding(), opened.delimiter()),
        (Encoding::Windows1252, ',')
    );
    assert_eq!(people(&modern), people(&legacy));
}

#[test]
fn a_register_has_what_real_ones_have() {
    let people = people(&bytes(20_000, 1, Form::Semicolon));
    assert_eq!(people.len(), 20_000);
    let count = |what: &dyn Fn(&Individual) -> bool| people.iter().filter(|person| what(person)).count();
    let name = |person: &Individual| {
        person
            .birth_name
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default()
    };
    for (what, at_least, found) in [
        (
            "names in use",
            7_000,
            count(&|person| person.usage_name.is_some()),
        ),
        (
            "particles",
            200,
            count(&|person| name(person).starts_with("DE ") || name(person).starts_with("LE ")),
        ),
        ("double names", 150, count(&|person| name(person).contains('-'))),
        ("accents", 500, count(&|person| !name(person).is_ascii())),
        (
            "composite given names",
            600,
            count(&|person| person.given_names.first().contains('-')),
        ),
        (
            "unknown days",
            60,
            count(&|person| person.birth_date.full().is_none()),
        ),
        ("deaths", 4_000, count(&|person| person.death_date.is_some())),
        ("several aids", 6_000, count(&|person| person.aids.len() > 1)),
        (
            "born abroad",
            1_500,
            count(&|person| {
                person
                    .birth_place
                    .as_ref()
                    .is_some_and(|place| place.as_str().contains('('))
            }),
        ),
        (
            "overpayments",
            300,
            count(&|person| {
                person
                    .aids
                    .iter()
                    .any(|aid| matches!(aid.overpayment, Some(Stated::Amount(_))))
            }),
        ),
    ] {
        assert!(found >= at_least, "{what}: {found}");
    }
    let names: HashSet<String> = people.iter().map(name).collect();
    assert!(names.len() > 1_200, "{} names", names.len());
    for person in &people {
        assert!((1915..=1975).contains(&person.birth_date.year()));
        assert!((1..=4).contains(&person.aids.len()), "{person:?}");
        for aid in &person.aids {
            if let (Some(starts), Some(ends)) = (aid.starts, aid.ends) {
                assert!(starts <= ends, "{person:?}");
            }
        }
    }
}

#[test]
fn there_are_twins_and_namesakes() {
    let people = people(&bytes(20_000, 2, Form::Semicolon));
    let mut birthdays: HashMap<(String, String), HashSet<String>> = HashMap::new();
    let (mut twins, mut namesakes) = (0, 0);
    for person in &people {
        let name = domain::fold(person.birth_name.as_ref().unwrap().as_str());
        let given = domain::fold(person.given_names.first());
        let there = birthdays
            .entry((name, person.birth_date.to_string()))
            .or_default();
        if !there.is_empty() {
            *(if there.contains(&given) {
                &mut namesakes
            } else {
                &mut twins
            }) += 1;
        }
        there.insert(given);
    }
    assert!(
        twins > 30 && namesakes > 5,
        "{twins} twins, {namesakes} namesakes"
    );
}
