//! Strangers made from somebody of the register: who the engine must never take for that person.

use chrono::{Datelike, Days};
use domain::Sex;

use super::World;
use super::civil::Civil;
use crate::random::Random;

/// How a stranger resembles somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Resemblance {
    /// A twin of the same sex.
    Twin,
    /// A twin of the other sex.
    OtherTwin,
    /// A twin who shares the further given names.
    TwinSharingNames,
    /// A brother or sister.
    Sibling,
    /// Husband or wife.
    Spouse,
    /// Father or mother with the same first name.
    ParentSameName,
    /// Father or mother born on the same day of the year, with the same names.
    ParentSameDay,
    /// A child.
    Child,
    /// The same family and given names, born another day.
    Namesake,
    /// The same family and first given name, other further names, born another day.
    NamesakeFirst,
    /// The same family and first given name, born the same year another day.
    NamesakeSameYear,
    /// The same names and day, some years apart.
    NamesakeYears,
    /// The same names, born the same day elsewhere.
    NamesakeElsewhere,
    /// A cousin: the same family name, another given name, about the same age.
    Cousin,
    /// The same given names and day of birth, another family name.
    SameDay,
    /// A sister-in-law: the same name in use and given name.
    SisterInLaw,
}

use Resemblance::*;

impl Resemblance {
    /// Every one.
    pub const ALL: [Self; 16] = [
        Twin,
        OtherTwin,
        TwinSharingNames,
        Sibling,
        Spouse,
        ParentSameName,
        ParentSameDay,
        Child,
        Namesake,
        NamesakeFirst,
        NamesakeSameYear,
        NamesakeYears,
        NamesakeElsewhere,
        Cousin,
        SameDay,
        SisterInLaw,
    ];
}

/// A stranger who resembles `of` in this way; `None` when `of` has not what it takes.
pub fn stranger(kind: Resemblance, of: &Civil, world: &World, random: &mut Random) -> Option<Civil> {
    let mut who = of.clone();
    let sex = of.sex.unwrap_or(Sex::Female);
    let other_sex = if sex == Sex::Male { Sex::Female } else { Sex::Male };
    // Nobody dies on the day of somebody else.
    who.death = Some(
        chrono::NaiveDate::from_ymd_opt(2020, 1, 1)?
            .checked_add_days(Days::new(random.below(2000) as u64))?,
    );
    let new_given = |sex: Sex, random: &mut Random| {
        let count = of.given.len();
        let mut given: Vec<String> = Vec::new();
        while given.len() < count {
            let not: Vec<String> = given.iter().chain(&of.given).cloned().collect();
            given.push(world.other_given(sex, &not, random));
        }
        given
    };
    match kind {
        Twin => who.given = new_given(sex, random),
        OtherTwin => {
            who.given = new_given(other_sex, random);
            who.sex = of.sex.map(|_| other_sex);
            who.usage_name.clear();
        }
        TwinSharingNames => {
            who.given[0] = world.other_given(sex, &of.given, random);
        }
        Sibling => {
            who.given = new_given(sex, random);
            shift(&mut who, random.between(1, 9), random);
        }
        Spouse => {
            who.given = new_given(other_sex, random);
            who.sex = of.sex.map(|_| other_sex);
            if of.usage_name.is_empty() {
                who.usage_name = of.birth_name.clone();
                who.birth_name = world.other_family(&of.birth_name, random);
            } else {
                who.birth_name = of.usage_name.clone();
                who.usage_name.clear();
            }
            shift(&mut who, random.between(-6, 6), random);
            who.place = world.other_place(&of.place, random);
        }
        ParentSameName => shift(&mut who, -random.between(20, 35), random),
        ParentSameDay => {
            let year = who.year - i32::try_from(random.between(20, 35)).ok()?;
            if !who.set_date(year, of.month, of.day) {
                return None;
            }
        }
        Child => {
            who.given = new_given(sex, random);
            shift(&mut who, random.between(20, 35), random);
        }
        Namesake => another_day(&mut who, of, random)?,
        NamesakeFirst => {
            a_life_of_their_own(&mut who, of, &new_given(sex, random), world, random);
            another_day(&mut who, of, random)?;
        }
        NamesakeSameYear => {
            a_life_of_their_own(&mut who, of, &new_given(sex, random), world, random);
            let days = random.between(20, 300) as u64;
            let day = of
                .date()?
                .full()?
                .with_ordinal(1)?
                .checked_add_days(Days::new(days))?;
            if day.month() == of.month || day.day() == of.day {
                return None;
            }
            who.set_date(of.year, day.month(), day.day());
        }
        NamesakeYears => {
            let years = i32::try_from(random.between(2, 14)).ok()?;
            // Ten years are what a misread decade leaves: nobody could tell this stranger from the one they resemble.
            if years == 10 {
                return None;
            }
            let years = if random.happens(0.5) { years } else { -years };
            if !who.set_date(of.year + years, of.month, of.day) {
                return None;
            }
            who.place = world.other_place(&of.place, random);
        }
        NamesakeElsewhere => {
            if of.place.is_empty() {
                return None;
            }
            who.place = world.other_place(&of.place, random);
        }
        Cousin => {
            who.given = new_given(sex, random);
            shift(&mut who, random.between(-3, 3), random);
            who.place = world.other_place(&of.place, random);
        }
        SameDay => {
            who.birth_name = world.other_family(&of.birth_name, random);
            who.usage_name.clear();
        }
        SisterInLaw => {
            if of.usage_name.is_empty() {
                return None;
            }
            who.birth_name = world.other_family(&of.birth_name, random);
            shift(&mut who, random.between(-9, 9), random);
        }
    }
    Some(who)
}

/// What nobody shares with a namesake but by chance: spouse, further given names, place of birth.
fn a_life_of_their_own(who: &mut Civil, of: &Civil, given: &[String], world: &World, random: &mut Random) {
    who.given.truncate(1);
    who.given.extend(given.iter().skip(1).cloned());
    if !of.usage_name.is_empty() {
        who.usage_name = world.other_family(&of.birth_name, random);
    }
    if !of.place.is_empty() {
        who.place = world.other_place(&of.place, random);
    }
}

/// Another day, and so many years away.
fn shift(who: &mut Civil, years: i64, random: &mut Random) {
    let year = who.year + i32::try_from(years).unwrap_or(1);
    for _ in 0..20 {
        let (month, day) = (random.between(1, 12), random.between(1, 28));
        if who.set_date(
            year,
            u32::try_from(month).unwrap_or(1),
            u32::try_from(day).unwrap_or(1),
        ) {
            return;
        }
    }
}

fn another_day(who: &mut Civil, of: &Civil, random: &mut Random) -> Option<()> {
    for _ in 0..20 {
        super::birth(who, 0.0, random);
        let apart =
            u32::from(who.day != of.day) + u32::from(who.month != of.month) + u32::from(who.year != of.year);
        // Day and month exchanged are one slip: nobody could tell this stranger from the one they resemble.
        let exchanged = (who.year, who.month, who.day) == (of.year, of.day, of.month);
        if apart >= 2 && !exchanged {
            return Some(());
        }
    }
    None
}
