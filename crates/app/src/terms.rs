//! Terms of use, accepted once per version.

use chrono::{DateTime, Utc};
use domain::NotaryId;

use crate::{App, AppError};

impl App {
    /// Records that the notary accepts the terms in force. Doing it again changes nothing.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn accept_terms(&self, _notary: NotaryId, _now: DateTime<Utc>) -> Result<(), AppError> {
        todo!()
    }
}
