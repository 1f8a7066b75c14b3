//! Anybody may check a letter, and learns nothing else.

use chrono::NaiveDate;
use domain::VerificationCode;

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

impl App {
    /// Checks a code and, if given, the SHA-256 of a copy. `None` for every code that names no issued letter.
    ///
    /// # Errors
    /// When the database cannot be asked, or the département is suspended.
    pub async fn verify(
        &self,
        code: &VerificationCode,
        copy_sha256: Option<[u8; 32]>,
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
        Ok(letter.issued.map(|issued| Verification {
            department: department.official_name.clone(),
            dated_on: letter.dated_on,
            copy: match copy_sha256 {
                None => CopyCheck::NotAsked,
                Some(copy) if copy == issued.sha256 => CopyCheck::Genuine,
                Some(_) => CopyCheck::Different,
            },
        }))
    }
}
