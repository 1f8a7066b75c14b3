//! Blocking keys: what the database looks candidates up by.
//!
//! One key for each way of writing each name, with the year of birth, which is the one part of the date that is
//! always known: `DELATOUR|1931`, `LATOUR|1931`, `TOUR|1931`. Two people whom [`crate::decide`] may hold to be one
//! share a name and a year of birth, hence a key; nobody else is fetched but namesakes born the same year.

use domain::{Decedent, FamilyName, Individual, PartialDate};

use crate::family::Family;

/// Version of the keys: when it changes, those stored with a register are computed again.
pub const KEYS_VERSION: i32 = 1;

/// The keys under which an individual is stored. Sorted, each once; empty only for a person without a name.
pub fn register_keys(individual: &Individual) -> Vec<String> {
    let names = individual.birth_name.iter().chain(&individual.usage_name);
    keys(names, individual.birth_date)
}

/// The keys a decedent is looked up by: whoever may be meant has one of them in common.
pub fn query_keys(decedent: &Decedent) -> Vec<String> {
    keys(decedent.names(), decedent.birth_date)
}

fn keys<'a>(names: impl Iterator<Item = &'a FamilyName>, birth: PartialDate) -> Vec<String> {
    let mut keys: Vec<String> = names
        .flat_map(|name| {
            let family = Family::new(name);
            family
                .forms()
                .iter()
                .map(|form| format!("{form}|{}", birth.year()))
                .collect::<Vec<_>>()
        })
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}
