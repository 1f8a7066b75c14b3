//! Notaries and their collaborators.

use chrono::{DateTime, Utc};
use domain::{NotaryId, OfficeId};
use sqlx::PgConnection;

use super::offices::OfficeRow;
use crate::error::Result;

/// A notary who has logged in at least once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotaryRow {
    /// Ours.
    pub id: NotaryId,
    /// Provider that vouches for the person.
    pub provider: String,
    /// The provider's identifier of the person.
    pub subject: String,
    /// Given and family name.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// The office of the last login.
    pub office: OfficeRow,
    /// When the person last logged in.
    pub last_login_at: DateTime<Utc>,
}

/// A notary as a login tells of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotaryLogin {
    /// The id should the person be new.
    pub id: NotaryId,
    /// Provider.
    pub provider: String,
    /// The provider's identifier of the person.
    pub subject: String,
    /// Given and family name.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// The office.
    pub office: OfficeId,
    /// When.
    pub at: DateTime<Utc>,
}

/// Repository of notaries.
#[derive(Debug)]
pub struct Notaries<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Notaries<'_> {
    /// The notary of this provider and subject, created or brought up to date.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn login(&mut self, login: &NotaryLogin) -> Result<NotaryRow> {
        let _ = login;
        todo!()
    }

    /// The notary of this id.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_id(&mut self, id: NotaryId) -> Result<Option<NotaryRow>> {
        let _ = id;
        todo!()
    }
}
