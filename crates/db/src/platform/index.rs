//! « Mes demandes » : the offices' inquiries across départements, without a name in it.

use chrono::{DateTime, Utc};
use domain::{DepartmentSlug, InquiryId, NotaryId, OfficeId, Outcome, SubmissionId};
use sqlx::PgConnection;

use crate::error::Result;

/// What the platform knows of an inquiry. Details are read in the département.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexRow {
    /// The inquiry.
    pub inquiry: InquiryId,
    /// The form it came with.
    pub submission: SubmissionId,
    /// The département asked.
    pub department: DepartmentSlug,
    /// The office that asked.
    pub office: OfficeId,
    /// The notary who asked.
    pub notary: NotaryId,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// The answer.
    pub outcome: Outcome,
    /// When the answer last changed.
    pub updated_at: DateTime<Utc>,
}

/// Which inquiries are wanted. Every condition given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexFilter {
    /// Keyed tokens (blind index) of the words searched: all must be there.
    pub tokens: Vec<Vec<u8>>,
    /// The answer.
    pub outcome: Option<Outcome>,
    /// The département asked.
    pub department: Option<DepartmentSlug>,
    /// Asked at or after.
    pub from: Option<DateTime<Utc>>,
    /// Asked before.
    pub until: Option<DateTime<Utc>>,
}

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// From 1.
    pub number: u32,
    /// Rows on one page.
    pub size: u32,
}

/// Repository of the index.
#[derive(Debug)]
pub struct Index<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Index<'_> {
    /// One page of an office's inquiries, newest first, and how many there are in all.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn page(
        &mut self,
        office: OfficeId,
        filter: &IndexFilter,
        page: Page,
    ) -> Result<(Vec<IndexRow>, u64)> {
        let _ = (office, filter, page);
        todo!()
    }

    /// The inquiries that came with one form of this office, by département.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn of_submission(
        &mut self,
        office: OfficeId,
        submission: SubmissionId,
    ) -> Result<Vec<IndexRow>> {
        let _ = (office, submission);
        todo!()
    }

    /// One inquiry of this office.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn find(&mut self, office: OfficeId, inquiry: InquiryId) -> Result<Option<IndexRow>> {
        let _ = (office, inquiry);
        todo!()
    }
}
