//! Letters.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{DecisionId, InquiryId, LetterId, LetterKind};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::Result;

/// A letter to be issued.
#[derive(Debug, Clone, PartialEq)]
pub struct NewLetter {
    /// Ours.
    pub id: LetterId,
    /// The inquiry it answers.
    pub inquiry: InquiryId,
    /// The decision it tells of.
    pub decision: DecisionId,
    /// What it says.
    pub kind: LetterKind,
    /// Everything the template needs, frozen.
    pub data: serde_json::Value,
    /// Secret part of the verification code.
    pub verification_secret: String,
    /// Date the letter bears.
    pub dated_on: NaiveDate,
    /// When it was drawn.
    pub drawn_at: DateTime<Utc>,
}

/// A letter.
#[derive(Debug, Clone, PartialEq)]
pub struct LetterRow {
    /// Ours.
    pub id: LetterId,
    /// The inquiry it answers.
    pub inquiry: InquiryId,
    /// The decision it tells of.
    pub decision: DecisionId,
    /// What it says.
    pub kind: LetterKind,
    /// Everything the template needs, frozen.
    pub data: serde_json::Value,
    /// Secret part of the verification code.
    pub verification_secret: String,
    /// Date the letter bears.
    pub dated_on: NaiveDate,
    /// When it was drawn.
    pub drawn_at: DateTime<Utc>,
    /// The file, once there is one.
    pub issued: Option<IssuedLetter>,
}

/// The file of a letter in object storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedLetter {
    /// SHA-256 of the PDF.
    pub sha256: [u8; 32],
    /// Size of the PDF in bytes.
    pub size: u64,
    /// Version of the template.
    pub template_version: String,
    /// Where it lies.
    pub object_key: String,
    /// Version of the object, where the store keeps versions.
    pub object_version: Option<String>,
    /// The data key it is encrypted with.
    pub data_key: Uuid,
    /// When.
    pub issued_at: DateTime<Utc>,
    /// Until when the store refuses to delete it, where it can.
    pub locked_until: Option<DateTime<Utc>>,
}

/// Repository of letters.
#[derive(Debug)]
pub struct Letters<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Letters<'_> {
    /// Records a letter to be issued.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn draw(&mut self, letter: &NewLetter) -> Result<()> {
        let _ = letter;
        todo!()
    }

    /// The letter of this id.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_id(&mut self, id: LetterId) -> Result<Option<LetterRow>> {
        let _ = id;
        todo!()
    }

    /// The letter of this id, held until the transaction ends: others who want to hold it wait.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn hold(&mut self, id: LetterId) -> Result<Option<LetterRow>> {
        let _ = id;
        todo!()
    }

    /// The letter with this verification secret.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_secret(&mut self, secret: &str) -> Result<Option<LetterRow>> {
        let _ = secret;
        todo!()
    }

    /// Marks a letter as issued, once: `false` when it already was, and then nothing changes.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn mark_issued(&mut self, id: LetterId, issued: &IssuedLetter) -> Result<bool> {
        let _ = (id, issued);
        todo!()
    }
}
