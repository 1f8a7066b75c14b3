//! Acceptances of the terms of use.

use chrono::{DateTime, Utc};
use domain::NotaryId;
use sqlx::PgConnection;

use crate::error::Result;

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
        let _ = (notary, version);
        todo!()
    }

    /// Records the acceptance; the first one stands.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn accept(&mut self, notary: NotaryId, version: &str, at: DateTime<Utc>) -> Result<()> {
        let _ = (notary, version, at);
        todo!()
    }
}
