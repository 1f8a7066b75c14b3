//! « Mes demandes » : the offices' inquiries across départements, without a name in it.

use chrono::{DateTime, Utc};
use domain::{DepartmentSlug, InquiryId, NotaryId, OfficeId, Outcome, SubmissionId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::read::{outcome, parsed};

use schema::{DbError, Result};

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

macro_rules! select_index {
    ($rest:tt $(, $argument:expr)*) => {
        sqlx::query_as!(
            Record,
            "select inquiry_id, submission_id, department_slug, office_id, notary_id, asked_at, outcome, updated_at
             from platform.inquiry_index " + $rest
            $(, $argument)*
        )
    };
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
        let outcome = filter.outcome.map(Outcome::code);
        let department = filter.department.as_ref().map(DepartmentSlug::as_str);
        let total = sqlx::query_scalar!(
            r#"select count(*) as "count!" from platform.inquiry_index
               where office_id = $1 and tokens @> $2 and ($3::text is null or outcome = $3)
                 and ($4::text is null or department_slug = $4)
                 and ($5::timestamptz is null or asked_at >= $5) and ($6::timestamptz is null or asked_at < $6)"#,
            office.0,
            &filter.tokens,
            outcome,
            department,
            filter.from,
            filter.until,
        )
        .fetch_one(&mut *self.tx)
        .await?;
        let rows = select_index!(
            "where office_id = $1 and tokens @> $2 and ($3::text is null or outcome = $3)
               and ($4::text is null or department_slug = $4)
               and ($5::timestamptz is null or asked_at >= $5) and ($6::timestamptz is null or asked_at < $6)
             order by asked_at desc, inquiry_id desc limit $7 offset $8",
            office.0,
            &filter.tokens,
            outcome,
            department,
            filter.from,
            filter.until,
            i64::from(page.size),
            i64::from(page.number.saturating_sub(1)) * i64::from(page.size)
        )
        .fetch_all(&mut *self.tx)
        .await?;
        let rows = rows.into_iter().map(IndexRow::try_from).collect::<Result<_>>()?;
        Ok((rows, total.unsigned_abs()))
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
        let rows = select_index!(
            "where office_id = $1 and submission_id = $2 order by department_slug",
            office.0,
            submission.0
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(IndexRow::try_from).collect()
    }

    /// One inquiry of this office.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn find(&mut self, office: OfficeId, inquiry: InquiryId) -> Result<Option<IndexRow>> {
        let row = select_index!("where office_id = $1 and inquiry_id = $2", office.0, inquiry.0)
            .fetch_optional(&mut *self.tx)
            .await?;
        row.map(IndexRow::try_from).transpose()
    }
}

struct Record {
    inquiry_id: Uuid,
    submission_id: Uuid,
    department_slug: String,
    office_id: Uuid,
    notary_id: Uuid,
    asked_at: DateTime<Utc>,
    outcome: String,
    updated_at: DateTime<Utc>,
}

const TABLE: &str = "platform.inquiry_index";

impl TryFrom<Record> for IndexRow {
    type Error = DbError;

    fn try_from(row: Record) -> Result<Self> {
        Ok(Self {
            inquiry: InquiryId(row.inquiry_id),
            submission: SubmissionId(row.submission_id),
            department: parsed(row.department_slug, TABLE)?,
            office: OfficeId(row.office_id),
            notary: NotaryId(row.notary_id),
            asked_at: row.asked_at,
            outcome: outcome(&row.outcome, TABLE)?,
            updated_at: row.updated_at,
        })
    }
}
