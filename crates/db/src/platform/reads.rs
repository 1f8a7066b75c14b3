//! Single looks at what all départements share. Each is one query for itself: nothing is kept by it and nothing held, so
//! no transaction is opened for it.

use domain::{InquiryId, NotaryId, OfficeId, SubmissionId};
use schema::Result;
use sqlx::PgPool;

use super::index::{Index, IndexRow};
use super::notaries::{Notaries, NotaryRow};
use crate::pool::live;

/// Looks at what all départements share, each for itself.
#[derive(Debug, Clone)]
pub struct PlatformReads {
    pub(crate) pool: PgPool,
}

impl PlatformReads {
    /// The notary of this id, and whether this version of the terms of use was accepted.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn notary(&self, id: NotaryId, terms: &str) -> Result<Option<(NotaryRow, bool)>> {
        let tx = &mut *live(&self.pool).await?;
        Notaries { tx }.with_terms(id, terms).await
    }

    /// The inquiries that came with one form of this office, by département.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn of_submission(&self, office: OfficeId, submission: SubmissionId) -> Result<Vec<IndexRow>> {
        let tx = &mut *live(&self.pool).await?;
        Index { tx }.of_submission(office, submission).await
    }

    /// One inquiry of this office.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn inquiry(&self, office: OfficeId, inquiry: InquiryId) -> Result<Option<IndexRow>> {
        let tx = &mut *live(&self.pool).await?;
        Index { tx }.find(office, inquiry).await
    }
}
