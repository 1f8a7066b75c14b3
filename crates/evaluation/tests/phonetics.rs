//! Which code of sounds suits French names: how many homophones each finds, and how many other names it confuses.
//!
//! `cargo test -p dn-evaluation --test phonetics -- --nocapture` prints the table by which `matching::fonem` was chosen.
//! The others are written here from their descriptions, as short as they can be, for plain capitals.
//!
//! - **Soundex2** and **Phonex**: Brouard F., « L'art des Soundex », sqlpro.developpez.com/cours/soundex (1999).
//! - **Soundex, French**: the classical algorithm with the groups of letters usual for French (the same article).
//!
//! Their test vectors are those in general circulation: of the article, and of the tests of Talisman (Plique G.,
//! yomguithereal.github.io/talisman), a library that implements them independently. FONEM's stand beside its code.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use matching::fonem;

const HOMOPHONES: &str = include_str!("../data/homophones.txt");
const GIVEN_NAMES: &str = include_str!("../../matching/data/given_names.txt");

type Code = fn(&str) -> String;

const CODES: [(&str, Code); 4] = [
    ("FONEM", fonem),
    ("Phonex", phonex),
    ("Soundex2", soundex2),
    ("Soundex, French", soundex_fr),
];

/// Replaces one text after the other.
fn rewritten(name: &str, rules: &[(&str, &str)]) -> String {
    rules
        .iter()
        .fold(name.to_owned(), |name, (from, to)| name.replace(from, to))
}

/// Each letter through `change`, which sees the letters before and after.
fn letters(name: &str, change: impl Fn(Option<char>, char, Option<char>) -> Option<char>) -> String {
    let all: Vec<char> = name.chars().collect();
    let at = |place: Option<usize>| place.and_then(|place| all.get(place).copied());
    (0..all.len())
        .filter_map(|place| change(at(place.checked_sub(1)), all[place], at(Some(place + 1))))
        .collect()
}

fn once(name: &str) -> String {
    letters(name, |before, letter, _| {
        (before != Some(letter)).then_some(letter)
    })
}

/// Writes `to` for `from` before a letter for which `before` holds; not at the end.
fn where_followed(name: &str, from: &str, to: &str, before: impl Fn(char) -> bool) -> String {
    let mut rest = name;
    let mut done = String::new();
    while let Some(at) = rest.find(from) {
        let after = &rest[at + from.len()..];
        done.push_str(&rest[..at]);
        done.push_str(if after.starts_with(&before) { to } else { from });
        rest = after;
    }
    done + rest
}

fn soundex_fr(name: &str) -> String {
    let group = |letter: char| match letter {
        'B' | 'P' => '1',
        'C' | 'K' | 'Q' => '2',
        'D' | 'T' => '3',
        'L' => '4',
        'M' | 'N' => '5',
        'R' => '6',
        'G' | 'J' => '7',
        'S' | 'X' | 'Z' => '8',
        'F' | 'V' => '9',
        _ => '0',
    };
    let codes: String = name.chars().map(group).collect();
    let codes: String = once(&codes).chars().skip(1).filter(|code| *code != '0').collect();
    name.chars()
        .take(1)
        .chain(codes.chars().chain("000".chars()).take(3))
        .collect()
}

fn soundex2(name: &str) -> String {
    let name = rewritten(
        name,
        &[
            ("GUI", "KI"),
            ("GUE", "KE"),
            ("GA", "KA"),
            ("GO", "KO"),
            ("GU", "K"),
            ("CA", "KA"),
            ("CO", "KO"),
            ("CU", "KU"),
            ("Q", "K"),
            ("CC", "K"),
            ("CK", "K"),
        ],
    );
    let name = letters(&name, |before, letter, _| match letter {
        'E' | 'I' | 'O' | 'U' if before.is_some() => Some('A'),
        letter => Some(letter),
    });
    let prefixes = [
        ("MAC", "MCC"),
        ("ASA", "AZA"),
        ("KN", "NN"),
        ("PF", "FF"),
        ("SCH", "SSS"),
        ("PH", "FF"),
    ];
    let prefix = prefixes.iter().find(|(from, _)| name.starts_with(from));
    let name = prefix.map_or(name.clone(), |(from, to)| name.replacen(from, to, 1));
    let name = letters(&name, |before, letter, _| match (before, letter) {
        (Some(before), 'H') if before != 'C' && before != 'S' => None,
        (Some(before), 'Y') if before != 'A' => None,
        _ => Some(letter),
    });
    let name = name.strip_suffix(['A', 'T', 'D', 'S']).unwrap_or(&name);
    let name = letters(name, |before, letter, _| {
        (before.is_none() || letter != 'A').then_some(letter)
    });
    once(&name).chars().take(4).collect()
}

fn phonex(name: &str) -> String {
    let vowel = |letter: char| "AEIOU".contains(letter);
    let open = |letter: char| "AEIOU1234".contains(letter);
    let name = name.replace('Y', "I");
    let name = letters(&name, |before, letter, _| {
        (letter != 'H' || before.is_none_or(|before| "CSP".contains(before))).then_some(letter)
    });
    let mut name = rewritten(
        &name,
        &[
            ("PH", "F"),
            ("GAN", "KAN"),
            ("GAM", "KAM"),
            ("GAIN", "KAIN"),
            ("GAIM", "KAIM"),
        ],
    );
    for from in ["AIN", "EIN", "AIM", "EIM"] {
        name = where_followed(&name, from, "YN", vowel);
    }
    name = rewritten(
        &name,
        &[
            ("EAU", "O"),
            ("OUA", "2"),
            ("EIN", "4"),
            ("AIN", "4"),
            ("EIM", "4"),
            ("AIM", "4"),
            ("AI", "Y"),
            ("EI", "Y"),
            ("ER", "YR"),
            ("ESS", "YS"),
            ("ET", "YT"),
            ("EZ", "YZ"),
        ],
    );
    for (from, to) in [("AN", "1"), ("AM", "1"), ("EN", "1"), ("EM", "1"), ("IN", "4")] {
        name = where_followed(&name, from, to, |letter| !open(letter));
    }
    let sung = |letter: Option<char>| letter.is_some_and(|letter| open(letter) || letter == 'Y');
    name = letters(&name, |before, letter, after| {
        Some(if letter == 'S' && sung(before) && sung(after) {
            'Z'
        } else {
            letter
        })
    });
    name = rewritten(
        &name,
        &[
            ("OE", "E"),
            ("EU", "E"),
            ("AU", "O"),
            ("OI", "2"),
            ("OY", "2"),
            ("OU", "3"),
            ("CH", "5"),
            ("SCH", "5"),
            ("SH", "5"),
            ("SS", "S"),
            ("SC", "S"),
            ("CE", "SE"),
            ("CI", "SI"),
            ("C", "K"),
            ("QU", "K"),
            ("Q", "K"),
            ("GU", "K"),
            ("GA", "KA"),
            ("GO", "KO"),
            ("GY", "KY"),
            ("A", "O"),
            ("D", "T"),
            ("P", "T"),
            ("J", "G"),
            ("B", "F"),
            ("V", "F"),
            ("M", "N"),
        ],
    );
    let name = once(&name);
    name.strip_suffix(['T', 'X']).unwrap_or(&name).to_owned()
}

fn pairs() -> Vec<(&'static str, &'static str)> {
    let lines = HOMOPHONES.lines().filter(|line| !line.starts_with('#'));
    lines
        .flat_map(str::split_whitespace)
        .filter_map(|pair| pair.split_once('/'))
        .collect()
}

/// Names of a list of which two have one code, though they are no pair of the file: of a million pairs, so many.
fn confused(code: Code, names: &BTreeSet<String>) -> f64 {
    let known: BTreeSet<(&str, &str)> = pairs().into_iter().flat_map(|(a, b)| [(a, b), (b, a)]).collect();
    let mut alike: HashMap<String, Vec<&str>> = HashMap::new();
    for name in names {
        alike.entry(code(name)).or_default().push(name);
    }
    let two = |names: &Vec<&str>| {
        let all = names.iter().enumerate();
        all.map(|(at, a)| names[..at].iter().filter(|b| !known.contains(&(*a, **b))).count())
            .sum::<usize>()
    };
    let count = names.len() as f64;
    1e6 * alike.values().map(two).sum::<usize>() as f64 / (count * (count - 1.0) / 2.0)
}

#[test]
fn fonem_finds_more_homophones_and_confuses_fewer_names() {
    let families: BTreeSet<String> = dn_evaluation::world::family_names().into_iter().collect();
    let given: BTreeSet<String> = GIVEN_NAMES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .map(str::to_owned)
        .collect();
    let pairs = pairs();
    println!(
        "{:16} {:>24} {:>24} {:>24}",
        "",
        format!("found of {} pairs", pairs.len()),
        format!("of {} family names", families.len()),
        format!("of {} given names", given.len()),
    );
    let mut found = BTreeMap::new();
    for (name, code) in CODES {
        let recall =
            100.0 * pairs.iter().filter(|(a, b)| code(a) == code(b)).count() as f64 / pairs.len() as f64;
        let (of_families, of_given) = (confused(code, &families), confused(code, &given));
        println!("{name:16} {recall:22.1} % {of_families:15.0} / million {of_given:15.0} / million");
        found.insert(name, (recall, of_families, of_given));
    }
    let (recall, of_families, of_given) = found.remove("FONEM").expect("it is among them");
    for (name, other) in found {
        assert!(recall > other.0, "{name} finds {} %, FONEM {recall} %", other.0);
        assert!(
            of_families < other.1 && of_given < other.2,
            "{name} confuses fewer names"
        );
    }
}

#[test]
fn the_other_codes_are_what_their_authors_describe() {
    let wrong = |code: Code, vectors: &str| -> Vec<String> {
        let vectors = vectors.split(", ").filter_map(|vector| vector.split_once(' '));
        vectors
            .filter(|(name, expected)| code(name) != *expected)
            .map(|(name, expected)| format!("{name} → {}, not {expected}", code(name)))
            .collect()
    };
    let none: [String; 0] = [];
    assert_eq!(
        wrong(
            phonex,
            "PHYLAURHEIMSMET FILOR4SNY, MARTIN NORTIN, BERNARD FYRNOR, FAURE FORE, PEREZ TYRYZ, GROS GROS, \
             CHAPUIS 5OTUIS, BOYER F2YR, GAUTHIER KOTIYR, REY RY, HENRY H1RI, MOULIN N3LIN, ROUSSEAU R3SO"
        ),
        none
    );
    assert_eq!(
        wrong(
            soundex2,
            "ASAMIAN AZMN, KNIGHT NG, MACKENZIE MKNZ, PFEIFER FR, PHILIPPE FLP, SCHINDLER SNDL, CHATEAU CHT, \
             HABITAT HBT, TEHERAN TRN, ESSAYER ESYR, CRAYON CRYN, PLYNE PLN, BARAD BR, MARTIN MRTN, BERNARD BRNR, \
             FAURE FR, PEREZ PRZ, GROS GR, CHAPUIS CHP"
        ),
        none
    );
    assert_eq!(
        wrong(soundex_fr, "MARTIN M635, DUPONT D153, DUPOND D153, ROUX R800"),
        none
    );
}
