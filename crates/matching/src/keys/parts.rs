//! What of a civil status stands in keys.

use domain::PartialDate;

use crate::person::Person;
use crate::phonetics::fonem;
use crate::similarity::Word;

/// Family names either side has keys for: both names and the parts of compounds.
const FAMILIES: usize = 4;

/// Months of a date whose month is not known.
pub(super) const MONTHS: std::ops::RangeInclusive<u32> = 1..=12;

/// The names of a person as keys hold them.
pub(super) struct Names {
    /// Family names, by their sound.
    pub(super) families: Vec<String>,
    /// The same as they are written: of these the ends are taken. A slip is at one end at most of what is written, but
    /// may change all of a sound (`SAHIN`, `SAHN`).
    pub(super) written: Vec<String>,
    pub(super) given: Vec<Given>,
}

impl Names {
    pub(super) fn of(person: &Person, most_given: usize) -> Self {
        Self {
            families: family_names(person, |word| sound_of(&word.text, &word.sound)),
            written: family_names(person, |word| word.text.clone()),
            given: given_sounds(person, most_given),
        }
    }
}

/// A date of birth in keys.
#[derive(Clone, Copy)]
pub(super) struct When {
    pub(super) year: u32,
    pub(super) month: Option<u32>,
    pub(super) day: Option<u32>,
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
    pub(super) fn is_conventional(self) -> bool {
        self.month.is_none() || self.day.is_none() || self.is_first_of_january()
    }

    pub(super) fn is_first_of_january(self) -> bool {
        (self.month, self.day) == (Some(1), Some(1))
    }

    /// Day and month exchanged, where that is another date.
    pub(super) fn exchanged(self) -> Option<(u32, u32)> {
        let (month, day) = (self.month?, self.day?);
        (day <= 12 && day != month).then_some((day, month))
    }

    /// Both digits of the year.
    pub(super) fn digits(self) -> [Digit; 2] {
        [Digit::Decade(self.year / 10), Digit::Unit(self.year % 10)]
    }
}

/// What remains of a year when the other digit is wrong.
#[derive(Clone, Copy)]
pub(super) enum Digit {
    Decade(u32),
    Unit(u32),
}

impl Digit {
    /// In a key: a digit, or the decade with its century.
    pub(super) fn number(self) -> u32 {
        match self {
            Self::Decade(number) | Self::Unit(number) => number,
        }
    }
}

/// A given name in keys.
#[derive(Clone)]
pub(super) struct Given {
    pub(super) sound: String,
    /// Of the first given name, or of a piece of it.
    pub(super) first: bool,
}

/// Decades of the years a clerk may have meant that share neither decade nor last digit with this one.
pub(super) fn mistaken_decades(year: u32) -> impl Iterator<Item = Digit> {
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

fn family_names(person: &Person, form: impl Fn(&Word) -> String) -> Vec<String> {
    let mut forms: Vec<String> = Vec::new();
    let names = person.families().map(|family| family.bare());
    let parts = person.families().flat_map(|family| &family.parts);
    for word in names.chain(parts) {
        let form = form(word);
        if !forms.contains(&form) && forms.len() < FAMILIES {
            forms.push(form);
        }
    }
    forms
}

pub(super) fn given_sounds(person: &Person, most: usize) -> Vec<Given> {
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
pub(super) fn sound_of(text: &str, sound: &str) -> String {
    if sound.is_empty() {
        text.to_owned()
    } else {
        sound.to_owned()
    }
}

/// The first signs of a name.
pub(super) fn signs(name: &str, count: usize) -> Option<&str> {
    let (last, sign) = name.char_indices().take(count).last()?;
    name.get(..last + sign.len_utf8())
}

/// The first two signs of a name and the last one: a slip at its end leaves the beginning, one at its beginning leaves
/// the end, and most names that share the last sign but not the first differ more than by a slip. Of a name of three
/// signs or less only the first one, else `BUI` and `BIU` shared neither.
pub(super) fn ends(name: &str) -> (&str, &str) {
    let last = name.char_indices().last().map_or(0, |(at, _)| at);
    let count = if name.chars().count() <= SHORT { 1 } else { 2 };
    (signs(name, count).unwrap_or(""), name.get(last..).unwrap_or(""))
}

/// Signs of a name of which but the first is a beginning.
const SHORT: usize = 3;

/// The beginning the name would have if it were longer, or shorter: a slip may have made it so.
pub(super) fn other_beginning(name: &str) -> Option<&str> {
    match name.chars().count() {
        2..=SHORT => signs(name, 2),
        4..=5 => signs(name, 1),
        _ => None,
    }
}
