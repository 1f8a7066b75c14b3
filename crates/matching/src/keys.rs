//! Blocking keys: what the database looks candidates up by.
//!
//! Each key joins three parts of a civil status or more, chosen so that whichever two are wrong, one key is right all
//! the same, and so that few people share any one of them, however common their names. Names stand in keys by their
//! sound and without particles, given names in the form their spellings share:
//!
//! | key | parts | finds, although |
//! |---|---|---|
//! | `A` | whole date of birth (1 January: with an initial) | family and given name are wrong |
//! | `B` | given name, year, month, an end of the family name | family name and day are wrong |
//! | `C` | given name, year, day, an end of the family name | family name and month are wrong |
//! | `D` | given name, month, day, an end of the family name | family name and year are wrong |
//! | `E` | family name, year, month | given name and day are wrong |
//! | `F` | family name, year, day | given name and month are wrong |
//! | `G` | family name, month, day | given name and year are wrong |
//! | `H` | both names, year | day and month are wrong |
//! | `I` | both names, month, a digit of the year | day and year are wrong |
//! | `J` | both names, day, a digit of the year | month and year are wrong |
//! | `K`, `L`, `M` | given name, year and an end of the family name; family name and year; both names | one side says 1 January or knows no day, and something else is wrong |
//!
//! The ends are the first two signs of a name as it is written, without particles, and the last one (of three signs or
//! less, the first and the last): no slip takes both away but in a name of two, and without either the rest would not
//! be enough to think of the person. `K`, `L` and `M` are stored only for those registered on 1 January or without a
//! day; a query that says so itself asks for every month, but with no name that hundreds of those born that year bear.
//!
//! What is stored and asked for is a hash of 64 bits of each key, the same in every build of this version: two keys that
//! share one merely add a candidate.
//!
//! A query asks besides for day and month exchanged, for years a clerk takes for another, and for family and given
//! name exchanged.

mod parts;
mod writer;

use domain::{Decedent, Individual};

use crate::decide::Query;
use crate::frequencies::Frequencies;
use crate::person::{Normaliser, Person};
use crate::postings::{Postings, PostingsBuilder, TooManyPeople};
use parts::{Digit, MONTHS, Names, When, sound_of};
use writer::{Keys, Side};

/// Version of the keys and of the form of their index: when it changes, registers are indexed anew.
pub const KEYS_VERSION: i32 = 5;

/// Given names (pieces of composite ones) a person of the register is found by.
const REGISTER_GIVEN: usize = 3;
/// Given names a query asks with.
const QUERY_GIVEN: usize = 4;
/// People who share a name and a year, from which on these two are not asked for alone.
const CROWD: f64 = 120.0;
/// Share of family names that begin or end alike.
const SAME_END: f64 = 0.1;

/// The keys under which an individual is stored. Sorted, each once; empty only for a person without a name.
pub fn register_keys(individual: &Individual) -> Vec<i64> {
    Person::from(individual).register_keys()
}

/// Indexes a register person by person: who has which key, and the frequencies of the whole.
#[derive(Debug, Default)]
pub struct Indexer {
    normaliser: Normaliser,
    frequencies: Frequencies,
    postings: PostingsBuilder,
}

impl Indexer {
    /// Counts and indexes the next person, and gives their number in the register: the first is 0.
    ///
    /// # Errors
    /// When there are too many.
    pub fn add(&mut self, individual: &Individual) -> Result<u32, TooManyPeople> {
        let person = self.normaliser.individual(individual);
        self.frequencies.add(&person);
        self.postings.add(&person.register_keys())
    }

    /// The frequencies and the index of everybody added.
    pub fn finish(self) -> (Frequencies, Postings) {
        (self.frequencies, self.postings.finish())
    }
}

/// The keys a decedent is looked up by in a register of these frequencies: whoever may be meant has one of them in
/// common.
pub fn query_keys(decedent: &Decedent, frequencies: &Frequencies) -> Vec<i64> {
    Query::from(decedent).keys(frequencies)
}

impl Person {
    /// As [`register_keys`].
    pub fn register_keys(&self) -> Vec<i64> {
        let mut keys = Keys::of(Side::Register);
        let names = Names::of(self, REGISTER_GIVEN);
        if let Some(date) = self.birth_date {
            let when = When::from(date);
            keys.date(when, &names);
            keys.dated(when, &names, &names.given[..names.given.len().min(1)]);
            if when.is_conventional() {
                keys.conventional(when.year, &names);
            }
        }
        keys.finish()
    }

    /// As [`query_keys`].
    pub fn query_keys(&self, frequencies: &Frequencies) -> Vec<i64> {
        let mut keys = Keys::of(Side::Query);
        let names = Names::of(self, QUERY_GIVEN);
        match self.birth_date {
            Some(date) => {
                let when = When::from(date);
                keys.date(when, &names);
                keys.asked(when, &names, &self.telling(&names, frequencies));
            }
            // Without a date only both names together narrow the search: any month of any year.
            None => {
                for month in MONTHS {
                    for unit in 0..10 {
                        keys.month_and_digit(&names, &names.given, month, Digit::Unit(unit));
                    }
                }
            }
        }
        keys.finish()
    }
}

impl Person {
    /// The keys of a query whose family and given name may stand in each other's field: that is one error, so that but
    /// one more needs to be allowed for.
    pub(crate) fn exchanged_keys(&self, frequencies: &Frequencies) -> Vec<i64> {
        let mut keys = Keys::of(Side::Query);
        let mut names = Names::of(self, 1);
        names.families.truncate(1);
        names.written.truncate(1);
        if let Some(date) = self.birth_date {
            keys.asked(When::from(date), &names, &self.telling(&names, frequencies));
        }
        keys.finish()
    }

    /// Of these names, those that tell somebody apart beside a mere year of birth: whoever shares but one that hundreds
    /// share is far below the threshold of doubt.
    fn telling(&self, names: &Names, frequencies: &Frequencies) -> Names {
        let born = self.birth_date.map_or(1.0, |date| frequencies.year(date.year()));
        let year = frequencies.individuals() as f64 * born;
        let few = |share: f64| year * share <= CROWD;
        Names {
            families: names
                .families
                .iter()
                .filter(|sound| few(self.share_of_family(sound, frequencies)))
                .cloned()
                .collect(),
            written: names.written.clone(),
            given: names
                .given
                .iter()
                .take(1)
                .filter(|_| few(self.share_of_given(frequencies) * SAME_END))
                .cloned()
                .collect(),
        }
    }

    fn share_of_family(&self, sound: &str, frequencies: &Frequencies) -> f64 {
        let words = self
            .families()
            .flat_map(|family| family.parts.iter().chain([family.bare()]));
        words
            .filter(|word| sound_of(&word.text, &word.sound) == sound)
            .map(|word| frequencies.family(&word.text))
            .fold(0.0, f64::max)
    }

    fn share_of_given(&self, frequencies: &Frequencies) -> f64 {
        let first = self.given.first().map_or(&[][..], |name| name.words());
        first
            .iter()
            .map(|word| frequencies.given(&word.text))
            .fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use domain::{FamilyName, GivenNames, PartialDate};

    use super::*;
    use crate::person::Written;

    fn person(name: &str, given: &str, born: &str) -> Individual {
        Individual {
            identifier: "1".to_owned(),
            sex: None,
            birth_name: Some(FamilyName::parse(name).unwrap()),
            usage_name: None,
            given_names: GivenNames::parse(given).unwrap(),
            birth_date: PartialDate::parse(born).unwrap(),
            birth_place: None,
            death_date: None,
            aids: Vec::new(),
        }
    }

    fn found(register: (&str, &str, &str), query: (&str, &str, &str)) -> bool {
        let register = register_keys(&person(register.0, register.1, register.2));
        let query = Query::read(Written {
            birth_name: query.0,
            given_names: query.1,
            birth_date: PartialDate::parse(query.2).ok(),
            ..Written::default()
        })
        .keys(&Frequencies::new());
        query.iter().any(|key| register.contains(key))
    }

    #[test]
    fn two_errors_leave_a_key() {
        let known = ("LEFEBVRE", "Marie Jeanne", "14/07/1931");
        for query in [
            ("LEFEVRE", "Marie", "14/07/1931"),
            ("XAVIER", "Zoé", "14/07/1931"),
            ("LEFXBVRE", "Marie", "15/07/1931"),
            ("XEFEBVRE", "Jeanne", "14/08/1931"),
            ("LEFEBVRX", "Marie", "14/07/1941"),
            ("LEFÈVRE", "Marie", "14/07/1930"),
            ("XEFEBVRE", "Marie", "14/07/1913"),
            ("LEFEBVRE", "Jeane", "15/07/1931"),
            ("LEFEBVRE", "Zoé", "14/12/1931"),
            ("LEFEBVRE", "Zoé", "14/07/1958"),
            ("LEFEBVRE", "Marie", "15/08/1931"),
            ("LEFEBVRE", "Marie", "25/07/1939"),
            ("LEFEBVRE", "Maire", "00/00/1931"),
            ("LEFÈBRE", "Marie", "01/01/1931"),
            ("MARIE", "Lefebvre", "14/07/1932"),
        ] {
            assert!(found(known, query), "{query:?}");
        }
        // A slip that changes all of a sound.
        assert!(found(
            ("SAHIN", "Lan", "05/04/1940"),
            ("SAHN", "Lan", "05/03/1940")
        ));
        // A slip in a name of three letters.
        for query in [
            ("BIU", "Hung", "06/11/1923"),
            ("UBI", "Hung", "06/12/1922"),
            ("BI", "Hung", "06/11/1923"),
        ] {
            assert!(found(("BUI", "Hung", "06/11/1922"), query), "{query:?}");
        }
        assert!(!found(known, ("MARTIN", "Paul", "02/03/1950")));
        assert!(found(
            ("MARTIN", "Paul", "05/12/1931"),
            ("MRATIN", "Paul", "12/05/1931")
        ));
    }

    /// They stand in registers: where they change, so does [`KEYS_VERSION`].
    #[test]
    fn keys_of_this_version_stay_as_they_are() {
        let fold = |keys: Vec<i64>| {
            let all = keys.iter().fold(0, |sum: i64, key| sum.rotate_left(1) ^ key);
            (keys.len(), keys[0], all)
        };
        assert_eq!(
            fold(register_keys(&person("LE DORÉ", "Marie Jeanne", "14/07/1931"))),
            (21, -8_863_861_803_486_136_541, -8_869_785_081_588_269_616)
        );
        assert_eq!(
            fold(register_keys(&person("Ødegård", "Zoé", "01/01/1902"))),
            (23, -8_632_915_732_850_763_948, -2_147_911_511_730_594_847)
        );
    }

    #[test]
    fn keys_are_sorted_and_each_once() {
        let keys = register_keys(&person("MARTIN-DURAND", "Jean-Pierre Jean Paul", "01/01/1931"));
        assert!(keys.is_sorted_by(|a, b| a < b), "{keys:?}");
    }
}
