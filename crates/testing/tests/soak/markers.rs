//! Twenty départements, each with marks of its own in settings, letterhead and register, and how to find another's.

use anyhow::{Result, ensure};
use dn_testing::TestDepartment;
use sandbox::{Notary, Person};

/// Name, slug and INSEE code.
const NAMES: [(&str, &str, &str); 20] = [
    ("Agate", "agate", "01"),
    ("Béryl", "beryl", "02"),
    ("Calcite", "calcite", "03"),
    ("Diamant", "diamant", "04"),
    ("Émeraude", "emeraude", "05"),
    ("Feldspath", "feldspath", "06"),
    ("Grenat", "grenat", "07"),
    ("Hématite", "hematite", "08"),
    ("Iolite", "iolite", "09"),
    ("Jaspe", "jaspe", "10"),
    ("Kunzite", "kunzite", "11"),
    ("Lazurite", "lazurite", "12"),
    ("Malachite", "malachite", "13"),
    ("Néphrite", "nephrite", "14"),
    ("Obsidienne", "obsidienne", "15"),
    ("Péridot", "peridot", "16"),
    ("Quartz", "quartz", "17"),
    ("Rubis", "rubis", "18"),
    ("Saphir", "saphir", "19"),
    ("Topaze", "topaze", "21"),
];

/// One of the twenty, by its place.
pub(crate) type Which = usize;

pub(crate) fn count() -> usize {
    NAMES.len()
}

pub(crate) fn slug(which: Which) -> &'static str {
    NAMES[which].1
}

pub(crate) fn insee(which: Which) -> &'static str {
    NAMES[which].2
}

/// What is claimed of the first person of its register, as texts write it, without spaces.
pub(crate) fn claim(which: Which) -> &'static str {
    departments()[which].claim
}

pub(crate) fn departments() -> Vec<TestDepartment> {
    let department = |(name, slug, insee_code): (&'static str, &'static str, &'static str)| TestDepartment {
        slug,
        name,
        insee_code,
        siret: siret(insee_code).leak(),
        accent: format!("#0b{insee_code}8a").leak(),
        claim: format!("70{insee_code}3,{insee_code}").leak(),
    };
    NAMES.into_iter().map(department).collect()
}

/// Fourteen digits that end in the digit that Luhn's sum wants.
fn siret(insee_code: &str) -> String {
    let body = format!("990001{insee_code}00001");
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0') * if place % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// Notaries, two an office.
pub(crate) fn notaries(count: usize) -> Vec<Person> {
    let notary = |number: usize| {
        Person::notary(&Notary {
            subject: &subject(number),
            given_name: "Noé",
            family_name: &format!("Charge{number}"),
            capacity: "notaire",
            email: &email(number),
            crpcen: Some(&format!("{:05}", 91_000 + number / 2)),
            office_name: &format!("Étude Charge {}", number / 2),
            office_address: ["1 quai Fictif", "99000", "SPÉCIMEN"],
        })
    };
    (0..count).map(notary).collect()
}

pub(crate) fn subject(number: usize) -> String {
    format!("charge-{number}")
}

pub(crate) fn email(number: usize) -> String {
    format!("noe{number}@charge.example")
}

/// Fails when the text carries a mark of a département that it has nothing to do with.
pub(crate) fn only(own: &[Which], text: &str, what: &str) -> Result<()> {
    let text = tight(text);
    for which in (0..count()).filter(|which| !own.contains(which)) {
        let marks = [
            NAMES[which].0.to_owned(),
            format!("@{}.example", slug(which)),
            format!("/departements/{}", slug(which)),
            claim(which).to_owned(),
        ];
        for mark in marks {
            ensure!(
                !text.contains(&mark),
                "{what} of {own:?} carries « {mark} » of {which}: {text}"
            );
        }
    }
    for code in references(&text) {
        let is_own = own.iter().any(|which| insee(*which) == code);
        ensure!(is_own, "{what} of {own:?} carries a reference of {code}: {text}");
    }
    Ok(())
}

/// As [`only`], and the département is named.
pub(crate) fn of(which: Which, text: &str, what: &str) -> Result<()> {
    only(&[which], text, what)?;
    ensure!(
        tight(text).contains(NAMES[which].0),
        "{what} does not name {which}: {text}"
    );
    Ok(())
}

/// The text with amounts written without spaces.
pub(crate) fn tight(text: &str) -> String {
    let mut tight = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let within =
            tight.ends_with(|c: char| c.is_ascii_digit()) && rest.peek().is_some_and(char::is_ascii_digit);
        if !(within && matches!(c, '\u{a0}' | '\u{202f}' | ' ')) {
            tight.push(c);
        }
    }
    tight
}

/// INSEE codes of the references (`07-2026-000012`) in a text.
fn references(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("-20").filter_map(|(place, _)| {
        let code = text.get(place.checked_sub(2)?..place)?;
        let rest = text.get(place + 1..place + 12)?.as_bytes();
        let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
        let is_reference = digits(&rest[..4]) && rest[4] == b'-' && digits(&rest[5..]);
        (is_reference && code.bytes().all(|b| b.is_ascii_digit())).then_some(code)
    })
}

#[test]
fn a_foreign_mark_is_found() {
    let good = "Département Agate, réf. 01-2026-000007, 70 013,01 €";
    assert!(of(0, good, "it").is_ok());
    for foreign in [
        "Béryl",
        "creances@beryl.example",
        "70\u{202f}023,02 €",
        "02-2026-000007",
    ] {
        assert!(
            only(&[0], &format!("{good}, {foreign}"), "it").is_err(),
            "{foreign}"
        );
        assert!(
            only(&[0, 1], &format!("{good}, {foreign}"), "it").is_ok(),
            "{foreign}"
        );
    }
    assert!(of(1, "nothing", "it").is_err());
}
