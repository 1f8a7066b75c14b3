//! Inquiries.

use chrono::{DateTime, Utc};
use domain::{Asker, Decedent, Decision, FileReference, Inquiry, InquiryId, SubmissionId};
use sqlx::PgConnection;

use super::letters::LetterRow;
use crate::error::Result;

/// An inquiry to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInquiry {
    /// Ours.
    pub id: InquiryId,
    /// The form it came with: the idempotency key.
    pub submission: SubmissionId,
    /// Begin of « Nos références » : `69-2026`. The département's own number follows: `69-2026-000042`.
    pub series: String,
    /// Who asks.
    pub asker: Asker,
    /// About whom.
    pub decedent: Decedent,
    /// « Vos références ».
    pub file_reference: Option<FileReference>,
    /// When.
    pub asked_at: DateTime<Utc>,
}

/// An inquiry and how it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct InquiryRow {
    /// The inquiry.
    pub inquiry: Inquiry,
    /// The last decision on it.
    pub decision: Option<Decision>,
    /// The last letter on it.
    pub letter: Option<LetterRow>,
}

/// What became of a form handed in.
#[derive(Debug, Clone, PartialEq)]
pub enum Opened {
    /// A new inquiry.
    New(Inquiry),
    /// The form had been handed in before: nothing was written. Whether the same office asks is for the caller to check.
    Existing(InquiryRow),
}

/// Repository of inquiries.
#[derive(Debug)]
pub struct Inquiries<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Inquiries<'_> {
    /// Opens an inquiry, or finds the one the same form opened before. Two at once: the second waits for the first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn open(&mut self, inquiry: &NewInquiry) -> Result<Opened> {
        let _ = inquiry;
        todo!()
    }

    /// The inquiry of this id.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_id(&mut self, id: InquiryId) -> Result<Option<InquiryRow>> {
        let _ = id;
        todo!()
    }

    /// The inquiry this form opened here.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_submission(&mut self, submission: SubmissionId) -> Result<Option<InquiryRow>> {
        let _ = submission;
        todo!()
    }

    /// The inquiries of these ids, in no order.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn many(&mut self, ids: &[InquiryId]) -> Result<Vec<InquiryRow>> {
        let _ = ids;
        todo!()
    }

    /// The newest inquiries, newest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn recent(&mut self, limit: u32) -> Result<Vec<InquiryRow>> {
        let _ = limit;
        todo!()
    }

    /// How many inquiries there are.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn count(&mut self) -> Result<u64> {
        todo!()
    }
}
