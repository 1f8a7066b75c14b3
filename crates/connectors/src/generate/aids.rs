//! Aids of fiction: plausible kinds, dates and amounts.

use chrono::{Datelike, Days, NaiveDate};
use domain::{AidKind, Recoverability};

use super::dates::{as_of, day_between, month_end, year_start};
use super::people::Person;
use super::random::Random;

const TERRITORIES: [&str; 6] = [
    "Territoire Nord",
    "Territoire Sud",
    "Territoire Est",
    "Territoire Ouest",
    "Territoire Centre",
    "Métropole",
];

/// What the register says of one grant; empty where it says nothing.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) kind: AidKind,
    pub(super) recoverable: &'static str,
    pub(super) starts: Option<NaiveDate>,
    pub(super) ends: Option<NaiveDate>,
    pub(super) cents: Option<u64>,
    pub(super) overpaid: Overpaid,
    pub(super) territory: &'static str,
}

/// The `indu` column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overpaid {
    Silent,
    Yes,
    No,
    Cents(u64),
}

/// One to four grants of different kinds, oldest first.
pub(super) fn grants(random: &mut Random, person: &Person) -> Vec<Grant> {
    let count = [1, 1, 1, 1, 1, 1, 2, 2, 3, 4][random.below(10) as usize];
    let territory = random.one_of(&TERRITORIES, TERRITORIES[0]);
    let mut grants: Vec<Grant> = (0..count).map(|_| grant(random, person, territory)).collect();
    grants.sort_by_key(|grant| grant.starts);
    let mut kinds = vec![];
    grants.retain(|grant| {
        let first = !kinds.contains(&grant.kind);
        kinds.push(grant.kind.clone());
        first
    });
    grants
}

fn grant(random: &mut Random, person: &Person, territory: &'static str) -> Grant {
    let born = person.birth.year();
    let mut kind = kind(random, born);
    let (mut opens, mut closes) = era(&kind, born);
    if person.death.is_some_and(|death| death < opens) {
        kind = AidKind::HomeHelp;
        (opens, closes) = era(&kind, born);
    }
    let last = person.death.unwrap_or_else(as_of).min(closes);
    let starts = day_between(random, opens.min(last), last);
    let starts = if random.per_mille(800) {
        starts.with_day(1).unwrap_or(starts)
    } else {
        starts
    };
    let (ends, overpaid) = ends(random, person, starts, closes);
    // A few rows say next to nothing, as in real registers.
    let minimal = random.per_mille(50);
    Grant {
        recoverable: if minimal { "" } else { recoverable(random, &kind) },
        starts: (!minimal).then_some(starts),
        cents: (!minimal && random.per_mille(850)).then(|| cents(random, &kind, starts, ends)),
        overpaid: if minimal { Overpaid::Silent } else { overpaid },
        territory: if minimal || random.per_mille(100) {
            ""
        } else {
            territory
        },
        ends,
        kind,
    }
}

fn kind(random: &mut Random, born: i32) -> AidKind {
    let drawn = random.below(100);
    if born < 1949 {
        match drawn {
            0..38 => AidKind::ApaHome,
            38..56 => AidKind::ApaInstitution,
            56..72 => AidKind::AshElderly,
            72..86 => AidKind::HomeHelp,
            86..92 => AidKind::MealDelivery,
            92..96 if born < 1935 => AidKind::Psd,
            _ => AidKind::DailyCharge,
        }
    } else {
        match drawn {
            0..36 => AidKind::Pch,
            36..46 => AidKind::Actp,
            46..64 => AidKind::AshDisabled,
            64..90 => AidKind::Rsa,
            90..96 => AidKind::HomeHelp,
            _ => AidKind::DailyCharge,
        }
    }
}

/// The years in which an aid could be granted to somebody born that year: PSD from 1997 to 2001, APA from 2002, PCH
/// from 2006, RSA from 2009; aid for the elderly from sixty.
fn era(kind: &AidKind, born: i32) -> (NaiveDate, NaiveDate) {
    let (from, to) = match kind {
        AidKind::Psd => (1997, 2001),
        AidKind::ApaHome | AidKind::ApaInstitution => (2002.max(born + 60), 2026),
        AidKind::Pch => (2006, 2026),
        AidKind::Rsa => (2009, 2026),
        AidKind::AshDisabled | AidKind::Actp => (1995.max(born + 20), 2026),
        _ => (1992.max(born + 60), 2026),
    };
    (year_start(from), (year_start(to + 1) - Days::new(1)).min(as_of()))
}

/// Most grants end with the person or run on; some are paid past the death.
fn ends(
    random: &mut Random,
    person: &Person,
    starts: NaiveDate,
    closes: NaiveDate,
) -> (Option<NaiveDate>, Overpaid) {
    let Some(death) = person.death else {
        let ended = closes < as_of() || random.per_mille(300);
        return (
            ended.then(|| month_end(day_between(random, starts, closes)).min(as_of())),
            Overpaid::Silent,
        );
    };
    match random.below(100) {
        0..12 => {
            let late = u64::from(random.between(20, 120));
            let cents = u64::from(random.between(4_000, 320_000));
            let overpaid = if random.per_mille(700) {
                Overpaid::Cents(cents)
            } else {
                Overpaid::Yes
            };
            (Some(month_end(death + Days::new(late)).min(as_of())), overpaid)
        }
        12..30 => (
            Some(day_between(random, starts, death.min(closes))),
            Overpaid::Silent,
        ),
        drawn => {
            let silent = if drawn < 70 {
                Overpaid::Silent
            } else {
                Overpaid::No
            };
            (Some(death.min(closes).max(starts)), silent)
        }
    }
}

/// Mostly left to the catalogue; where stated, as the law has it.
fn recoverable(random: &mut Random, kind: &AidKind) -> &'static str {
    match (kind.recoverability(), random.below(10)) {
        (_, 0..6) => "",
        (Recoverability::Never, _) => "non",
        (_, 9) => "non",
        _ => "oui",
    }
}

/// So much a month, for the months it was paid.
fn cents(random: &mut Random, kind: &AidKind, starts: NaiveDate, ends: Option<NaiveDate>) -> u64 {
    let (low, high) = match kind {
        AidKind::AshElderly | AidKind::AshDisabled => (38_000, 145_000),
        AidKind::ApaHome | AidKind::Pch => (22_000, 110_000),
        AidKind::ApaInstitution | AidKind::Actp | AidKind::Psd => (18_000, 60_000),
        AidKind::Rsa => (30_000, 60_000),
        _ => (2_500, 30_000),
    };
    let days = (ends.unwrap_or_else(as_of) - starts).num_days().clamp(15, 2_500);
    let monthly = u64::from(random.between(low, high));
    monthly * u64::try_from(days).unwrap_or(15) / 30 + u64::from(random.below(100))
}
