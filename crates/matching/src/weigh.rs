//! What a tie is worth: log₂ of its probability between two records of one person over that between two people.

use crate::compare::{Bits, DeathTie, Scales};
use crate::dates::{DateTie, DayTie, GENERATION, PartTie, YearTie};
use crate::family::{Family, FamilyTie};
use crate::given::{GivenComparison, GivenName, GivenTie};
use crate::place::{PlaceName, PlaceTie};
use domain::PartialDate;

/// No single family name says more than this, however rare: rare names run in families.
const MOST_FAMILY: f64 = 16.0;
/// A second family name that agrees says at most this: the names of a couple go together.
const MOST_SECOND_FAMILY: f64 = 8.0;
/// No first given name says more than this.
const MOST_GIVEN: f64 = 9.0;
/// One further given name says at most this, and all together at most twice as much.
const MOST_MORE_GIVEN: f64 = 5.0;
/// Each further given name that contradicts another one says this much for two people.
const CONTRADICTED: f64 = 3.0;
/// No place says more than this: names are at home in places.
const MOST_PLACE: f64 = 4.0;
/// What is stated is a name that people are known to bear, so that it takes more to call it a slip.
const A_NAME_OF_ITS_OWN: f64 = 3.0;
/// The same first given name against a brother's or sister's.
const SAME_GIVEN: f64 = 12.0;
/// Spellings a clerk may choose from instead of the one registered.
const SPELLINGS: f64 = 3.0;
/// Short forms and translations to choose from.
const STAND_INS: f64 = 8.0;
/// Further given names that may be taken for the first.
const FURTHER_NAMES: f64 = 2.0;
/// Of the names for a child, this share of those remains that sound like a sister's or brother's.
const ALIKE_IN_ONE_FAMILY: f64 = 0.03;
/// An initial that fits; the further given names beside it tell more, for few twins share them all.
const INITIAL: f64 = 1.0;
/// Of the people who bear a name, those who bear it in a composite with a given initial.
const COMPOSITES: f64 = 0.03;
/// An aid granted to somebody who was dead by then.
pub(crate) const GRANT_AFTER_DEATH: f64 = -3.0;

/// Of the years no slip explains, those a generation apart are parents and children.
const ANOTHER_GENERATION: f64 = 1.0 / 4_000.0;

/// Those registered on 1 January share an origin, and with it their names: among them the day says less.
const OF_ONE_ORIGIN: f64 = 4.0;

/// A part of the date that neither side knows: few people have such a gap, who has it keeps it.
const BOTH_UNKNOWN: f64 = 10.0;

/// Different wrong spellings one slip can make of a name of usual length.
const ONE_SLIP_SPELLINGS: f64 = 150.0;
/// Different wrong spellings two slips can make.
const TWO_SLIPS_SPELLINGS: f64 = 3_000.0;
/// Different spellings that sound the same.
const SOUND_SPELLINGS: f64 = 12.0;

/// Bits of a family name.
pub(crate) fn family(scales: Scales<'_>, tie: FamilyTie, query: &Family, register: &Family) -> f64 {
    let m = &scales.model.family;
    let other = m.other.log2();
    if tie == FamilyTie::Other {
        return other;
    }
    let (stated, known) = (
        scales.frequencies.family(query.text()),
        scales.frequencies.family(register.text()),
    );
    let same = (m.same / known).log2().clamp(1.0, MOST_FAMILY);
    let length = query.bare().text.len().min(register.bare().text.len());
    let short = |usual: usize| f64::powi(2.0, i32::try_from(usual.saturating_sub(length)).unwrap_or(0));
    let (weight, most) = match tie {
        FamilyTie::Same => return same,
        FamilyTie::Particle => ((m.particle / stated.max(known)).log2(), same - 0.5),
        FamilyTie::Part => (
            (m.part / stated.max(known).max(of_part(scales, query, register))).log2(),
            same - 1.0,
        ),
        FamilyTie::Sound => (
            slip(m.sound, 1e-5 * short(6), SOUND_SPELLINGS, stated),
            same - 0.5,
        ),
        FamilyTie::OneSlip => (
            slip(m.one_slip, 2e-5 * short(7), ONE_SLIP_SPELLINGS, stated),
            same - 1.0,
        ),
        FamilyTie::Shared => {
            let part = query.shared_part(register).unwrap_or_default();
            ((m.shared / scales.frequencies.family(part)).log2(), same - 3.0)
        }
        FamilyTie::TwoSlips => (
            slip(m.two_slips, 3e-4 * short(9), TWO_SLIPS_SPELLINGS, stated),
            same - 3.0,
        ),
        FamilyTie::Other => return other,
    };
    weight.min(most).max(other)
}

/// How frequent the name is that is also a part of the other one.
fn of_part(scales: Scales<'_>, query: &Family, register: &Family) -> f64 {
    let single = if query.parts.is_empty() { query } else { register };
    scales.frequencies.family(&single.bare().text)
}

/// The family name against another person's: what is stated might be a name of its own, as often as people bear it.
pub(crate) fn not_other_name(scales: Scales<'_>, tie: FamilyTie, query: &Family, register: &Family) -> f64 {
    let m = &scales.model.family;
    let stated = scales.frequencies.family(query.text());
    let own = if scales.frequencies.is_family_name(query.text()) {
        A_NAME_OF_ITS_OWN
    } else {
        0.0
    };
    match tie {
        FamilyTie::Same => MOST_FAMILY,
        FamilyTie::Particle => (m.particle / stated).log2() - own,
        FamilyTie::Part => (m.part / stated.max(of_part(scales, query, register))).log2(),
        FamilyTie::Sound => (m.sound / (SOUND_SPELLINGS * stated)).log2() - own,
        FamilyTie::OneSlip => (m.one_slip / (ONE_SLIP_SPELLINGS * stated)).log2() - own,
        FamilyTie::TwoSlips => (m.two_slips / (TWO_SLIPS_SPELLINGS * stated)).log2() - own,
        FamilyTie::Shared | FamilyTie::Other => family(scales, tie, query, register),
    }
}

/// A slip that makes one of many `spellings`: another person is met with that spelling either because it is a name
/// of its own, or by the chance that two names resemble.
fn slip(m: f64, chance: f64, spellings: f64, stated: f64) -> f64 {
    (m / (chance + spellings * stated)).log2()
}

/// The name that says more, then the other one. `None` when neither pair is there.
pub(crate) fn both_names(first: Option<f64>, second: Option<f64>) -> Option<(f64, f64)> {
    match (first, second) {
        (Some(a), Some(b)) => Some((a.max(b), a.min(b).min(MOST_SECOND_FAMILY))),
        (Some(one), None) | (None, Some(one)) => Some((one, 0.0)),
        (None, None) => None,
    }
}

/// Bits of the given names.
pub(crate) fn given(
    scales: Scales<'_>,
    given: &GivenComparison<'_>,
    same_sex: Option<bool>,
    bits: &mut Bits,
) {
    let (query, register) = given.pair;
    bits.given = first_given(scales, given.first, query, register, MOST_GIVEN);
    let more = given.more.iter().map(|name| one_more(scales, name)).sum::<f64>();
    bits.more_given = if given.conflict {
        -CONTRADICTED
    } else {
        more.min(2.0 * MOST_MORE_GIVEN) - CONTRADICTED * given.unmatched as f64
    };
    bits.not_sibling = not_sibling(scales, given, same_sex, bits.more_given);
    if given.conflict {
        bits.not_sibling -= 6.0;
    }
    if same_sex == Some(false) && given.first > GivenTie::Reordered {
        bits.not_sibling -= 6.0;
    }
}

/// The first given name against a twin's, who shares all else: what is stated might be the twin's own name, as
/// often as people bear it. Further given names count only where the first is cut to its initial or left out: else
/// children of one family may share them.
fn not_sibling(
    scales: Scales<'_>,
    given: &GivenComparison<'_>,
    same_sex: Option<bool>,
    bits_of_more: f64,
) -> f64 {
    let m = &scales.model.given;
    let (query, register) = given.pair;
    let borne = |name: &str| scales.frequencies.given(name);
    match given.first {
        // Written as one here and as two there: a sister may bear the composite, though families avoid it.
        GivenTie::Same if query.whole.text != register.whole.text => (0.3
            / borne(query.text()).min(borne(register.text())))
        .log2()
        .min(SAME_GIVEN),
        // Two children of one family do not bear the same first name.
        GivenTie::Same => SAME_GIVEN,
        // The same names in another order, or a twin who was given them so.
        GivenTie::Reordered if given.complete => (m.reordered
            / (borne(query.text()) * borne(register.text())))
        .log2()
        .min(SAME_GIVEN - 2.0),
        GivenTie::Reordered => (m.among / (FURTHER_NAMES * borne(query.text()))).log2(),
        GivenTie::Spelling => (m.spelling / (SPELLINGS * borne(&query.whole.text)))
            .log2()
            .min(SAME_GIVEN - 4.0),
        // Nobody calls two sons, or two daughters, by names that sound the same.
        GivenTie::Sound if same_sex == Some(true) => (m.sound
            / (SOUND_SPELLINGS * ALIKE_IN_ONE_FAMILY * borne(query.text())))
        .log2()
        .min(SAME_GIVEN - 4.0),
        // The first name is left out and all that follow are there: a twin would have to be given them in that order.
        GivenTie::Among if given.unmatched == 0 => {
            (m.among / (FURTHER_NAMES * borne(query.text()))).log2() + bits_of_more
        }
        GivenTie::Among => (m.among / (FURTHER_NAMES * borne(query.text()))).log2(),
        GivenTie::StandIn => (m.stand_in / (STAND_INS * borne(query.text()))).log2(),
        // A piece is left out; which one would be put in nobody can tell.
        GivenTie::Composite if query.pieces.len() < register.pieces.len() => {
            (m.composite / (2.0 * borne(query.text()))).log2()
        }
        GivenTie::Composite => -1.0,
        // `J-BERNARD`: the piece that is written out tells; a mere initial tells next to nothing.
        GivenTie::Initial => {
            let written = query.words().iter().zip(register.words());
            let same = written.filter(|(stated, known)| stated.text == known.text);
            let rarest = same.map(|(stated, _)| borne(&stated.text)).fold(1.0, f64::min);
            let more = if given.unmatched == 0 { bits_of_more } else { 0.0 };
            (m.initial / (COMPOSITES * rarest)).log2().max(INITIAL + more)
        }
        tie => first_given(scales, tie, query, register, 30.0),
    }
}

fn first_given(scales: Scales<'_>, tie: GivenTie, query: &GivenName, register: &GivenName, most: f64) -> f64 {
    let m = &scales.model.given;
    let other = m.other.log2();
    if tie == GivenTie::Other {
        return other;
    }
    let frequency = |name: &GivenName| scales.frequencies.given(name.text());
    let (stated, known) = (frequency(query), frequency(register));
    let capped = most <= MOST_GIVEN;
    let same = (m.same / known).log2().clamp(1.0, MOST_GIVEN);
    let length = query.whole.text.len().min(register.whole.text.len());
    let short = |usual: usize| f64::powi(2.0, i32::try_from(usual.saturating_sub(length)).unwrap_or(0));
    let (weight, less) = match tie {
        GivenTie::Same => (same, 0.0),
        GivenTie::Spelling => (same - 0.7, 0.7),
        GivenTie::Reordered => (same - 1.5, 1.5),
        GivenTie::Sound => (slip(m.sound, 2e-5 * short(6), SOUND_SPELLINGS, stated), 0.8),
        GivenTie::OneSlip => (slip(m.one_slip, 3e-5 * short(6), ONE_SLIP_SPELLINGS, stated), 1.0),
        GivenTie::Initial => (2.0, 2.0),
        GivenTie::Among => ((m.among / stated.max(known)).log2(), 1.5),
        GivenTie::Composite => ((m.composite / stated.max(known)).log2(), 1.0),
        GivenTie::StandIn => ((m.stand_in / stated).log2(), 2.0),
        GivenTie::TwoSlips => (
            slip(m.two_slips, 4e-4 * short(8), TWO_SLIPS_SPELLINGS, stated),
            3.0,
        ),
        GivenTie::Other => (other, 0.0),
    };
    if capped {
        weight.min(same - less).max(other)
    } else {
        weight
    }
}

fn one_more(scales: Scales<'_>, name: &GivenName) -> f64 {
    (0.5 / scales.frequencies.given(name.text()))
        .log2()
        .clamp(0.5, MOST_MORE_GIVEN)
}

/// Bits of the date of birth.
pub(crate) fn date(scales: Scales<'_>, tie: DateTie, stated: PartialDate, known: PartialDate) -> f64 {
    let m = &scales.model.date;
    let of_year = scales.frequencies.year(known.year());
    let year = match tie.year {
        YearTie::Same => m.year_same / of_year,
        YearTie::Neighbour => m.year_neighbour / (2.0 * of_year),
        YearTie::Exchanged => m.year_exchanged / of_year,
        YearTie::Unit => m.year_unit / (8.0 * of_year),
        YearTie::Decade => m.year_decade / (6.0 * of_year),
        YearTie::Century => m.year_decade / 4.0 / of_year,
        YearTie::Other if tie.gap < GENERATION => m.year_other,
        YearTie::Other => m.year_other * ANOTHER_GENERATION,
    };
    // Never worth more than the same year.
    let year = year.min(m.year_same / of_year);
    let day = match tie.day {
        DayTie::Exchanged => m.exchanged * 365.25,
        DayTie::FirstOfJanuary => {
            let january = scales
                .frequencies
                .day(if is_first_of_january(known) { known } else { stated });
            (m.first_of_january / january).min(1.0)
        }
        DayTie::Parts { day, month } if day == PartTie::Same && month == PartTie::Same => {
            let crowd = if is_first_of_january(known) {
                OF_ONE_ORIGIN
            } else {
                1.0
            };
            m.day_same * m.month_same / (scales.frequencies.day(known) * crowd)
        }
        DayTie::Parts { day, month } => {
            let day = match day {
                PartTie::Same => m.day_same * 30.4,
                PartTie::Unknown => 1.0,
                PartTie::BothUnknown => BOTH_UNKNOWN,
                PartTie::Digit => m.day_digit / 0.4,
                PartTie::Other => m.day_other / 0.6,
            };
            let month = match month {
                PartTie::Same => m.month_same * 12.0,
                PartTie::Unknown => 1.0,
                PartTie::BothUnknown => BOTH_UNKNOWN / 2.0,
                PartTie::Digit => m.month_digit / 0.4,
                PartTie::Other => m.month_other / 0.6,
            };
            day * month
        }
    };
    (year * day).log2()
}

fn is_first_of_january(date: PartialDate) -> bool {
    (date.day(), date.month()) == (Some(1), Some(1))
}

/// Bits of the sex. Where the first given name is the same, another person would be of that sex as well, so that
/// there sex says little either way.
pub(crate) fn sex(scales: Scales<'_>, same: Option<bool>, first: Option<GivenTie>) -> f64 {
    let wrong = scales.model.wrong_sex;
    let named = first.is_some_and(|tie| tie <= GivenTie::OneSlip);
    match (same, named) {
        (None, _) => 0.0,
        (Some(true), true) => 0.2,
        (Some(true), false) => ((1.0 - wrong) / 0.5).log2(),
        (Some(false), true) => -1.5,
        (Some(false), false) => (wrong / 0.5).log2(),
    }
}

/// Bits of the place of birth.
pub(crate) fn place(scales: Scales<'_>, tie: PlaceTie, query: &PlaceName, register: &PlaceName) -> f64 {
    let m = &scales.model.place;
    if tie == PlaceTie::Other {
        return (m.other / 0.97).log2();
    }
    let common = scales
        .frequencies
        .place(query.text())
        .max(scales.frequencies.place(register.text()));
    let same = (m.same / common).log2().clamp(0.5, MOST_PLACE);
    match tie {
        PlaceTie::Same => same,
        PlaceTie::Near => (same - 1.0).min((m.near / common).log2()).max(0.0),
        PlaceTie::Other => (m.other / 0.97).log2(),
    }
}

/// Bits of the date of death.
pub(crate) fn death(tie: Option<DeathTie>) -> f64 {
    match tie {
        None => 0.0,
        Some(DeathTie::Same) => 11.0,
        Some(DeathTie::Near) => 4.0,
        Some(DeathTie::Month) => 1.0,
        Some(DeathTie::Other) => -7.0,
    }
}
