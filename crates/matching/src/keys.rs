//! Blocking keys: what the database looks candidates up by.

use domain::{Decedent, Individual};

/// Version of the keys: when it changes, those stored with a register are computed again.
pub const KEYS_VERSION: i32 = 1;

/// The keys under which an individual is stored. Sorted, each once; empty only for a person without a name.
pub fn register_keys(individual: &Individual) -> Vec<String> {
    let _ = individual;
    todo!()
}

/// The keys a decedent is looked up by: whoever may be meant has one of them in common.
pub fn query_keys(decedent: &Decedent) -> Vec<String> {
    let _ = decedent;
    todo!()
}
