//! What people write in a field that is meant for one family name: titles, `Veuve MARTIN`, `DURAND épouse PETIT`,
//! `MARTIN née DURAND`.

use crate::family::{Family, Forms, is_particle};
use crate::normalise::words;

/// Titles that forms carry along with the name.
///
/// Left out, because they are names that people bear, alone and in compounds: `ABBE`, `BARON`, `COMTE`, `GENERAL`,
/// `MAITRE`, `MARQUIS`, `PERE`, `SOEUR`. A title that is kept makes a compound of the name, and the other side's name a
/// part of it; a name that is dropped makes another name.
const TITLES: [&str; 17] = [
    "M",
    "MR",
    "MME",
    "MLLE",
    "MELLE",
    "MLE",
    "MONSIEUR",
    "MADAME",
    "MADEMOISELLE",
    "DR",
    "DOCTEUR",
    "PROFESSEUR",
    "ME",
    "COMTESSE",
    "BARONNE",
    "MARQUISE",
    "VICOMTESSE",
];

/// Words after which the name at birth follows.
const BORN: [&str; 2] = ["NEE", "NE"];

/// Words after which the name of a husband or wife follows.
const MARRIED: [&str; 9] = [
    "VEUVE", "VVE", "VEUF", "EPOUSE", "EPOUX", "EP", "EPSE", "DIVORCEE", "DIV",
];

/// Words after which another name of the same person follows, where one stands before.
const CALLED: [&str; 3] = ["DIT", "DITE", "ALIAS"];

/// Words that say at the end of a field what somebody is, and not who: `MARTIN Vve`.
const LEFT_BEHIND: [&str; 7] = ["VEUVE", "VVE", "VEUF", "EPOUSE", "EPSE", "NEE", "DIVORCEE"];

/// The names of one field. `None` each where the field does not tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldNames<F> {
    /// The name that nothing is said about: the one the field is meant for.
    pub(crate) plain: Option<F>,
    /// The name said to be the one at birth.
    pub(crate) born: Option<F>,
    /// The name said to be another one in use. Of several the last: `DURAND veuve MARTIN épouse PETIT` is called PETIT.
    pub(crate) used: Option<F>,
}

impl<F> Default for FieldNames<F> {
    fn default() -> Self {
        Self {
            plain: None,
            born: None,
            used: None,
        }
    }
}

impl<F> FieldNames<F> {
    /// The same with each name made into something else.
    pub(crate) fn map<T>(self, make: impl Fn(F) -> T) -> FieldNames<T> {
        FieldNames {
            plain: self.plain.map(&make),
            born: self.born.map(&make),
            used: self.used.map(&make),
        }
    }

    /// Name at birth and name in use of somebody, by what stands in the fields meant for them. What a field is meant
    /// for is believed unless its words say otherwise.
    pub(crate) fn settle(birth: Self, usage: Self) -> (Option<F>, Option<F>) {
        // `MARTIN née DURAND` in the field of the name at birth; `née DURAND` in that of the name in use.
        let mut spare = None;
        let mut at_birth = if birth.born.is_some() {
            spare = birth.plain;
            birth.born
        } else if usage.born.is_some() && (usage.plain.is_none() || birth.plain.is_none()) {
            spare = birth.plain;
            usage.born
        } else {
            birth.plain
        };
        // `DURAND épouse PETIT` in the field of the name in use, and nothing in the other.
        let in_use = match (usage.plain, usage.used) {
            (Some(plain), Some(used)) if at_birth.is_none() => {
                at_birth = Some(plain);
                Some(used)
            }
            (plain, used) => plain.or(used),
        };
        match in_use {
            Some(name) => (at_birth.or(birth.used), Some(name)),
            None => (at_birth, spare.or(birth.used)),
        }
    }
}

impl FieldNames<Family> {
    /// Reads a field, and what its names sound like.
    pub(crate) fn read(text: &str) -> Self {
        FieldNames::spelled(text).map(Family::from)
    }
}

impl FieldNames<Forms> {
    /// Reads a field. Nothing is found in a text without a letter or digit.
    pub(crate) fn spelled(text: &str) -> Self {
        let words = words(text);
        let mut found = Self::default();
        let mut rest = without_titles(&words);
        let mut role = Role::Plain;
        if let [first, _, ..] = rest
            && let Some(said) = said_by(first).filter(|_| !CALLED.contains(&first.as_str()))
        {
            (role, rest) = (said, &rest[1..]);
        }
        loop {
            // A word that follows one of these at once is a name, unless another one follows: `Vve née DURAND`.
            let next = (0..rest.len().saturating_sub(1)).find(|at| {
                let said = said_by(&rest[*at]);
                said.is_some() && (*at > 0 || role != Role::Plain && said != Some(role))
            });
            let (name, after) = match next {
                Some(at) => (&rest[..at], Some((said_by(&rest[at]), &rest[at + 1..]))),
                None => (without_mark_behind(rest), None),
            };
            let name = Forms::new(without_titles(name).to_vec());
            let place = match role {
                Role::Plain => &mut found.plain,
                Role::Born => &mut found.born,
                Role::Used => &mut found.used,
            };
            *place = name.or(place.take());
            let Some((Some(said), following)) = after else {
                return found;
            };
            (role, rest) = (said, following);
        }
    }
}

/// What is said of the name that follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Plain,
    Born,
    Used,
}

fn said_by(word: &str) -> Option<Role> {
    if BORN.contains(&word) {
        Some(Role::Born)
    } else if MARRIED.contains(&word) || CALLED.contains(&word) {
        Some(Role::Used)
    } else {
        None
    }
}

/// The words behind the titles; the last word is never taken for one.
fn without_titles(words: &[String]) -> &[String] {
    let most = words.len().saturating_sub(1);
    let titles = words[..most]
        .iter()
        .take_while(|word| TITLES.contains(&word.as_str()))
        .count();
    &words[titles..]
}

/// The words before one that is left behind without the name it announces, unless nothing but particles would remain.
fn without_mark_behind(words: &[String]) -> &[String] {
    match words {
        [before @ .., last]
            if LEFT_BEHIND.contains(&last.as_str()) && !before.iter().all(|word| is_particle(word)) =>
        {
            before
        }
        all => all,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> [String; 3] {
        let names = FieldNames::read(text);
        [names.plain, names.born, names.used]
            .map(|name| name.map_or_else(String::new, |name| name.text().to_owned()))
    }

    #[test]
    fn a_field_may_hold_more_than_its_name() {
        for (text, plain, born, used) in [
            ("DURAND", "DURAND", "", ""),
            ("Mme DURAND", "DURAND", "", ""),
            ("M. le DURAND", "LEDURAND", "", ""),
            ("Docteur DURAND", "DURAND", "", ""),
            ("Me DURAND", "DURAND", "", ""),
            ("Mme la DURAND", "LADURAND", "", ""),
            ("Comtesse de DURAND", "DEDURAND", "", ""),
            // Names that are titles as well.
            ("Maître", "MAITRE", "", ""),
            ("Docteur", "DOCTEUR", "", ""),
            ("Mme BARON", "BARON", "", ""),
            ("M. COMTE", "COMTE", "", ""),
            ("PERE-DUBOIS", "PEREDUBOIS", "", ""),
            ("ABBE MARTIN", "ABBEMARTIN", "", ""),
            // Another name behind.
            ("DURAND épouse MARTIN", "DURAND", "", "MARTIN"),
            ("MARTIN née DURAND", "MARTIN", "DURAND", ""),
            ("BOYER dit LEBRUN", "BOYER", "", "LEBRUN"),
            ("DURAND veuve MARTIN épouse PETIT", "DURAND", "", "PETIT"),
            ("PETIT née DURAND veuve MARTIN", "PETIT", "DURAND", "MARTIN"),
            ("DURAND ép. Mme PETIT", "DURAND", "", "PETIT"),
            ("MARTIN née NÉE", "MARTIN", "NEE", ""),
            // In front.
            ("Veuve MARTIN", "", "", "MARTIN"),
            ("Vve MARTIN", "", "", "MARTIN"),
            ("née DURAND", "", "DURAND", ""),
            ("Mme Vve MARTIN", "", "", "MARTIN"),
            ("épouse PETIT", "", "", "PETIT"),
            ("Mme Vve MARTIN née DURAND", "", "DURAND", "MARTIN"),
            ("Vve née DURAND", "", "DURAND", ""),
            ("Veuve DE LA TOUR", "", "", "DELATOUR"),
            // Left behind.
            ("MARTIN Vve", "MARTIN", "", ""),
            ("MARTIN (veuve)", "MARTIN", "", ""),
            ("MARTIN née", "MARTIN", "", ""),
            // Alone, they are names.
            ("DIT", "DIT", "", ""),
            ("VEUVE", "VEUVE", "", ""),
            ("NÉE", "NEE", "", ""),
            ("LE DIT", "LEDIT", "", ""),
            ("DIT MARTIN", "DITMARTIN", "", ""),
            ("LE NÉE", "LENEE", "", ""),
            ("Mme VEUVE", "VEUVE", "", ""),
            (" - ", "", "", ""),
        ] {
            assert_eq!(read(text), [plain, born, used], "{text}");
        }
    }

    #[test]
    fn both_fields_together_tell_who() {
        for (birth, usage, expected) in [
            ("DURAND", "MARTIN", ("DURAND", "MARTIN")),
            ("DURAND épouse MARTIN", "", ("DURAND", "MARTIN")),
            ("MARTIN née DURAND", "", ("DURAND", "MARTIN")),
            ("MARTIN née DURAND", "MARTIN", ("DURAND", "MARTIN")),
            ("", "MARTIN née DURAND", ("DURAND", "MARTIN")),
            ("", "DURAND épouse MARTIN", ("DURAND", "MARTIN")),
            ("MARTIN", "née DURAND", ("DURAND", "MARTIN")),
            ("DURAND", "PETIT née MARTIN", ("DURAND", "PETIT")),
            ("DURAND", "Vve MARTIN", ("DURAND", "MARTIN")),
            ("DURAND veuve MARTIN épouse PETIT", "", ("DURAND", "PETIT")),
            ("Veuve MARTIN", "", ("", "MARTIN")),
            ("Veuve MARTIN", "PETIT", ("MARTIN", "PETIT")),
            ("née DURAND", "MARTIN", ("DURAND", "MARTIN")),
            ("", "", ("", "")),
        ] {
            let (at_birth, in_use) = FieldNames::settle(FieldNames::read(birth), FieldNames::read(usage));
            let text = |name: Option<Family>| name.map_or_else(String::new, |name| name.text().to_owned());
            assert_eq!(
                (text(at_birth).as_str(), text(in_use).as_str()),
                expected,
                "{birth} / {usage}"
            );
        }
    }

    proptest! {
        #[test]
        fn a_name_is_always_found(words in proptest::collection::vec(proptest::sample::select(vec!["M", "ME", "NEE", "VVE", "DIT", "LE", "MARTIN", "EP", "COMTE", "DOCTEUR"]), 1..6)) {
            let names = FieldNames::read(&words.join(" "));
            prop_assert!(names.plain.is_some() || names.born.is_some() || names.used.is_some());
            if words.contains(&"MARTIN") {
                let kept = [names.plain, names.born, names.used];
                // Of two names said to be in use, or at birth, the last is kept.
                let said = words.iter().filter(|word| said_by(word).is_some()).count();
                prop_assert!(said > 1 || kept.iter().flatten().any(|name| name.text().contains("MARTIN")));
            }
        }
    }
}
