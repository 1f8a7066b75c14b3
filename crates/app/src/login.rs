//! Login: claims of a provider become a person we know.

use chrono::{DateTime, Utc};
use domain::{NotaryId, StaffId};

use crate::{App, AppError, LoginClaims, NotaryIdentity, StaffIdentity, StaffLinking};

/// A notary cannot be let in.
#[derive(Debug, thiserror::Error)]
pub enum NotaryLoginError {
    /// The provider names no office, or none with a valid CRPCEN code.
    #[error("the provider names no office")]
    OfficeMissing,
    /// The provider gives no usable e-mail: the answer could not be announced.
    #[error("the provider gives no e-mail")]
    EmailMissing,
    /// A part of the house failed.
    #[error("login failed")]
    Other(#[from] AppError),
}

/// A member of a département's staff cannot be let in.
#[derive(Debug, thiserror::Error)]
pub enum StaffLoginError {
    /// No département names this person, or the provider's word is not enough to link the account.
    #[error("no département knows this person")]
    Unknown,
    /// A part of the house failed.
    #[error("login failed")]
    Other(#[from] AppError),
}

impl App {
    /// Logs a notary in: creates or updates the office and the person, by provider and subject.
    ///
    /// # Errors
    /// A [`NotaryLoginError`], each with its own page.
    pub async fn login_notary(
        &self,
        _claims: &LoginClaims,
        _now: DateTime<Utc>,
    ) -> Result<NotaryIdentity, NotaryLoginError> {
        todo!()
    }

    /// Logs a member of staff in, in every département that names the person; never empty.
    ///
    /// # Errors
    /// A [`StaffLoginError`], each with its own page.
    pub async fn login_staff(
        &self,
        _claims: &LoginClaims,
        _linking: &StaffLinking,
        _now: DateTime<Utc>,
    ) -> Result<Vec<StaffIdentity>, StaffLoginError> {
        todo!()
    }

    /// The notary of a session, as the person is today; `None` when unknown.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn notary(&self, _id: NotaryId) -> Result<Option<NotaryIdentity>, AppError> {
        todo!()
    }

    /// The member of staff of a session, as the person is today; `None` when unknown or no longer active.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn staff(&self, _id: StaffId) -> Result<Option<StaffIdentity>, AppError> {
        todo!()
    }
}
