//! `tenants/<slug>/tenant.toml`: everything a département configures about itself.

use serde::{Deserialize, Serialize};

use crate::aids::{Catalogue, OptionalAid};
use crate::identifiers::{InseeCode, Siret};

/// The whole file. Unknown keys are refused, so that a typing error is told instead of ignored.
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
    /// Its first administrators.
    #[serde(default)]
    pub administrators: Vec<Administrator>,
    /// Its optional aids.
    #[serde(default)]
    pub aids: Vec<OptionalAid>,
}

impl TenantSettings {
    /// The aids this département knows.
    pub fn catalogue(&self) -> Catalogue {
        Catalogue::new(self.aids.clone())
    }
}

/// Who a département is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// `Rhône`: in lists.
    pub name: String,
    /// `Département du Rhône`: in letters.
    pub official_name: String,
    /// INSEE code.
    pub insee_code: InseeCode,
    /// Establishments whose agents may log in.
    #[serde(default)]
    pub sirets: Vec<Siret>,
    /// Time zone its letters are dated in (IANA name).
    #[serde(default = "paris")]
    pub time_zone: String,
}

fn paris() -> String {
    "Europe/Paris".to_owned()
}

/// How a département is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Direction and service: `Direction de l’autonomie`, `Service des récupérations`.
    pub service: Vec<String>,
    /// Postal address, line by line.
    pub address: Vec<String>,
    /// Telephone.
    pub telephone: String,
    /// E-mail shown on letters and pages.
    pub email: String,
    /// Public website.
    #[serde(default)]
    pub website: Option<String>,
    /// E-mail of the data protection officer, told in letters and on pages; the address above when absent.
    #[serde(default)]
    pub data_protection: Option<String>,
}

/// The service that recovers aid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recovery {
    /// Mailbox told of recoverable, overpaid and ambiguous inquiries.
    pub mailbox: String,
    /// « Affaire suivie par ».
    pub officer: String,
}

/// How letters look. Files are in `letterhead/` beside `tenant.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterheadSettings {
    /// Logo file: PNG, JPEG or SVG.
    pub logo: String,
    /// Accent colour, `#rrggbb`.
    pub accent: String,
    /// Where letters are dated: `Lyon`.
    pub place: String,
    /// Who signs.
    pub signatory: Signatory,
    /// One line at the foot.
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
    pub name: String,
    /// Capacity, line by line: `Pour le Président et par délégation`, `La directrice de l’autonomie`.
    pub capacity: Vec<String>,
    /// File with the handwritten signature: PNG, JPEG or SVG.
    #[serde(default)]
    pub signature: Option<String>,
}

/// How long things are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// Years a letter is kept and, where the store can, locked. Five by default: civil limitation (code civil, art. 2224).
    pub letters_years: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { letters_years: 5 }
    }
}

/// A first administrator, linked to an account at first login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Administrator {
    /// E-mail the provider must confirm.
    pub email: String,
    /// Given and family name.
    pub name: String,
}
