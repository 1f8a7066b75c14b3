//! The main job: a notary asks, each département answers at once.

use chrono::{DateTime, Utc};
use domain::{Decedent, DepartmentSlug, FileReference, SubmissionId};

use crate::{Answer, App, AppError, NotaryIdentity};

/// One form: who is asked about what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Départements ticked.
    pub departments: Vec<DepartmentSlug>,
    /// The deceased.
    pub decedent: Decedent,
    /// The notary's reference.
    pub file_reference: Option<FileReference>,
}

/// A form cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum InquireError {
    /// The form was sent before by another office: answered as if it did not exist.
    #[error("no such submission")]
    NotFound,
    /// The form was sent before with other contents: a corrected form needs a new submission id.
    #[error("this form was sent before with other contents")]
    Changed,
    /// A part of the house failed before anything was asked.
    #[error("the inquiry could not be taken")]
    Other(#[from] AppError),
}

impl App {
    /// Asks each département. Idempotent by `submission`: sending the same form again completes what failed and
    /// repeats nothing. One département's failure or suspension leaves the others as they are: see [`crate::AnswerState`].
    ///
    /// # Errors
    /// An [`InquireError`]; then nothing new was asked.
    pub async fn inquire(
        &self,
        _asker: &NotaryIdentity,
        _question: &Question,
        _submission: SubmissionId,
        _now: DateTime<Utc>,
    ) -> Result<Vec<Answer>, InquireError> {
        todo!()
    }
}
