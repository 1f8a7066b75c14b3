//! What the limits per notary are counted from: one claim for each inquiry made, or begun, in the last day.

use chrono::{DateTime, Utc};
use domain::{DepartmentSlug, NotaryId, SubmissionId};
use schema::Result;
use sqlx::PgConnection;

use crate::read::parsed;

/// Asks for the claim that stands at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimInPlace {
    /// Counted among those of this département, or all.
    pub department: Option<DepartmentSlug>,
    /// How many claims are newer.
    pub newer: u32,
    /// Made after this moment; older ones do not count.
    pub after: DateTime<Utc>,
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

    /// For each of these questions, in their order: when the notary made the claim that has so many newer ones, if that was
    /// late enough.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn at(
        &mut self,
        notary: NotaryId,
        wanted: &[ClaimInPlace],
    ) -> Result<Vec<Option<DateTime<Utc>>>> {
        let departments: Vec<Option<&str>> = wanted
            .iter()
            .map(|wanted| wanted.department.as_ref().map(DepartmentSlug::as_str))
            .collect();
        let newer: Vec<i64> = wanted.iter().map(|wanted| i64::from(wanted.newer)).collect();
        let after: Vec<DateTime<Utc>> = wanted.iter().map(|wanted| wanted.after).collect();
        let at = sqlx::query_scalar!(
            r#"select (
                   select claimed_at from platform.inquiry_claim
                   where notary_id = $1 and (w.department is null or department_slug = w.department)
                     and claimed_at > w.after
                   order by claimed_at desc offset w.newer limit 1
               ) as at
               from unnest($2::text[], $3::bigint[], $4::timestamptz[]) with ordinality
                    as w (department, newer, after, place)
               order by place"#,
            notary.0,
            &departments as &[Option<&str>],
            &newer,
            &after,
        );
        Ok(at.fetch_all(&mut *self.tx).await?)
    }

    /// Claims one inquiry in each of these départements; one claimed before stays as it is. Forgets the notary's claims up
    /// to a moment.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn add(
        &mut self,
        notary: NotaryId,
        submission: SubmissionId,
        departments: &[&DepartmentSlug],
        at: DateTime<Utc>,
        forget_until: DateTime<Utc>,
    ) -> Result<()> {
        let slugs: Vec<String> = departments.iter().map(ToString::to_string).collect();
        sqlx::query!(
            "with forgotten as (
                 delete from platform.inquiry_claim where notary_id = $1 and claimed_at <= $5
             )
             insert into platform.inquiry_claim (notary_id, submission_id, department_slug, claimed_at)
             select $1, $2, slug, $4 from unnest($3::text[]) slug
             on conflict do nothing",
            notary.0,
            submission.0,
            &slugs,
            at,
            forget_until,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }
}
