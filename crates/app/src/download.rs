//! Letters leave the store: to the office that asked and to the département's staff, and every time it is recorded.

use chrono::{DateTime, Utc};
use domain::{InquiryId, SubmissionId};

use crate::{App, AppError, NotaryIdentity, StaffIdentity};

/// A letter to hand over.
#[derive(Clone, PartialEq, Eq)]
pub struct LetterFile {
    /// `courrier-69-2026-000042.pdf`.
    pub name: String,
    /// The PDF.
    pub bytes: Vec<u8>,
}

/// A letter cannot be handed over.
#[derive(Debug, thiserror::Error)]
pub enum LetterFileError {
    /// No such inquiry for this person.
    #[error("no such letter")]
    NotFound,
    /// It is being written: ask again in a moment.
    #[error("the letter is not issued yet")]
    NotYet,
    /// A part of the house failed.
    #[error("the letter could not be fetched")]
    Other(#[from] AppError),
}

impl App {
    /// The letter of an inquiry of this notary's office.
    ///
    /// # Errors
    /// A [`LetterFileError`].
    pub async fn letter_for_notary(
        &self,
        _notary: &NotaryIdentity,
        _submission: SubmissionId,
        _inquiry: InquiryId,
        _now: DateTime<Utc>,
    ) -> Result<LetterFile, LetterFileError> {
        todo!()
    }

    /// The letter of an inquiry of this person's département.
    ///
    /// # Errors
    /// A [`LetterFileError`].
    pub async fn letter_for_staff(
        &self,
        _staff: &StaffIdentity,
        _inquiry: InquiryId,
        _now: DateTime<Utc>,
    ) -> Result<LetterFile, LetterFileError> {
        todo!()
    }
}
