//! How common names, places and dates are in a register: sharing MARTIN says less than sharing a rare name.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use chrono::Datelike;
use domain::PartialDate;
use serde::{Deserialize, Serialize};

use crate::common;
use crate::hash::Fnv;
use crate::person::Person;

/// People every register is mixed with, so that a small one does not take for unknown what it merely lacks.
const BACKGROUND: f64 = 30_000.0;
/// Of these people, those who would bear a given family name that the register does not hold.
const UNSEEN_FAMILY: f64 = 0.3;
/// The same of a given name: there are far fewer of them.
const UNSEEN_GIVEN: f64 = 0.1;
/// Years of birth a register knows nothing of are spread over this many.
const YEARS: f64 = 70.0;
/// Days of a year, unknown days left aside.
const DAYS: f64 = 365.25;

/// Counts of a register, stored with it. Counting is a sum: the order of people does not matter.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Frequencies {
    individuals: u64,
    families: Counts,
    given: Counts,
    places: Counts,
    placed: u64,
    /// By years from the earliest taken.
    years: Vec<u32>,
    first_of_january: u64,
    dated: u64,
}

impl Frequencies {
    /// Nobody counted yet: every name is as rare as any other.
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts a person of the register.
    pub fn add(&mut self, person: &Person) {
        self.individuals += 1;
        for family in person.families() {
            count(&mut self.families, family.text());
            if family.bare().text != family.text() {
                count(&mut self.families, &family.bare().text);
            }
            for part in &family.parts {
                count(&mut self.families, &part.text);
            }
        }
        for name in &person.given {
            count(&mut self.given, name.text());
            if name.whole.text != name.text() {
                count(&mut self.given, &name.whole.text);
            }
            for piece in &name.pieces {
                count(&mut self.given, &piece.text);
            }
        }
        if let Some(place) = &person.birth_place {
            self.placed += 1;
            count(&mut self.places, place.text());
        }
        if let Some(date) = person.birth_date {
            let year = since_first(date.year());
            if self.years.len() <= year {
                self.years.resize(year + 1, 0);
            }
            self.years[year] += 1;
            if let Some(day) = date.full() {
                self.dated += 1;
                self.first_of_january += u64::from(day.ordinal() == 1);
            }
        }
    }

    /// People counted.
    pub fn individuals(&self) -> u64 {
        self.individuals
    }

    /// Share of people who bear a family name, at birth or in use. Never zero.
    pub fn family(&self, text: &str) -> f64 {
        self.share(self.families.get(text), common::family(text), UNSEEN_FAMILY)
    }

    /// Whether anybody is known to bear a family name: then it is no mere slip of another one.
    pub(crate) fn is_family_name(&self, text: &str) -> bool {
        self.families.contains_key(text) || common::family(text).is_some()
    }

    /// Share of people who bear a given name, first or other. Never zero.
    pub fn given(&self, text: &str) -> f64 {
        self.share(self.given.get(text), common::given(text), UNSEEN_GIVEN)
    }

    /// Share of births in a commune. Never zero.
    pub(crate) fn place(&self, text: &str) -> f64 {
        let seen = f64::from(self.places.get(text).copied().unwrap_or(0));
        (seen + 5.0) / (self.placed as f64 + 2_000.0)
    }

    /// Share of births in a year, smoothed over its neighbours. Never zero.
    pub(crate) fn year(&self, year: i32) -> f64 {
        let year = since_first(year);
        let around: u32 = (year.saturating_sub(2)..=year + 2)
            .filter_map(|year| self.years.get(year))
            .sum();
        let here = f64::from(around) / 5.0;
        (here + 1_000.0 / YEARS) / (self.individuals as f64 + 1_000.0)
    }

    /// Share of births on a day, the year left aside. Never zero.
    pub(crate) fn day(&self, date: PartialDate) -> f64 {
        let dated = self.dated as f64;
        if (date.day(), date.month()) == (Some(1), Some(1)) {
            (self.first_of_january as f64 + 20.0) / (dated + 1_000.0)
        } else {
            1.0 / DAYS
        }
    }

    fn share(&self, seen: Option<&u32>, common: Option<f64>, unseen: f64) -> f64 {
        let seen = f64::from(seen.copied().unwrap_or(0));
        let unseen = common.map_or(unseen, |share| share * BACKGROUND);
        (seen + unseen) / (self.individuals as f64 + BACKGROUND)
    }
}

fn since_first(year: i32) -> usize {
    usize::try_from(year - PartialDate::FIRST_YEAR).unwrap_or(0)
}

type Counts = HashMap<String, u32, BuildHasherDefault<Fnv>>;

fn count(counts: &mut Counts, text: &str) {
    match counts.get_mut(text) {
        Some(count) => *count += 1,
        None => {
            counts.insert(text.to_owned(), 1);
        }
    }
}
