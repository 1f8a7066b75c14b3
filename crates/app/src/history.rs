//! « Mes demandes »: what an office asked, across départements.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{DepartmentSlug, OfficeId, Outcome};

use crate::{Answer, App, AppError};

/// What to show. Everything empty: all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryFilter {
    /// Words of a name or given name of the deceased, or their beginnings from three letters on.
    pub name: Option<String>,
    /// A reference, the office's or the département's, or its beginning.
    pub reference: Option<String>,
    /// Only this outcome.
    pub outcome: Option<Outcome>,
    /// Only this département.
    pub department: Option<DepartmentSlug>,
    /// Asked on this day (Paris) or later.
    pub from: Option<NaiveDate>,
    /// Asked on this day (Paris) or before.
    pub to: Option<NaiveDate>,
}

/// One page, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryPage {
    /// Its rows.
    pub rows: Vec<HistoryRow>,
    /// How many rows all pages have together.
    pub total: u64,
    /// This page, from 1.
    pub page: u32,
    /// How many pages, 1 at least.
    pub pages: u32,
}

/// One inquiry.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryRow {
    /// The form it came with.
    pub submission: domain::SubmissionId,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// Who of the office asked.
    pub asked_by: String,
    /// The deceased, as a list names a person.
    pub decedent: String,
    /// The office's reference.
    pub file_reference: Option<String>,
    /// Département, outcome and letter.
    pub answer: Answer,
}

impl App {
    /// One page of an office's inquiries. `page` counts from 1; past the last it is empty.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn history(
        &self,
        _office: OfficeId,
        _filter: &HistoryFilter,
        _page: u32,
    ) -> Result<HistoryPage, AppError> {
        todo!()
    }
}
