//! The decision, case by case, and what holds for every case.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::LazyLock;

use dn_matching::{
    Answer, Engine, Frequencies, Normaliser, Person, Policy, Query, Verdict, Written, decide, query_keys,
    register_keys,
};
use domain::{Decedent, FamilyName, GivenNames, Individual, PartialDate, Place, Sex};
use proptest::prelude::*;

/// `birth name|name in use|given names|date of birth|sex|place`; what is left out is not stated.
type Civil<'a> = &'a str;

fn parts(civil: Civil<'_>) -> [&str; 6] {
    let mut parts = civil.split('|');
    std::array::from_fn(|_| parts.next().unwrap_or(""))
}

fn name(text: &str) -> Option<FamilyName> {
    FamilyName::parse(text).ok()
}

fn person(identifier: &str, civil: Civil<'_>) -> Individual {
    let [birth, usage, given, born, sex, place] = parts(civil);
    Individual {
        identifier: identifier.to_owned(),
        sex: Sex::parse(sex),
        birth_name: name(birth),
        usage_name: name(usage),
        given_names: GivenNames::parse(given).unwrap(),
        birth_date: PartialDate::parse(born).unwrap(),
        birth_place: Place::parse(place).ok(),
        death_date: None,
        aids: vec![],
    }
}

fn decedent(civil: Civil<'_>) -> Decedent {
    let like = person("", civil);
    Decedent {
        birth_name: like.birth_name,
        usage_name: like.usage_name,
        given_names: like.given_names,
        sex: like.sex,
        birth_date: like.birth_date,
        birth_place: like.birth_place,
        death_date: "2026-03-12".parse().unwrap(),
        death_place: None,
        death_certificate_date: None,
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

/// The verdict among those the database would fetch; in whatever order.
fn verdict(decedent: &Decedent, register: &[Individual]) -> Verdict {
    let wanted = query_keys(decedent, &Frequencies::new());
    let mut fetched: Vec<Individual> = register
        .iter()
        .filter(|person| register_keys(person).iter().any(|key| wanted.contains(key)))
        .cloned()
        .collect();
    let verdict = decide(decedent, &fetched);
    fetched.reverse();
    assert_eq!(verdict, decide(decedent, &fetched));
    verdict
}

#[test]
fn a_further_name_that_contradicts_is_a_doubt() {
    let known = person("1", "SNOW||Marie Hélène Dominique Audrey|17/11/1927|F");
    let twin = "SNOW||Marie Madeleine Dominique Audrey|17/11/1927|F";
    assert_eq!(kind(&verdict(&decedent(twin), &[known])), Ambiguous);
}

#[test]
fn one_against_one() {
    let known = "LEFEBVRE|MARTIN|Marie Jeanne|14/07/1931|F|Lyon";
    for (asked, expected) in [
        // Copies.
        ("lefèbvre|Martin|marie jeanne|14/07/1931|F|LYON 3e", Definite),
        ("LEFEBVRE||Marie|14/07/1931|F", Definite),
        ("|MARTIN|Marie Jeanne|14/07/1931|F", Definite),
        // Words beside the name.
        ("|Mme Vve MARTIN née LEFEBVRE|Marie Jeanne|14/07/1931|F", Definite),
        ("Veuve MARTIN||Marie Jeanne|14/07/1931|F", Definite),
        ("MARTIN|née LEFEBVRE|Marie Jeanne|14/07/1931|F", Definite),
        ("LEFEBVRE épouse MARTIN||Marie|14/07/1931|F", Definite),
        // Errors.
        ("LEFEVRE|MARTIN|Marie Jeanne|14/07/1931|F", Definite),
        ("LEFEBVRE|MARTIN|Maire Jeanne|14/07/1931|F", Definite),
        ("MARTIN|LEFEBVRE|Marie Jeanne|14/07/1931|F", Definite),
        ("LEFEBVRE|MARTIN|Jeanne Marie|14/07/1931|F", Definite),
        ("LEFEBVRE|MARTIN|Marie Jeanne|07/12/1931|F", Ambiguous),
        ("LEFEBVRE|MARTIN|Marie Jeanne|14/07/1932|F|Lyon", Definite),
        // Part of the date, where all else is the same and there is enough of it.
        ("LEFEBVRE|MARTIN|Marie Jeanne|14/07/1941|F|Lyon", Definite),
        ("LEFEBVRE|MARTIN|Marie Jeanne|00/07/1931|F|Lyon", Definite),
        ("LEFEBVRE|MARTIN|Marie Jeanne|00/00/1931|F|Lyon", Definite),
        ("LEFEBVRE||Marie|14/07/1941|F", Ambiguous),
        ("LEFEBVRE||Marie Jeanne|00/00/1931|F", Ambiguous),
        ("LEFEBVRE|MARTIN|Maire Jeanne|14/07/1941|F|Lyon", Ambiguous),
        ("LEFEBVRE|MARTIN|Marie Jeanne|14/07/1934|F|Lyon", Ambiguous),
        ("LEFEBVRE|MARTIN|Marie Jeanne|14/07/1951|F|Lyon", Ambiguous),
        ("LEFEBVRE|MARTIN|Marie Jeanne|01/01/1931|F|Lyon", Ambiguous),
        // A first name cut to its initial, or left out.
        ("LEFEBVRE|MARTIN|M Jeanne|14/07/1931|F|Lyon", Definite),
        ("LEFEBVRE|MARTIN|M|14/07/1931|F|Lyon", Ambiguous),
        ("LEFEBVRE|MARTIN|Jeanne|14/07/1931|F|Lyon", Ambiguous),
        ("MARIE|MARTIN|Lefebvre|14/07/1931|F|Lyon", Definite),
        // Others of the family.
        ("LEFEBVRE||Paulette|14/07/1931|F|Lyon", Ambiguous),
        ("LEFEBVRE||Paulette|03/02/1934|F|Lyon", Unknown),
        ("LEFEBVRE|MARTIN|Marie Jeanne Odile|14/07/1931|F|Lyon", Definite),
        ("LEFEBVRE||Marie Jeanne|14/07/1958|F|Lyon", Unknown),
        ("DUVAL|MARTIN|Georgette|02/09/1929|F|Lyon", Unknown),
        // The same but for the place.
        ("LEFEBVRE|MARTIN|Marie Jeanne|14/07/1931|F|Marseille", Ambiguous),
        // Another person.
        ("BERNARD||Jean|02/03/1950|M|Paris", Unknown),
    ] {
        let found = verdict(&decedent(asked), &[person("1", known)]);
        assert_eq!(kind(&found), expected, "{asked}: {found:?}");
    }
}

#[test]
fn several_who_come_near() {
    let twins = ["DUPUIS||Jean|02/03/1931|M", "DUPUIS||Pierre|02/03/1931|M"];
    let namesakes = ["DUPUIS||Jean|02/03/1931|M", "DUPUIS||Jean|02/03/1931|M"];
    let people = |civils: [&str; 2]| [person("1", civils[0]), person("2", civils[1])];
    let asked = decedent("DUPUIS||Jean|02/03/1931|M");
    assert_eq!(kind(&verdict(&asked, &people(twins))), Definite);
    assert_eq!(kind(&verdict(&asked, &people(namesakes))), Ambiguous);
    assert_eq!(
        kind(&verdict(&decedent("DUPUIS||Claude|02/03/1931|M"), &people(twins))),
        Ambiguous
    );
    // Father and son with one name.
    let family = ["DUPUIS||Jean|02/03/1931|M", "DUPUIS||Jean|02/03/1956|M"];
    assert_eq!(kind(&verdict(&asked, &people(family))), Definite);
    // One person twice counts once.
    let one = [person("1", twins[0]), person("1", twins[0])];
    assert_eq!(kind(&verdict(&asked, &one)), Definite);
}

#[test]
fn reasons_can_be_read() {
    let register = [person("A1", "LEFEBVRE||Marie|05/03/1931|F|Lyon")];
    let Verdict::Definite { reasons, identifier } =
        verdict(&decedent("LEFEBVRE||Mairie|05/03/1931|F|Lyon"), &register)
    else {
        panic!("not definite");
    };
    assert_eq!(identifier, "A1");
    assert_eq!(
        reasons,
        [
            "nom de naissance identique",
            "premier prénom différent d’une lettre",
            "date de naissance identique",
            "sexe identique",
            "lieu de naissance concordant",
        ]
    );
    let Verdict::Ambiguous { reasons, .. } =
        verdict(&decedent("LEFEBVRE||Paulette|05/03/1931|F|Lyon"), &register)
    else {
        panic!("not ambiguous");
    };
    assert!(reasons[1].contains("un autre premier prénom"), "{reasons:?}");
}

#[test]
fn a_rare_name_says_more_than_a_common_one() {
    let mut frequencies = Frequencies::new();
    let mut normaliser = Normaliser::default();
    for number in 0..5_000 {
        let name = if number % 10 == 0 { "MARTIN" } else { "AUTRE" };
        frequencies.add(&normaliser.individual(&person("x", &format!("{name}||Jean|02/03/1931"))));
    }
    let policy = Policy::default();
    let engine = Engine {
        policy: &policy,
        frequencies: &frequencies,
    };
    let bits = |civil: &str| {
        engine
            .compare(&Query::from(&decedent(civil)), &Person::from(&person("1", civil)))
            .bits
            .family
    };
    assert!(bits("QUIQUEMPOIX||Jean|02/03/1931") > bits("MARTIN||Jean|02/03/1931") + 2.0);
}

const FAMILIES: [&str; 8] = [
    "MARTIN",
    "MARTYN",
    "LE GALL",
    "LEGALL",
    "DURAND-PETIT",
    "PETIT",
    "NGUYEN",
    "BEN ALI",
];
const GIVEN: [&str; 8] = [
    "Jean",
    "Jeanne",
    "Jean-Pierre",
    "Marie Louise",
    "Louise",
    "Mohamed",
    "Mohammed Ali",
    "J",
];
const DATES: [&str; 7] = [
    "02/03/1931",
    "03/02/1931",
    "02/03/1932",
    "12/03/1931",
    "01/01/1931",
    "00/00/1931",
    "02/03/1957",
];

fn civil() -> impl Strategy<Value = String> {
    let one = |texts: &'static [&'static str]| proptest::sample::select(texts);
    (
        one(&FAMILIES),
        proptest::bool::ANY,
        one(&FAMILIES),
        one(&GIVEN),
        one(&DATES),
        one(&["", "M", "F"]),
        one(&["", "Lyon", "Oran"]),
    )
        .prop_map(|(birth, married, usage, given, born, sex, place)| {
            let usage = if married { usage } else { "" };
            format!("{birth}|{usage}|{given}|{born}|{sex}|{place}")
        })
}

/// The field of one civil status put into another.
fn with_field(civil: &str, other: &str, field: usize) -> String {
    let mut mixed = parts(civil);
    mixed[field] = parts(other)[field];
    mixed.join("|")
}

static EMPTY: LazyLock<Frequencies> = LazyLock::new(Frequencies::new);

/// Of a register that holds every name above, some of them often.
static COUNTED: LazyLock<Frequencies> = LazyLock::new(|| {
    let mut frequencies = Frequencies::new();
    let mut normaliser = Normaliser::default();
    for number in 0..6_000usize {
        let often = |texts: &[&'static str]| texts[(number * number) % 97 % texts.len()];
        let civil = format!(
            "{}|{}|{}|{}||Oran",
            often(&FAMILIES),
            FAMILIES[number % 8],
            often(&GIVEN),
            often(&DATES)
        );
        frequencies.add(&normaliser.individual(&person("x", &civil)));
    }
    frequencies
});

/// Any date, or none.
fn date() -> impl Strategy<Value = Option<PartialDate>> {
    let part = |most: u32| proptest::option::of(1..=most);
    (PartialDate::FIRST_YEAR..2100, part(12), part(31))
        .prop_map(|(year, month, day)| PartialDate::new(year, month, day).ok())
}

/// Policies at the ends of what is allowed.
fn policy() -> impl Strategy<Value = Policy> {
    let profile = proptest::sample::select(vec!["strict", "careful", "brief"]);
    let share = || 1e-9..0.999_f64;
    (profile, -10.0..20.0f64, 6.0..40.0f64, proptest::bool::ANY, share(), share(), share()).prop_map(
        |(profile, reach, certainty, twins, same, wrong_sex, other)| {
            let text = format!(
                "profile = '{profile}'\n[doubt]\nreach = {reach:.9}\ntwins = {twins}\nmost = 1\n[definite]\ncertainty = {certainty:.9}\n\
                 [model]\nwrong_sex = {wrong_sex:.9}\n[model.family]\nsame = {same:.9}\n[model.date]\nyear_other = {other:.9}"
            );
            Policy::from_toml(&text).unwrap()
        },
    )
}

proptest! {
    #[test]
    fn the_order_never_matters(asked in civil(), mut register in proptest::collection::vec(civil(), 0..6), turn in 0usize..6) {
        let asked = decedent(&asked);
        let people = |register: &[String]| -> Vec<Individual> {
            register.iter().map(|civil| person(civil, civil)).collect()
        };
        let before = decide(&asked, &people(&register));
        let turn = turn % register.len().max(1);
        register.rotate_left(turn);
        prop_assert_eq!(decide(&asked, &people(&register)), before);
    }

    /// A field that agrees in place of one that may not never takes bits away, with two exceptions: a field the register
    /// leaves empty says nothing, so that leaving it out is no agreement; and where there is a name in use, names count
    /// together: a name at birth that agrees may take the place of one that agreed with a name in use.
    #[test]
    fn more_agreement_never_scores_less(asked in civil(), known in civil(), field in 0usize..6, counted in proptest::bool::ANY) {
        let policy = Policy::default();
        let engine = Engine { policy: &policy, frequencies: if counted { &COUNTED } else { &EMPTY } };
        let register = Person::from(&person("1", &known));
        let bits = |civil: &str| engine.compare(&Query::from(&decedent(civil)), &register).bits.total();
        let nearer = with_field(&asked, &known, field);
        let counts_alone = field > 1 || parts(&asked)[1].is_empty() && parts(&known)[1].is_empty();
        if parts(&known)[field].is_empty() || !counts_alone {
            return Ok(());
        }
        prop_assert!(bits(&nearer) >= bits(&asked) - 1e-9, "{} < {} ({nearer} / {known})", bits(&nearer), bits(&asked));
    }

    /// Of the exceptions above only the first one: names that agree better are never a reason to say « inconnu ».
    #[test]
    fn a_definite_answer_never_becomes_unknown_when_more_agrees(
        known in civil(), fields in proptest::collection::vec((0usize..6, civil()), 0..3), nearer in 0usize..6, counted in proptest::bool::ANY,
    ) {
        let policy = Policy::default();
        let engine = Engine { policy: &policy, frequencies: if counted { &COUNTED } else { &EMPTY } };
        let register = Person::from(&person("1", &known));
        let answer = |civil: &str| engine.rule(&Query::from(&decedent(civil)), std::iter::once(("1", &register))).answer;
        let asked = fields.iter().fold(known.clone(), |asked, (field, other)| with_field(&asked, other, *field));
        let states = !parts(&known)[nearer].is_empty();
        let nearer = with_field(&asked, &known, nearer);
        if states && answer(&asked) == Answer::Definite {
            prop_assert!(answer(&nearer) != Answer::Unknown, "{asked} → {nearer} / {known}");
        }
    }

    #[test]
    fn ties_are_the_same_from_both_sides(a in civil(), b in civil()) {
        let policy = Policy::default();
        let frequencies = Frequencies::new();
        let engine = Engine { policy: &policy, frequencies: &frequencies };
        let compare = |a: &str, b: &str| engine.compare(&Query::from(&decedent(a)), &Person::from(&person("1", b)));
        let (there, back) = (compare(&a, &b), compare(&b, &a));
        prop_assert_eq!((there.date, there.sex, there.place, there.names.births), (back.date, back.sex, back.place, back.names.births));
    }

    #[test]
    fn whoever_could_be_definite_is_fetched(asked in civil(), known in civil()) {
        let (asked, known) = (decedent(&asked), person("1", &known));
        if let Verdict::Definite { .. } = decide(&asked, std::slice::from_ref(&known)) {
            let wanted = query_keys(&asked, &Frequencies::new());
            prop_assert!(register_keys(&known).iter().any(|key| wanted.contains(key)));
        }
    }

    #[test]
    fn never_panics(
        birth in "\\PC{0,220}", usage in "\\PC{0,20}", given in "\\PC{0,30}", place in "\\PC{0,12}", known in civil(),
        born in date(), died in date(), sex in proptest::sample::select(vec![None, Some(Sex::Female), Some(Sex::Male)]),
        policy in policy(), counted in proptest::bool::ANY,
    ) {
        let query = Query::read(Written {
            birth_name: &birth,
            usage_name: &usage,
            given_names: &given,
            birth_place: &place,
            birth_date: born,
            death_date: died,
            sex,
            last_grant: None,
        });
        let frequencies: &Frequencies = if counted { &COUNTED } else { &EMPTY };
        query.keys(frequencies);
        let engine = Engine { policy: &policy, frequencies };
        let known = person("1", &known);
        let person = Person::from(&known);
        let ruling = engine.rule(&query, std::iter::once(("1", &person)));
        prop_assert!(born.is_some() || ruling.answer != Answer::Definite, "without a date nothing is definite");
        prop_assert!(ruling.candidates.iter().all(|candidate| !candidate.bits.is_nan()));
        ruling.candidates.iter().for_each(|candidate| drop(candidate.reasons()));
    }
}
