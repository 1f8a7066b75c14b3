//! What a département lets the machine decide.

use serde::{Deserialize, Serialize};

use crate::model::Model;

/// How sure the machine must be, and how far doubt reaches. The default is safer than each of the settings of the
/// software it replaces.
///
/// ```
/// let policy = dn_matching::Policy::from_toml("profile = \"strict\"\n[doubt]\nreach = 3.0").unwrap();
/// assert_eq!(policy.definite.typing_errors, 0);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "File")]
pub struct Policy {
    /// What the settings below start from.
    pub profile: Profile,
    /// When one person is meant beyond doubt.
    pub definite: Definite,
    /// When somebody may be meant.
    pub doubt: Doubt,
    /// What the evidence is weighed by.
    pub model: Model,
}

/// A set of settings under one name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Definite only for the same names and the same whole date; every error goes to an officer.
    Strict,
    /// Definite in spite of errors that no other person explains.
    #[default]
    Careful,
    /// As `careful`, and doubt reaches less far: fewer cases for officers, a few more recipients missed.
    Brief,
}

/// When one person is meant beyond doubt. Bits are powers of two: 10 bits are a thousand to one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Definite {
    /// Bits beyond those it takes to single one person out of the register.
    pub certainty: f64,
    /// The same where nothing differs at all.
    pub certainty_exact: f64,
    /// Bits by which the next person must be behind.
    pub margin: f64,
    /// Bits that speak against a namesake: date, further given names, place, death, second family name.
    pub against_namesake: f64,
    /// Bits that speak against a twin: the given names alone.
    pub against_twin: f64,
    /// Bits that a family name must bring which is not the same.
    pub against_name: f64,
    /// Bits that a name must bring which is a name at birth on one side and a name in use on the other.
    pub against_married_name: f64,
    /// Bits that speak against a brother, sister or cousin: given names and date.
    pub against_relative: f64,
    /// Bits that further given names must bring beside another name in use, where nothing else differs.
    pub beside_usage_name: f64,
    /// Bits that further given names, second family name and place must bring beside any date that differs: without
    /// them a namesake born in the same year is as likely.
    pub beside_date: f64,
    /// The same beside a date of which only part agrees: neither day nor month known, 1 January on one side, ten years
    /// more or less. Nothing else may differ then, nor where the day alone is unknown.
    pub beside_part_of_date: f64,
    /// Typing errors at most, in all fields together.
    pub typing_errors: u32,
    /// Whether names that merely sound alike will do.
    pub sound: bool,
    /// Differences of the date of birth that will do.
    pub dates: Vec<DateTolerance>,
    /// Fields the inquiry must state.
    pub require: Vec<Field>,
}

/// A difference between two dates of birth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateTolerance {
    /// A digit of the day.
    Day,
    /// A digit of the month.
    Month,
    /// Day and month exchanged.
    Exchanged,
    /// The year: a neighbour, a digit.
    Year,
    /// Day or month unknown on one side.
    Incomplete,
    /// 1 January on one side.
    FirstOfJanuary,
}

/// A field of an inquiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Family name at birth.
    BirthName,
    /// At least one given name.
    GivenName,
    /// Date of birth.
    BirthDate,
    /// Day, month and year of birth.
    WholeBirthDate,
    /// Sex.
    Sex,
    /// Place of birth.
    BirthPlace,
}

/// When somebody may be meant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Doubt {
    /// Bits beyond those it takes to single one person out of the register; less reaches farther.
    pub reach: f64,
    /// People shown to an officer at most.
    pub most: usize,
    /// Whether somebody of the same family name, at birth where both sides state it, and the same whole date of birth
    /// goes to an officer whatever the given name (a twin) and however little the rest: the option of the software this
    /// one replaces. Off: in registers of 100 000 people it makes cases of 0.6 to 1.7 % of the strangers
    /// instead of 0.1 to 0.2. Twins whose name says enough are doubted without it.
    pub twins: bool,
}

impl Default for Definite {
    fn default() -> Self {
        Self {
            certainty: 10.5,
            certainty_exact: 8.5,
            margin: 7.0,
            against_namesake: 10.0,
            against_twin: 6.0,
            against_name: 3.0,
            against_married_name: 5.5,
            against_relative: 10.0,
            beside_usage_name: 4.0,
            beside_date: 3.0,
            beside_part_of_date: 6.0,
            typing_errors: 2,
            sound: true,
            dates: vec![
                DateTolerance::Day,
                DateTolerance::Month,
                DateTolerance::Exchanged,
                DateTolerance::Year,
                DateTolerance::Incomplete,
            ],
            require: vec![Field::GivenName, Field::BirthDate],
        }
    }
}

impl Default for Doubt {
    fn default() -> Self {
        Self {
            reach: 1.0,
            most: 20,
            twins: false,
        }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self::of(Profile::Careful)
    }
}

/// A policy file is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Not the right TOML; the text says where and what is allowed.
    #[error("{0}")]
    Toml(String),
    /// A value outside what makes sense.
    #[error("{field} must be between {least} and {most}")]
    Range {
        /// The setting.
        field: &'static str,
        /// Least value.
        least: i32,
        /// Greatest value.
        most: i32,
    },
    /// A figure of the model that is no probability of something that may happen or not.
    #[error("{field} must be greater than 0 and less than 1")]
    Probability {
        /// The setting.
        field: String,
    },
}

impl Policy {
    /// The settings of a profile.
    pub fn of(profile: Profile) -> Self {
        let mut definite = Definite::default();
        let mut doubt = Doubt::default();
        match profile {
            Profile::Strict => {
                definite.typing_errors = 0;
                definite.sound = false;
                definite.dates = Vec::new();
                doubt.reach = -1.0;
            }
            Profile::Careful => {}
            Profile::Brief => doubt.reach = 4.0,
        }
        Self {
            profile,
            definite,
            doubt,
            model: Model::default(),
        }
    }

    /// Reads a policy: a profile, and the settings that differ from it. Unknown keys are refused.
    ///
    /// # Errors
    /// With line and column, or the setting that is out of range.
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        let file: File = toml::from_str(text).map_err(|error| PolicyError::Toml(error.to_string()))?;
        file.try_into()
    }

    fn check(&self) -> Result<(), PolicyError> {
        let definite = &self.definite;
        for (field, value, least, most) in [
            ("definite.certainty", definite.certainty, 6, 40),
            ("definite.certainty_exact", definite.certainty_exact, 2, 40),
            ("definite.margin", definite.margin, 3, 40),
            ("definite.against_namesake", definite.against_namesake, 4, 40),
            ("definite.against_twin", definite.against_twin, 1, 40),
            ("definite.against_name", definite.against_name, 0, 40),
            (
                "definite.against_married_name",
                definite.against_married_name,
                0,
                40,
            ),
            ("definite.against_relative", definite.against_relative, 4, 40),
            ("definite.beside_usage_name", definite.beside_usage_name, 2, 40),
            ("definite.beside_date", definite.beside_date, 0, 40),
            (
                "definite.beside_part_of_date",
                definite.beside_part_of_date,
                0,
                40,
            ),
            ("doubt.reach", self.doubt.reach, -10, 20),
        ] {
            if !(f64::from(least)..=f64::from(most)).contains(&value) {
                return Err(PolicyError::Range { field, least, most });
            }
        }
        if !(1..=MOST_SHOWN).contains(&self.doubt.most) {
            return Err(PolicyError::Range {
                field: "doubt.most",
                least: 1,
                most: 1_000,
            });
        }
        let model =
            toml::Value::try_from(&self.model).map_err(|error| PolicyError::Toml(error.to_string()))?;
        improbable("model", &model).map_or(Ok(()), |field| Err(PolicyError::Probability { field }))
    }
}

/// The first figure that is no probability: its logarithm would be none, and nobody would be recognised any more.
fn improbable(name: &str, value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::Table(table) => table
            .iter()
            .find_map(|(key, value)| improbable(&format!("{name}.{key}"), value)),
        toml::Value::Float(figure) if *figure > 0.0 && *figure < 1.0 => None,
        _ => Some(name.to_owned()),
    }
}

impl TryFrom<File> for Policy {
    type Error = PolicyError;

    fn try_from(file: File) -> Result<Self, PolicyError> {
        let base = Self::of(file.profile);
        let policy = Self {
            profile: file.profile,
            definite: merged(&base.definite, file.definite)?,
            doubt: merged(&base.doubt, file.doubt)?,
            model: file.model,
        };
        policy.check()?;
        Ok(policy)
    }
}

/// People an officer may be shown at most, whatever the policy.
const MOST_SHOWN: usize = 1_000;

/// What a policy is read from: what differs from the profile.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    profile: Profile,
    #[serde(default)]
    definite: toml::Table,
    #[serde(default)]
    doubt: toml::Table,
    #[serde(default)]
    model: Model,
}

/// The profile's settings with those of the file on top.
fn merged<T: Serialize + serde::de::DeserializeOwned>(base: &T, file: toml::Table) -> Result<T, PolicyError> {
    let wrong = |error: &dyn std::fmt::Display| PolicyError::Toml(error.to_string());
    let mut table = toml::Table::try_from(base).map_err(|error| wrong(&error))?;
    table.extend(file);
    table.try_into().map_err(|error: toml::de::Error| wrong(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_only_what_differs() {
        assert_eq!(Policy::from_toml("").unwrap(), Policy::default());
        let policy = Policy::from_toml("profile = 'strict'\n[definite]\nmargin = 12").unwrap_or_default();
        assert_eq!(policy.definite.typing_errors, 0);
        assert!((policy.definite.margin - 12.0).abs() < f64::EPSILON);
        assert!(Policy::from_toml("[definite]\nmarge = 12").is_err());
        assert!(Policy::from_toml("[definite]\nagainst_twin = -5").is_err());
        assert!(Policy::from_toml("[model.family]\nsame = 0.9").is_ok());
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_name() {
        for (text, said) in [
            (
                "[model]\nwrong_sex = 2",
                "model.wrong_sex must be greater than 0 and less than 1",
            ),
            ("[model]\nwrong_sex = 1", "model.wrong_sex must"),
            ("[model.family]\nsame = nan", "model.family.same must"),
            ("[model.given]\nother = -0.1", "model.given.other must"),
            ("[model.date]\nyear_same = 0", "model.date.year_same must"),
            ("[model.place]\nnear = inf", "model.place.near must"),
            ("[doubt]\nmost = 1001", "doubt.most must be between 1 and 1000"),
            ("[doubt]\nmost = 0", "doubt.most must"),
            ("[doubt]\nreach = nan", "doubt.reach must"),
            ("[definite]\nmargin = inf", "definite.margin must"),
        ] {
            let error = Policy::from_toml(text).map_err(|error| error.to_string());
            assert!(
                error.as_ref().is_err_and(|error| error.starts_with(said)),
                "{text}: {error:?}"
            );
        }
    }
}
