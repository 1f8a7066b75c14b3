//! Civil status as the État civil writes it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::{TextError, clean_line};

/// Longest name or place taken, in characters.
const MAX_NAME: usize = 100;
/// Most given names taken.
const MAX_GIVEN_NAMES: usize = 12;

/// A name or place cannot be taken as typed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// The text itself is at fault.
    #[error(transparent)]
    Text(#[from] TextError),
    /// No letter in it.
    #[error("un nom contient au moins une lettre")]
    NoLetter,
    /// A sign that no civil status holds.
    #[error(
        "un nom s’écrit avec des lettres, des espaces, des tirets et des apostrophes : « {0} » n’est pas admis"
    )]
    Sign(char),
    /// More given names than a civil status has.
    #[error("au plus {MAX_GIVEN_NAMES} prénoms")]
    TooMany,
}

/// Signs met in names besides letters: hyphens and apostrophes in all the forms that keyboards and word processors
/// give them, the dot of `ST.`, the brackets of `Saint-Exupéry (de)`.
const SIGNS: &str = " -‐‑–'’‘´`′.()";

fn clean_name(text: &str) -> Result<String, NameError> {
    let name = clean_line(text, MAX_NAME)?;
    if let Some(sign) = name
        .chars()
        .find(|c| !(c.is_alphabetic() || is_mark(*c) || SIGNS.contains(*c)))
    {
        return Err(NameError::Sign(sign));
    }
    if !name.chars().any(char::is_alphabetic) {
        return Err(NameError::NoLetter);
    }
    Ok(name)
}

/// Combining diacritics: names may arrive decomposed (Unicode NFD).
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}')
}

macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident, $clean:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes what was typed.
            ///
            /// # Errors
            /// A [`NameError`] to show at the field.
            pub fn parse(text: &str) -> Result<Self, NameError> {
                let clean: fn(&str) -> Result<String, NameError> = $clean;
                clean(text).map(Self)
            }

            /// As written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name_type! {
    /// A family name: at birth (nom de naissance) or in use (nom d’usage).
    FamilyName, clean_name
}

name_type! {
    /// A commune and what qualifies it, as typed: `Lyon 3e`, `Alger (Algérie)`.
    Place, |text| Ok(clean_line(text, MAX_NAME)?)
}

/// Given names in civil-status order; at least one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GivenNames(Vec<String>);

impl GivenNames {
    /// Takes given names separated by spaces or commas. A composite name keeps its hyphen, which may stand between
    /// spaces: `Jean-Pierre Marie`, `Jean - Pierre Marie`.
    ///
    /// # Errors
    /// A [`NameError`] to show at the field.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let line = clean_name(&text.replace([',', ';'], " "))?;
        let line = line.replace(" -", "-").replace("- ", "-");
        let named = |word: &&str| word.chars().any(char::is_alphabetic);
        let names: Vec<String> = line.split(' ').filter(named).map(str::to_owned).collect();
        if names.len() > MAX_GIVEN_NAMES {
            return Err(NameError::TooMany);
        }
        Ok(Self(names))
    }

    /// The first, which stands for the person.
    pub fn first(&self) -> &str {
        &self.0[0]
    }

    /// All, in order.
    pub fn all(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for GivenNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

impl TryFrom<String> for GivenNames {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<GivenNames> for String {
    fn from(names: GivenNames) -> Self {
        names.to_string()
    }
}

/// Sex at civil status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sex {
    /// `M`, masculin.
    Male,
    /// `F`, féminin.
    Female,
}

impl Sex {
    /// `M`/`F`, `H`, `1`/`2` (as in the social security number), the words or the titles; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_lowercase().as_str() {
            "m" | "h" | "1" | "masculin" | "homme" | "male" | "monsieur" | "m." | "mr" => Some(Self::Male),
            "f" | "2" | "féminin" | "feminin" | "femme" | "female" | "madame" | "mme" | "mlle" => {
                Some(Self::Female)
            }
            _ => None,
        }
    }

    /// `M` or `F`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Male => "M",
            Self::Female => "F",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_etat_civil_pass() {
        for good in [
            "DE LA TOUR",
            "d’Alembert",
            "O'Neill",
            "N`DIAYE",
            "Müller-Nuñez",
            "ŒUVRARD",
            "Saint-Éxupéry (de)",
            "Élo\u{0301}die",
        ] {
            assert!(FamilyName::parse(good).is_ok(), "{good}");
        }
        assert_eq!(FamilyName::parse("<script>"), Err(NameError::Sign('<')));
        assert_eq!(FamilyName::parse("--"), Err(NameError::NoLetter));
        assert_eq!(FamilyName::parse(" "), Err(NameError::Text(TextError::Empty)));
        assert!(FamilyName::parse(&"A".repeat(101)).is_err());
    }

    #[test]
    fn given_names_keep_order_and_hyphens() {
        let names = GivenNames::parse(" Jean-Pierre,  Marie Paul ").unwrap();
        assert_eq!(names.all(), ["Jean-Pierre", "Marie", "Paul"]);
        assert_eq!(names.first(), "Jean-Pierre");
        let spaced = GivenNames::parse("Jean - Pierre (Marie) -").unwrap();
        assert_eq!(spaced.all(), ["Jean-Pierre", "(Marie)-"]);
        assert!(GivenNames::parse("a b c d e f g h i j k l m").is_err());
    }
}
