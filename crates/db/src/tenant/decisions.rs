//! Decisions on inquiries. They are added, never changed.

use domain::{Decision, InquiryId};
use sqlx::PgConnection;

use crate::error::Result;

/// Repository of decisions.
#[derive(Debug)]
pub struct Decisions<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Decisions<'_> {
    /// Records a decision.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn add(&mut self, inquiry: InquiryId, decision: &Decision) -> Result<()> {
        let _ = (inquiry, decision);
        todo!()
    }

    /// The decisions on an inquiry, oldest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn of(&mut self, inquiry: InquiryId) -> Result<Vec<Decision>> {
        let _ = inquiry;
        todo!()
    }
}
