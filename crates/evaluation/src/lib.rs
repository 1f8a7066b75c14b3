//! What the matching engine is worth: evaluation on files, worlds with known truth, comparison with other ways.

pub mod bench;
pub mod estimate;
pub mod exchange;
pub mod files;
pub mod questions;
pub mod random;
pub mod recipes;
pub mod rivals;
pub mod store;
pub mod table;
pub mod world;
