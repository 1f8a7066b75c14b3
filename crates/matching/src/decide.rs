//! The decision.
//!
//! A stranger who resembles somebody of the register shares just those fields that his tie to that person explains:
//! a twin all but the given names, a namesake the first given and the family name, a cousin the family name. So one
//! person is meant beyond doubt only if the evidence is enough *against each of these people*, counting only the
//! fields they would not share, and if nobody else in the register comes near, and if no field bears the mark of
//! another person. All else that is enough to think of somebody is doubt.

use std::collections::HashMap;

use domain::{Decedent, Individual};

use crate::compare::{Comparison, FIELDS_EXCHANGED, Scales};
use crate::explain;
use crate::family::{FamilyTie, is_particle};
use crate::frequencies::Frequencies;
use crate::given::GivenTie;
use crate::person::{Normaliser, Person, Written};
use crate::policy::{Field, Policy};
use crate::ties::{Doubtful, doubts};

/// People a register is taken to hold at least: a small register does not make a stranger likelier to be in it.
const LEAST_PEOPLE: f64 = 20_000.0;

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

/// Decides who of the candidates is meant, by the default policy and without the register's frequencies. The order
/// of the candidates never matters.
///
/// `candidates` are the individuals that share a key of [`crate::query_keys`]; more do no harm.
pub fn decide(decedent: &Decedent, candidates: &[Individual]) -> Verdict {
    decide_with(decedent, candidates, &Policy::default(), &Frequencies::new())
}

/// As [`decide`], by a département's policy and with the frequencies of its register.
pub fn decide_with(
    decedent: &Decedent,
    candidates: &[Individual],
    policy: &Policy,
    frequencies: &Frequencies,
) -> Verdict {
    let query = Query::from(decedent);
    let mut normaliser = Normaliser::default();
    let people: Vec<(&str, Person)> = candidates
        .iter()
        .map(|individual| (individual.identifier.as_str(), normaliser.individual(individual)))
        .collect();
    let engine = Engine { policy, frequencies };
    let ruling = engine.rule(
        &query,
        people.iter().map(|(identifier, person)| (*identifier, person)),
    );
    explain::verdict(&query, &ruling)
}

/// The one asked about, normalised once for all candidates.
#[derive(Debug, Clone)]
pub struct Query {
    pub(crate) person: Person,
    /// The same with family and given name in each other's place.
    exchanged: Option<Person>,
}

impl Query {
    /// A query from what is written; parts may be missing.
    pub fn read(written: Written<'_>) -> Self {
        let mut normaliser = Normaliser::default();
        let person = normaliser.read(written);
        let family = if written.birth_name.trim().is_empty() {
            written.usage_name
        } else {
            written.birth_name
        };
        let exchanged = (!family.trim().is_empty() && !person.given.is_empty()).then(|| {
            let (as_family, rest) = split_family(written.given_names);
            let usage = if written.birth_name.trim().is_empty() {
                ""
            } else {
                written.usage_name
            };
            normaliser.read(Written {
                birth_name: &as_family,
                usage_name: usage,
                given_names: &format!("{family} {rest}"),
                ..written
            })
        });
        Self { person, exchanged }
    }

    /// The person asked about.
    pub fn person(&self) -> &Person {
        &self.person
    }

    /// The keys candidates are looked up by in a register of these frequencies.
    pub fn keys(&self, frequencies: &Frequencies) -> Vec<i64> {
        let mut keys = self.person.query_keys(frequencies);
        if let Some(exchanged) = &self.exchanged {
            keys.extend(exchanged.exchanged_keys(frequencies));
            keys.sort_unstable();
            keys.dedup();
        }
        keys
    }
}

/// The family name that stands where given names belong (`LE DORE Marie`), and what follows it.
fn split_family(text: &str) -> (String, String) {
    let words: Vec<&str> = text.split_whitespace().collect();
    let particles = words
        .iter()
        .take_while(|word| is_particle(&word.to_uppercase()))
        .count();
    let (family, rest) = words.split_at((particles + 1).min(words.len()));
    (family.join(" "), rest.join(" "))
}

impl From<&Decedent> for Query {
    fn from(decedent: &Decedent) -> Self {
        let text =
            |name: &Option<domain::FamilyName>| name.as_ref().map_or("", |name| name.as_str()).to_owned();
        Self::read(Written {
            birth_name: &text(&decedent.birth_name),
            usage_name: &text(&decedent.usage_name),
            given_names: &decedent.given_names.to_string(),
            sex: decedent.sex,
            birth_date: Some(decedent.birth_date),
            birth_place: decedent.birth_place.as_ref().map_or("", |place| place.as_str()),
            death_date: Some(decedent.death_date.into()),
            last_grant: None,
        })
    }
}

/// Somebody who may be meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Identifier in the register.
    pub identifier: String,
    /// Field by field.
    pub comparison: Comparison,
    /// The sum of the evidence.
    pub bits: f64,
    /// Why this person is not meant beyond doubt; empty when they are.
    pub doubts: Vec<Doubtful>,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The first candidate is meant beyond doubt.
    Definite,
    /// One of the candidates may be meant.
    Ambiguous,
    /// Nobody can be meant.
    Unknown,
}

/// A decision and what it stands on.
#[derive(Debug, Clone, PartialEq)]
pub struct Ruling {
    /// The decision.
    pub answer: Answer,
    /// Those who may be meant, likeliest first. When nobody may be, the nearest.
    pub candidates: Vec<Candidate>,
    /// Candidates looked at.
    pub looked_at: usize,
    /// Bits from which somebody may be meant.
    pub threshold: f64,
}

/// Decides by a policy, with the frequencies of a register.
#[derive(Debug, Clone, Copy)]
pub struct Engine<'a> {
    /// The département's policy.
    pub policy: &'a Policy,
    /// The register's frequencies.
    pub frequencies: &'a Frequencies,
}

impl Engine<'_> {
    /// Decides. The order of the candidates never matters; one who comes twice counts once.
    pub fn rule<'p>(&self, query: &Query, candidates: impl Iterator<Item = (&'p str, &'p Person)>) -> Ruling {
        let needed = (self.frequencies.individuals() as f64).max(LEAST_PEOPLE).log2();
        let threshold = needed + self.policy.doubt.reach;
        let mut nearest: HashMap<&str, (f64, Comparison)> = HashMap::new();
        let mut looked_at = 0;
        // The nearest below the threshold, told when nobody may be meant.
        let mut below: Option<(f64, &str, Comparison)> = None;
        for (identifier, person) in candidates {
            looked_at += 1;
            let comparison = self.compare(query, person);
            let bits = comparison.bits.total();
            if bits >= threshold || self.policy.doubt.twins && comparison.may_be_a_twin() {
                match nearest.get(identifier) {
                    Some((there, _)) if *there >= bits => {}
                    _ => {
                        nearest.insert(identifier, (bits, comparison));
                    }
                }
            } else if below
                .as_ref()
                .is_none_or(|(most, other, _)| (bits, *other) > (*most, identifier))
            {
                below = Some((bits, identifier, comparison));
            }
        }
        let mut ranked: Vec<Candidate> = nearest
            .into_iter()
            .map(|(identifier, (bits, comparison))| {
                self.candidate(query, identifier, bits, comparison, needed)
            })
            .collect();
        ranked.sort_by(|a, b| {
            b.bits
                .total_cmp(&a.bits)
                .then_with(|| a.identifier.cmp(&b.identifier))
        });
        let answer = self.answer(&mut ranked, threshold);
        ranked.truncate(self.policy.doubt.most);
        if let (Answer::Unknown, Some((bits, identifier, comparison))) = (answer, below) {
            ranked.push(self.candidate(query, identifier, bits, comparison, needed));
        }
        Ruling {
            answer,
            candidates: ranked,
            looked_at,
            threshold,
        }
    }

    fn answer(&self, ranked: &mut [Candidate], threshold: f64) -> Answer {
        match ranked {
            [] => Answer::Unknown,
            [best, others @ ..] => {
                if let Some(second) = others.first()
                    && best.bits - second.bits < self.policy.definite.margin
                {
                    best.doubts.push(Doubtful::Rival);
                }
                if best.bits < threshold {
                    best.doubts.push(Doubtful::Little);
                }
                if best.doubts.is_empty() {
                    Answer::Definite
                } else {
                    Answer::Ambiguous
                }
            }
        }
    }

    fn candidate(
        &self,
        query: &Query,
        identifier: &str,
        bits: f64,
        comparison: Comparison,
        needed: f64,
    ) -> Candidate {
        let mut doubts = doubts(&comparison, &self.policy.definite, needed);
        doubts.extend(self.missing(&query.person).map(Doubtful::Missing));
        Candidate {
            identifier: identifier.to_owned(),
            doubts,
            comparison,
            bits,
        }
    }

    fn missing(&self, query: &Person) -> impl Iterator<Item = Field> {
        let there = |field: &Field| match field {
            Field::BirthName => query.birth_name.is_some(),
            Field::GivenName => !query.given.is_empty(),
            Field::BirthDate => query.birth_date.is_some(),
            Field::WholeBirthDate => query.birth_date.is_some_and(|date| date.full().is_some()),
            Field::Sex => query.sex.is_some(),
            Field::BirthPlace => query.birth_place.is_some(),
        };
        self.policy
            .definite
            .require
            .iter()
            .copied()
            .filter(move |field| !there(field))
    }

    /// Compares field by field, and with family and given name exchanged where the given name does not fit as it stands.
    pub fn compare(&self, query: &Query, person: &Person) -> Comparison {
        let scales = Scales {
            model: &self.policy.model,
            frequencies: self.frequencies,
        };
        let straight = scales.compare(&query.person, person);
        let fits = straight.given.is_some_and(|tie| tie < GivenTie::StandIn);
        let Some(exchanged) = query.exchanged.as_ref().filter(|_| !fits) else {
            return straight;
        };
        let mut other = scales.compare(exchanged, person);
        let both = other.names.nearest() <= FamilyTie::OneSlip
            && other.given.is_some_and(|tie| tie <= GivenTie::OneSlip);
        other.bits.fields = FIELDS_EXCHANGED;
        if both && other.bits.total() > straight.bits.total() {
            other.fields_exchanged = true;
            other
        } else {
            straight
        }
    }
}
