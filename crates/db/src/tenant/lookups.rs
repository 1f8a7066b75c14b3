//! What an office asked lately, to see whether it circles around one person.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{Decedent, DepartmentSlug, NotaryId, OfficeId, Sex};
use schema::{DbError, Result};
use sqlx::PgConnection;

use crate::read::{parsed, parsed_option};

/// Repository of what was asked lately.
#[derive(Debug)]
pub struct Lookups<'t> {
    pub(crate) tx: &'t mut PgConnection,
    pub(crate) slug: &'t DepartmentSlug,
}

impl Lookups<'_> {
    /// Takes an office, in this département, until the transaction ends: its next inquiry here waits, from whichever
    /// process. Otherwise many sent at once would not see one another. [`crate::Db::tenant_holding`] begins with it.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn hold(&mut self, office: OfficeId) -> Result<()> {
        // Two offices whose hashes agree would wait for one another for a moment, nothing worse.
        sqlx::query!(
            "select pg_advisory_xact_lock(hashtextextended($1, 0))",
            lock(self.slug, office)
        )
        .fetch_one(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// About whom this office, or this notary from whichever office, asked after a moment: the latest `limit` of each.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn asked(
        &mut self,
        office: OfficeId,
        notary: NotaryId,
        after: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Decedent>> {
        let rows = sqlx::query_as!(
            Record,
            r#"(select birth_name, usage_name, given_names as "given_names!", sex, birth_date as "birth_date!",
                       birth_place, death_date as "death_date!"
                from inquiry where office_id = $1 and asked_at > $3 order by asked_at desc limit $4)
               union all
               (select birth_name, usage_name, given_names, sex, birth_date, birth_place, death_date
                from inquiry where notary_id = $2 and office_id <> $1 and asked_at > $3
                order by asked_at desc limit $4)"#,
            office.0,
            notary.0,
            after,
            i64::from(limit),
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(Decedent::try_from).collect()
    }
}

/// What an office is taken by in a département.
pub(crate) fn lock(slug: &DepartmentSlug, office: OfficeId) -> String {
    format!("{slug}/{office}")
}

struct Record {
    birth_name: Option<String>,
    usage_name: Option<String>,
    given_names: String,
    sex: Option<String>,
    birth_date: String,
    birth_place: Option<String>,
    death_date: NaiveDate,
}

const TABLE: &str = "inquiry";

impl TryFrom<Record> for Decedent {
    type Error = DbError;

    fn try_from(row: Record) -> Result<Self> {
        Ok(Self {
            birth_name: parsed_option(row.birth_name, TABLE)?,
            usage_name: parsed_option(row.usage_name, TABLE)?,
            given_names: parsed(row.given_names, TABLE)?,
            sex: row.sex.as_deref().and_then(Sex::parse),
            birth_date: parsed(row.birth_date, TABLE)?,
            birth_place: parsed_option(row.birth_place, TABLE)?,
            death_date: row.death_date,
            death_place: None,
            death_certificate_date: None,
        })
    }
}
