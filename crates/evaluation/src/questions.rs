//! Queries and answers as files have them.

use std::io::{BufRead, Write};

use chrono::NaiveDate;
use domain::{PartialDate, Sex};
use encoding_rs::WINDOWS_1252;
use matching::{Answer, Query, Ruling, Written};
use serde::{Deserialize, Serialize};

/// A query as its file has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Whatever tells queries apart.
    pub id: String,
    /// Family name at birth.
    #[serde(default)]
    pub nom_naissance: String,
    /// Name in use.
    #[serde(default)]
    pub nom_usage: String,
    /// Given names.
    #[serde(default)]
    pub prenoms: String,
    /// Date of birth, ISO or `JJ/MM/AAAA`, 00 for unknown parts.
    #[serde(default)]
    pub date_naissance: String,
    /// Sex.
    #[serde(default)]
    pub sexe: String,
    /// Date of death.
    #[serde(default)]
    pub date_deces: String,
    /// Commune of birth.
    #[serde(default)]
    pub commune_naissance: String,
}

impl Question {
    /// As the engine takes it. What cannot be read counts as not stated, and is told.
    pub fn read(&self) -> (Query, Vec<&'static str>) {
        let mut told = Vec::new();
        let birth_date = date(&self.date_naissance);
        if birth_date.is_none() {
            told.push(if self.date_naissance.trim().is_empty() {
                "date de naissance absente"
            } else {
                "date de naissance illisible"
            });
        }
        let sex = Sex::parse(&self.sexe);
        if sex.is_none() && !self.sexe.trim().is_empty() {
            told.push("sexe illisible");
        }
        let death_date = date(&self.date_deces);
        if death_date.is_none() && !self.date_deces.trim().is_empty() {
            told.push("date de décès illisible");
        }
        let (birth_name, usage_name, given) = (
            clean(&self.nom_naissance),
            clean(&self.nom_usage),
            clean(&self.prenoms),
        );
        if let (Some(birth), Some(death)) = (birth_date, death_date)
            && birth.year() > death.year()
        {
            told.push("date de naissance postérieure au décès");
        }
        let place = clean(&self.commune_naissance);
        let query = Query::read(Written {
            birth_name: &birth_name,
            usage_name: &usage_name,
            given_names: &given,
            sex,
            birth_date,
            birth_place: &place,
            death_date,
            last_grant: None,
        });
        if query.person().families().next().is_none() {
            told.push("nom absent");
        }
        if query.person().given_names().is_empty() {
            told.push("prénom absent");
        }
        (query, told)
    }
}

impl Question {
    /// Whether the birth lies ahead of a day: nobody is meant then.
    pub fn is_born_after(&self, day: NaiveDate) -> bool {
        date(&self.date_naissance).is_some_and(|birth| {
            birth
                .full()
                .map_or(birth.year() > chrono::Datelike::year(&day), |birth| birth > day)
        })
    }
}

/// What is told of a query whose birth lies ahead.
pub const BORN_AHEAD: &str = "date de naissance dans l’avenir";

/// Longest text of a field that is read, in characters: what follows tells nobody apart.
const LONGEST: usize = 200;

fn clean(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LONGEST)
        .collect()
}

/// A date as files write it: a year alone and compact ISO besides what the product's forms take.
fn date(text: &str) -> Option<PartialDate> {
    let text = text.trim();
    let text = text.split(['T', ' ']).next().unwrap_or(text);
    if let Ok(date) = PartialDate::parse(text) {
        return Some(date);
    }
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.len() {
        4 if digits => PartialDate::new(text.parse().ok()?, None, None).ok(),
        8 if digits => PartialDate::parse(&format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..])).ok(),
        _ => {
            // A day the calendar does not have still tells month and year.
            let parts: Vec<&str> = text.split(['/', '-', '.']).collect();
            let [a, b, c] = parts[..] else { return None };
            let (year, month) = if a.len() == 4 { (a, b) } else { (c, b) };
            let (year, month): (i32, u32) = (year.parse().ok()?, month.parse().ok()?);
            PartialDate::new(year, Some(month), None)
                .or_else(|_| PartialDate::new(year, None, None))
                .ok()
        }
    }
}

/// A file of queries cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum QuestionsError {
    /// A column that no query has: a misspelt one would leave everybody unknown without a word.
    #[error("line 1: there is no column « {0} »: the columns are {all}, separated by semicolons", all = columns_of_queries().join(", "))]
    UnknownColumn(String),
    /// A column that is there twice.
    #[error("line 1: the column « {0} » is there twice")]
    TwiceColumn(String),
    /// What tells queries apart is missing.
    #[error(
        "line 1: the column « id » is missing: the first line names the columns, separated by semicolons"
    )]
    NoId,
    /// More fields than the first line names.
    #[error("line {line}: {found} fields where the first line names {named}")]
    TooManyFields {
        /// Of the file, from 1.
        line: u64,
        /// Fields of the line.
        found: usize,
        /// Columns.
        named: usize,
    },
    /// A line that is no record.
    #[error("line {0} cannot be read")]
    Line(u64, #[source] csv::Error),
    /// The disk.
    #[error("the file cannot be read")]
    Io(#[from] std::io::Error),
}

/// Reads queries, one after the other: UTF-8, or Windows-1252 where a line is not. A query is one line, so that a
/// quotation mark nobody closed costs one query.
///
/// # Errors
/// A [`QuestionsError`]: for the first line at once, for others when their turn comes.
pub fn read_questions<R: BufRead>(
    mut source: R,
) -> Result<impl Iterator<Item = Result<Question, QuestionsError>>, QuestionsError> {
    let mut first = Vec::new();
    source.read_until(b'\n', &mut first)?;
    let columns = columns(&first)?;
    let mut number = 1;
    Ok(source.split(b'\n').filter_map(move |line| {
        number += 1;
        match line {
            Ok(line) if line.trim_ascii().is_empty() => None,
            Ok(line) => Some(question(&columns, &line, number)),
            Err(error) => Some(Err(error.into())),
        }
    }))
}

impl Question {
    /// The columns a file of queries may have, and what stands in them; the first must be there.
    fn columns(&mut self) -> [(&'static str, &mut String); 8] {
        [
            ("id", &mut self.id),
            ("nom_naissance", &mut self.nom_naissance),
            ("nom_usage", &mut self.nom_usage),
            ("prenoms", &mut self.prenoms),
            ("date_naissance", &mut self.date_naissance),
            ("sexe", &mut self.sexe),
            ("date_deces", &mut self.date_deces),
            ("commune_naissance", &mut self.commune_naissance),
        ]
    }
}

fn columns_of_queries() -> [&'static str; 8] {
    Question::default().columns().map(|(name, _)| name)
}

/// Which column each field of a line is, told by the first one.
fn columns(first: &[u8]) -> Result<Vec<usize>, QuestionsError> {
    let known = columns_of_queries();
    let mut places = Vec::new();
    for name in &fields(first, 1)? {
        let name = name.trim().trim_start_matches('\u{feff}').to_lowercase();
        let place = known.iter().position(|column| *column == name);
        let place = place.ok_or_else(|| QuestionsError::UnknownColumn(name.clone()))?;
        if places.contains(&place) {
            return Err(QuestionsError::TwiceColumn(name));
        }
        places.push(place);
    }
    if places.contains(&0) {
        Ok(places)
    } else {
        Err(QuestionsError::NoId)
    }
}

/// A line of which each field goes where the first line says; fields at its end may be left out.
fn question(columns: &[usize], line: &[u8], number: u64) -> Result<Question, QuestionsError> {
    let fields = fields(line, number)?;
    if fields.len() > columns.len() {
        return Err(QuestionsError::TooManyFields {
            line: number,
            found: fields.len(),
            named: columns.len(),
        });
    }
    let mut question = Question::default();
    for (place, field) in columns.iter().zip(&fields) {
        if let Some((_, text)) = question.columns().into_iter().nth(*place) {
            field.clone_into(text);
        }
    }
    Ok(question)
}

fn fields(line: &[u8], number: u64) -> Result<csv::StringRecord, QuestionsError> {
    let text = match std::str::from_utf8(line) {
        Ok(text) => text.into(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(line).0,
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(1 << 10)
        .from_reader(text.trim_end_matches(['\r', '\n']).as_bytes());
    let mut record = csv::StringRecord::new();
    reader
        .read_record(&mut record)
        .map_err(|error| QuestionsError::Line(number, error))?;
    Ok(record)
}

/// An answer as its file has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Of the query.
    pub id: String,
    /// `connu`, `ambigu` or `inconnu`.
    pub reponse: String,
    /// The one who is meant, or those who may be, best first, separated by `|`.
    pub identifiants: String,
    /// Evidence for the best beyond what it takes to think of them, in bits.
    pub score: String,
    /// Reasons in French.
    pub motifs: String,
}

impl Reply {
    /// The answer to a question.
    pub fn new(id: &str, ruling: &Ruling, told: &[&str]) -> Self {
        // Whoever else came near is no answer once one person is meant.
        let named = match ruling.answer {
            Answer::Definite => 1,
            Answer::Ambiguous => ruling.candidates.len(),
            Answer::Unknown => 0,
        };
        let identifiers = ruling
            .candidates
            .iter()
            .take(named)
            .map(|candidate| candidate.identifier.as_str());
        let best = ruling.candidates.first();
        let mut reasons: Vec<String> = told.iter().map(|text| (*text).to_owned()).collect();
        match best {
            Some(best) if named > 0 => reasons.extend(best.reasons()),
            _ => reasons.push("personne dans le registre ne concorde assez".to_owned()),
        }
        Self {
            id: id.to_owned(),
            reponse: match ruling.answer {
                Answer::Definite => "connu",
                Answer::Ambiguous => "ambigu",
                Answer::Unknown => "inconnu",
            }
            .to_owned(),
            identifiants: identifiers.collect::<Vec<_>>().join("|"),
            score: best.map_or_else(String::new, |best| format!("{:.1}", best.bits - ruling.threshold)),
            motifs: reasons.join(" ; "),
        }
    }
}

/// Writes answers under their header, which is there even when there are none.
///
/// # Errors
/// When the header cannot be written.
pub fn reply_writer<W: Write>(out: W) -> Result<csv::Writer<W>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .has_headers(false)
        .from_writer(out);
    writer.write_record(["id", "reponse", "identifiants", "score", "motifs"])?;
    Ok(writer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_dates_as_files_write_them() {
        for (text, expected) in [
            ("1931-05-03", "1931-05-03"),
            ("03/05/1931", "1931-05-03"),
            ("19310503", "1931-05-03"),
            ("1931", "1931-00-00"),
            ("00/05/1931", "1931-05-00"),
            ("31/02/1931", "1931-02-00"),
            ("1931-05-03T00:00:00", "1931-05-03"),
        ] {
            assert_eq!(
                date(text).map(|date| date.to_string()).as_deref(),
                Some(expected),
                "{text}"
            );
        }
        assert_eq!(date("hier"), None);
        assert_eq!(date(""), None);
        assert_eq!(date("été31"), None);
    }
}
