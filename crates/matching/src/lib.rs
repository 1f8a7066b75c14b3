//! Who in the register is meant: normalise, key, compare, weigh, decide, explain. No IO.
//!
//! Probabilistic record linkage after Fellegi and Sunter, with weights by name frequency (Winkler), French phonetics
//! (FONEM) and errors of civil status; see [`Model`] for the figures and [`Engine::rule`] for the decision. Whatever
//! leaves a doubt is [`Verdict::Ambiguous`]: a definite answer about the wrong person discloses somebody's social
//! aid, and a wrong « inconnu » loses public money.

mod common;
mod compare;
mod dates;
mod decide;
mod explain;
mod family;
mod fields;
mod frequencies;
mod given;
mod hash;
mod keys;
mod model;
mod normalise;
mod person;
mod phonetics;
mod place;
mod policy;
mod postings;
mod series;
mod similarity;
mod ties;
mod variants;
mod weigh;

pub use compare::{Bits, Comparison, DeathTie, NamesTie};
pub use dates::{DateTie, DayTie, PartTie, YearTie};
pub use decide::{Answer, Candidate, Engine, Query, Ruling, Verdict, decide, decide_with};
pub use explain::Finding;
pub use family::{Family, FamilyTie};
pub use frequencies::Frequencies;
pub use given::{GivenName, GivenTie};
pub use keys::{Indexer, KEYS_VERSION, query_keys, register_keys};
pub use model::{DateModel, FamilyModel, GivenModel, Model, PlaceModel};
pub use normalise::{index_words, search_words};
pub use person::{Normaliser, Person, Written};
pub use phonetics::fonem;
pub use place::{PlaceName, PlaceTie};
pub use policy::{DateTolerance, Definite, Doubt, Field, Policy, PolicyError, Profile};
pub use postings::{MOST_PEOPLE, Paging, Postings, PostingsBuilder, TooManyPeople, holders};
pub use series::series;
pub use ties::Doubtful;

/// Version of the rules, kept with every decision.
pub const ENGINE_VERSION: &str = "2.2.0";
