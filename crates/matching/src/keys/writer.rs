//! Which parts are joined to keys, and how.

use std::hash::Hasher as _;

use super::parts::{Digit, Given, MONTHS, Names, When, ends, mistaken_decades, other_beginning, signs};
use crate::hash::Fnv;

/// Whose keys they are. The first given name of one side is looked for among all of the other; that two people share
/// but a further name (every other woman is MARIE somewhere) is no reason to look at them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Register,
    Query,
}

pub(super) struct Keys {
    keys: Vec<i64>,
    side: Side,
}

impl Keys {
    pub(super) fn of(side: Side) -> Self {
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

    fn add(&mut self, kind: u8, words: &[&str], numbers: &[u32]) {
        if words.iter().any(|word| word.is_empty()) {
            return;
        }
        let mut key = Fnv::default();
        key.write(&[kind]);
        for word in words {
            key.write(word.as_bytes());
            key.write(b"|");
        }
        for number in numbers {
            key.write(&number.to_le_bytes());
        }
        self.keys.push(key.spread());
    }

    /// What a query asks for, whoever the names belong to. `telling` are those of its names that it asks every month for
    /// when it knows none.
    pub(super) fn asked(&mut self, when: When, names: &Names, telling: &Names) {
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
                self.with_ends(b'B', names, &telling.given, &[when.year, *month]);
                for family in &telling.families {
                    self.add(b'E', &[family], &[when.year, *month]);
                }
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
    pub(super) fn date(&mut self, when: When, names: &Names) {
        let (Some(month), Some(day)) = (when.month, when.day) else {
            return;
        };
        if when.is_first_of_january() {
            for initial in names.families.iter().filter_map(|family| signs(family, 1)) {
                self.add(b'A', &["N", initial], &[when.year, month, day]);
            }
            if let Some(initial) = names.given.first().and_then(|name| signs(&name.sound, 1)) {
                self.add(b'A', &["P", initial], &[when.year, month, day]);
            }
        } else {
            self.add(b'A', &[], &[when.year, month, day]);
        }
    }

    /// Names with what is known of the date. `both` are the given names that stand beside a family name.
    pub(super) fn dated(&mut self, when: When, names: &Names, both: &[Given]) {
        self.given_and_year(b'H', both, names, when.year);
        if let Some(month) = when.month {
            self.year_and_month(names, &names.given, when.year, month);
            for digit in when.digits() {
                self.month_and_digit(names, both, month, digit);
            }
        }
        if let Some(day) = when.day {
            self.with_ends(b'C', names, &names.given, &[when.year, day]);
            for family in &names.families {
                self.add(b'F', &[family], &[when.year, day]);
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
        self.with_ends(b'B', names, given, &[year, month]);
        for family in &names.families {
            self.add(b'E', &[family], &[year, month]);
        }
    }

    fn month_and_day(&mut self, names: &Names, numbers: &[u32]) {
        self.with_ends(b'D', names, &names.given, numbers);
        for family in &names.families {
            self.add(b'G', &[family], numbers);
        }
    }

    /// Of those whose day of birth nobody knows.
    pub(super) fn conventional(&mut self, year: u32, names: &Names) {
        self.with_ends(b'K', names, &names.given, &[year]);
        for family in &names.families {
            self.add(b'L', &[family], &[year]);
        }
        for name in &names.given {
            self.both(b'M', name, names, &[]);
        }
    }

    pub(super) fn month_and_digit(&mut self, names: &Names, both: &[Given], month: u32, digit: Digit) {
        self.part_and_digit(b'I', names, both, month, digit);
    }

    fn day_and_digit(&mut self, names: &Names, both: &[Given], day: u32, digit: Digit) {
        self.part_and_digit(b'J', names, both, day, digit);
    }

    fn part_and_digit(&mut self, kind: u8, names: &Names, both: &[Given], part: u32, digit: Digit) {
        let numbers = [part, digit.number()];
        for name in both {
            self.both(kind, name, names, &numbers);
        }
    }

    fn given_and_year(&mut self, kind: u8, both: &[Given], names: &Names, year: u32) {
        for name in both {
            self.both(kind, name, names, &[year]);
        }
    }

    fn both(&mut self, kind: u8, name: &Given, names: &Names, numbers: &[u32]) {
        for family in &names.families {
            self.add(kind, &[family, &name.sound], numbers);
        }
    }

    /// Each given name beside the beginning and the end of each family name.
    fn with_ends(&mut self, kind: u8, names: &Names, given: &[Given], numbers: &[u32]) {
        for name in given {
            for mark in self.marks(name) {
                for family in &names.written {
                    let (beginning, end) = ends(family);
                    self.add(kind, &[&name.sound, mark, "<", beginning], numbers);
                    self.add(kind, &[&name.sound, mark, ">", end], numbers);
                    let other = other_beginning(family).filter(|_| self.side == Side::Query);
                    if let Some(beginning) = other {
                        self.add(kind, &[&name.sound, mark, "<", beginning], numbers);
                    }
                }
            }
        }
    }

    pub(super) fn finish(self) -> Vec<i64> {
        let mut keys = self.keys;
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}
