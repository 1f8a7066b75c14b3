//! `tenants/<slug>/tenant.toml`: everything a département configures about itself.

pub(crate) mod checks;
mod located;
mod time_zone;

use serde::{Deserialize, Serialize};

use crate::aids::{Catalogue, OptionalAid};
use crate::identifiers::{InseeCode, Siret};
use crate::limits::{Limits, Lookups};

pub use located::SettingsError;
pub use time_zone::TimeZone;

/// The whole file. Unknown keys are refused, so that a typing error is told instead of ignored; values are
/// checked as they are read, so that the line is known. Messages are in English: an operator reads them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenantSettings {
    /// Who the département is.
    pub identity: Identity,
    /// How it is reached.
    pub contact: Contact,
    /// The service that recovers aid.
    pub recovery: Recovery,
    /// How its letters look.
    pub letterhead: LetterheadSettings,
    /// How long things are kept.
    #[serde(default)]
    pub retention: Retention,
    /// How many inquiries a notary may make. Left out of what is stored while it says nothing, so that the version of
    /// the program before it can still read it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub limits: Limits,
    /// How many tries at one person are answered. Left out in the same way.
    #[serde(
        default,
        deserialize_with = "checks::lookups",
        skip_serializing_if = "is_default"
    )]
    pub lookups: Lookups,
    /// Its first administrators.
    #[serde(default, deserialize_with = "checks::administrators")]
    pub administrators: Vec<Administrator>,
    /// Who may read its audit trail, and nothing else: its data protection officer, for one.
    #[serde(default, deserialize_with = "checks::auditors")]
    pub auditors: Vec<Administrator>,
    /// Its optional aids.
    #[serde(default, deserialize_with = "checks::aids")]
    pub aids: Vec<OptionalAid>,
    /// How sure the machine must be of a person: a matching policy, as the matching engine reads it; empty for the
    /// product's own.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub matching: serde_json::Map<String, serde_json::Value>,
}

impl TenantSettings {
    /// The aids this département knows.
    pub fn catalogue(&self) -> Catalogue {
        Catalogue::new(self.aids.clone())
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Who a département is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// `Rhône`: in lists.
    #[serde(deserialize_with = "checks::line")]
    pub name: String,
    /// `Département du Rhône`: in letters.
    #[serde(deserialize_with = "checks::line")]
    pub official_name: String,
    /// INSEE code.
    #[serde(deserialize_with = "checks::insee_code")]
    pub insee_code: InseeCode,
    /// Establishments whose agents may log in.
    #[serde(default, deserialize_with = "checks::sirets")]
    pub sirets: Vec<Siret>,
    /// Time zone its letters are dated in.
    #[serde(default)]
    pub time_zone: TimeZone,
}

/// How a département is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Direction and service: `Direction de l’autonomie`, `Service des récupérations`.
    #[serde(deserialize_with = "checks::lines")]
    pub service: Vec<String>,
    /// Postal address, line by line.
    #[serde(deserialize_with = "checks::lines")]
    pub address: Vec<String>,
    /// Telephone.
    #[serde(deserialize_with = "checks::telephone")]
    pub telephone: String,
    /// E-mail shown on letters and pages.
    #[serde(deserialize_with = "checks::email")]
    pub email: String,
    /// Public website.
    #[serde(default, deserialize_with = "checks::website")]
    pub website: Option<String>,
    /// E-mail of the data protection officer, told in letters and on pages; the address above when absent.
    #[serde(default, deserialize_with = "checks::optional_email")]
    pub data_protection: Option<String>,
}

/// The service that recovers aid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recovery {
    /// Mailbox told of recoverable, overpaid and ambiguous inquiries.
    #[serde(deserialize_with = "checks::email")]
    pub mailbox: String,
    /// « Affaire suivie par ».
    #[serde(deserialize_with = "checks::line")]
    pub officer: String,
}

/// How letters look. Files are in `letterhead/` beside `tenant.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterheadSettings {
    /// Logo file: PNG, JPEG or SVG.
    #[serde(deserialize_with = "checks::kit_file")]
    pub logo: String,
    /// Accent colour, `#rrggbb`.
    #[serde(deserialize_with = "checks::colour")]
    pub accent: String,
    /// Where letters are dated: `Lyon`.
    #[serde(deserialize_with = "checks::line")]
    pub place: String,
    /// Who signs.
    pub signatory: Signatory,
    /// One line at the foot.
    #[serde(deserialize_with = "checks::line")]
    pub footer: String,
    /// Marks every letter SPÉCIMEN.
    #[serde(default)]
    pub specimen: bool,
}

/// Who signs a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signatory {
    /// Name.
    #[serde(deserialize_with = "checks::line")]
    pub name: String,
    /// Capacity, line by line: `Pour le Président et par délégation`, `La directrice de l’autonomie`.
    #[serde(deserialize_with = "checks::lines")]
    pub capacity: Vec<String>,
    /// File with the handwritten signature: PNG, JPEG or SVG.
    #[serde(default, deserialize_with = "checks::optional_kit_file")]
    pub signature: Option<String>,
}

/// How long things are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// Years a letter is kept and, where the store can, locked. Five by default: civil limitation (code civil, art. 2224).
    #[serde(deserialize_with = "checks::years")]
    pub letters_years: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { letters_years: 5 }
    }
}

/// An administrator or auditor, linked to an account at first login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Administrator {
    /// E-mail the provider must confirm.
    #[serde(deserialize_with = "checks::email")]
    pub email: String,
    /// Given and family name.
    #[serde(deserialize_with = "checks::line")]
    pub name: String,
}
