//! Acceptances of the terms of use.

use chrono::{DateTime, Utc};
use domain::NotaryId;
use sqlx::PgConnection;

use schema::Result;

/// Repository of acceptances.
#[derive(Debug)]
pub struct Terms<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Terms<'_> {
    /// When the notary accepted this version, if ever.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn accepted(&mut self, notary: NotaryId, version: &str) -> Result<Option<DateTime<Utc>>> {
        let accepted = sqlx::query_scalar!(
            "select accepted_at from platform.terms_acceptance where notary_id = $1 and version = $2",
            notary.0,
            version,
        );
        Ok(accepted.fetch_optional(&mut *self.tx).await?)
    }

    /// Records the acceptance; the first one stands.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn accept(&mut self, notary: NotaryId, version: &str, at: DateTime<Utc>) -> Result<()> {
        sqlx::query!(
            "insert into platform.terms_acceptance (notary_id, version, accepted_at) values ($1, $2, $3)
             on conflict do nothing",
            notary.0,
            version,
            at,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }
}
