//! Splitting a file into records, byte by byte and line by line.
//!
//! Written here rather than taken from the csv crate for one reason: a quotation mark that is never closed must cost
//! one row, not the rest of the file. A record whose quotes do not come right within [`MAX_LINES`] lines is given up
//! at its first line and reading goes on with the next. The same bound keeps memory bounded. What is well-formed is
//! read as RFC 4180 says; a test compares with the csv crate.

use std::collections::VecDeque;
use std::io::{self, BufRead, Read};

/// Longest physical line taken, in bytes.
const MAX_LINE: usize = 32 * 1024;
/// Most physical lines of one record: addresses in quoted fields have a few.
const MAX_LINES: usize = 30;

/// Why a row could not be split into fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Malformed {
    /// A quote is not closed, or something follows a closing quote.
    Quote,
    /// The line is too long to be a row.
    TooLong,
}

/// One record, reused from row to row.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// Line on which it begins, from 1.
    pub(super) line: u64,
    /// The fields' bytes one after the other, quotes undone.
    bytes: Vec<u8>,
    /// Where each field ends in them.
    ends: Vec<usize>,
}

impl Record {
    /// How many fields.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A field's bytes without white space around; empty when the row is shorter.
    pub(super) fn field(&self, index: usize) -> &[u8] {
        let start = match index {
            0 => 0,
            _ => self.ends.get(index - 1).copied().unwrap_or(self.bytes.len()),
        };
        let end = self.ends.get(index).copied().unwrap_or(start);
        self.bytes.get(start..end).unwrap_or_default().trim_ascii()
    }

    /// Every field's bytes.
    pub(super) fn fields(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|index| self.field(index))
    }

    /// Whether there is nothing in it.
    pub(super) fn is_blank(&self) -> bool {
        self.fields().all(<[u8]>::is_empty)
    }

    fn clear(&mut self, line: u64) {
        self.line = line;
        self.bytes.clear();
        self.ends.clear();
    }

    fn end_field(&mut self) {
        self.ends.push(self.bytes.len());
    }
}

/// The records of a file.
#[derive(Debug)]
pub(super) struct Records<B> {
    source: B,
    delimiter: u8,
    line_end: u8,
    /// Line of the next physical line.
    line: u64,
    /// Lines read ahead for a quote that did not close.
    ahead: VecDeque<Line>,
}

/// A physical line without its end; `None` when too long.
type Line = Option<Vec<u8>>;

enum Split {
    Whole,
    InQuotes,
    Malformed,
}

impl<B: BufRead> Records<B> {
    /// Reads on from where the source stands, its first line being line 1.
    pub(super) fn new(source: B, delimiter: u8, line_end: u8) -> Self {
        Self {
            source,
            delimiter,
            line_end,
            line: 1,
            ahead: VecDeque::new(),
        }
    }

    /// Reads the next record that holds something; `None` at the end. The inner result says whether it could be split.
    pub(super) fn next(&mut self, record: &mut Record) -> io::Result<Option<Result<(), Malformed>>> {
        while let Some(first) = self.next_line()? {
            record.clear(self.line);
            self.line += 1;
            let Some(text) = first else {
                return Ok(Some(Err(Malformed::TooLong)));
            };
            match self.assemble(text, record)? {
                Ok(()) if record.is_blank() => {}
                result => return Ok(Some(result)),
            }
        }
        Ok(None)
    }

    /// Splits a line, taking more lines while a quote is open; gives them back when it does not come right.
    fn assemble(&mut self, mut text: Vec<u8>, record: &mut Record) -> io::Result<Result<(), Malformed>> {
        let first_line = record.line;
        let mut taken: Vec<Line> = Vec::new();
        loop {
            record.clear(first_line);
            match split(&text, self.delimiter, record) {
                Split::Whole => {
                    self.line += taken.len() as u64;
                    return Ok(Ok(()));
                }
                Split::InQuotes if taken.len() < MAX_LINES => match self.next_line()? {
                    Some(Some(more)) => {
                        text.push(b'\n');
                        text.extend_from_slice(&more);
                        taken.push(Some(more));
                        continue;
                    }
                    Some(None) => taken.push(None),
                    None => {}
                },
                Split::InQuotes | Split::Malformed => {}
            }
            for line in taken.into_iter().rev() {
                self.ahead.push_front(line);
            }
            return Ok(Err(Malformed::Quote));
        }
    }

    fn next_line(&mut self) -> io::Result<Option<Line>> {
        if let Some(line) = self.ahead.pop_front() {
            return Ok(Some(line));
        }
        let mut line = Vec::new();
        let limit = MAX_LINE as u64 + 1;
        if self
            .source
            .by_ref()
            .take(limit)
            .read_until(self.line_end, &mut line)?
            == 0
        {
            return Ok(None);
        }
        if line.last() == Some(&self.line_end) {
            line.pop();
            if self.line_end == b'\n' && line.last() == Some(&b'\r') {
                line.pop();
            }
        } else if line.len() > MAX_LINE {
            self.source.skip_until(self.line_end)?;
            return Ok(Some(None));
        }
        Ok(Some(Some(line)))
    }
}

/// Splits a text into fields. A quote counts only where a field begins; elsewhere it is a character.
fn split(text: &[u8], delimiter: u8, record: &mut Record) -> Split {
    let mut rest = text;
    loop {
        if let Some(quoted) = rest.strip_prefix(b"\"") {
            rest = quoted;
            loop {
                let Some(quote) = rest.iter().position(|byte| *byte == b'"') else {
                    return Split::InQuotes;
                };
                record.bytes.extend_from_slice(&rest[..quote]);
                rest = &rest[quote + 1..];
                match rest.strip_prefix(b"\"") {
                    Some(after) => {
                        record.bytes.push(b'"');
                        rest = after;
                    }
                    None => break,
                }
            }
            record.end_field();
            match rest.split_first() {
                None => return Split::Whole,
                Some((byte, after)) if *byte == delimiter => rest = after,
                Some(_) => return Split::Malformed,
            }
        } else {
            let end = rest.iter().position(|byte| *byte == delimiter);
            record.bytes.extend_from_slice(&rest[..end.unwrap_or(rest.len())]);
            record.end_field();
            match end {
                None => return Split::Whole,
                Some(end) => rest = &rest[end + 1..],
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Row = (u64, Result<Vec<String>, Malformed>);

    fn rows(text: &[u8]) -> Vec<Row> {
        let mut records = Records::new(text, b';', b'\n');
        let mut record = Record::default();
        let mut rows = vec![];
        while let Some(result) = records.next(&mut record).unwrap() {
            let fields = || {
                record
                    .fields()
                    .map(|field| String::from_utf8_lossy(field).into_owned())
                    .collect()
            };
            rows.push((record.line, result.map(|()| fields())));
        }
        rows
    }

    fn good(line: u64, fields: &[&str]) -> Row {
        (line, Ok(fields.iter().map(ToString::to_string).collect()))
    }

    #[test]
    fn splits_quotes_blank_lines_and_line_ends() {
        assert_eq!(
            rows(b"a; b ;\r\n\r\n;;\n\"x;\"\"y\"\"\";\"1\n2\";\nlast"),
            [
                good(1, &["a", "b", ""]),
                good(4, &["x;\"y\"", "1\n2", ""]),
                good(6, &["last"]),
            ]
        );
        assert_eq!(rows(b""), []);
    }

    #[test]
    fn a_quote_never_closed_costs_one_row() {
        assert_eq!(
            rows(b"a\n\"open;1\nb;2\n\"c\";3\nd;\"e\nf\"\n"),
            [
                good(1, &["a"]),
                (2, Err(Malformed::Quote)),
                good(3, &["b", "2"]),
                good(4, &["c", "3"]),
                good(5, &["d", "e\nf"]),
            ]
        );
        assert_eq!(
            rows(b"\"x\"y;1\nb"),
            [(1, Err(Malformed::Quote)), good(2, &["b"])]
        );
        assert_eq!(rows(b"x \"y\" z"), [good(1, &["x \"y\" z"])]);
        assert_eq!(rows(b"\"end"), [(1, Err(Malformed::Quote))]);
    }

    #[test]
    fn a_line_without_end_costs_one_row_and_bounded_memory() {
        let mut text = vec![b'a'; MAX_LINE * 3];
        text.extend(b"\nb\n");
        assert_eq!(rows(&text), [(1, Err(Malformed::TooLong)), good(2, &["b"])]);
        let exact = vec![b'a'; MAX_LINE];
        assert!(rows(&exact)[0].1.is_ok());
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            rows(&bytes);
        }

        #[test]
        fn quotes_and_line_ends_in_any_order(text in "[a\";\r\n]{0,60}") {
            let lines = text.matches('\n').count() as u64 + 1;
            let rows = rows(text.as_bytes());
            prop_assert!(rows.windows(2).all(|pair| pair[0].0 < pair[1].0));
            prop_assert!(rows.iter().all(|(line, _)| *line <= lines));
        }

        #[test]
        fn reads_what_the_csv_crate_writes(table in prop::collection::vec(prop::collection::vec("[a-c\";\n]{0,6}", 3), 1..8)) {
            let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(vec![]);
            for row in &table {
                writer.write_record(row).unwrap();
            }
            let trimmed = |field: &String| field.trim_ascii().to_owned();
            let expected: Vec<Vec<String>> = table
                .iter()
                .map(|row| row.iter().map(trimmed).collect::<Vec<_>>())
                .filter(|row| row.iter().any(|field| !field.is_empty()))
                .collect();
            let read: Vec<Vec<String>> = rows(&writer.into_inner().unwrap())
                .into_iter()
                .map(|(_, fields)| fields.unwrap())
                .collect();
            prop_assert_eq!(read, expected);
        }
    }
}
