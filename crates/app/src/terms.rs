//! Terms of use, accepted once per version.

use chrono::{DateTime, Utc};
use db::Actor;
use domain::{Action, NotaryId};

use crate::audit::entry;
use crate::{App, AppError};

impl App {
    /// Records that the notary accepts the terms in force. Doing it again changes nothing.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn accept_terms(&self, notary: NotaryId, now: DateTime<Utc>) -> Result<(), AppError> {
        let mut tx = self.db().platform().await?;
        if tx.terms().accepted(notary, self.terms_version()).await?.is_some() {
            return Ok(());
        }
        tx.terms().accept(notary, self.terms_version(), now).await?;
        let accepted = entry(
            Actor::Notary(notary),
            Action::TermsAccepted,
            self.terms_version(),
            now,
        );
        tx.audit().record(accepted);
        tx.save().await?;
        tracing::info!(%notary, version = self.terms_version(), "terms accepted");
        Ok(())
    }
}
