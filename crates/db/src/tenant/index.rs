//! What a département tells the platform of its inquiries. PostgreSQL itself finds out which département tells it.

use chrono::{DateTime, Utc};
use domain::{InquiryId, NotaryId, OfficeId, Outcome, SubmissionId};
use sqlx::PgConnection;

use crate::error::Result;

/// What is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexEntry {
    /// The inquiry.
    pub inquiry: InquiryId,
    /// The form it came with.
    pub submission: SubmissionId,
    /// The office that asks.
    pub office: OfficeId,
    /// The notary who asks.
    pub notary: NotaryId,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// The answer.
    pub outcome: Outcome,
    /// Keyed tokens of names and references (blind index): never the words themselves.
    pub tokens: Vec<Vec<u8>>,
}

/// The platform's index, as one département may write it.
#[derive(Debug)]
pub struct TenantIndex<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl TenantIndex<'_> {
    /// Adds an inquiry; one already there stays as it is.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn add(&mut self, entry: &IndexEntry) -> Result<()> {
        let _ = entry;
        todo!()
    }

    /// Changes the answer to an inquiry of this département.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn answer(&mut self, inquiry: InquiryId, outcome: Outcome, at: DateTime<Utc>) -> Result<()> {
        let _ = (inquiry, outcome, at);
        todo!()
    }
}
