//! A register in memory, with the same keys and the same engine as in production.

use domain::Individual;
use matching::{Engine, Frequencies, Normaliser, Person, Policy, Postings, PostingsBuilder, Query, Ruling};

/// A register in memory.
#[derive(Debug, Default)]
pub struct Register {
    people: Vec<Person>,
    /// All identifiers in one text, and where each ends.
    identifiers: String,
    ends: Vec<u32>,
    loaded: PostingsBuilder,
    /// Who has which key, once all are loaded.
    index: Option<Postings>,
    frequencies: Frequencies,
    normaliser: Normaliser,
}

impl Register {
    /// An empty register.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a person. More than 16 million are not held: the rest is left out.
    pub fn add(&mut self, individual: &Individual) {
        let person = self.normaliser.individual(individual);
        if self.loaded.add(&person.register_keys()).is_err() {
            return;
        }
        self.frequencies.add(&person);
        self.identifiers.push_str(&individual.identifier);
        self.ends
            .push(u32::try_from(self.identifiers.len()).unwrap_or(u32::MAX));
        self.people.push(person);
    }

    /// Makes what was added findable.
    pub fn finish(&mut self) {
        self.index = Some(std::mem::take(&mut self.loaded).finish());
        self.normaliser = Normaliser::default();
    }

    /// People held.
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Whether nobody is held.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// Keys held.
    pub fn keys(&self) -> usize {
        self.index.as_ref().map_or(0, Postings::len)
    }

    /// The register's frequencies.
    pub fn frequencies(&self) -> &Frequencies {
        &self.frequencies
    }

    /// Somebody by place of adding.
    pub fn person(&self, who: u32) -> Option<(&str, &Person)> {
        let place = who as usize;
        let start = place
            .checked_sub(1)
            .map_or(Some(0), |before| self.ends.get(before).copied())?;
        let identifier = self
            .identifiers
            .get(start as usize..*self.ends.get(place)? as usize)?;
        Some((identifier, self.people.get(place)?))
    }

    /// Who shares a key with the query. Sorted, each once.
    pub fn candidates(&self, query: &Query) -> Vec<u32> {
        let keys = query.keys(&self.frequencies);
        let mut found: Vec<u32> = keys.into_iter().flat_map(|key| self.holders(key)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Who has a key.
    pub fn holders(&self, key: i64) -> impl Iterator<Item = u32> {
        debug_assert!(self.index.is_some(), "finish() comes before the first query");
        self.index.iter().flat_map(move |index| index.holders(key))
    }

    /// Decides by a policy.
    pub fn rule(&self, query: &Query, policy: &Policy) -> Ruling {
        let engine = Engine {
            policy,
            frequencies: &self.frequencies,
        };
        let candidates = self.candidates(query);
        engine.rule(query, candidates.into_iter().filter_map(|who| self.person(who)))
    }
}
