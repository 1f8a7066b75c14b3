//! Single looks at what all départements share. Each is one query for itself: nothing is kept by it and nothing held, so
//! no transaction is opened for it.

use domain::{InquiryId, NotaryId, OfficeId, SubmissionId};
use schema::Result;
use sqlx::PgPool;

use super::index::{Index, IndexRow};
use super::notaries::{Notaries, NotaryRow};
use crate::pool::look;

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
        look!(self.pool, |tx| Notaries { tx }.with_terms(id, terms))
    }

    /// The inquiries that came with one form of this office, by département.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn of_submission(&self, office: OfficeId, submission: SubmissionId) -> Result<Vec<IndexRow>> {
        look!(self.pool, |tx| Index { tx }.of_submission(office, submission))
    }

    /// One inquiry of this office.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn inquiry(&self, office: OfficeId, inquiry: InquiryId) -> Result<Option<IndexRow>> {
        look!(self.pool, |tx| Index { tx }.find(office, inquiry))
    }
}
