//! One question of one notary to one département, and what is decided on it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::decedent::Decedent;
use crate::identifiers::{Crpcen, DecisionId, InquiryId, NotaryId, OfficeId, RegisterId, SubmissionId};
use crate::outcome::{Finding, Outcome};
use crate::text::{TextError, clean_line};

/// The notary's own reference of the file, at most 60 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FileReference(String);

impl FileReference {
    /// Takes what was typed.
    ///
    /// # Errors
    /// A [`TextError`] to show at the field.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        clean_line(text, 60).map(Self)
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for FileReference {
    type Error = TextError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<FileReference> for String {
    fn from(reference: FileReference) -> Self {
        reference.0
    }
}

/// Who asked, as it was on the day of the inquiry: what the letter is addressed to and what proves the question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asker {
    /// The person.
    pub notary: NotaryId,
    /// The person's office.
    pub office: OfficeId,
    /// Given and family name of the person.
    pub name: String,
    /// Where the mail goes.
    pub email: String,
    /// Name of the office.
    pub office_name: String,
    /// Code of the office.
    pub crpcen: Crpcen,
    /// Postal address of the office, line by line, when the provider gave it.
    pub office_address: Vec<String>,
}

/// One inquiry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inquiry {
    /// Ours.
    pub id: InquiryId,
    /// The form it came with.
    pub submission: SubmissionId,
    /// « Nos références » : `69-2026-000042`, counted by the département.
    pub reference: String,
    /// Who asked.
    pub asker: Asker,
    /// About whom.
    pub decedent: Decedent,
    /// « Vos références ».
    pub file_reference: Option<FileReference>,
    /// When, to the second: disputes turn on it.
    pub asked_at: DateTime<Utc>,
}

/// What was decided on an inquiry, by whom, on what grounds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Ours.
    pub id: DecisionId,
    /// The answer.
    pub outcome: Outcome,
    /// Reasons in French, most important first.
    pub reasons: Vec<String>,
    /// Identifiers in the register of the person meant, or of those who may be.
    pub candidates: Vec<String>,
    /// The aids and what follows from each, for a matched person.
    pub finding: Option<Finding>,
    /// Version of the matching engine.
    pub engine_version: String,
    /// Version of the register it was made on; `None` when the département has none yet.
    pub register: Option<RegisterId>,
    /// When.
    pub decided_at: DateTime<Utc>,
}

/// What a letter says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// Known, and aid to be recovered.
    Recoverable,
    /// Known, and aid paid after the death.
    Overpayment,
    /// Known, nothing to come back.
    NotRecoverable,
    /// Unknown.
    Unknown,
    /// Acknowledgement: an officer examines the inquiry.
    Acknowledgement,
}

impl LetterKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Recoverable,
        Self::Overpayment,
        Self::NotRecoverable,
        Self::Unknown,
        Self::Acknowledgement,
    ];

    /// The letter that goes out with an outcome; none while a source is unavailable.
    pub fn of(outcome: Outcome) -> Option<Self> {
        Some(match outcome {
            Outcome::Recoverable => Self::Recoverable,
            Outcome::Overpayment => Self::Overpayment,
            Outcome::NotRecoverable => Self::NotRecoverable,
            Outcome::Unknown => Self::Unknown,
            Outcome::Ambiguous => Self::Acknowledgement,
            Outcome::Pending => return None,
        })
    }

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Recoverable => "recoverable",
            Self::Overpayment => "overpayment",
            Self::NotRecoverable => "not_recoverable",
            Self::Unknown => "unknown",
            Self::Acknowledgement => "acknowledgement",
        }
    }

    /// From what is stored.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}
