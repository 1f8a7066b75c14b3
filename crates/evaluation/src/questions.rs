//! Queries and answers as files have them.

use std::io::{Read, Write};

use domain::{PartialDate, Sex};
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

/// Reads queries, one after the other.
///
/// # Errors
/// When the header lacks `id`, and for a line that is no record.
pub fn read_questions<R: Read>(
    source: R,
) -> Result<impl Iterator<Item = Result<Question, csv::Error>>, csv::Error> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .flexible(true)
        .from_reader(source);
    let headers = reader.headers()?.clone();
    let cleaned: csv::StringRecord = headers
        .iter()
        .map(|name| name.trim().trim_start_matches('\u{feff}').to_lowercase())
        .collect();
    reader.set_headers(cleaned);
    Ok(reader.into_deserialize())
}

/// An answer as its file has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Of the query.
    pub id: String,
    /// `connu`, `ambigu` or `inconnu`.
    pub reponse: String,
    /// Best first, separated by `|`.
    pub identifiants: String,
    /// Evidence for the best beyond what it takes to think of them, in bits.
    pub score: String,
    /// Reasons in French.
    pub motifs: String,
}

impl Reply {
    /// The answer to a question.
    pub fn new(id: &str, ruling: &Ruling, told: &[&str]) -> Self {
        let named = ruling.answer != Answer::Unknown;
        let identifiers = ruling
            .candidates
            .iter()
            .filter(|_| named)
            .map(|candidate| candidate.identifier.as_str());
        let best = ruling.candidates.first();
        let mut reasons: Vec<String> = told.iter().map(|text| (*text).to_owned()).collect();
        match best {
            Some(best) if named => reasons.extend(best.reasons()),
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

/// Writes answers.
pub fn reply_writer<W: Write>(out: W) -> csv::Writer<W> {
    csv::WriterBuilder::new().delimiter(b';').from_writer(out)
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
