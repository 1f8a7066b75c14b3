//! People of fiction: civil status, and the relatives and namesakes that make matching hard.

use chrono::{Datelike, Days, NaiveDate};
use domain::Sex;

use super::dates::{Known, as_of, day_between, year_start};
use super::given::{Culture, GivenNameLists};
use super::names::FamilyNames;
use super::places::Places;
use super::random::Random;

/// A person.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) sex: Sex,
    pub(super) birth_name: String,
    pub(super) usage_name: Option<String>,
    pub(super) given_names: String,
    pub(super) birth: NaiveDate,
    pub(super) birth_known: Known,
    pub(super) place: Option<&'static str>,
    pub(super) death: Option<NaiveDate>,
    culture: Culture,
}

/// Draws people one after the other.
#[derive(Debug)]
pub(super) struct People {
    families: FamilyNames,
    given: GivenNameLists,
    places: Places,
    previous: Option<Person>,
}

impl People {
    pub(super) fn new() -> Self {
        Self {
            families: FamilyNames::new(),
            given: GivenNameLists::new(),
            places: Places::new(),
            previous: None,
        }
    }

    /// The next person: now and then a relative or a namesake of the one before.
    pub(super) fn next(&mut self, random: &mut Random) -> Person {
        let related = self
            .previous
            .take()
            .and_then(|previous| self.related(random, &previous));
        let person = related.unwrap_or_else(|| self.stranger(random));
        self.previous = Some(person.clone());
        person
    }

    fn stranger(&self, random: &mut Random) -> Person {
        let sex = if random.per_mille(620) {
            Sex::Female
        } else {
            Sex::Male
        };
        let (birth_name, culture) = self.families.draw(random);
        let birth = birth_date(random);
        let (place, abroad) = self.places.draw(random, culture);
        let usage_name = match sex {
            Sex::Female if random.per_mille(730) => Some(self.families.draw(random).0),
            Sex::Male if random.per_mille(8) => Some(self.families.draw(random).0),
            _ => None,
        };
        Person {
            sex,
            given_names: self.given.draw(random, culture, sex, birth.year()),
            birth_known: birth_known(random, abroad),
            place: (!random.per_mille(80)).then_some(place),
            death: death(random, birth),
            birth_name,
            usage_name,
            birth,
            culture,
        }
    }

    /// Twin (4 in 1 000), spouse (12), namesake of another age (3), child with the same given name (1), namesake born
    /// the same day (1).
    fn related(&self, random: &mut Random, of: &Person) -> Option<Person> {
        let kind = random.below(1000);
        let mut person = self.stranger(random);
        match kind {
            0..4 => {
                person.birth_name.clone_from(&of.birth_name);
                (person.birth, person.birth_known, person.place) = (of.birth, of.birth_known, of.place);
                person.given_names = self.given.draw(random, of.culture, person.sex, of.birth.year());
                person.death = death(random, of.birth);
            }
            4..16 => {
                person.sex = if of.sex == Sex::Male {
                    Sex::Female
                } else {
                    Sex::Male
                };
                person.given_names = self
                    .given
                    .draw(random, person.culture, person.sex, person.birth.year());
                let husband = of.sex == Sex::Female;
                if husband {
                    person.birth_name = of.usage_name.clone()?;
                    person.usage_name = None;
                } else {
                    person.usage_name = Some(of.birth_name.clone());
                }
            }
            16..19 => {
                person.sex = of.sex;
                person.birth_name.clone_from(&of.birth_name);
                person.given_names.clone_from(&of.given_names);
            }
            19 => {
                person.sex = of.sex;
                person.birth_name.clone_from(&of.birth_name);
                person.given_names.clone_from(&of.given_names);
                let born = of.birth + Days::new(u64::from(random.between(20 * 366, 34 * 365)));
                if born.year() > 1975 {
                    return None;
                }
                (person.birth, person.birth_known) = (born, Known::All);
                person.death = None;
            }
            20 => {
                person.sex = of.sex;
                person.birth_name.clone_from(&of.birth_name);
                person.given_names.clone_from(&of.given_names);
                (person.birth, person.birth_known) = (of.birth, of.birth_known);
                person.death = death(random, of.birth);
            }
            _ => return None,
        }
        Some(person)
    }
}

/// Recipients are mostly old: three in four born from 1922 to 1948.
fn birth_date(random: &mut Random) -> NaiveDate {
    let (first, last) = match random.below(1000) {
        0..60 => (1915, 1921),
        60..810 => (1922, 1948),
        _ => (1949, 1975),
    };
    day_between(random, year_start(first), year_start(last + 1) - Days::new(1))
}

/// Civil status from abroad often lacks the day, or the day and the month.
fn birth_known(random: &mut Random, abroad: bool) -> Known {
    let (year_only, no_day) = if abroad { (50, 25) } else { (1, 2) };
    match random.below(1000) {
        drawn if drawn < year_only => Known::Year,
        drawn if drawn < year_only + no_day => Known::Month,
        _ => Known::All,
    }
}

/// When the département knows the person dead: the older, the likelier; never before sixty or 1992.
fn death(random: &mut Random, birth: NaiveDate) -> Option<NaiveDate> {
    let known_dead = match birth.year() {
        ..1922 => 930,
        1922..1935 => 560,
        1935..1949 => 220,
        _ => 50,
    };
    let earliest = year_start(birth.year() + 60).max(year_start(1992));
    (random.per_mille(known_dead) && earliest < as_of()).then(|| {
        // Of two draws the later: registers forget old files.
        day_between(random, earliest, as_of()).max(day_between(random, earliest, as_of()))
    })
}
