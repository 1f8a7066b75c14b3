//! The decision, and the reasons an officer and a judge can read.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use domain::french::NBSP;
use domain::{Decedent, Individual};

use crate::compare::{Comparison, Query};
use crate::given::GivenLevel;

/// Most people whose comparison is spelled out in the reasons.
const MAX_SPELLED_OUT: usize = 20;

/// What the engine holds of a decedent. Reasons are in French, most important first; they are for the
/// département's officers and for a judge, never for the notary when the verdict is not definite: they tell of
/// people who may have nothing to do with the estate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// One person is meant beyond doubt.
    Definite {
        /// Identifier in the register.
        identifier: String,
        /// What agrees.
        reasons: Vec<String>,
    },
    /// Somebody may be meant: an officer decides.
    Ambiguous {
        /// Identifiers in the register, likeliest first.
        identifiers: Vec<String>,
        /// For each, what agrees and what leaves a doubt.
        reasons: Vec<String>,
    },
    /// Nobody in the register can be meant.
    Unknown {
        /// Why.
        reasons: Vec<String>,
    },
}

/// Decides who of the candidates is meant. The order of the candidates never matters.
///
/// Somebody may be meant who shares a name (at birth or in use) and a date of birth with the decedent. One person
/// whose first given name agrees as well, and nothing contradicts, is definite. Several, another first given name,
/// a date of which a part is unknown, or any contradiction (sex, names at birth, place of birth, date of death) is
/// ambiguous. A twin does not make an exact match ambiguous: same name and birthday, no given name that would do.
///
/// `candidates` are the individuals that share a key of [`crate::query_keys`]; more do no harm.
pub fn decide(decedent: &Decedent, candidates: &[Individual]) -> Verdict {
    let query = Query::new(decedent);
    let found = candidates
        .iter()
        .filter_map(|individual| Some((individual.identifier.as_str(), query.compare(individual)?)));
    let ranked = ranked(found);
    let rivals = ranked.iter().filter(|(_, comparison)| !comparison.twin()).count();
    match ranked.as_slice() {
        [] => Verdict::Unknown {
            reasons: vec![
                "personne dans le registre ne porte l’un des noms indiqués avec cette date de naissance"
                    .to_owned(),
            ],
        },
        [(identifier, best), others @ ..] if rivals == 1 && best.beyond_doubt() => Verdict::Definite {
            identifier: (*identifier).to_owned(),
            reasons: definite_reasons(best, others.len()),
        },
        all => Verdict::Ambiguous {
            identifiers: all
                .iter()
                .map(|(identifier, _)| (*identifier).to_owned())
                .collect(),
            reasons: ambiguous_reasons(all),
        },
    }
}

/// Each person once, likeliest first; of two rows with one identifier the one that is doubted more counts.
fn ranked<'a>(found: impl Iterator<Item = (&'a str, Comparison)>) -> Vec<(&'a str, Comparison)> {
    let mut people: BTreeMap<&str, Comparison> = BTreeMap::new();
    for (identifier, comparison) in found {
        match people.get(identifier) {
            Some(there) if rank(there) >= rank(&comparison) => {}
            _ => {
                people.insert(identifier, comparison);
            }
        }
    }
    let mut ranked: Vec<_> = people.into_iter().collect();
    ranked.sort_by(|(a, left), (b, right)| rank(left).cmp(&rank(right)).then_with(|| a.cmp(b)));
    ranked
}

/// Smaller is likelier. The texts come last, so that the order never depends on that of the rows.
fn rank(comparison: &Comparison) -> (GivenLevel, bool, usize, Reverse<usize>, &[String], &[String]) {
    (
        comparison.given,
        !comparison.whole_birth_date,
        comparison.doubts.len(),
        Reverse(comparison.agreements.len()),
        &comparison.doubts,
        &comparison.agreements,
    )
}

fn definite_reasons(best: &Comparison, twins: usize) -> Vec<String> {
    let mut reasons = best.agreements.clone();
    if twins > 0 {
        reasons.push("l’autre prénom écarte toute autre personne de même nom née le même jour".to_owned());
    }
    reasons
}

fn ambiguous_reasons(all: &[(&str, Comparison)]) -> Vec<String> {
    let mut reasons = vec![match all.len() {
        1 => "une personne du registre peut être visée, sans certitude".to_owned(),
        count => format!("{count} personnes du registre peuvent être visées"),
    }];
    reasons.extend(all.iter().take(MAX_SPELLED_OUT).map(|(identifier, comparison)| {
        let all: Vec<&str> = comparison
            .doubts
            .iter()
            .chain(&comparison.agreements)
            .map(String::as_str)
            .collect();
        format!("dossier {identifier}{NBSP}: {}", all.join(&format!("{NBSP}; ")))
    }));
    if all.len() > MAX_SPELLED_OUT {
        reasons.push(format!("et {} autres dossiers", all.len() - MAX_SPELLED_OUT));
    }
    reasons
}
