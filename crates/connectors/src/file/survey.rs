//! The first reading: what kind of file it is, and how many rows each person has.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, Read, Seek, SeekFrom};

use encoding_rs::WINDOWS_1252;

use super::FileError;
use super::columns::{Column, Columns};
use super::records::{Record, Records};

/// How much of the start is looked at to know the kind of file.
const HEAD: u64 = 64 * 1024;
const UTF8_BOM: &[u8] = b"\xEF\xBB\xBF";

/// How characters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// Windows-1252, which Western European spreadsheets and old software write.
    Windows1252,
}

impl Encoding {
    /// The text of some bytes; `None` when they are no text in this encoding.
    pub(super) fn decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        match self {
            Self::Utf8 => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Self::Windows1252 => Some(WINDOWS_1252.decode_without_bom_handling(bytes).0),
        }
    }
}

/// What the first reading found.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) encoding: Encoding,
    pub(super) delimiter: u8,
    pub(super) line_end: u8,
    /// Where the header begins.
    pub(super) start: u64,
    pub(super) columns: Columns,
    /// Rows after the header that hold something.
    pub(super) rows: u64,
    /// Rows still to come for each [`person_key`].
    pub(super) remaining: HashMap<u64, u32>,
}

/// Stands for an identifier in little memory. Two identifiers with one key only wait for each other.
pub(super) fn person_key(identifier: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    identifier.hash(&mut hasher);
    hasher.finish()
}

impl Survey {
    /// Reads the whole source once.
    pub(super) fn of<B: BufRead + Seek>(source: &mut B) -> Result<Self, FileError> {
        let mut head = Vec::new();
        source.rewind()?;
        source.by_ref().take(HEAD).read_to_end(&mut head)?;
        refuse_other_formats(&head)?;
        let start = if head.starts_with(UTF8_BOM) {
            UTF8_BOM.len() as u64
        } else {
            0
        };
        let line_end = if head.contains(&b'\r') && !head.contains(&b'\n') {
            b'\r'
        } else {
            b'\n'
        };

        let (delimiter, headings) = header(source, start, line_end)?;
        let columns = Columns::new(&headings)?;
        source.seek(SeekFrom::Start(start))?;
        let mut records = Records::new(source, delimiter, line_end);
        let mut record = Record::default();
        records.next(&mut record)?;

        let identifier = columns.place(Column::Identifier).unwrap_or_default();
        let mut tally = EncodingTally::default();
        let mut remaining = HashMap::new();
        let mut rows = 0;
        while let Some(split) = records.next(&mut record)? {
            rows += 1;
            if split.is_ok() {
                tally.count(&record);
                *remaining.entry(person_key(record.field(identifier))).or_default() += 1;
            }
        }
        Ok(Self {
            encoding: tally.encoding(start > 0),
            delimiter,
            line_end,
            start,
            columns,
            rows,
            remaining,
        })
    }
}

/// Workbooks and UTF-16 are what people send by mistake: say how to save them as CSV.
fn refuse_other_formats(head: &[u8]) -> Result<(), FileError> {
    let signature = |bytes: &[u8]| head.starts_with(bytes);
    if signature(b"PK\x03\x04") || signature(b"\xD0\xCF\x11\xE0") {
        return Err(FileError::Workbook);
    }
    if signature(b"\xFF\xFE") || signature(b"\xFE\xFF") || head.iter().take(4).any(|byte| *byte == 0) {
        return Err(FileError::Utf16);
    }
    Ok(())
}

/// The headings, split by whichever separator yields more names of columns.
fn header<B: BufRead + Seek>(
    source: &mut B,
    start: u64,
    line_end: u8,
) -> Result<(u8, Vec<String>), FileError> {
    let mut best: Option<(usize, u8, Vec<String>)> = None;
    for delimiter in [b';', b','] {
        source.seek(SeekFrom::Start(start))?;
        let mut records = Records::new(&mut *source, delimiter, line_end);
        let mut record = Record::default();
        let headings: Vec<String> = match records.next(&mut record)? {
            None => return Err(FileError::Empty),
            Some(Err(_)) => vec![],
            Some(Ok(())) => record.fields().map(heading).collect(),
        };
        let recognised = Columns::recognised(&headings);
        if best.as_ref().is_none_or(|(most, ..)| recognised > *most) {
            best = Some((recognised, delimiter, headings));
        }
    }
    best.map(|(_, delimiter, headings)| (delimiter, headings))
        .ok_or(FileError::Empty)
}

fn heading(bytes: &[u8]) -> String {
    let text = Encoding::Utf8
        .decode(bytes)
        .or_else(|| Encoding::Windows1252.decode(bytes));
    text.unwrap_or_default().trim().to_owned()
}

/// Rows with other characters than ASCII, by whether they can be UTF-8. One such row in Windows-1252 practically never
/// can; a few broken rows in a file of UTF-8 must not turn every accent of the others into two signs.
#[derive(Debug, Default)]
struct EncodingTally {
    utf8: u64,
    other: u64,
}

impl EncodingTally {
    fn count(&mut self, record: &Record) {
        let accented = |field: &&[u8]| !field.is_ascii();
        if record.fields().any(|field| accented(&field)) {
            let utf8 = record.fields().all(|field| std::str::from_utf8(field).is_ok());
            *(if utf8 { &mut self.utf8 } else { &mut self.other }) += 1;
        }
    }

    fn encoding(&self, has_bom: bool) -> Encoding {
        if has_bom || self.other == 0 || self.utf8 > self.other {
            Encoding::Utf8
        } else {
            Encoding::Windows1252
        }
    }
}
