//! Where registers come from: today a CSV file, or the generator of fictional ones.

pub mod file;
pub mod generate;
pub mod questions;
