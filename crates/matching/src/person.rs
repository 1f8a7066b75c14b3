//! A person of the register, or the one asked about, normalised once for all comparisons.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use domain::{Decedent, Individual, PartialDate, Sex};

use crate::family::Family;
use crate::fields::FieldNames;
use crate::given::GivenName;
use crate::place::PlaceName;

/// Civil status as it is compared. Every part may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    pub(crate) birth_name: Option<Arc<Family>>,
    /// Never the same as the name at birth.
    pub(crate) usage_name: Option<Arc<Family>>,
    pub(crate) given: Vec<Arc<GivenName>>,
    pub(crate) sex: Option<Sex>,
    pub(crate) birth_date: Option<PartialDate>,
    pub(crate) birth_place: Option<Arc<PlaceName>>,
    pub(crate) death_date: Option<PartialDate>,
    /// The first day of the last aid granted.
    pub(crate) last_grant: Option<NaiveDate>,
}

/// Civil status as it is written: every part a text that may be empty.
#[derive(Debug, Clone, Copy, Default)]
pub struct Written<'a> {
    /// Family name at birth.
    pub birth_name: &'a str,
    /// Name in use.
    pub usage_name: &'a str,
    /// Given names, separated by spaces or commas.
    pub given_names: &'a str,
    /// Sex.
    pub sex: Option<Sex>,
    /// Date of birth.
    pub birth_date: Option<PartialDate>,
    /// Commune of birth.
    pub birth_place: &'a str,
    /// Date of death.
    pub death_date: Option<PartialDate>,
    /// The first day of the last aid granted.
    pub last_grant: Option<NaiveDate>,
}

impl Person {
    /// The family names, name at birth first.
    pub fn families(&self) -> impl Iterator<Item = &Arc<Family>> {
        self.birth_name.iter().chain(&self.usage_name)
    }

    /// The given names, in order.
    pub fn given_names(&self) -> &[Arc<GivenName>] {
        &self.given
    }

    /// The date of birth.
    pub fn birth_date(&self) -> Option<PartialDate> {
        self.birth_date
    }
}

impl From<&Individual> for Person {
    fn from(individual: &Individual) -> Self {
        Normaliser::default().individual(individual)
    }
}

impl From<&Decedent> for Person {
    fn from(decedent: &Decedent) -> Self {
        Normaliser::default().read(Written {
            birth_name: text(&decedent.birth_name),
            usage_name: text(&decedent.usage_name),
            given_names: &decedent.given_names.to_string(),
            sex: decedent.sex,
            birth_date: Some(decedent.birth_date),
            birth_place: decedent.birth_place.as_ref().map_or("", |place| place.as_str()),
            death_date: Some(decedent.death_date.into()),
            last_grant: None,
        })
    }
}

fn text(name: &Option<domain::FamilyName>) -> &str {
    name.as_ref().map_or("", |name| name.as_str())
}

/// Normalises people, each distinct name once: a register of a million people has far fewer names.
#[derive(Debug, Default)]
pub struct Normaliser {
    families: HashMap<String, FieldNames<Arc<Family>>>,
    given: HashMap<String, Option<Arc<GivenName>>>,
    places: HashMap<String, Option<Arc<PlaceName>>>,
}

impl Normaliser {
    /// Normalises a person of the register.
    pub fn individual(&mut self, individual: &Individual) -> Person {
        let grants = individual.aids.iter().filter_map(|aid| aid.starts);
        self.read(Written {
            birth_name: text(&individual.birth_name),
            usage_name: text(&individual.usage_name),
            given_names: &individual.given_names.to_string(),
            sex: individual.sex,
            birth_date: Some(individual.birth_date),
            birth_place: individual.birth_place.as_ref().map_or("", |place| place.as_str()),
            death_date: individual.death_date,
            last_grant: grants.map(PartialDate::earliest).max(),
        })
    }

    /// Normalises what is written. A field that holds two names (`DURAND épouse PETIT`) fills both.
    pub fn read(&mut self, written: Written<'_>) -> Person {
        let birth = self.family(written.birth_name);
        let usage = self.family(written.usage_name);
        let (birth_name, mut usage_name) = FieldNames::settle(birth, usage);
        if let (Some(birth), Some(usage)) = (&birth_name, &usage_name)
            && birth.text() == usage.text()
        {
            usage_name = None;
        }
        Person {
            birth_name,
            usage_name,
            given: self.given_names(written.given_names),
            sex: written.sex,
            birth_date: written.birth_date,
            birth_place: self.place(written.birth_place),
            death_date: written.death_date,
            last_grant: written.last_grant,
        }
    }

    fn family(&mut self, text: &str) -> FieldNames<Arc<Family>> {
        if text.is_empty() {
            return FieldNames::default();
        }
        if let Some(known) = self.families.get(text) {
            return known.clone();
        }
        let read = FieldNames::read(text).map(Arc::new);
        self.families.insert(text.to_owned(), read.clone());
        read
    }

    /// The given names of a text, in order.
    pub(crate) fn given_names(&mut self, text: &str) -> Vec<Arc<GivenName>> {
        let names = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/' | '+'));
        let mut read: Vec<Arc<GivenName>> = Vec::new();
        for name in names.filter(|name| !name.is_empty()).take(12) {
            let known = match self.given.get(name) {
                Some(known) => known.clone(),
                None => {
                    let new = GivenName::read(name).map(Arc::new);
                    self.given.insert(name.to_owned(), new.clone());
                    new
                }
            };
            read.extend(known);
        }
        read
    }

    fn place(&mut self, text: &str) -> Option<Arc<PlaceName>> {
        if text.is_empty() {
            return None;
        }
        if let Some(known) = self.places.get(text) {
            return known.clone();
        }
        let read = PlaceName::read(text).map(Arc::new);
        self.places.insert(text.to_owned(), read.clone());
        read
    }
}
