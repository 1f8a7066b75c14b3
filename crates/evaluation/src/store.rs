//! A register in memory, with the same keys and the same engine as in production.

use domain::Individual;
use matching::{Engine, Frequencies, Normaliser, Person, Policy, Query, Ruling};

/// Bits of an index entry that say who; the others are the first of the key. Two keys that share the latter merely add
/// a candidate.
const WHO_BITS: u32 = 24;

/// First bits of a key that have a place in the directory of the index.
const DIRECTORY_BITS: u32 = 20;

/// A register in memory.
#[derive(Debug, Default)]
pub struct Register {
    people: Vec<Person>,
    /// All identifiers in one text, and where each ends.
    identifiers: String,
    ends: Vec<u32>,
    /// First bits of a key and who has it, sorted once loaded.
    index: Vec<u64>,
    /// Where in the index the entries begin that share their first bits.
    starts: Vec<u32>,
    frequencies: Frequencies,
    normaliser: Normaliser,
    sorted: bool,
}

impl Register {
    /// An empty register.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a person. More than 16 million are not held: the rest is left out.
    pub fn add(&mut self, individual: &Individual) {
        let person = self.normaliser.individual(individual);
        let Some(who) = u32::try_from(self.people.len())
            .ok()
            .filter(|who| *who < 1 << WHO_BITS)
        else {
            return;
        };
        for key in person.register_keys() {
            self.index.push(entry(key) | u64::from(who));
        }
        self.frequencies.add(&person);
        self.identifiers.push_str(&individual.identifier);
        self.ends
            .push(u32::try_from(self.identifiers.len()).unwrap_or(u32::MAX));
        self.people.push(person);
        self.sorted = false;
    }

    /// Makes what was added findable.
    pub fn finish(&mut self) {
        self.index.sort_unstable();
        self.index.shrink_to_fit();
        let mut starts = Vec::with_capacity((1 << DIRECTORY_BITS) + 1);
        let mut at = 0;
        for bits in 0..=1u64 << DIRECTORY_BITS {
            while self
                .index
                .get(at)
                .is_some_and(|entry| entry >> (64 - DIRECTORY_BITS) < bits)
            {
                at += 1;
            }
            starts.push(u32::try_from(at).unwrap_or(u32::MAX));
        }
        self.starts = starts;
        self.normaliser = Normaliser::default();
        self.sorted = true;
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
        self.index.len()
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
        debug_assert!(self.sorted, "finish() comes before the first query");
        let mut found: Vec<u32> = Vec::new();
        for key in query.keys(&self.frequencies) {
            let wanted = entry(key);
            let bits = usize::try_from(wanted >> (64 - DIRECTORY_BITS)).unwrap_or(0);
            let (Some(start), Some(end)) = (self.starts.get(bits), self.starts.get(bits + 1)) else {
                continue;
            };
            let near = &self.index[*start as usize..*end as usize];
            let start = near.partition_point(|there| *there < wanted);
            let same = near[start..]
                .iter()
                .take_while(|there| **there >> WHO_BITS == wanted >> WHO_BITS);
            found.extend(same.filter_map(|there| u32::try_from(there & ((1 << WHO_BITS) - 1)).ok()));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// How many people have a key.
    pub fn holders(&self, key: i64) -> usize {
        let wanted = entry(key);
        let start = self.index.partition_point(|there| *there < wanted);
        self.index[start..]
            .iter()
            .take_while(|there| **there >> WHO_BITS == wanted >> WHO_BITS)
            .count()
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

fn entry(key: i64) -> u64 {
    key.cast_unsigned() >> WHO_BITS << WHO_BITS
}
