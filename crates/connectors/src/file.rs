//! A register in CSV: semicolon or comma, UTF-8 or Windows-1252, one row per aid; rows with the same `identifiant`
//! are one person, wherever they stand.
//!
//! The file is read twice. The first reading finds out what it is and counts the rows of each identifier; the second
//! hands a person over as soon as their last row is read, so that only people whose rows lie apart wait in memory.
//! A bad row is told with line, column and reason, and stops nothing.

mod columns;
mod people;
mod records;
mod row;
mod survey;

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet, VecDeque};
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use domain::french::NBSP;
use domain::{Aid, Catalogue, Individual};

pub use columns::HeaderError;
pub use survey::Encoding;

use columns::Columns;
use people::Pending;
use records::{Malformed, Record, Records};
use row::Row;
use survey::{Survey, person_key};

/// The file as a whole cannot be taken. Messages are in French, for the département's staff.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It could not be read.
    #[error("le fichier n’a pas pu être lu")]
    Io(#[from] io::Error),
    /// Nothing in it.
    #[error("le fichier est vide")]
    Empty,
    /// An Excel or LibreOffice workbook.
    #[error(
        "c’est un classeur de tableur{NBSP}: enregistrez-le au format «{NBSP}CSV UTF-8{NBSP}» et recommencez"
    )]
    Workbook,
    /// Text in UTF-16, or no text.
    #[error(
        "ce n’est pas un texte en UTF-8 ou en Windows-1252{NBSP}: enregistrez-le au format «{NBSP}CSV UTF-8{NBSP}» et recommencez"
    )]
    Utf16,
    /// The header does not do.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// Not one row was good: there is nothing to replace the register with.
    #[error("aucune ligne du fichier n’est bonne ({refused} refusées){NBSP}: le registre en place est gardé")]
    NoGoodRow {
        /// Rows refused.
        refused: u64,
    },
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
    records: Records<BufReader<R>>,
    record: Record,
    columns: Columns,
    encoding: Encoding,
    delimiter: char,
    catalogue: Catalogue,
    total_rows: u64,
    /// Rows still to come, by [`person_key`].
    remaining: HashMap<u64, u32>,
    /// People whose rows are not all read.
    pending: HashMap<u64, Vec<Pending>>,
    /// People of whom a row was refused: nothing definite may be said of them.
    doubted: HashSet<u64>,
    ready: VecDeque<Entry>,
    summary: Summary,
    ended: bool,
}

/// Opens a register: reads it once through, then yields its people as the iterator is driven.
///
/// # Errors
/// When the file cannot be read, is empty or no CSV, or its header lacks a column, has one twice or has an unknown one.
pub fn read<R: Read + Seek>(source: R, catalogue: &Catalogue) -> Result<Import<R>, FileError> {
    let mut source = BufReader::with_capacity(1 << 16, source);
    let survey = Survey::of(&mut source)?;
    source.seek(SeekFrom::Start(survey.start))?;
    let mut records = Records::new(source, survey.delimiter, survey.line_end);
    let mut record = Record::default();
    records.next(&mut record)?;
    Ok(Import {
        records,
        record,
        columns: survey.columns,
        encoding: survey.encoding,
        delimiter: char::from(survey.delimiter),
        catalogue: catalogue.clone(),
        total_rows: survey.rows,
        remaining: survey.remaining,
        pending: HashMap::new(),
        doubted: HashSet::new(),
        ready: VecDeque::new(),
        summary: Summary::default(),
        ended: false,
    })
}

impl<R> Import<R> {
    /// What was read so far.
    pub fn summary(&self) -> Summary {
        self.summary
    }

    /// Rows the file has, the header not counted: what progress is measured against.
    pub fn total_rows(&self) -> u64 {
        self.total_rows
    }

    /// The encoding found out.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The separator found out: `;` or `,`.
    pub fn delimiter(&self) -> char {
        self.delimiter
    }
}

impl<R: Read + Seek> Iterator for Import<R> {
    /// An error ends the reading: the file failed, or at its end not one row was good.
    type Item = Result<Entry, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(entry) = self.ready.pop_front() {
                return Some(Ok(entry));
            }
            if self.ended {
                return None;
            }
            if let Err(error) = self.advance() {
                self.ended = true;
                self.ready.clear();
                return Some(Err(error));
            }
        }
    }
}

impl<R: Read + Seek> Import<R> {
    /// Reads one row.
    fn advance(&mut self) -> Result<(), FileError> {
        match self.records.next(&mut self.record)? {
            None => self.finish(),
            Some(Err(malformed)) => {
                self.summary.rows += 1;
                self.refuse(vec![Problem {
                    line: self.record.line,
                    column: None,
                    reason: malformed_reason(malformed),
                    severity: Severity::Error,
                }]);
                Ok(())
            }
            Some(Ok(())) => {
                self.summary.rows += 1;
                self.take_row();
                Ok(())
            }
        }
    }

    fn take_row(&mut self) {
        let row = Row {
            record: &self.record,
            columns: &self.columns,
            encoding: self.encoding,
        };
        let identifier = self
            .columns
            .place(columns::Column::Identifier)
            .unwrap_or_default();
        let key = person_key(self.record.field(identifier));
        let line = self.record.line;
        let people = self.pending.entry(key).or_default();
        match row::take(&row, &self.catalogue) {
            Err(refused) => {
                self.doubted.insert(key);
                let unknown =
                    |person: &Individual| people.iter().all(|known| known.identifier() != person.identifier);
                if let Some(person) = refused.person.filter(|person| unknown(person)) {
                    people.push(Pending::new(line, *person, None));
                }
                self.refuse(refused.problems);
            }
            Ok(taken) => {
                let known = people
                    .iter_mut()
                    .find(|person| person.identifier() == taken.person.identifier);
                let added = match known {
                    Some(person) => person.add(line, taken),
                    None => {
                        people.push(Pending::new(line, taken.person, Some(taken.aid)));
                        Ok(taken.warnings)
                    }
                };
                match added {
                    Ok(warnings) => self.warn(warnings),
                    Err(problem) => {
                        self.doubted.insert(key);
                        self.refuse(vec![problem]);
                    }
                }
            }
        }
        let remaining = self.remaining.entry(key).or_insert(1);
        *remaining = remaining.saturating_sub(1);
        if *remaining == 0 {
            self.remaining.remove(&key);
            let people = self.pending.remove(&key).unwrap_or_default();
            let doubted = self.doubted.remove(&key);
            self.hand_over(people, doubted);
        }
    }

    /// Whoever still waits, which happens only when the file changed between the two readings.
    fn finish(&mut self) -> Result<(), FileError> {
        self.ended = true;
        let mut left: Vec<Pending> = self.pending.drain().flat_map(|(_, people)| people).collect();
        left.sort_by(|a, b| a.identifier().cmp(b.identifier()));
        // Rows are missing, or there are more than were counted.
        self.hand_over(left, true);
        if self.summary.refused == self.summary.rows {
            let refused = self.summary.refused;
            return Err(FileError::NoGoodRow { refused });
        }
        Ok(())
    }

    fn hand_over(&mut self, people: Vec<Pending>, doubted: bool) {
        for person in people {
            let mut individual = person.into_individual();
            self.summary.individuals += 1;
            self.summary.aids += individual.aids.len() as u64;
            if doubted {
                individual.aids.push(Aid::unreadable());
            }
            self.ready.push_back(Entry::Individual(Box::new(individual)));
        }
    }

    fn refuse(&mut self, problems: Vec<Problem>) {
        self.summary.refused += 1;
        self.tell(problems);
    }

    fn warn(&mut self, warnings: Vec<Problem>) {
        self.summary.warnings += warnings.len() as u64;
        self.tell(warnings);
    }

    fn tell(&mut self, problems: Vec<Problem>) {
        self.ready.extend(problems.into_iter().map(Entry::Problem));
    }
}

fn malformed_reason(malformed: Malformed) -> String {
    match malformed {
        Malformed::Quote => {
            format!(
                "un guillemet n’est pas fermé, ou pas à la fin de la valeur{NBSP}: doublez ceux qui font partie d’une valeur"
            )
        }
        Malformed::TooLong => "la ligne est trop longue pour être une ligne du registre".to_owned(),
    }
}
