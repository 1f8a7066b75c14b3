//! What was answered to one form.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{Amount, Decedent, FileReference, InquiryId, OfficeId, Outcome, SubmissionId, VerificationCode};

use crate::{App, AppError, Department};

/// One form that was sent, and what each département answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// Id of the form.
    pub id: SubmissionId,
    /// When it was asked first.
    pub asked_at: DateTime<Utc>,
    /// Who of the office asked.
    pub asked_by: String,
    /// About whom.
    pub decedent: Decedent,
    /// The notary's reference.
    pub file_reference: Option<FileReference>,
    /// One for each département, sorted by name.
    pub answers: Vec<Answer>,
}

/// The answer of one département.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Whose.
    pub department: Department,
    /// What.
    pub state: AnswerState,
}

/// How far the answer is.
#[derive(Debug, Clone, PartialEq)]
pub enum AnswerState {
    /// Asked and decided.
    Decided {
        /// The inquiry.
        inquiry: InquiryId,
        /// The département's reference.
        reference: String,
        /// When it was asked.
        asked_at: DateTime<Utc>,
        /// The answer.
        outcome: Outcome,
        /// When it was decided.
        decided_at: DateTime<Utc>,
        /// Since when the register dates on which it was decided.
        register_date: Option<DateTime<Utc>>,
        /// What is claimed, when the register has every amount.
        claim: Option<Amount>,
        /// What was overpaid, when the register has every amount.
        overpaid: Option<Amount>,
        /// « Affaire suivie par », telephone and e-mail of the service.
        contact: ServiceContact,
        /// The letter.
        letter: LetterState,
    },
    /// Not asked: the département takes no inquiry for the time being.
    Suspended,
    /// Not asked because of a failure: sending the form again asks this one and leaves the others alone.
    Failed,
}

/// Whom to call about an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServiceContact {
    /// « Affaire suivie par ».
    pub officer: String,
    /// Telephone.
    pub telephone: String,
    /// E-mail.
    pub email: String,
}

/// How far the letter is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetterState {
    /// There will be none for this answer.
    None,
    /// Drawn, not yet issued: a moment later it is.
    InPreparation,
    /// Ready to download.
    Ready {
        /// Date it bears.
        dated_on: NaiveDate,
        /// When it was stored.
        issued_at: DateTime<Utc>,
        /// Size in bytes.
        size: u64,
        /// Code by which anybody may check it.
        code: VerificationCode,
    },
}

impl App {
    /// A form of this office with its answers; `None` when there is none, or it is another office's.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn answers(
        &self,
        _office: OfficeId,
        _submission: SubmissionId,
    ) -> Result<Option<Submission>, AppError> {
        todo!()
    }
}
