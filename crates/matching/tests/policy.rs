//! What a policy can do, whatever is written in it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use dn_matching::{Answer, Engine, Frequencies, Normaliser, Policy, Query, Written};
use domain::{PartialDate, Sex};
use proptest::prelude::*;

/// Every setting that is a number, by its table and name.
fn settings() -> Vec<(Vec<String>, String)> {
    fn walk(path: &[String], table: &toml::Table, found: &mut Vec<(Vec<String>, String)>) {
        for (key, value) in table {
            match value {
                toml::Value::Table(inner) => walk(&[path, std::slice::from_ref(key)].concat(), inner, found),
                toml::Value::Float(_) => found.push((path.to_vec(), key.clone())),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    walk(
        &[],
        &toml::Table::try_from(Policy::default()).unwrap(),
        &mut found,
    );
    found
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => 0.0..1.0f64,
        2 => -12.0..42.0f64,
        1 => any::<f64>(),
        1 => proptest::sample::select(vec![0.0, 1.0, f64::NAN, f64::INFINITY, f64::MIN_POSITIVE, 5e-324]),
    ]
}

/// A policy file made of some settings at random.
fn file() -> impl Strategy<Value = String> {
    let one = (proptest::sample::select(settings()), number());
    proptest::collection::vec(one, 0..6).prop_map(|chosen| {
        let mut file = toml::Table::new();
        for ((path, key), number) in chosen {
            let mut table = &mut file;
            for part in path {
                let inner = table.entry(part).or_insert_with(|| toml::Table::new().into());
                table = inner.as_table_mut().unwrap();
            }
            table.insert(key, number.into());
        }
        file.to_string()
    })
}

#[test]
fn a_twin_goes_to_an_officer_where_the_policy_wants_it() {
    let written = |birth_name, given_names, born, sex| Written {
        birth_name,
        given_names,
        birth_date: Some(PartialDate::parse(born).unwrap()),
        sex: Some(sex),
        ..Written::default()
    };
    let mut normaliser = Normaliser::default();
    let mut frequencies = Frequencies::new();
    for _ in 0..40_000 {
        frequencies.add(&normaliser.read(written("MARTIN", "Paule", "02/03/1931", Sex::Female)));
    }
    let known = normaliser.read(written("DE MARTIN", "Jeanne Louise", "14/07/1931", Sex::Female));
    let answer = |policy: &str, name, given, born| {
        let policy = Policy::from_toml(policy).unwrap();
        let engine = Engine {
            policy: &policy,
            frequencies: &frequencies,
        };
        let query = Query::read(written(name, given, born, Sex::Male));
        engine.rule(&query, std::iter::once(("1", &known))).answer
    };
    let (with, without) = ("[doubt]\ntwins = true\nreach = 20", "[doubt]\nreach = 20");
    for (name, given, born, expected) in [
        ("MARTIN", "René Paul", "14/07/1931", Answer::Ambiguous),
        ("MARTIN", "Jeanne", "14/07/1931", Answer::Ambiguous),
        ("MARTIN", "René Paul", "14/07/1932", Answer::Unknown),
        ("MARTIN", "René Paul", "00/07/1931", Answer::Unknown),
        ("MARTINEAU", "René Paul", "14/07/1931", Answer::Unknown),
    ] {
        assert_eq!(answer(with, name, given, born), expected, "{name} {given} {born}");
        assert_eq!(
            answer(without, name, given, born),
            Answer::Unknown,
            "{name} {given} {born}"
        );
    }
}

proptest! {
    #[test]
    fn a_policy_is_refused_or_recognises(file in file(), place in proptest::sample::select(vec!["", "Lyon"]), born in proptest::sample::select(vec!["14/07/1931", "00/00/1931", "01/01/1931"])) {
        let Ok(policy) = Policy::from_toml(&file) else {
            return Ok(());
        };
        let written = Written {
            birth_name: "LEFEBVRE",
            usage_name: "MARTIN",
            given_names: "Marie Jeanne",
            sex: Some(Sex::Female),
            birth_date: Some(PartialDate::parse(born).unwrap()),
            birth_place: place,
            ..Written::default()
        };
        let person = Normaliser::default().read(written);
        let mut frequencies = Frequencies::new();
        frequencies.add(&person);
        let engine = Engine { policy: &policy, frequencies: &frequencies };
        for query in [written, Written { given_names: "Paul", birth_place: "Oran", sex: Some(Sex::Male), ..written }] {
            let ruling = engine.rule(&Query::read(query), std::iter::once(("1", &person)));
            let nearest = &ruling.candidates[0];
            prop_assert!(!nearest.bits.is_nan(), "{file}: {:?}", nearest.comparison);
            prop_assert!((ruling.answer == Answer::Unknown) == (nearest.bits < ruling.threshold), "{file}");
        }
    }
}
