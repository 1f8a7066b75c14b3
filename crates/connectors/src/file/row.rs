//! One row: a person's civil status and one aid.

use domain::french::{NARROW, NBSP};
use domain::{
    Aid, Amount, Catalogue, DateError, FamilyName, GivenNames, Individual, Overpaid, PartialDate, Place,
    Recoverability, Sex, clean_line,
};

use super::columns::{Column, Columns};
use super::records::Record;
use super::survey::Encoding;
use super::{Problem, Severity};

/// Longest identifier and territory, in characters.
const MAX_CODE: usize = 64;
const MAX_TERRITORY: usize = 100;

/// What a row holds, read as text.
pub(super) struct Row<'a> {
    pub(super) record: &'a Record,
    pub(super) columns: &'a Columns,
    pub(super) encoding: Encoding,
}

/// A good row.
pub(super) struct Taken {
    /// The person, without aids.
    pub(super) person: Individual,
    pub(super) aid: Aid,
    pub(super) warnings: Vec<Problem>,
}

/// A row that is refused.
pub(super) struct Refused {
    /// All that is wrong with it.
    pub(super) problems: Vec<Problem>,
    /// Whom it is about, when that much could be read: who is known must not be called unknown for a wrong amount.
    pub(super) person: Option<Box<Individual>>,
}

/// Reads a row.
pub(super) fn take(row: &Row<'_>, catalogue: &Catalogue) -> Result<Taken, Refused> {
    let mut reading = Reading {
        row,
        problems: vec![],
    };
    let shifted = !reading.check_width();
    let person = reading.person();
    let aid = reading.aid(catalogue);
    if let (Some(person), Some(aid)) = (&person, &aid) {
        reading.check_sense(person, aid);
    }
    let refused = reading
        .problems
        .iter()
        .any(|problem| problem.severity == Severity::Error);
    match (person, aid) {
        (Some(person), Some(aid)) if !refused => Ok(Taken {
            person,
            aid,
            warnings: reading.problems,
        }),
        (person, _) => Err(Refused {
            problems: reading.problems,
            person: person
                .filter(|person| !shifted && (person.birth_name.is_some() || person.usage_name.is_some()))
                .map(Box::new),
        }),
    }
}

struct Reading<'a> {
    row: &'a Row<'a>,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    /// `None` when a value that must be there is not, or is wrong; the problem is noted.
    fn person(&mut self) -> Option<Individual> {
        let identifier = self.required(Column::Identifier, |text| {
            clean_line(text, MAX_CODE).map_err(|error| error.to_string())
        });
        let birth_name = self.optional(Column::BirthName, |text| {
            FamilyName::parse(text).map_err(|error| error.to_string())
        });
        let usage_name = self.optional(Column::UsageName, |text| {
            FamilyName::parse(text).map_err(|error| error.to_string())
        });
        if self.is_empty(Column::BirthName) && self.is_empty(Column::UsageName) {
            self.refuse(
                Some(Column::BirthName),
                "il faut un nom de naissance ou un nom d’usage".to_owned(),
            );
        }
        let given_names = self.required(Column::GivenNames, |text| {
            GivenNames::parse(text).map_err(|error| error.to_string())
        });
        let birth_date = self.required(Column::BirthDate, |text| match is_null_date(text) {
            true => Err("l’année de naissance doit être connue".to_owned()),
            false => date(text),
        });
        let person = Individual {
            sex: self.optional(Column::Sex, sex).flatten(),
            birth_place: self.optional(Column::BirthPlace, |text| {
                Place::parse(text).map_err(|error| error.to_string())
            }),
            death_date: self.date(Column::DeathDate),
            identifier: identifier?,
            birth_name,
            usage_name,
            given_names: given_names?,
            birth_date: birth_date?,
            aids: vec![],
        };
        Some(person)
    }

    fn aid(&mut self, catalogue: &Catalogue) -> Option<Aid> {
        let kind = self.required(Column::Aid, |text| {
            catalogue.find(text).ok_or_else(|| {
                let short: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
                format!(
                    "aide inconnue «{NBSP}{short}{NBSP}». Codes admis{NBSP}: {}. Une aide facultative du département se déclare dans tenant.toml, sous [[aids]]",
                    catalogue.codes().join(", ")
                )
            })
        });
        let recoverable = self.optional(Column::Recoverable, |text| {
            yes_or_no(text).ok_or_else(|| "écrivez oui ou non, ou laissez vide".to_owned())
        });
        let starts = self.date(Column::Starts);
        let ends = self.date(Column::Ends);
        let amount = self.optional(Column::Amount, |text| {
            Amount::parse(text).map_err(|error| error.to_string())
        });
        let overpayment = self.optional(Column::Overpayment, overpaid);
        let territory = self.optional(Column::Territory, |text| {
            clean_line(text, MAX_TERRITORY).map_err(|error| error.to_string())
        });
        Some(Aid {
            kind: kind?,
            recoverable,
            starts,
            ends,
            amount,
            overpayment,
            territory,
        })
    }

    /// Values beyond the columns of the header come from a separator inside a value: everything after it is shifted.
    /// Whether there are none.
    fn check_width(&mut self) -> bool {
        let (row, columns) = (self.row.record, self.row.columns);
        let stray = (0..row.len()).any(|place| !columns.is_named(place) && !row.field(place).is_empty());
        if stray {
            self.refuse(
                None,
                format!(
                    "une valeur est hors des colonnes de l’en-tête, qui en compte {}{NBSP}: un séparateur de trop{NARROW}? Mettez entre guillemets une valeur qui en contient un",
                    columns.count()
                ),
            );
        }
        !stray
    }

    /// What is well written but can hardly be.
    fn check_sense(&mut self, person: &Individual, aid: &Aid) {
        if person
            .death_date
            .is_some_and(|death| death.latest() < person.birth_date.earliest())
        {
            self.warn(Column::DeathDate, "décès antérieur à la naissance");
        }
        if let (Some(starts), Some(ends)) = (aid.starts, aid.ends)
            && ends.latest() < starts.earliest()
        {
            self.warn(Column::Ends, "fin antérieure au début");
        }
        if aid.recoverable == Some(true) && aid.kind.recoverability() == Recoverability::Never {
            self.warn(
                Column::Recoverable,
                &format!(
                    "cette aide n’est jamais récupérable ({}){NBSP}: la loi l’emporte sur le fichier",
                    aid.kind.basis().0
                ),
            );
        }
    }

    fn bytes(&self, column: Column) -> &[u8] {
        self.row
            .columns
            .place(column)
            .map_or(&[], |place| self.row.record.field(place))
    }

    fn is_empty(&self, column: Column) -> bool {
        self.bytes(column).is_empty()
    }

    fn required<T>(&mut self, column: Column, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        if self.is_empty(column) {
            self.refuse(Some(column), "valeur obligatoire absente".to_owned());
            return None;
        }
        self.optional(column, parse)
    }

    fn optional<T>(&mut self, column: Column, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let encoding = self.row.encoding;
        let bytes = self.bytes(column);
        if bytes.is_empty() {
            return None;
        }
        let parsed = encoding
            .decode(bytes)
            .ok_or_else(|| {
                "caractères illisibles\u{a0}: le fichier est en UTF-8, cette valeur ne l’est pas".to_owned()
            })
            .and_then(|text| parse(text.trim()));
        parsed.map_err(|reason| self.refuse(Some(column), reason)).ok()
    }

    fn date(&mut self, column: Column) -> Option<PartialDate> {
        self.optional(column, |text| match is_null_date(text) {
            true => Ok(None),
            false => date(text).map(Some),
        })
        .flatten()
    }

    fn refuse(&mut self, column: Option<Column>, reason: String) {
        self.problems.push(self.problem(column, reason, Severity::Error));
    }

    fn warn(&mut self, column: Column, reason: &str) {
        self.problems
            .push(self.problem(Some(column), reason.to_owned(), Severity::Warning));
    }

    fn problem(&self, column: Option<Column>, reason: String, severity: Severity) -> Problem {
        Problem {
            line: self.row.record.line,
            column: column.map(Column::name),
            reason,
            severity,
        }
    }
}

fn date(text: &str) -> Result<PartialDate, String> {
    PartialDate::parse(text).map_err(|error| match error {
        DateError::Form => {
            "écrivez la date JJ/MM/AAAA ou AAAA-MM-JJ, 00 pour un jour ou un mois inconnu".to_owned()
        }
        error => error.to_string(),
    })
}

/// What databases and clerks write for no date at all.
fn is_null_date(text: &str) -> bool {
    matches!(text, "0000-00-00" | "00/00/0000")
}

/// Unknown sex is written in several ways; anything else is an error.
fn sex(text: &str) -> Result<Option<Sex>, String> {
    match text.to_lowercase().as_str() {
        "i" | "u" | "x" | "0" | "9" | "inconnu" | "indéterminé" => Ok(None),
        _ => Sex::parse(text)
            .map(Some)
            .ok_or_else(|| "écrivez M ou F, ou laissez vide".to_owned()),
    }
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "oui" | "o" | "vrai" | "true" | "1" => Some(true),
        "non" | "n" | "faux" | "false" | "0" => Some(false),
        _ => None,
    }
}

/// `oui`, `non`, or an amount, of which 0 is none.
fn overpaid(text: &str) -> Result<Overpaid, String> {
    let word = text.chars().any(char::is_alphabetic);
    match yes_or_no(text).filter(|_| word) {
        Some(true) => Ok(Overpaid::Yes),
        Some(false) => Ok(Overpaid::No),
        None => match Amount::parse(text) {
            Ok(amount) if amount.cents() == 0 => Ok(Overpaid::No),
            Ok(amount) => Ok(Overpaid::Amount(amount)),
            Err(_) => Err("écrivez oui, non ou le montant en euros, par exemple 1234,56".to_owned()),
        },
    }
}
