//! A register in CSV: semicolon or comma, UTF-8 or Windows-1252, one row per aid.

use std::io::{self, Read, Seek};

use domain::{Catalogue, Individual};

/// The file as a whole cannot be taken. Messages are in French, for the département's staff.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It could not be read.
    #[error("le fichier n’a pas pu être lu")]
    Io(#[from] io::Error),
}

/// How much a problem weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The row was taken, but somebody should look.
    Warning,
    /// The row was refused.
    Error,
}

/// What is wrong with one row. Quotes no name and no date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line of the file, from 1, on which the row begins.
    pub line: u64,
    /// Column as the format names it, when one is at fault.
    pub column: Option<&'static str>,
    /// What is wrong and what is admitted, in French.
    pub reason: String,
    /// Whether the row was taken.
    pub severity: Severity,
}

/// What reading yields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A person with all their aids.
    Individual(Box<Individual>),
    /// A problem of one row.
    Problem(Problem),
}

/// What was read so far; final once the iterator has ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows that hold something, the header not counted.
    pub rows: u64,
    /// Rows refused.
    pub refused: u64,
    /// Warnings given.
    pub warnings: u64,
    /// People.
    pub individuals: u64,
    /// Aids.
    pub aids: u64,
}

/// A register being read, person by person, in bounded memory.
#[derive(Debug)]
pub struct Import<R> {
    source: R,
    summary: Summary,
}

/// Opens a register: reads it once through (encoding, separator, header, how many rows each person has),
/// then yields its people as the iterator is driven.
///
/// # Errors
/// When the file cannot be read, is empty, or its header lacks a column, has one twice or has an unknown one.
pub fn read<R: Read + Seek>(source: R, catalogue: &Catalogue) -> Result<Import<R>, FileError> {
    let _ = (source, catalogue);
    todo!()
}

impl<R> Import<R> {
    /// What was read so far.
    pub fn summary(&self) -> Summary {
        self.summary
    }

    /// Rows the file has, the header not counted: what progress is measured against.
    pub fn total_rows(&self) -> u64 {
        0
    }
}

impl<R: Read + Seek> Iterator for Import<R> {
    /// An error ends the reading: the file failed, or at its end not one row was good.
    type Item = Result<Entry, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        let _ = &mut self.source;
        todo!()
    }
}
