//! Terms of use, accepted once per version.

use chrono::{DateTime, Utc};
use domain::NotaryId;

use crate::{App, AppError};

impl App {
    /// Records that the notary accepts the terms in force. Doing it again changes nothing.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn accept_terms(&self, notary: NotaryId, now: DateTime<Utc>) -> Result<(), AppError> {
        let mut tx = self.db().platform().await?;
        tx.terms().accept(notary, self.terms_version(), now).await?;
        tx.save().await?;
        tracing::info!(%notary, version = self.terms_version(), "terms accepted");
        Ok(())
    }
}
