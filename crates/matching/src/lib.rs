//! Who in the register is meant: normalise, key, compare, decide, explain. No IO.
//!
//! What this version holds two people to be the same by is equality of civil status once what clerks write
//! differently is levelled: case, accents, ligatures, hyphens, apostrophes, particles, order of given names.
//! Whatever leaves a doubt is [`Verdict::Ambiguous`]: a definite answer about the wrong person discloses
//! somebody's social aid, and a wrong « inconnu » loses public money.

mod compare;
mod decide;
mod family;
mod given;
mod keys;
mod normalise;
mod place;
mod series;

pub use decide::{Verdict, decide};
pub use keys::{KEYS_VERSION, query_keys, register_keys};
pub use normalise::{index_words, search_words};
pub use series::series;

/// Version of the rules, kept with every decision.
pub const ENGINE_VERSION: &str = "1.0.0";
