//! The former software's settings and ours: what tenants/README.md says of them is so.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests; clippy excuses only functions marked as tests"
)]

use dn_evaluation::files::load;
use dn_evaluation::questions::Question;
use matching::{Answer, Policy};

const TABLE: &str = include_str!("../../../tenants/README.md");

const REGISTER: &str = "identifiant;sexe;nom_naissance;nom_usage;prenoms;date_naissance;aide\n\
    A1;F;LEFEBVRE;MARTIN;Marie Jeanne Odile;14/07/1931;ASH-PA\n";

/// What the table says is here what that setting was there.
fn policy(former: &str) -> Policy {
    let row = TABLE
        .lines()
        .find(|line| line.starts_with(&format!("| {former}")));
    let row = row.unwrap_or_else(|| panic!("no row for {former}"));
    let ours = row.split(" | ").nth(1).and_then(|cell| cell.split('`').nth(1));
    Policy::from_toml(ours.unwrap()).unwrap()
}

fn answer(policy: &Policy, (name, usage): (&str, &str), given: &str, born: &str) -> Answer {
    let (register, _) = load(std::io::Cursor::new(REGISTER), &mut |_| {}).unwrap();
    let question = Question {
        nom_naissance: name.to_owned(),
        nom_usage: usage.to_owned(),
        prenoms: given.to_owned(),
        date_naissance: born.to_owned(),
        sexe: "F".to_owned(),
        ..Question::default()
    };
    register.rule(&question.read().0, policy).answer
}

#[test]
fn each_tolerance_of_dates_is_what_it_was() {
    let asked =
        |policy: &Policy, born: &str| answer(policy, ("LEFEBVRE", "MARTIN"), "Marie Jeanne Odile", born);
    let none = policy("no tolerance");
    assert_eq!(asked(&none, "14/07/1931"), Answer::Definite);
    for (former, born) in [
        ("tolerance on the day", "15/07/1931"),
        ("tolerance on the month", "14/08/1931"),
        ("tolerance on day and month", "15/07/1931"),
        ("tolerance on day and month", "14/08/1931"),
        ("tolerance on the year", "14/07/1932"),
    ] {
        assert_eq!(asked(&policy(former), born), Answer::Definite, "{former}: {born}");
        assert_eq!(
            asked(&Policy::default(), born),
            Answer::Definite,
            "all at once: {born}"
        );
        assert_eq!(asked(&none, born), Answer::Ambiguous, "without {former}: {born}");
    }
    for former in ["tolerance on the day", "tolerance on the year"] {
        assert_eq!(
            asked(&policy(former), "14/08/1931"),
            Answer::Ambiguous,
            "{former}"
        );
    }
    // What ignoring the whole date told, nothing tells any more; doubt reaches farther.
    let far = policy("whole date ignored");
    assert!(far.doubt.reach < Policy::default().doubt.reach);
    assert_ne!(asked(&far, "02/11/1946"), Answer::Definite);
    assert_ne!(asked(&Policy::default(), "02/11/1946"), Answer::Definite);
}

#[test]
fn sound_and_given_names_are_what_they_were() {
    let heard = |former: &str| {
        answer(
            &policy(former),
            ("LEFAIBVRE", ""),
            "Marie Jeanne Odile",
            "14/07/1931",
        )
    };
    assert_eq!(heard("SOUNDEX"), Answer::Definite);
    assert_eq!(heard("no SOUNDEX"), Answer::Ambiguous);
    let twin = answer(
        &policy("another given name is ambiguous"),
        ("LEFEBVRE", ""),
        "Solange",
        "14/07/1931",
    );
    assert_eq!(twin, Answer::Ambiguous);
}
