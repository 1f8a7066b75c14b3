//! The taxonomy of copying errors: what notaries, families and clerks do to a civil status.

mod dates;
mod given_names;
mod letters;

use domain::Sex;

use self::dates::date;
use self::given_names::given;
use self::letters::{doubled, dropped, phonetic, replaced, slip, transposed};
use super::World;
use super::civil::Civil;
use crate::random::{Random, Weighted};

/// One kind of error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorKind {
    /// A letter of the family name replaced.
    FamilyReplaced,
    /// Dropped.
    FamilyDropped,
    /// Doubled.
    FamilyDoubled,
    /// Two neighbours exchanged.
    FamilyTransposed,
    /// Written as it sounds.
    FamilyPhonetic,
    /// A particle dropped, added or glued.
    Particle,
    /// A compound name halved.
    Halved,
    /// Name at birth and name in use exchanged.
    NamesExchanged,
    /// One of two names missing.
    NameMissing,
    /// The name in use stands where the name at birth belongs, which is missing.
    MarriedForBirth,
    /// A letter of the first given name replaced.
    GivenReplaced,
    /// Dropped.
    GivenDropped,
    /// Doubled.
    GivenDoubled,
    /// Two neighbours exchanged.
    GivenTransposed,
    /// Written as it sounds.
    GivenPhonetic,
    /// The second given name used as the first.
    SecondFirst,
    /// Given names but the first omitted.
    Omitted,
    /// Another order.
    Reordered,
    /// A composite given name halved.
    CompositeHalved,
    /// A composite written as two names, or two as a composite.
    CompositeSplit,
    /// A short form.
    Short,
    /// Another spelling or language.
    Variant,
    /// Family and given name in each other's field.
    FieldsExchanged,
    /// A digit of the day.
    DayDigit,
    /// A digit of the month.
    MonthDigit,
    /// A digit of the year.
    YearDigit,
    /// The decade.
    Decade,
    /// Day and month exchanged.
    DayMonth,
    /// The year before or after.
    NeighbourYear,
    /// 1 January for the date.
    FirstOfJanuary,
    /// Day, or day and month, unknown.
    UnknownDay,
    /// Sex wrong.
    SexWrong,
    /// Sex missing.
    SexMissing,
    /// Commune missing.
    PlaceMissing,
    /// Commune written otherwise.
    PlaceOtherwise,
}

use ErrorKind::*;

const NAMES: &[(ErrorKind, f64)] = &[
    (FamilyReplaced, 1.0),
    (FamilyDropped, 1.0),
    (FamilyDoubled, 0.7),
    (FamilyTransposed, 1.0),
    (FamilyPhonetic, 1.2),
    (Particle, 0.8),
    (Halved, 0.6),
    (NamesExchanged, 1.0),
    (NameMissing, 0.8),
    (MarriedForBirth, 1.2),
    (FieldsExchanged, 0.3),
];
const GIVEN: &[(ErrorKind, f64)] = &[
    (GivenReplaced, 1.0),
    (GivenDropped, 1.0),
    (GivenDoubled, 0.7),
    (GivenTransposed, 1.0),
    (GivenPhonetic, 1.0),
    (SecondFirst, 1.0),
    (Omitted, 1.0),
    (Reordered, 0.7),
    (CompositeHalved, 0.8),
    (CompositeSplit, 0.6),
    (Short, 0.5),
    (Variant, 0.7),
];
const DATES: &[(ErrorKind, f64)] = &[
    (DayDigit, 1.5),
    (MonthDigit, 1.0),
    (YearDigit, 1.2),
    (Decade, 0.6),
    (DayMonth, 1.2),
    (NeighbourYear, 0.9),
    (FirstOfJanuary, 0.3),
    (UnknownDay, 0.4),
];
const OTHERS: &[(ErrorKind, f64)] = &[
    (SexWrong, 1.0),
    (SexMissing, 0.3),
    (PlaceMissing, 0.5),
    (PlaceOtherwise, 0.7),
];

/// Kinds of error already made, so that two errors are two.
#[derive(Debug, Clone, Default)]
pub struct Done(pub Vec<ErrorKind>);

/// Makes one error that changes something, of a kind not yet made. Says which.
pub fn one(world: &World, civil: &mut Civil, done: &mut Done, random: &mut Random) -> Option<ErrorKind> {
    let weights = world.recipe.errors;
    let tables = Weighted::new([NAMES, GIVEN, DATES, OTHERS].into_iter().zip(weights));
    for _ in 0..200 {
        let table = tables.draw(random)?;
        let Some(kind) = Weighted::new(table.iter().copied()).draw(random).copied() else {
            continue;
        };
        if done.0.contains(&kind) {
            continue;
        }
        let mut changed = civil.clone();
        if apply(kind, &mut changed, random) && plainly_differs(&changed, civil) {
            *civil = changed;
            done.0.push(kind);
            return Some(kind);
        }
    }
    None
}

/// Whether more changed than case, accents and punctuation.
fn plainly_differs(a: &Civil, b: &Civil) -> bool {
    let plain = |text: &str| matching::search_words(text).join(" ");
    a != b
        && (plain(&a.birth_name) != plain(&b.birth_name)
            || plain(&a.usage_name) != plain(&b.usage_name)
            || plain(&a.given.join(" ")) != plain(&b.given.join(" "))
            || a.given.len() != b.given.len()
            || (a.year, a.month, a.day, a.sex) != (b.year, b.month, b.day, b.sex)
            || plain(&a.place) != plain(&b.place))
}

fn apply(kind: ErrorKind, civil: &mut Civil, random: &mut Random) -> bool {
    match kind {
        FamilyReplaced | FamilyDropped | FamilyDoubled | FamilyTransposed | FamilyPhonetic | Particle
        | Halved => {
            let field = if !civil.usage_name.is_empty() && random.happens(0.4) {
                &mut civil.usage_name
            } else {
                &mut civil.birth_name
            };
            family(kind, field, random)
        }
        NamesExchanged => {
            let there = !civil.usage_name.is_empty();
            std::mem::swap(&mut civil.birth_name, &mut civil.usage_name);
            there
        }
        NameMissing => {
            let there = !civil.usage_name.is_empty() && !civil.birth_name.is_empty();
            if random.happens(0.5) {
                civil.usage_name.clear();
            } else {
                civil.birth_name.clear();
            }
            there
        }
        MarriedForBirth => {
            let there = !civil.usage_name.is_empty();
            civil.birth_name = std::mem::take(&mut civil.usage_name);
            there
        }
        FieldsExchanged => {
            let first = civil.given.first().cloned().unwrap_or_default();
            if first.is_empty() || civil.birth_name.is_empty() {
                return false;
            }
            civil.given[0] = std::mem::replace(&mut civil.birth_name, first).replace(' ', "-");
            true
        }
        SexWrong => {
            civil.sex = civil
                .sex
                .map(|sex| if sex == Sex::Male { Sex::Female } else { Sex::Male });
            civil.sex.is_some()
        }
        SexMissing => civil.sex.take().is_some(),
        PlaceMissing => {
            let there = !civil.place.is_empty();
            civil.place.clear();
            there
        }
        PlaceOtherwise => {
            let text = match random.below(3) {
                0 => format!("{} {}e", civil.place, random.between(1, 9)),
                1 => slip(&civil.place, random),
                _ => format!("{} (France)", civil.place),
            };
            !civil.place.is_empty() && {
                civil.place = text;
                true
            }
        }
        DayDigit | MonthDigit | YearDigit | Decade | DayMonth | NeighbourYear | FirstOfJanuary
        | UnknownDay => date(kind, civil, random),
        _ => given(kind, civil, random),
    }
}

fn family(kind: ErrorKind, field: &mut String, random: &mut Random) -> bool {
    if field.chars().count() < 2 {
        return false;
    }
    let changed = match kind {
        FamilyReplaced => replaced(field, random),
        FamilyDropped => dropped(field, random),
        FamilyDoubled => doubled(field, random),
        FamilyTransposed => transposed(field, random),
        FamilyPhonetic => phonetic(field, random),
        Particle => return particle(field, random),
        _ => {
            let parts: Vec<&str> = field.split('-').collect();
            if parts.len() < 2 || parts.iter().any(|part| part.len() < 3) || field.starts_with("SAINT") {
                return false;
            }
            parts[random.below(parts.len())].to_owned()
        }
    };
    let differs = changed != *field && !changed.trim().is_empty();
    *field = changed;
    differs
}

fn particle(field: &mut String, random: &mut Random) -> bool {
    const PARTICLES: [&str; 12] = [
        "LE", "LA", "DE", "DU", "DA", "DOS", "BEN", "EL", "VAN", "AIT", "OULD", "DES",
    ];
    let words: Vec<&str> = field.split([' ', '\'']).collect();
    let changed = if words.len() > 1 && PARTICLES.contains(&words[0]) {
        if random.happens(0.5) {
            words.concat()
        } else {
            words[1..].join(" ")
        }
    } else if random.happens(0.3) {
        format!("{} {field}", ["DE", "LE", "DU"][random.below(3)])
    } else {
        return false;
    };
    *field = changed;
    true
}
