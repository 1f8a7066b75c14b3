//! `GET /demandes/{submission_id}`.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{Amount, Contact, Decedent, FileReference, InquiryId, Outcome, SubmissionId};
use serde::Serialize;

use crate::{Brand, Page, Sample};

/// What was asked.
#[derive(Debug, Clone, Serialize)]
pub struct Asked {
    /// [`Decedent::full_name`].
    pub name: String,
    /// About whom.
    pub decedent: Decedent,
    /// « Vos références ».
    pub file_reference: Option<FileReference>,
    /// Name of the person who asked.
    pub asker: String,
    /// When.
    pub asked_at: DateTime<Utc>,
}

/// Where the letter is.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum LetterState {
    /// Being made: the page asks again by itself.
    Preparing,
    /// To be downloaded.
    Ready {
        /// When it was issued.
        issued_at: DateTime<Utc>,
        /// Size of the PDF in bytes.
        size: u64,
    },
    /// Making it failed for good; somebody looks after it.
    Failed,
    /// None goes out with this outcome ([`Outcome::Pending`]).
    None,
}

/// What one département answers.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// Which inquiry: the letter is at `/demandes/{submission}/{inquiry}/courrier`.
    pub inquiry: InquiryId,
    /// Which département, in its colours.
    pub department: Brand,
    /// How it is reached.
    pub contact: Contact,
    /// « Affaire suivie par », of `Recovery::officer`.
    pub officer: String,
    /// « Nos références ».
    pub reference: String,
    /// The answer.
    pub outcome: Outcome,
    /// When it was decided.
    pub decided_at: DateTime<Utc>,
    /// Day the register it rests on was imported; none when the département has none yet.
    pub register_date: Option<NaiveDate>,
    /// Amount to come back, when the register has all of it.
    pub claim: Option<Amount>,
    /// Amount paid after the death, when the register has all of it.
    pub overpaid: Option<Amount>,
    /// Where the letter is.
    pub letter: LetterState,
}

/// The answers to one form, département by département.
#[derive(Debug, Clone, Serialize)]
pub struct AnswerPage {
    /// The form.
    pub submission: SubmissionId,
    /// What was asked.
    pub asked: Asked,
    /// Answers, in the order of the numbers of the départements.
    pub answers: Vec<Answer>,
}

impl Page for AnswerPage {
    const TEMPLATE: &'static str = "pages/answer.html";

    fn title(&self) -> String {
        "Réponse à votre demande".to_owned()
    }

    fn samples() -> Vec<Sample<Self>> {
        vec![]
    }
}
