//! The seeded generator of wholly fictional registers.

use std::io::{self, Write};

/// What to generate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many people.
    pub individuals: u64,
    /// The same seed gives the same bytes on every machine.
    pub seed: u64,
    /// How the file is written.
    pub form: Form,
}

/// How a generated file is written; the reader finds it out by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// Semicolons, UTF-8, dates `JJ/MM/AAAA`.
    #[default]
    Semicolon,
    /// Commas, Windows-1252, ISO dates.
    LegacyComma,
}

/// Writes a register in the import format, header included, streaming.
///
/// # Errors
/// When the output cannot be written.
pub fn generate(options: &Options, out: impl Write) -> io::Result<()> {
    let _ = (options, out);
    todo!()
}
