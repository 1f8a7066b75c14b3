//! One query against one person of the register: how each field stands, and what that is worth.

use chrono::TimeDelta;
use domain::PartialDate;

use crate::dates::DateTie;
use crate::family::FamilyTie;
use crate::frequencies::Frequencies;
use crate::given::{self, GivenTie};
use crate::model::Model;
use crate::person::Person;
use crate::place::PlaceTie;
use crate::weigh;

/// Days by which a date of death in the register may differ from the one stated: clerks write down the day they
/// were told, and payments are stopped with the month.
const DEATH_TOLERANCE_DAYS: i64 = 31;
/// Given and family name found in each other's field: this many bits less than where they belong.
pub(crate) const FIELDS_EXCHANGED: f64 = -5.0;

/// How the dates of death stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeathTie {
    /// The same day.
    Same,
    /// Some days, a digit, or what is not known.
    Near,
    /// Within a month.
    Month,
    /// Two deaths.
    Other,
}

/// How the family names stand to each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct NamesTie {
    /// Names at birth.
    pub births: Option<FamilyTie>,
    /// Names in use.
    pub usages: Option<FamilyTie>,
    /// Name at birth stated, name in use registered.
    pub birth_as_usage: Option<FamilyTie>,
    /// Name in use stated, name at birth registered.
    pub usage_as_birth: Option<FamilyTie>,
    /// The crossed reading is the one that counts.
    pub crossed: bool,
    /// One side has a name (at birth or in use) where the other has none.
    pub one_sided: bool,
}

impl NamesTie {
    /// The nearest tie of the reading that counts.
    pub fn nearest(self) -> FamilyTie {
        let ties = if self.crossed {
            [self.birth_as_usage, self.usage_as_birth]
        } else {
            [self.births, self.usages]
        };
        ties.into_iter().flatten().min().unwrap_or(FamilyTie::Other)
    }
}

/// What each field is worth, in bits: positive for the same person, negative for another.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bits {
    /// The nearest family name.
    pub family: f64,
    /// The other family name.
    pub second_family: f64,
    /// The first given name.
    pub given: f64,
    /// The further given names.
    pub more_given: f64,
    /// Date of birth.
    pub date: f64,
    /// Sex.
    pub sex: f64,
    /// Place of birth.
    pub place: f64,
    /// Date of death.
    pub death: f64,
    /// Aids granted after the death.
    pub grant: f64,
    /// Family and given name in each other's field.
    pub fields: f64,
    /// The nearest family name against somebody who bears the name that is stated, and not that of the register. Not
    /// part of the sum.
    pub not_other_name: f64,
    /// The first given name against a brother's or sister's: what says that these two are not two children of one
    /// family. Not part of the sum.
    pub not_sibling: f64,
}

impl Bits {
    /// The sum.
    pub fn total(&self) -> f64 {
        self.family
            + self.second_family
            + self.given
            + self.more_given
            + self.date
            + self.sex
            + self.place
            + self.death
            + self.grant
            + self.fields
    }
}

/// One query against one person.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Family names.
    pub names: NamesTie,
    /// First given name; `None` when one side has none.
    pub given: Option<GivenTie>,
    /// Every given name is the same, in the same number.
    pub same_given_names: bool,
    /// Further given names that agree.
    pub more_given: usize,
    /// Further given names on both sides, none of which agrees.
    pub given_conflict: bool,
    /// Further given names on both sides that have no counterpart.
    pub given_unmatched: usize,
    /// Date of birth.
    pub date: Option<DateTie>,
    /// Whether the sex is the same.
    pub sex: Option<bool>,
    /// Place of birth.
    pub place: Option<PlaceTie>,
    /// Date of death.
    pub death: Option<DeathTie>,
    /// An aid was granted more than a month after the death stated.
    pub granted_after_death: bool,
    /// Family and given name stand in each other's field.
    pub fields_exchanged: bool,
    /// What each is worth.
    pub bits: Bits,
}

impl Comparison {
    /// The family name and the whole date of birth are the same, whatever the given names: a twin, or the person meant.
    /// Twins share their name at birth; where one side does not state it, the name that is stated counts.
    pub(crate) fn may_be_a_twin(&self) -> bool {
        let name = self.names.births.unwrap_or_else(|| self.names.nearest());
        name <= FamilyTie::Particle && self.date.is_some_and(DateTie::is_same)
    }
}

/// What comparisons are weighed with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scales<'a> {
    pub(crate) model: &'a Model,
    pub(crate) frequencies: &'a Frequencies,
}

impl Scales<'_> {
    /// Compares a query with a person of the register.
    pub(crate) fn compare(self, query: &Person, register: &Person) -> Comparison {
        let mut bits = Bits::default();
        let names = self.names(query, register, &mut bits);
        let sex = query.sex.zip(register.sex).map(|(a, b)| a == b);
        let given = given::compare(&query.given, &register.given);
        if let Some(given) = &given {
            weigh::given(self, given, sex, &mut bits);
        }
        let date = query.birth_date.zip(register.birth_date).map(|(stated, known)| {
            let tie = DateTie::of(stated, known);
            bits.date = weigh::date(self, tie, stated, known);
            tie
        });
        let first = given.as_ref().map(|given| given.first);
        bits.sex = weigh::sex(self, sex, first);
        let place = query
            .birth_place
            .as_ref()
            .zip(register.birth_place.as_ref())
            .map(|(stated, known)| {
                let tie = stated.tie(known);
                bits.place = weigh::place(self, tie, stated, known);
                tie
            });
        let death = query
            .death_date
            .zip(register.death_date)
            .map(|(stated, known)| death(stated, known));
        bits.death = weigh::death(death);
        let granted_after_death = query
            .death_date
            .zip(register.last_grant)
            .is_some_and(|(death, grant)| grant - latest(death) > TimeDelta::days(DEATH_TOLERANCE_DAYS));
        bits.grant = if granted_after_death {
            weigh::GRANT_AFTER_DEATH
        } else {
            0.0
        };
        Comparison {
            names,
            given: first,
            same_given_names: given.as_ref().is_some_and(|given| given.complete),
            more_given: given.as_ref().map_or(0, |given| given.more.len()),
            given_conflict: given.as_ref().is_some_and(|given| given.conflict),
            given_unmatched: given.as_ref().map_or(0, |given| given.unmatched),
            date,
            sex,
            place,
            death,
            granted_after_death,
            fields_exchanged: false,
            bits,
        }
    }

    /// Each name against the one of the same kind, or each against the other kind, whichever says more.
    fn names(self, query: &Person, register: &Person, bits: &mut Bits) -> NamesTie {
        let tie = |a: &Option<std::sync::Arc<crate::family::Family>>,
                   b: &Option<std::sync::Arc<crate::family::Family>>| {
            let (a, b) = (a.as_ref()?, b.as_ref()?);
            let tie = a.tie(b);
            Some((tie, weigh::family(self, tie, a, b)))
        };
        let borne = |a: &Option<std::sync::Arc<crate::family::Family>>,
                     b: &Option<std::sync::Arc<crate::family::Family>>| {
            let (a, b) = (a.as_ref()?, b.as_ref()?);
            Some(weigh::not_other_name(self, a.tie(b), a, b))
        };
        let births = tie(&query.birth_name, &register.birth_name);
        let usages = tie(&query.usage_name, &register.usage_name);
        let birth_as_usage = tie(&query.birth_name, &register.usage_name);
        let usage_as_birth = tie(&query.usage_name, &register.birth_name);
        let value = |pair: Option<(FamilyTie, f64)>| pair.map(|(_, bits)| bits);
        let direct = weigh::both_names(value(births), value(usages));
        let crossed = weigh::both_names(value(birth_as_usage), value(usage_as_birth))
            .map(|(first, second)| (first, second + self.model.family.exchanged.log2()));
        let sum = |pair: Option<(f64, f64)>| pair.map_or(f64::NEG_INFINITY, |(first, second)| first + second);
        let is_crossed = sum(crossed) > sum(direct);
        let (first, second) = if is_crossed { crossed } else { direct }.unwrap_or_default();
        (bits.family, bits.second_family) = (first, second);
        let pairs = if is_crossed {
            [
                (&query.birth_name, &register.usage_name),
                (&query.usage_name, &register.birth_name),
            ]
        } else {
            [
                (&query.birth_name, &register.birth_name),
                (&query.usage_name, &register.usage_name),
            ]
        };
        let against = pairs.into_iter().filter_map(|(a, b)| borne(a, b));
        bits.not_other_name = against.fold(f64::NEG_INFINITY, f64::max);
        let kind = |pair: Option<(FamilyTie, f64)>| pair.map(|(tie, _)| tie);
        NamesTie {
            births: kind(births),
            usages: kind(usages),
            birth_as_usage: kind(birth_as_usage),
            usage_as_birth: kind(usage_as_birth),
            crossed: is_crossed,
            one_sided: query.birth_name.is_some() != register.birth_name.is_some()
                || query.usage_name.is_some() != register.usage_name.is_some(),
        }
    }
}

fn latest(date: PartialDate) -> chrono::NaiveDate {
    date.full()
        .unwrap_or_else(|| date.earliest() + TimeDelta::days(365))
}

fn death(stated: PartialDate, known: PartialDate) -> DeathTie {
    match (stated.full(), known.full()) {
        (Some(a), Some(b)) => {
            let days = (a - b).num_days().abs();
            match DateTie::of(stated, known).slips() {
                _ if days == 0 => DeathTie::Same,
                _ if days <= 3 => DeathTie::Near,
                Some(1) if stated.year() == known.year() => DeathTie::Near,
                _ if days <= DEATH_TOLERANCE_DAYS => DeathTie::Month,
                _ => DeathTie::Other,
            }
        }
        _ if stated.compatible(known) => DeathTie::Near,
        _ => DeathTie::Other,
    }
}
