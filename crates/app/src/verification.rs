//! Anybody may check a letter, and learns nothing else.

use chrono::{DateTime, NaiveDate, Utc};
use db::Actor;
use domain::{Action, VerificationCode};
use serde_json::json;

use crate::audit::{detailed, entry};
use crate::{App, AppError};

/// What the public page tells of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// `Département du Rhône`.
    pub department: String,
    /// Date the letter bears.
    pub dated_on: NaiveDate,
    /// Whether the copy handed in is the genuine file.
    pub copy: CopyCheck,
}

/// What became of an uploaded copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyCheck {
    /// None was handed in.
    NotAsked,
    /// It is the file we issued, byte for byte.
    Genuine,
    /// It is not.
    Different,
}

impl CopyCheck {
    /// As the audit trail calls it.
    fn code(self) -> &'static str {
        match self {
            Self::NotAsked => "not_asked",
            Self::Genuine => "genuine",
            Self::Different => "different",
        }
    }
}

impl App {
    /// Checks a code and, if given, the SHA-256 of a copy. `None` for every code that names no issued letter.
    ///
    /// # Errors
    /// When the database cannot be asked, or the département is suspended.
    pub async fn verify(
        &self,
        code: &VerificationCode,
        copy_sha256: Option<[u8; 32]>,
        now: DateTime<Utc>,
    ) -> Result<Option<Verification>, AppError> {
        let list = self.departments().await?;
        let Some(department) = list
            .iter()
            .find(|department| &department.insee_code == code.department())
        else {
            return Ok(None);
        };
        let mut tx = self.db().tenant(&department.slug).await?;
        let Some(letter) = tx.letters().by_secret(code.secret()).await? else {
            return Ok(None);
        };
        let Some(issued) = letter.issued else {
            return Ok(None);
        };
        let copy = match copy_sha256 {
            None => CopyCheck::NotAsked,
            Some(copy) if copy == issued.sha256 => CopyCheck::Genuine,
            Some(_) => CopyCheck::Different,
        };
        let verified = entry(Actor::Public, Action::LetterVerified, letter.id, now);
        tx.audit()
            .record(detailed(verified, json!({ "copy": copy.code() })));
        tx.save().await?;
        Ok(Some(Verification {
            department: department.official_name.clone(),
            dated_on: letter.dated_on,
            copy,
        }))
    }
}
