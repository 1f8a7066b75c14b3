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
//! The ends are the first two signs of a name's sound and the last one: no single slip takes both away, and without
//! either the rest would not be enough to think of the person. `K`, `L` and `M` are stored only for those registered
//! on 1 January or without a day; a query that says so itself asks for every month.
//!
//! A query asks besides for day and month exchanged, for years a clerk takes for another, and for family and given
//! name exchanged.

use domain::{Decedent, Individual, PartialDate};

use crate::decide::Query;
use crate::frequencies::Frequencies;
use crate::person::{Normaliser, Person};
use crate::phonetics::fonem;

/// Version of the keys: when it changes, those stored with a register are computed again.
pub const KEYS_VERSION: i32 = 2;

/// Given names (pieces of composite ones) a person of the register is found by.
const REGISTER_GIVEN: usize = 3;
/// Given names a query asks with.
const QUERY_GIVEN: usize = 4;
/// Months of a date whose month is not known.
const MONTHS: std::ops::RangeInclusive<u32> = 1..=12;
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
    Query::from(decedent).keys()
}

impl Person {
    /// As [`register_keys`].
    pub fn register_keys(&self) -> Vec<String> {
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
    pub fn query_keys(&self) -> Vec<String> {
        let mut keys = Keys::of(Side::Query);
        let names = Names::of(self, QUERY_GIVEN);
        match self.birth_date {
            Some(date) => {
                let when = When::from(date);
                keys.date(when, &names);
                keys.asked(when, &names);
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
    pub(crate) fn exchanged_keys(&self) -> Vec<String> {
        let mut keys = Keys::of(Side::Query);
        let mut names = Names::of(self, 1);
        names.families.truncate(1);
        if let Some(date) = self.birth_date {
            keys.asked(When::from(date), &names);
        }
        keys.finish()
    }
}

/// The names of a person as keys hold them.
struct Names {
    families: Vec<String>,
    given: Vec<Given>,
}

impl Names {
    fn of(person: &Person, most_given: usize) -> Self {
        Self {
            families: family_sounds(person),
            given: given_sounds(person, most_given),
        }
    }
}

/// A date of birth in keys.
#[derive(Clone, Copy)]
struct When {
    year: u32,
    month: Option<u32>,
    day: Option<u32>,
}

impl From<PartialDate> for When {
    fn from(date: PartialDate) -> Self {
        Self {
            year: date.year().unsigned_abs(),
            month: date.month(),
            day: date.day(),
        }
    }
}

impl When {
    /// 1 January, by which thousands are registered whose day nobody knows, or no day at all.
    fn is_conventional(self) -> bool {
        self.month.is_none() || self.day.is_none() || self.is_first_of_january()
    }

    fn is_first_of_january(self) -> bool {
        (self.month, self.day) == (Some(1), Some(1))
    }

    /// Day and month exchanged, where that is another date.
    fn exchanged(self) -> Option<(u32, u32)> {
        let (month, day) = (self.month?, self.day?);
        (day <= 12 && day != month).then_some((day, month))
    }

    /// Both digits of the year.
    fn digits(self) -> [Digit; 2] {
        [Digit::Decade(self.year / 10), Digit::Unit(self.year % 10)]
    }
}

/// What remains of a year when the other digit is wrong.
#[derive(Clone, Copy)]
enum Digit {
    Decade(u32),
    Unit(u32),
}

impl Digit {
    /// In a key: a digit, or the decade with its century.
    fn number(self) -> u32 {
        match self {
            Self::Decade(number) | Self::Unit(number) => number,
        }
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

    /// What a query asks for, whoever the names belong to.
    fn asked(&mut self, when: When, names: &Names) {
        self.dated(when, names, &names.given);
        self.conventional(when.year, names);
        if let Some((month, day)) = when.exchanged() {
            self.month_and_day(names, &[month, day]);
        }
        // Who asks with 1 January, or without a month, may mean any day of the year.
        let anywhere = when.is_first_of_january() || when.month.is_none();
        let first = &names.given[..names.given.len().min(1)];
        let months: Vec<u32> = if anywhere {
            MONTHS.collect()
        } else {
            when.month.into_iter().collect()
        };
        for month in &months {
            if anywhere {
                self.year_and_month(names, first, when.year, *month);
            }
            for digit in when.digits().into_iter().chain(mistaken_decades(when.year)) {
                self.month_and_digit(names, if anywhere { first } else { &names.given }, *month, digit);
            }
        }
        for digit in mistaken_decades(when.year) {
            if let Some(day) = when.day {
                self.day_and_digit(names, &names.given, day, digit);
            }
        }
    }

    /// The whole date; 1 January with an initial.
    fn date(&mut self, when: When, names: &Names) {
        let (Some(month), Some(day)) = (when.month, when.day) else {
            return;
        };
        if when.is_first_of_january() {
            for initial in names.families.iter().filter_map(|family| signs(family, 1)) {
                self.add('A', &["N", initial], &[when.year, month, day]);
            }
            if let Some(initial) = names.given.first().and_then(|name| signs(&name.sound, 1)) {
                self.add('A', &["P", initial], &[when.year, month, day]);
            }
        } else {
            self.add('A', &[], &[when.year, month, day]);
        }
    }

    /// Names with what is known of the date. `both` are the given names that stand beside a family name.
    fn dated(&mut self, when: When, names: &Names, both: &[Given]) {
        self.given_and_year('H', both, names, when.year);
        if let Some(month) = when.month {
            self.year_and_month(names, &names.given, when.year, month);
            for digit in when.digits() {
                self.month_and_digit(names, both, month, digit);
            }
        }
        if let Some(day) = when.day {
            self.with_ends('C', names, &names.given, &[when.year, day]);
            for family in &names.families {
                self.add('F', &[family], &[when.year, day]);
            }
            for digit in when.digits() {
                self.day_and_digit(names, both, day, digit);
            }
        }
        if when.is_first_of_january() {
            for digit in when.digits() {
                self.month_and_day(names, &[1, 1, digit.number()]);
            }
        } else if let (Some(month), Some(day)) = (when.month, when.day) {
            self.month_and_day(names, &[month, day]);
        }
    }

    fn year_and_month(&mut self, names: &Names, given: &[Given], year: u32, month: u32) {
        self.with_ends('B', names, given, &[year, month]);
        for family in &names.families {
            self.add('E', &[family], &[year, month]);
        }
    }

    fn month_and_day(&mut self, names: &Names, numbers: &[u32]) {
        self.with_ends('D', names, &names.given, numbers);
        for family in &names.families {
            self.add('G', &[family], numbers);
        }
    }

    /// Of those whose day of birth nobody knows.
    fn conventional(&mut self, year: u32, names: &Names) {
        self.with_ends('K', names, &names.given, &[year]);
        for family in &names.families {
            self.add('L', &[family], &[year]);
        }
        for name in &names.given {
            self.both('M', name, names, &[]);
        }
    }

    fn month_and_digit(&mut self, names: &Names, both: &[Given], month: u32, digit: Digit) {
        self.part_and_digit('I', names, both, month, digit);
    }

    fn day_and_digit(&mut self, names: &Names, both: &[Given], day: u32, digit: Digit) {
        self.part_and_digit('J', names, both, day, digit);
    }

    fn part_and_digit(&mut self, kind: char, names: &Names, both: &[Given], part: u32, digit: Digit) {
        let numbers = [part, digit.number()];
        for name in both {
            self.both(kind, name, names, &numbers);
        }
    }

    fn given_and_year(&mut self, kind: char, both: &[Given], names: &Names, year: u32) {
        for name in both {
            self.both(kind, name, names, &[year]);
        }
    }

    fn both(&mut self, kind: char, name: &Given, names: &Names, numbers: &[u32]) {
        for family in &names.families {
            self.add(kind, &[family, &name.sound], numbers);
        }
    }

    /// Each given name beside the beginning and the end of each family name.
    fn with_ends(&mut self, kind: char, names: &Names, given: &[Given], numbers: &[u32]) {
        for name in given {
            for mark in self.marks(name) {
                for family in &names.families {
                    let (beginning, end) = ends(family);
                    self.add(kind, &[&name.sound, mark, "<", beginning], numbers);
                    self.add(kind, &[&name.sound, mark, ">", end], numbers);
                }
            }
        }
    }

    fn finish(self) -> Vec<String> {
        let mut keys = self.keys;
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

/// Decades of the years a clerk may have meant that share neither decade nor last digit with this one.
fn mistaken_decades(year: u32) -> impl Iterator<Item = Digit> {
    let (tens, units) = (year / 10 % 10, year % 10);
    let exchanged = year - year % 100 + units * 10 + tens;
    let neighbour = match units {
        0 => Some(year - 1),
        9 => Some(year + 1),
        _ => None,
    };
    let years = std::iter::once(exchanged).chain(neighbour);
    years
        .filter(move |other| *other != year)
        .map(|other| Digit::Decade(other / 10))
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

/// The first two signs of a name and the last one: a slip at its end leaves the beginning, one at its beginning leaves
/// the end, and most names that share the last sign but not the first differ more than by a slip.
fn ends(name: &str) -> (&str, &str) {
    let last = name.char_indices().last().map_or(0, |(at, _)| at);
    (signs(name, 2).unwrap_or(""), name.get(last..).unwrap_or(""))
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
        .keys();
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
