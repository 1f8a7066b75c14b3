//! Blocking keys: what the database looks candidates up by.
//!
//! Each key joins two or three parts of a civil status, chosen so that whichever two parts are wrong, one key is
//! right all the same. Names stand in keys by their sound and without particles, given names in the form their
//! spellings share:
//!
//! | key | parts | finds, although |
//! |---|---|---|
//! | `A` | whole date of birth (1 January: with an initial) | family and given name are wrong |
//! | `B` | given name, year, beginning of the family name | family name and day or month are wrong |
//! | `C` | given name, year, end of the family name | the same, and the beginning is what is wrong |
//! | `D` | given name, day, month, an anchor of the family name | family name and year are wrong |
//! | `F` | family name, year, an anchor of a given name | given name, day and month are wrong |
//! | `G` | family name, day, month | given name and year are wrong |
//! | `H`, `I` | both names, and decade or last digit of the year | day and month or year are wrong |
//!
//! Beginning and end are the first and last two signs of a name's sound, an anchor the first or the last one: no
//! single slip takes both away, and without either the rest would not be enough to think of the person.
//!
//! A query asks besides for day and month exchanged, for years a clerk takes for another, and for family and given
//! name exchanged.

use domain::{Decedent, Individual, PartialDate};

use crate::frequencies::Frequencies;
use crate::person::{Normaliser, Person};
use crate::phonetics::fonem;

/// Version of the keys: when it changes, those stored with a register are computed again.
pub const KEYS_VERSION: i32 = 2;

/// Given names (pieces of composite ones) a person of the register is found by.
const REGISTER_GIVEN: usize = 3;
/// Given names a query asks with.
const QUERY_GIVEN: usize = 4;
/// Family names either side has keys for: both names and the parts of compounds.
const FAMILIES: usize = 4;

/// The keys under which an individual is stored. Sorted, each once; empty only for a person without a name.
pub fn register_keys(individual: &Individual) -> Vec<String> {
    Person::from(individual).register_keys()
}

/// Indexes a register person by person: their keys, and the frequencies of the whole.
#[derive(Debug, Default)]
pub struct Indexer {
    normaliser: Normaliser,
    frequencies: Frequencies,
}

impl Indexer {
    /// Counts a person and gives the keys they are found by.
    pub fn add(&mut self, individual: &Individual) -> Vec<String> {
        let person = self.normaliser.individual(individual);
        self.frequencies.add(&person);
        person.register_keys()
    }

    /// The frequencies of everybody added.
    pub fn finish(self) -> Frequencies {
        self.frequencies
    }
}

/// The keys a decedent is looked up by: whoever may be meant has one of them in common.
pub fn query_keys(decedent: &Decedent) -> Vec<String> {
    Person::from(decedent).query_keys()
}

impl Person {
    /// As [`register_keys`].
    pub fn register_keys(&self) -> Vec<String> {
        let mut keys = Keys::of(Side::Register);
        let families = family_sounds(self);
        let given = given_sounds(self, REGISTER_GIVEN);
        if let Some(date) = self.birth_date {
            keys.date(date, &families, &given);
            for name in &given {
                keys.given(name, date, &families);
            }
            for family in &families {
                keys.family(family, date, &given, given.first().into_iter());
            }
        }
        keys.finish()
    }

    /// As [`query_keys`].
    pub fn query_keys(&self) -> Vec<String> {
        let mut keys = Keys::of(Side::Query);
        let families = family_sounds(self);
        let given = given_sounds(self, QUERY_GIVEN);
        match self.birth_date {
            Some(date) => {
                keys.asked(date, &families, &given);
                // Family and given name exchanged between their fields.
                if let (Some(family), Some(name)) = (families.first(), given.first()) {
                    let as_given = Given {
                        sound: family.clone(),
                        first: true,
                    };
                    keys.family(
                        &name.sound,
                        date,
                        std::slice::from_ref(&as_given),
                        std::iter::once(&as_given),
                    );
                    keys.given(&as_given, date, std::slice::from_ref(&name.sound));
                }
            }
            None => {
                // Without a date only both names together narrow the search: any year.
                for year in 0..10 {
                    for family in &families {
                        keys.add(
                            'I',
                            &[family, given.first().map_or("", |name| name.sound.as_str())],
                            &[year],
                        );
                    }
                }
            }
        }
        keys.finish()
    }
}

/// A given name in keys.
struct Given {
    sound: String,
    /// Of the first given name, or of a piece of it.
    first: bool,
}

/// Whose keys they are. The first given name of one side is looked for among all of the other; that two people share
/// but a further name (every other woman is MARIE somewhere) is no reason to look at them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Register,
    Query,
}

struct Keys {
    keys: Vec<String>,
    side: Side,
}

impl Keys {
    fn of(side: Side) -> Self {
        Self {
            keys: Vec::new(),
            side,
        }
    }

    /// The marks under which a given name stands in keys.
    fn marks(&self, name: &Given) -> &'static [&'static str] {
        match (self.side, name.first) {
            (Side::Query, true) => &["1", "2"],
            (_, true) | (Side::Query, false) => &["1"],
            (Side::Register, false) => &["2"],
        }
    }

    fn add(&mut self, kind: char, words: &[&str], numbers: &[u32]) {
        if words.iter().any(|word| word.is_empty()) {
            return;
        }
        let mut key = String::with_capacity(28);
        key.push(kind);
        for word in words {
            key.push_str(word);
            key.push('|');
        }
        for number in numbers {
            push_number(&mut key, *number);
            key.push('.');
        }
        self.keys.push(key);
    }

    fn asked(&mut self, date: PartialDate, families: &[String], given: &[Given]) {
        let mut dates = vec![date];
        dates.extend(exchanged(date));
        for date in dates {
            self.date(date, families, given);
            for name in given {
                self.given(name, date, families);
            }
            for family in families {
                self.family(family, date, given, given.iter());
            }
        }
        for year in mistaken_years(date.year()) {
            let Ok(other) = PartialDate::new(year, date.month(), date.day()) else {
                continue;
            };
            for family in families {
                self.both_names(family, other, given.iter());
            }
        }
    }

    /// The whole date; 1 January, by which thousands are registered, with an initial.
    fn date(&mut self, date: PartialDate, families: &[String], given: &[Given]) {
        let (Some(month), Some(day)) = (date.month(), date.day()) else {
            return;
        };
        let year = date.year().unsigned_abs();
        if (month, day) == (1, 1) {
            for initial in families.iter().filter_map(|family| signs(family, 1)) {
                self.add('A', &["N", initial], &[year, month, day]);
            }
            if let Some(initial) = given.first().and_then(|name| signs(&name.sound, 1)) {
                self.add('A', &["P", initial], &[year, month, day]);
            }
        } else {
            self.add('A', &[], &[year, month, day]);
        }
    }

    fn given(&mut self, name: &Given, date: PartialDate, families: &[String]) {
        let year = date.year().unsigned_abs();
        for mark in self.marks(name) {
            for family in families {
                let (beginning, end) = ends(family);
                self.add('B', &[&name.sound, mark, beginning], &[year]);
                self.add('C', &[&name.sound, mark, end], &[year]);
            }
            if let (Some(month), Some(day)) = (date.month(), date.day()) {
                for (anchor, side) in anchors(families.iter().map(String::as_str)) {
                    self.add('D', &[&name.sound, mark, side, anchor], &[day, month]);
                }
            }
        }
    }

    fn family<'a>(
        &mut self,
        family: &str,
        date: PartialDate,
        given: &[Given],
        first: impl Iterator<Item = &'a Given>,
    ) {
        for name in given {
            for mark in self.marks(name) {
                for (anchor, side) in anchors(std::iter::once(name.sound.as_str())) {
                    self.add('F', &[family, mark, side, anchor], &[date.year().unsigned_abs()]);
                }
            }
        }
        if let (Some(month), Some(day)) = (date.month(), date.day()) {
            self.add('G', &[family], &[day, month]);
        }
        self.both_names(family, date, first);
    }

    fn both_names<'a>(&mut self, family: &str, date: PartialDate, given: impl Iterator<Item = &'a Given>) {
        let year = date.year().unsigned_abs();
        for name in given {
            self.add('H', &[family, &name.sound], &[year / 10]);
            self.add('I', &[family, &name.sound], &[year % 10]);
        }
    }

    fn finish(self) -> Vec<String> {
        let mut keys = self.keys;
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

/// Years a clerk may have meant that share neither decade nor last digit with this one.
fn mistaken_years(year: i32) -> Vec<i32> {
    let (tens, units) = (year / 10 % 10, year % 10);
    let mut years = vec![year - year % 100 + units * 10 + tens];
    match units {
        0 => years.push(year - 1),
        9 => years.push(year + 1),
        _ => {}
    }
    years.retain(|other| *other != year);
    years
}

fn exchanged(date: PartialDate) -> Option<PartialDate> {
    let (day, month) = (date.day()?, date.month()?);
    let other = PartialDate::new(date.year(), Some(day), Some(month)).ok()?;
    (other != date).then_some(other)
}

fn family_sounds(person: &Person) -> Vec<String> {
    let mut sounds: Vec<String> = Vec::new();
    let names = person.families().map(|family| family.bare());
    let parts = person.families().flat_map(|family| &family.parts);
    for word in names.chain(parts) {
        let sound = sound_of(&word.text, &word.sound);
        if !sounds.contains(&sound) && sounds.len() < FAMILIES {
            sounds.push(sound);
        }
    }
    sounds
}

fn given_sounds(person: &Person, most: usize) -> Vec<Given> {
    let mut sounds: Vec<Given> = Vec::new();
    for (place, name) in person.given.iter().enumerate() {
        for word in name.words() {
            let canonical = crate::variants::canonical(&word.text);
            let sound = if canonical == word.text {
                sound_of(&word.text, &word.sound)
            } else {
                fonem(canonical)
            };
            if sounds.iter().all(|known| known.sound != sound) && sounds.len() < most {
                sounds.push(Given {
                    sound,
                    first: place == 0,
                });
            }
        }
    }
    sounds
}

/// The sound; the word itself in a script that FONEM does not read.
fn sound_of(text: &str, sound: &str) -> String {
    if sound.is_empty() {
        text.to_owned()
    } else {
        sound.to_owned()
    }
}

/// The first signs of a name.
fn signs(name: &str, count: usize) -> Option<&str> {
    let (last, sign) = name.char_indices().take(count).last()?;
    name.get(..last + sign.len_utf8())
}

/// The first and the last two signs of a name; of a short one the first and the last.
fn ends(name: &str) -> (&str, &str) {
    let count = if name.chars().count() > 3 { 2 } else { 1 };
    let end = name
        .char_indices()
        .rev()
        .take(count)
        .last()
        .map_or(0, |(at, _)| at);
    (signs(name, count).unwrap_or(""), name.get(end..).unwrap_or(""))
}

/// First and last signs of names, each once, and which of both they are.
fn anchors<'a>(names: impl Iterator<Item = &'a str>) -> Vec<(&'a str, &'static str)> {
    let mut found: Vec<(&str, &'static str)> = Vec::new();
    for family in names {
        let last = family.char_indices().last().and_then(|(at, _)| family.get(at..));
        let both = [
            signs(family, 1).map(|sign| (sign, "<")),
            last.map(|sign| (sign, ">")),
        ];
        for anchor in both.into_iter().flatten() {
            if !found.contains(&anchor) {
                found.push(anchor);
            }
        }
    }
    found
}

fn push_number(key: &mut String, number: u32) {
    if number >= 10 {
        push_number(key, number / 10);
    }
    key.push(char::from_digit(number % 10, 10).unwrap_or('0'));
}

#[cfg(test)]
mod tests {
    use domain::{FamilyName, GivenNames};

    use super::*;

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
        let query = Person::from(&person(query.0, query.1, query.2)).query_keys();
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
            ("LEFEBVRE", "Jeane", "15/08/1931"),
            ("LEFEBVRE", "Zoé", "14/07/1958"),
            ("LEFEBVRE", "Marie", "15/08/1931"),
            ("LEFEBVRE", "Marie", "25/07/1939"),
            ("LEFEBVRE", "Maire", "00/00/1931"),
            ("LEFÈBRE", "Marie", "01/01/1931"),
            ("MARIE", "Lefebvre", "14/07/1932"),
        ] {
            assert!(found(known, query), "{query:?}");
        }
        assert!(!found(known, ("MARTIN", "Paul", "02/03/1950")));
        assert!(found(
            ("MARTIN", "Paul", "05/12/1931"),
            ("MRATIN", "Paul", "12/05/1931")
        ));
    }

    #[test]
    fn keys_are_sorted_and_each_once() {
        let keys = register_keys(&person("MARTIN-DURAND", "Jean-Pierre Jean Paul", "01/01/1931"));
        assert!(keys.is_sorted_by(|a, b| a < b), "{keys:?}");
    }
}
