//! What a département tells the platform of its inquiries. PostgreSQL itself finds out which département tells it.

use chrono::{DateTime, Utc};
use domain::{InquiryId, NotaryId, OfficeId, Outcome, SubmissionId};
use schema::Result;
use sqlx::PgConnection;

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
        sqlx::query!(
            "select platform.index_inquiry($1, $2, $3, $4, $5, $6, $7)",
            entry.inquiry.0,
            entry.submission.0,
            entry.office.0,
            entry.notary.0,
            entry.asked_at,
            entry.outcome.code(),
            &entry.tokens,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Changes the answer to an inquiry; `false` when this département has none of this id there.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn answer(&mut self, inquiry: InquiryId, outcome: Outcome, at: DateTime<Utc>) -> Result<bool> {
        let changed = sqlx::query_scalar!(
            r#"select platform.index_outcome($1, $2, $3) as "changed!""#,
            inquiry.0,
            outcome.code(),
            at,
        );
        Ok(changed.fetch_one(&mut *self.tx).await?)
    }
}
