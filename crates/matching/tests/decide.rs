//! The decision, case by case, and what holds for every case.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use chrono::NaiveDate;
use dn_matching::{Verdict, decide, query_keys, register_keys};
use domain::{Aid, AidKind, Decedent, FamilyName, GivenNames, Individual, PartialDate, Place, Sex};
use proptest::prelude::*;

/// `birth name|name in use|given names|date of birth`, the date being [`BORN`] where it is left out.
type Civil<'a> = &'a str;
const BORN: &str = "1931-05-03";

fn parts(civil: Civil<'_>) -> [&str; 4] {
    let mut parts = civil.split('|').chain([BORN]);
    std::array::from_fn(|_| parts.next().unwrap())
}

fn name(text: &str) -> Option<FamilyName> {
    (!text.is_empty()).then(|| FamilyName::parse(text).unwrap())
}

fn date(text: &str) -> PartialDate {
    PartialDate::parse(text).unwrap()
}

fn decedent(civil: Civil<'_>) -> Decedent {
    let [birth, usage, given, born] = parts(civil);
    Decedent {
        birth_name: name(birth),
        usage_name: name(usage),
        given_names: GivenNames::parse(given).unwrap(),
        sex: None,
        birth_date: date(born),
        birth_place: None,
        death_date: "2026-03-12".parse().unwrap(),
        death_place: None,
        death_certificate_date: None,
    }
}

fn person(identifier: &str, civil: Civil<'_>) -> Individual {
    let [birth, usage, given, born] = parts(civil);
    Individual {
        identifier: identifier.to_owned(),
        sex: None,
        birth_name: name(birth),
        usage_name: name(usage),
        given_names: GivenNames::parse(given).unwrap(),
        birth_date: date(born),
        birth_place: None,
        death_date: None,
        aids: vec![],
    }
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Kind {
    Definite,
    Ambiguous,
    Unknown,
}
use Kind::{Ambiguous, Definite, Unknown};

fn kind(verdict: &Verdict) -> Kind {
    match verdict {
        Verdict::Definite { .. } => Definite,
        Verdict::Ambiguous { .. } => Ambiguous,
        Verdict::Unknown { .. } => Unknown,
    }
}

/// The verdict among those the database would fetch; whoever it would not fetch must not matter.
fn verdict(decedent: &Decedent, register: &[Individual]) -> Verdict {
    let wanted = query_keys(decedent);
    let fetched: Vec<Individual> = register
        .iter()
        .filter(|person| register_keys(person).iter().any(|key| wanted.contains(key)))
        .cloned()
        .collect();
    let verdict = decide(decedent, &fetched);
    assert_eq!(verdict, decide(decedent, register), "the keys lose a candidate");
    verdict
}

fn one_to_one(asked: Civil<'_>, known: Civil<'_>) -> Verdict {
    verdict(&decedent(asked), &[person("1", known)])
}

#[test]
fn one_against_one() {
    for (asked, known, expected) in [
        ("DUPONT||Jean", "Dupont||JEAN Pierre", Definite),
        ("Lefèvre||Élodie", "LEFEVRE||ELODIE", Definite),
        ("DE LA TOUR||Anne", "DELATOUR||ANNE", Definite),
        ("d’Alembert||Jean", "ALEMBERT (D')||JEAN", Definite),
        ("ŒUVRARD||Jean", "OEUVRARD||JEAN", Definite),
        ("LE GALL||Yves", "LEGALL||YVES", Definite),
        ("ST MARTIN||Jean-Pierre", "SAINT-MARTIN||JEAN PIERRE", Definite),
        // Names: any of the decedent's equals any of the register's.
        ("DURAND|PETIT|Marie", "DURAND||MARIE", Definite),
        ("|PETIT|Marie", "DURAND|PETIT|MARIE", Definite),
        ("DURAND|MOREL|Marie", "DURAND|PETIT|MARIE", Definite),
        ("PETIT|DURAND|Marie", "DURAND|PETIT|MARIE", Definite),
        ("|DURAND|Marie", "DURAND|PETIT|MARIE", Definite),
        ("PETIT||Marie", "|PETIT|MARIE", Definite),
        ("PETIT||Marie", "DURAND|PETIT|MARIE", Ambiguous),
        ("MOREL|PETIT|Marie", "DURAND|PETIT|MARIE", Ambiguous),
        ("MOREL||Marie", "DURAND|PETIT|MARIE", Unknown),
        ("MARTIN||Marie", "MARTINE||MARIE", Unknown),
        // Given names.
        ("DUPONT||Jean Pierre", "DUPONT||PIERRE JEAN", Definite),
        ("DUPONT||Jean", "DUPONT||PIERRE", Ambiguous),
        ("DUPONT||Pierre", "DUPONT||JEAN PIERRE", Ambiguous),
        ("DUPONT||Jean", "DUPONT||JEAN-PIERRE", Ambiguous),
        ("DUPONT||Marie Jeanne", "DUPONT||MARIE LOUISE", Ambiguous),
        // Dates.
        ("DUPONT||Jean", "DUPONT||JEAN|1931-05-04", Unknown),
        ("DUPONT||Jean", "DUPONT||JEAN|1932-05-03", Unknown),
        ("DUPONT||Jean", "DUPONT||JEAN|00/05/1931", Ambiguous),
        ("DUPONT||Jean", "DUPONT||JEAN|00/00/1931", Ambiguous),
        ("DUPONT||Jean|00/05/1931", "DUPONT||JEAN", Ambiguous),
        ("DUPONT||Jean|00/00/1931", "DUPONT||JEAN|00/00/1931", Ambiguous),
        ("DUPONT||Jean|00/06/1931", "DUPONT||JEAN", Unknown),
        ("DUPONT||Jean|00/00/1931", "DUPONT||PIERRE", Unknown),
    ] {
        assert_eq!(kind(&one_to_one(asked, known)), expected, "{asked:?} / {known:?}");
    }
}

#[test]
fn among_several() {
    let asked = "MARTIN||Jean";
    for (known, expected) in [
        (vec!["MARTIN||JEAN", "MARTIN||JEAN"], Ambiguous),
        (vec!["MARTIN||JEAN", "MARTIN||JEAN|00/00/1931"], Ambiguous),
        (vec!["MARTIN||JEAN", "MARTIN||PIERRE JEAN"], Ambiguous),
        (vec!["MARTIN||JEAN", "MARTIN||JEAN-MARIE"], Ambiguous),
        // A twin of another name and a namesake of another age are nobody's doubt.
        (vec!["MARTIN||JEAN", "MARTIN||PIERRE"], Definite),
        (vec!["MARTIN||JEAN", "MARTIN||JEAN|1958-05-03"], Definite),
        // Two others of the name, born the day.
        (vec!["MARTIN||PIERRE", "MARTIN||PAUL"], Ambiguous),
        (vec![], Unknown),
    ] {
        let register: Vec<Individual> = known
            .iter()
            .enumerate()
            .map(|(row, civil)| person(&row.to_string(), civil))
            .collect();
        assert_eq!(kind(&verdict(&decedent(asked), &register)), expected, "{known:?}");
    }
}

#[test]
fn contradictions_are_for_an_officer() {
    let civil = "MARTIN||Dominique|1931-05-03";
    let asked = Decedent {
        sex: Some(Sex::Female),
        birth_place: Some(Place::parse("Lyon 3e").unwrap()),
        ..decedent(civil)
    };
    let known = Individual {
        sex: Some(Sex::Female),
        birth_place: Some(Place::parse("LYON").unwrap()),
        death_date: Some(date("2026-03-10")),
        ..person("1", civil)
    };
    let verdict = |known: Individual| kind(&decide(&asked, &[known]));
    assert_eq!(verdict(known.clone()), Definite);
    let aid = |starts: &str| Aid {
        kind: AidKind::ApaHome,
        recoverable: None,
        starts: Some(date(starts)),
        ends: None,
        amount: None,
        overpayment: None,
        territory: None,
    };
    for (doubtful, expected) in [
        (
            Individual {
                sex: Some(Sex::Male),
                ..known.clone()
            },
            Ambiguous,
        ),
        (
            Individual {
                birth_place: Some(Place::parse("Marseille").unwrap()),
                ..known.clone()
            },
            Ambiguous,
        ),
        (
            Individual {
                death_date: Some(date("2010-02-01")),
                ..known.clone()
            },
            Ambiguous,
        ),
        (
            Individual {
                death_date: Some(date("2026-00-00")),
                ..known.clone()
            },
            Definite,
        ),
        (
            Individual {
                death_date: Some(date("2026-04-12")),
                ..known.clone()
            },
            Definite,
        ),
        (
            Individual {
                death_date: Some(date("2026-04-13")),
                ..known.clone()
            },
            Ambiguous,
        ),
        (
            Individual {
                aids: vec![aid("2026-06-01")],
                ..known.clone()
            },
            Ambiguous,
        ),
        (
            Individual {
                aids: vec![aid("2026-03-01")],
                ..known.clone()
            },
            Definite,
        ),
    ] {
        assert_eq!(verdict(doubtful.clone()), expected, "{doubtful:?}");
    }
}

#[test]
fn reasons_can_be_read() {
    let Verdict::Definite { identifier, reasons } =
        one_to_one("DE LA TOUR|PETIT|Marie", "LATOUR|Petit|MARIE")
    else {
        panic!("not definite");
    };
    assert_eq!(identifier, "1");
    assert_eq!(
        reasons,
        [
            "nom de naissance identique à la particule près",
            "nom d’usage identique",
            "date de naissance identique",
            "premier prénom identique"
        ]
    );
    let Verdict::Ambiguous { identifiers, reasons } = verdict(
        &decedent("MARTIN||Jean"),
        &[person("B", "MARTIN||PAUL"), person("A", "MARTIN||JEAN-PAUL")],
    ) else {
        panic!("not ambiguous");
    };
    assert_eq!(identifiers, ["A", "B"]);
    assert_eq!(
        reasons,
        [
            "2 personnes du registre peuvent être visées",
            "dossier A\u{a0}: prénom composé identique en partie seulement\u{a0}; nom de naissance identique\u{a0}; date de naissance identique",
            "dossier B\u{a0}: premier prénom différent\u{a0}; nom de naissance identique\u{a0}; date de naissance identique",
        ]
    );
}

#[test]
fn keys_are_few_and_tell_the_ways_of_writing() {
    let keys = register_keys(&person("1", "DE LA TOUR|MARTIN|Anne|00/00/1931"));
    assert_eq!(keys, ["DELATOUR|1931", "LATOUR|1931", "MARTIN|1931", "TOUR|1931"]);
}

/// People of a small world, so that they often meet.
fn anybody() -> impl Strategy<Value = Individual> {
    let names = prop::sample::select(vec!["MARTIN", "DE LA TOUR", "LATOUR", "Le Gall", "LEGALL", ""]);
    let given = prop::sample::select(vec![
        "Jean",
        "Jean-Pierre",
        "Pierre Jean",
        "Jean Pierre",
        "Marie",
        "PAUL Jean",
    ]);
    let born = prop::sample::select(vec!["1931-05-03", "00/05/1931", "00/00/1931", "1931-05-04"]);
    let sex = prop::sample::select(vec![None, Some(Sex::Male), Some(Sex::Female)]);
    let death = prop::sample::select(vec![
        None,
        Some("2026-03-12"),
        Some("2010-01-01"),
        Some("00/00/2026"),
    ]);
    (names.clone(), names, given, born, sex, death, 0..6u8).prop_map(
        |(birth, usage, given, born, sex, death, id)| Individual {
            sex,
            death_date: death.map(date),
            ..person(&id.to_string(), &[birth, usage, given, born].join("|"))
        },
    )
}

fn as_decedent(person: &Individual) -> Decedent {
    Decedent {
        birth_name: person.birth_name.clone(),
        usage_name: person.usage_name.clone(),
        given_names: person.given_names.clone(),
        sex: person.sex,
        birth_date: person.birth_date,
        birth_place: person.birth_place.clone(),
        death_date: NaiveDate::from_ymd_opt(2026, 3, 12).unwrap(),
        death_place: None,
        death_certificate_date: None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_order_of_rows_never_matters(
        asked in anybody(),
        (register, shuffled) in prop::collection::vec(anybody(), 0..8)
            .prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
    ) {
        let asked = as_decedent(&asked);
        prop_assert_eq!(decide(&asked, &register), decide(&asked, &shuffled));
    }

    #[test]
    fn the_keys_lose_nobody(asked in anybody(), register in prop::collection::vec(anybody(), 0..8)) {
        verdict(&as_decedent(&asked), &register);
    }

    #[test]
    fn never_unknown_when_the_person_is_there(person in anybody(), others in prop::collection::vec(anybody(), 0..5)) {
        prop_assume!(person.birth_name.is_some() || person.usage_name.is_some());
        let asked = as_decedent(&person);
        let mut register = others;
        register.push(person);
        prop_assert_ne!(kind(&decide(&asked, &register)), Unknown);
    }

    #[test]
    fn more_people_never_make_an_answer_more_definite(
        asked in anybody(),
        register in prop::collection::vec(anybody(), 1..6),
        more in anybody(),
    ) {
        let asked = as_decedent(&asked);
        // An identifier stands once in a version of a register (constraint `individual_pkey`).
        let numbered = |(number, person): (usize, Individual)| Individual { identifier: number.to_string(), ..person };
        let mut register: Vec<Individual> = register.into_iter().enumerate().map(numbered).collect();
        let more = Individual { identifier: "more".to_owned(), ..more };
        if kind(&decide(&asked, &register)) == Ambiguous {
            let twin_only = register.iter().all(|person| {
                matches!(decide(&asked, std::slice::from_ref(person)),
                    Verdict::Ambiguous { reasons, .. } if reasons.iter().any(|r| r.contains("premier prénom différent")))
                    || kind(&decide(&asked, std::slice::from_ref(person))) == Unknown
            });
            register.push(more);
            let after = kind(&decide(&asked, &register));
            prop_assert!(after == Ambiguous || (twin_only && after == Definite));
        }
    }

    #[test]
    fn any_text_is_compared_without_a_panic(birth in "\\PC{0,40}", given in "\\PC{1,40}", other in "\\PC{0,40}") {
        let Ok(given_names) = GivenNames::parse(&given) else { return Ok(()) };
        let known = Individual {
            birth_name: FamilyName::parse(&birth).ok(),
            usage_name: FamilyName::parse(&other).ok(),
            given_names,
            ..person("1", "X||Y|1931-05-03")
        };
        let asked = as_decedent(&known);
        register_keys(&known);
        decide(&asked, &[known]);
        dn_matching::search_words(&other);
        dn_matching::index_words(&other);
    }
}
