//! What the limits per notary are counted from: one claim for each inquiry made, or begun, in the last day.

use chrono::{DateTime, Utc};
use domain::{DepartmentSlug, NotaryId, SubmissionId};
use schema::Result;
use sqlx::PgConnection;

use crate::read::parsed;

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

    /// The départements for which this form has a claim.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn of(&mut self, notary: NotaryId, submission: SubmissionId) -> Result<Vec<DepartmentSlug>> {
        let slugs = sqlx::query_scalar!(
            "select department_slug from platform.inquiry_claim where notary_id = $1 and submission_id = $2",
            notary.0,
            submission.0,
        )
        .fetch_all(&mut *self.tx)
        .await?;
        slugs
            .into_iter()
            .map(|slug| parsed(slug, "platform.inquiry_claim"))
            .collect()
    }

    /// When the notary made the claim that has `newer` newer ones, if that was after a moment: to this département, or
    /// to any.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn at(
        &mut self,
        notary: NotaryId,
        department: Option<&DepartmentSlug>,
        newer: u32,
        after: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>> {
        let at = sqlx::query_scalar!(
            "select claimed_at from platform.inquiry_claim
             where notary_id = $1 and ($2::text is null or department_slug = $2) and claimed_at > $3
             order by claimed_at desc offset $4 limit 1",
            notary.0,
            department.map(DepartmentSlug::as_str),
            after,
            i64::from(newer),
        );
        Ok(at.fetch_optional(&mut *self.tx).await?)
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
