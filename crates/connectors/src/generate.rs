//! The seeded generator of wholly fictional registers.
//!
//! Realistic where it matters to matching and to outcomes: names by frequency with a long tail, given names of their
//! time, names in use, particles, accents, hyphens, names from elsewhere, unknown days of birth, twins, spouses,
//! namesakes; aids that existed at the time, running, ended, and paid past the death. Any likeness is chance.
//!
//! It streams, and the people of a shorter register are the first of a longer one with the same seed.

mod aids;
mod dates;
mod given;
mod names;
mod people;
mod places;
mod random;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::io::{self, Write};

use chrono::NaiveDate;
use encoding_rs::WINDOWS_1252;

use aids::{Grant, Overpaid};
use dates::{Known, parts};
use people::{People, Person};
use random::Random;

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

const HEADER: [&str; 15] = [
    "identifiant",
    "sexe",
    "nom_naissance",
    "nom_usage",
    "prenoms",
    "date_naissance",
    "commune_naissance",
    "date_deces",
    "aide",
    "recuperable",
    "date_debut",
    "date_fin",
    "montant",
    "indu",
    "territoire",
];

/// Writes a register in the import format, header included, streaming.
///
/// # Errors
/// When the output cannot be written.
pub fn generate(options: &Options, out: impl Write) -> io::Result<()> {
    let mut file = File::new(options.form, out);
    file.row(&HEADER.map(str::to_owned))?;
    let mut random = Random::new(options.seed);
    let mut people = People::new();
    for number in 1..=options.individuals {
        let person = people.next(&mut random);
        let clerk = Clerk::draw(&mut random);
        for grant in aids::grants(&mut random, &person) {
            file.row(&row(number, &person, &grant, clerk, options.form))?;
        }
    }
    file.end()
}

fn row(number: u64, person: &Person, grant: &Grant, clerk: Clerk, form: Form) -> [String; 15] {
    let day = |day: Option<NaiveDate>| {
        day.map(|day| form.date(parts(day, Known::All)))
            .unwrap_or_default()
    };
    [
        format!("B{number:07}"),
        if clerk.knows_sex { person.sex.code() } else { "" }.to_owned(),
        clerk.name(&person.birth_name),
        person
            .usage_name
            .as_deref()
            .map(|name| clerk.name(name))
            .unwrap_or_default(),
        clerk.given(&person.given_names),
        form.date(parts(person.birth, person.birth_known)),
        person.place.map(|place| clerk.place(place)).unwrap_or_default(),
        day(person.death),
        grant.kind.code().to_owned(),
        grant.recoverable.to_owned(),
        day(grant.starts),
        day(grant.ends),
        grant.cents.map(|cents| form.amount(cents)).unwrap_or_default(),
        match grant.overpaid {
            Overpaid::Silent => String::new(),
            Overpaid::Yes => "oui".to_owned(),
            Overpaid::No => "non".to_owned(),
            Overpaid::Cents(cents) => form.amount(cents),
        },
        grant.territory.to_owned(),
    ]
}

impl Form {
    fn date(self, (year, month, day): (i32, u32, u32)) -> String {
        match self {
            Self::Semicolon => format!("{day:02}/{month:02}/{year:04}"),
            Self::LegacyComma => format!("{year:04}-{month:02}-{day:02}"),
        }
    }

    fn amount(self, cents: u64) -> String {
        let point = match self {
            Self::Semicolon => ',',
            Self::LegacyComma => '.',
        };
        format!("{}{point}{:02}", cents / 100, cents % 100)
    }
}

/// Whoever typed the row, with their habits.
#[derive(Debug, Clone, Copy)]
struct Clerk {
    accents: bool,
    capitals: bool,
    straight_apostrophes: bool,
    knows_sex: bool,
}

impl Clerk {
    fn draw(random: &mut Random) -> Self {
        Self {
            accents: random.per_mille(600),
            capitals: random.per_mille(550),
            straight_apostrophes: random.per_mille(700),
            knows_sex: random.per_mille(970),
        }
    }

    fn name(self, name: &str) -> String {
        self.written(name)
    }

    fn given(self, names: &str) -> String {
        let names = if self.capitals {
            names.to_uppercase()
        } else {
            names.to_owned()
        };
        self.written(&names)
    }

    fn place(self, place: &str) -> String {
        self.given(place)
    }

    fn written(self, text: &str) -> String {
        let mut written = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '’' if self.straight_apostrophes => written.push('\''),
                c if self.accents || c.is_ascii() => written.push(c),
                'Œ' => written.push_str("OE"),
                'œ' => written.push_str("oe"),
                c => written.push(without_accent(c)),
            }
        }
        written
    }
}

/// The letter under the accent, for the letters of the lists.
fn without_accent(c: char) -> char {
    match c {
        'À' | 'Â' | 'Á' | 'Ã' => 'A',
        'Ç' => 'C',
        'É' | 'È' | 'Ê' | 'Ë' => 'E',
        'Î' | 'Ï' => 'I',
        'Ñ' => 'N',
        'Ô' | 'Ö' | 'Õ' => 'O',
        'Û' | 'Ü' | 'Ù' => 'U',
        'à' | 'â' | 'á' | 'ã' => 'a',
        'ç' => 'c',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ô' | 'ö' | 'õ' => 'o',
        'û' | 'ü' | 'ù' => 'u',
        c => c,
    }
}

struct File<W: Write> {
    writer: csv::Writer<W>,
    form: Form,
}

impl<W: Write> File<W> {
    fn new(form: Form, out: W) -> Self {
        let delimiter = match form {
            Form::Semicolon => b';',
            Form::LegacyComma => b',',
        };
        let writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
        Self { writer, form }
    }

    fn row(&mut self, fields: &[String; 15]) -> io::Result<()> {
        let encoded = fields.iter().map(|field| match self.form {
            Form::Semicolon => Cow::Borrowed(field.as_bytes()),
            Form::LegacyComma => WINDOWS_1252.encode(field).0,
        });
        self.writer.write_record(encoded).map_err(io::Error::from)
    }

    fn end(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
