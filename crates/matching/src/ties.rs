//! What keeps a person from being meant beyond doubt.

use crate::compare::{Comparison, DeathTie};
use crate::dates::{DayTie, GENERATION, PartTie, Weakness, YearTie};
use crate::family::FamilyTie;
use crate::given::GivenTie;
use crate::place::PlaceTie;
use crate::policy::{DateTolerance, Definite, Field};

/// Bits that rare names are worth against a namesake: rare names run in families, and so do given names.
const MOST_RARE: f64 = 2.5;

/// Bits that further given names are worth against a namesake: the custom of a family may give them twice.
const MOST_SHARED: f64 = 5.0;

/// Bits that a place is worth beside a date that differs: the namesakes of a family live where it lives.
const MOST_SHARED_PLACE: f64 = 1.0;

/// A reason for doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Doubtful {
    /// Another family name.
    FamilyName,
    /// Names at birth differ while names in use agree: sisters-in-law.
    BirthNames,
    /// Names in use differ while names at birth agree: a namesake.
    UsageNames,
    /// Another first given name: a twin, a brother or sister.
    GivenName,
    /// A first given name that differs and is borne by others: not clearly a slip.
    GivenNameBorne,
    /// A family name that differs and is borne by others.
    FamilyNameBorne,
    /// Further given names contradict.
    MoreGivenNames,
    /// Another date of birth.
    Date,
    /// Years of birth a generation apart.
    Generation,
    /// A difference of dates the policy does not admit.
    DateDiffers,
    /// Another sex, and not the same given name.
    Sex,
    /// Another date of death.
    Death,
    /// Another place of birth.
    Place,
    /// More typing errors than admitted.
    TypingErrors,
    /// Names that merely sound alike.
    Sound,
    /// A namesake would agree as much.
    Namesake,
    /// A brother, sister or cousin would agree nearly as much.
    Relative,
    /// Not enough in all.
    Little,
    /// Somebody else in the register comes near.
    Rival,
    /// A field the policy asks for is not stated.
    Missing(Field),
}

/// The reasons for doubt about one person, the policy's wishes for the query left aside.
pub(crate) fn doubts(comparison: &Comparison, definite: &Definite, needed: f64) -> Vec<Doubtful> {
    let mut found = Vec::new();
    let mut doubt = |holds: bool, reason: Doubtful| {
        if holds {
            found.push(reason);
        }
    };
    let bits = &comparison.bits;
    let names = comparison.names;
    let same_death = comparison.death == Some(DeathTie::Same);
    let given = comparison.given;
    let same_given = given.is_some_and(|tie| tie <= GivenTie::Reordered);
    // A woman who married again, or took her name back, is still singled out by all else.
    let steadfast = slips(comparison) == 0
        && comparison.date.is_some_and(|date| date.is_same())
        && names.births <= Some(FamilyTie::Particle)
        && names.births.is_some()
        && comparison.given_unmatched == 0
        && bits.more_given >= definite.beside_usage_name;
    // Each side states both names, and only one of them is the other side's other name.
    let half_crossed = names.crossed
        && [names.birth_as_usage, names.usage_as_birth]
            .into_iter()
            .any(|tie| tie >= Some(FamilyTie::Shared));
    let other_usage = !names.crossed
        && names.births.is_some_and(|tie| tie < FamilyTie::Shared)
        && names.usages >= Some(FamilyTie::Shared);
    let other_place = comparison.place == Some(PlaceTie::Other) && !same_death;

    doubt(
        matches!(names.nearest(), FamilyTie::Shared | FamilyTie::Other),
        Doubtful::FamilyName,
    );
    let other_birth = !names.crossed && names.births >= Some(FamilyTie::Shared) && names.usages.is_some();
    doubt(other_birth || half_crossed, Doubtful::BirthNames);
    doubt(
        given.is_none_or(|tie| tie == GivenTie::Other),
        Doubtful::GivenName,
    );
    doubt(
        given.is_some_and(|tie| tie != GivenTie::Other) && bits.not_sibling < definite.against_twin,
        Doubtful::GivenNameBorne,
    );
    // A further given name that contradicts is what tells MARIE HÉLÈNE from her twin MARIE MADELEINE.
    doubt(
        comparison.given_conflict || comparison.given_unmatched > 0,
        Doubtful::MoreGivenNames,
    );
    doubt(other_usage && !steadfast, Doubtful::UsageNames);
    let one_of_two = names.crossed && (names.birth_as_usage.is_none() || names.usage_as_birth.is_none());
    let second = if one_of_two {
        bits.second_family
    } else {
        bits.second_family.max(0.0)
    };
    let other_name =
        names.nearest() != FamilyTie::Same && bits.not_other_name + second < definite.against_name;
    let other_kind = one_of_two && bits.family + second < definite.against_married_name;
    doubt(other_name || other_kind, Doubtful::FamilyNameBorne);
    // Whose names are so rare that no register of this size would hold them twice hardly has a namesake.
    let rare = (bits.family + bits.given - needed).clamp(0.0, MOST_RARE);
    if let Some(date) = comparison.date {
        let far = date.gap >= GENERATION;
        doubt(far, Doubtful::Generation);
        // Two slips in one date are another date until something else proves the contrary.
        let two = date.slips().is_none_or(|slips| slips > 1);
        let alone = names.nearest() == FamilyTie::Same && same_given && slips(comparison) <= 1;
        let beside = bits.more_given + bits.second_family.max(0.0) + bits.place.min(MOST_SHARED_PLACE);
        let (another, little) = match date.weakness() {
            Weakness::Slip => (two, beside < definite.beside_date),
            Weakness::Unknown => (two || !alone, beside < definite.beside_date),
            Weakness::Part => (two || !alone, beside < definite.beside_part_of_date),
            Weakness::Another => (true, true),
        };
        doubt(!far && another && !same_death, Doubtful::Date);
        // A shared 1 January is no day: where anything else is not just the same, more than the name must be.
        let shaky = !date.is_same() || date.conventional && !is_exact(comparison);
        doubt(shaky && !same_death && little, Doubtful::Namesake);
        doubt(
            differences(comparison)
                .iter()
                .any(|kind| !definite.dates.contains(kind)),
            Doubtful::DateDiffers,
        );
    } else {
        doubt(true, Doubtful::Date);
    }
    doubt(comparison.sex == Some(false) && !same_given, Doubtful::Sex);
    doubt(comparison.death == Some(DeathTie::Other), Doubtful::Death);
    doubt(other_place, Doubtful::Place);
    doubt(slips(comparison) > definite.typing_errors, Doubtful::TypingErrors);
    let sounds = names.nearest() == FamilyTie::Sound || given == Some(GivenTie::Sound);
    doubt(sounds && !definite.sound, Doubtful::Sound);

    let rest = bits.place + bits.death + bits.grant + bits.sex.min(0.0);
    let namesake = bits.date + bits.more_given.min(MOST_SHARED) + bits.second_family.max(0.0) + rest;
    doubt(namesake + rare < definite.against_namesake, Doubtful::Namesake);
    let relative = bits.not_sibling + bits.date + bits.more_given + bits.death + bits.grant;
    doubt(relative < definite.against_relative, Doubtful::Relative);
    let certainty = if is_exact(comparison) {
        definite.certainty_exact
    } else {
        definite.certainty
    };
    doubt(bits.total() < needed + certainty, Doubtful::Little);
    found
}

/// Nothing differs, and neither side states what the other does not (but for place and sex).
fn is_exact(comparison: &Comparison) -> bool {
    let names = comparison.names;
    let same_names = !names.crossed
        && names.nearest() == FamilyTie::Same
        && [names.births, names.usages]
            .into_iter()
            .flatten()
            .all(|tie| tie == FamilyTie::Same)
        && !names.one_sided;
    let same = |part: PartTie| matches!(part, PartTie::Same | PartTie::BothUnknown);
    let same_date = comparison.date.is_some_and(|date| {
        date.year == YearTie::Same
            && matches!(date.day, DayTie::Parts { day, month } if same(day) && same(month))
    });
    same_names
        && same_date
        && comparison.given == Some(GivenTie::Same)
        && comparison.same_given_names
        && comparison.sex != Some(false)
        && comparison.place.is_none_or(|tie| tie == PlaceTie::Same)
        && comparison.death.is_none_or(|tie| tie <= DeathTie::Near)
}

fn differences(comparison: &Comparison) -> Vec<DateTolerance> {
    let Some(date) = comparison.date else {
        return Vec::new();
    };
    let mut kinds = Vec::new();
    match date.day {
        DayTie::Exchanged => kinds.push(DateTolerance::Exchanged),
        DayTie::FirstOfJanuary => kinds.push(DateTolerance::FirstOfJanuary),
        DayTie::Parts { day, month } => {
            if day >= PartTie::Digit {
                kinds.push(DateTolerance::Day);
            }
            if month >= PartTie::Digit {
                kinds.push(DateTolerance::Month);
            }
            if day == PartTie::Unknown || month == PartTie::Unknown {
                kinds.push(DateTolerance::Incomplete);
            }
        }
    }
    if date.year != YearTie::Same {
        kinds.push(DateTolerance::Year);
    }
    kinds
}

/// Typing errors in all fields together.
pub(crate) fn slips(comparison: &Comparison) -> u32 {
    let family = match comparison.names.nearest() {
        FamilyTie::Same | FamilyTie::Particle => 0,
        FamilyTie::Part | FamilyTie::Sound | FamilyTie::OneSlip => 1,
        FamilyTie::Shared | FamilyTie::TwoSlips | FamilyTie::Other => 2,
    };
    let given = match comparison.given {
        None | Some(GivenTie::Same | GivenTie::Spelling | GivenTie::Reordered) => 0,
        Some(GivenTie::TwoSlips | GivenTie::Other) => 2,
        Some(_) => 1,
    };
    let date = comparison.date.map_or(0, |date| date.slips().unwrap_or(3));
    let sex = u32::from(comparison.sex == Some(false));
    family + given + date + sex + u32::from(comparison.fields_exchanged)
}
