//! Other ways of deciding, to compare with: equality, and the existing software's documented settings.
//!
//! The existing software looks a name up by equality or by MariaDB's SOUNDEX (English), with the exact date of birth
//! first, then one of five tolerances. Several rows are ambiguous; one row is known even if the first name differs,
//! unless an option makes that ambiguous.

use std::collections::HashMap;

use domain::{Individual, PartialDate};
use matching::search_words;

use crate::bench::Given;
use crate::questions::Question;

/// A way of deciding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rival {
    /// Same name, given names and date, once normalised.
    Equality,
    /// The existing software.
    Existing {
        /// What may differ in the date when nobody has the exact one.
        tolerance: Tolerance,
        /// SOUNDEX besides equality.
        soundex: bool,
        /// Whether a different first name is ambiguous.
        first_name_matters: bool,
    },
}

/// The existing software's five date tolerances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tolerance {
    /// The day.
    Day,
    /// The month.
    Month,
    /// Day and month.
    DayAndMonth,
    /// The year.
    Year,
    /// The whole date.
    Date,
}

impl Rival {
    /// Every one, with its name in tables: of the existing software all twenty settings, named by the tolerance of dates,
    /// then `soundex` where names are looked up by it besides equality, then `first name` where a different first name
    /// is ambiguous and not known.
    pub fn all() -> Vec<(String, Self)> {
        let mut all = vec![("equality".to_owned(), Self::Equality)];
        for (name, tolerance) in [
            ("day", Tolerance::Day),
            ("month", Tolerance::Month),
            ("day and month", Tolerance::DayAndMonth),
            ("year", Tolerance::Year),
            ("whole date", Tolerance::Date),
        ] {
            for soundex in [false, true] {
                for first_name_matters in [false, true] {
                    let rival = Self::Existing {
                        tolerance,
                        soundex,
                        first_name_matters,
                    };
                    let options = [(soundex, ", soundex"), (first_name_matters, ", first name")];
                    let set = options.into_iter().filter(|(set, _)| *set);
                    let options: String = set.map(|(_, option)| option).collect();
                    all.push((format!("existing, {name}{options}"), rival));
                }
            }
        }
        all
    }
}

/// A register as these ways look it up.
#[derive(Debug, Default)]
pub struct Rows {
    rows: Vec<Row>,
    by_name: HashMap<String, Vec<u32>>,
    by_sound: HashMap<String, Vec<u32>>,
}

#[derive(Debug)]
struct Row {
    identifier: String,
    first: String,
    born: PartialDate,
}

impl Rows {
    /// Indexes a register.
    pub fn new(people: &[Individual]) -> Self {
        let mut all = Self::default();
        for person in people {
            let Ok(at) = u32::try_from(all.rows.len()) else {
                break;
            };
            all.rows.push(Row {
                identifier: person.identifier.clone(),
                first: joined(person.given_names.first()),
                born: person.birth_date,
            });
            let mut names: Vec<String> = person
                .birth_name
                .iter()
                .chain(&person.usage_name)
                .map(|name| joined(name.as_str()))
                .collect();
            names.dedup();
            for name in names {
                all.by_sound.entry(soundex(&name)).or_default().push(at);
                all.by_name.entry(name).or_default().push(at);
            }
        }
        all
    }

    /// Answers.
    pub fn answer(&self, rival: Rival, question: &Question) -> Given {
        let Ok(born) = PartialDate::parse(&question.date_naissance) else {
            return Given::Unknown;
        };
        let first = question
            .prenoms
            .split([' ', ','])
            .next()
            .map(joined)
            .unwrap_or_default();
        let names = [joined(&question.nom_naissance), joined(&question.nom_usage)];
        let found = |by_sound: bool, fits: &dyn Fn(PartialDate) -> bool| {
            let mut rows: Vec<u32> = Vec::new();
            for name in names.iter().filter(|name| !name.is_empty()) {
                let there = if by_sound {
                    self.by_sound.get(&soundex(name))
                } else {
                    self.by_name.get(name)
                };
                rows.extend(
                    there
                        .into_iter()
                        .flatten()
                        .filter(|at| fits(self.rows[**at as usize].born)),
                );
            }
            rows.sort_unstable();
            rows.dedup();
            rows
        };
        match rival {
            Rival::Equality => {
                let mut rows = found(false, &|other| other == born);
                rows.retain(|at| self.rows[*at as usize].first == first);
                self.given(&rows, true, &first)
            }
            Rival::Existing {
                tolerance,
                soundex,
                first_name_matters,
            } => {
                let mut rows = found(soundex, &|other| other == born);
                if rows.is_empty() {
                    rows = found(soundex, &|other| tolerance.admits(other, born));
                }
                self.given(&rows, !first_name_matters, &first)
            }
        }
    }

    fn given(&self, rows: &[u32], whoever: bool, first: &str) -> Given {
        let identifier = |at: &u32| self.rows[*at as usize].identifier.clone();
        match rows {
            [] => Given::Unknown,
            [one] if whoever || self.rows[*one as usize].first == first => Given::Definite(identifier(one)),
            all => Given::Ambiguous(all.iter().map(identifier).collect()),
        }
    }
}

impl Tolerance {
    fn admits(self, a: PartialDate, b: PartialDate) -> bool {
        let (year, month, day) = (a.year() == b.year(), a.month() == b.month(), a.day() == b.day());
        match self {
            Self::Day => year && month,
            Self::Month => year && day,
            Self::DayAndMonth => year,
            Self::Year => month && day,
            Self::Date => true,
        }
    }
}

fn joined(text: &str) -> String {
    search_words(text).concat()
}

/// MariaDB's SOUNDEX: the first letter, then the codes of the consonants, neighbours of one code once, vowels left
/// out, of any length from four.
fn soundex(name: &str) -> String {
    let code = |c: char| match c {
        'B' | 'F' | 'P' | 'V' => '1',
        'C' | 'G' | 'J' | 'K' | 'Q' | 'S' | 'X' | 'Z' => '2',
        'D' | 'T' => '3',
        'L' => '4',
        'M' | 'N' => '5',
        'R' => '6',
        _ => '0',
    };
    let mut letters = name.chars().filter(char::is_ascii_uppercase);
    let Some(first) = letters.next() else {
        return name.to_owned();
    };
    let mut sound = String::from(first);
    let mut last = code(first);
    for letter in letters {
        let here = code(letter);
        if here != '0' {
            if here != last {
                sound.push(here);
            }
            last = here;
        }
    }
    while sound.len() < 4 {
        sound.push('0');
    }
    sound
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_of_the_existing_software_is_run() {
        let all = Rival::all();
        let mut names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            (names[1], names[20]),
            ("existing, day", "existing, whole date, soundex, first name")
        );
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 1 + 5 * 2 * 2);
        for (at, (_, rival)) in all.iter().enumerate() {
            assert!(all[..at].iter().all(|(_, other)| other != rival));
        }
    }

    #[test]
    fn sounds_as_the_database_does() {
        // As `select soundex(…)` of MariaDB gives them.
        for (name, sound) in [
            ("MARTIN", "M635"),
            ("DUPONT", "D153"),
            ("DUPOND", "D153"),
            ("LEFEBVRE", "L16"),
            ("ROUX", "R200"),
        ] {
            assert!(
                soundex(name).starts_with(sound.trim_end_matches('0')),
                "{name}: {}",
                soundex(name)
            );
        }
    }
}
