//! What the limits per notary are counted from: one claim for each inquiry made, or begun, in the last day.

use chrono::{DateTime, Utc};
use domain::{DepartmentSlug, NotaryId, SubmissionId};
use schema::Result;
use sqlx::PgConnection;

use crate::read::parsed;

/// One inquiry of a notary, as far as limits go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The form it came with.
    pub submission: SubmissionId,
    /// The département asked.
    pub department: DepartmentSlug,
    /// When.
    pub at: DateTime<Utc>,
}

/// Repository of claims.
#[derive(Debug)]
pub struct Claims<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Claims<'_> {
    /// Takes the notary's claims until the transaction ends: another process that wants them waits, so that two can
    /// never find room for the same inquiry. The commit need not reach the disk before the answer goes on: what a crash
    /// of PostgreSQL could take back is a fraction of a second of counting, never an inquiry.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn hold(&mut self, notary: NotaryId) -> Result<()> {
        sqlx::query!(
            "select set_config('synchronous_commit', 'off', true) as lazy
             from platform.notary where id = $1 for no key update",
            notary.0
        )
        .fetch_optional(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// The notary's claims after a moment, in no order.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn since(&mut self, notary: NotaryId, after: DateTime<Utc>) -> Result<Vec<Claim>> {
        let rows = sqlx::query!(
            "select submission_id, department_slug, claimed_at from platform.inquiry_claim
             where notary_id = $1 and claimed_at > $2",
            notary.0,
            after,
        )
        .fetch_all(&mut *self.tx)
        .await?;
        let claim = |submission_id, department_slug, at| {
            Ok(Claim {
                submission: SubmissionId(submission_id),
                department: parsed(department_slug, "platform.inquiry_claim")?,
                at,
            })
        };
        rows.into_iter()
            .map(|row| claim(row.submission_id, row.department_slug, row.claimed_at))
            .collect()
    }

    /// Claims one inquiry in each of these départements; one claimed before stays as it is.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn add(
        &mut self,
        notary: NotaryId,
        submission: SubmissionId,
        departments: &[&DepartmentSlug],
        at: DateTime<Utc>,
    ) -> Result<()> {
        let slugs: Vec<String> = departments.iter().map(ToString::to_string).collect();
        sqlx::query!(
            "insert into platform.inquiry_claim (notary_id, submission_id, department_slug, claimed_at)
             select $1, $2, slug, $4 from unnest($3::text[]) slug
             on conflict do nothing",
            notary.0,
            submission.0,
            &slugs,
            at,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Forgets the notary's claims up to a moment.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn forget(&mut self, notary: NotaryId, until: DateTime<Utc>) -> Result<()> {
        sqlx::query!(
            "delete from platform.inquiry_claim where notary_id = $1 and claimed_at <= $2",
            notary.0,
            until,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }
}
