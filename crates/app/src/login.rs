//! Login: claims of a provider become a person we know.

mod notary;
mod staff;

use chrono::{DateTime, Utc};
use domain::{NotaryId, StaffId};

use crate::{App, AppError, LoginClaims, NotaryIdentity, StaffIdentity, StaffTrust};

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
    /// No département names this person.
    #[error("no département knows this person")]
    Unknown,
    /// A département names this e-mail, but the provider's word is not enough to link the account.
    #[error("the provider does not vouch for this person")]
    NotVouchedFor,
    /// The person is linked to another account.
    #[error("the person is linked to another account")]
    LinkedElsewhere,
    /// A part of the house failed.
    #[error("login failed")]
    Other(#[from] AppError),
}

impl NotaryLoginError {
    /// As the audit trail calls it.
    fn code(&self) -> &'static str {
        match self {
            Self::OfficeMissing => "office_missing",
            Self::EmailMissing => "email_missing",
            Self::Other(_) => "unavailable",
        }
    }
}

impl StaffLoginError {
    /// As the audit trail calls it.
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::NotVouchedFor => "not_vouched_for",
            Self::LinkedElsewhere => "linked_elsewhere",
            Self::Other(AppError::Suspended(_)) => "suspended",
            Self::Other(_) => "unavailable",
        }
    }
}

impl App {
    /// Logs a notary in: creates or updates the office and the person, by provider and subject. Inquiries made before
    /// keep belonging to the office they were made for.
    ///
    /// # Errors
    /// A [`NotaryLoginError`], each with its own page.
    pub async fn login_notary(
        &self,
        claims: &LoginClaims,
        now: DateTime<Utc>,
    ) -> Result<NotaryIdentity, NotaryLoginError> {
        notary::login(self, claims, now).await
    }

    /// Logs a member of staff in, in every département that names the person; never empty.
    ///
    /// # Errors
    /// A [`StaffLoginError`], each with its own page.
    pub async fn login_staff(
        &self,
        claims: &LoginClaims,
        trust: &StaffTrust,
        now: DateTime<Utc>,
    ) -> Result<Vec<StaffIdentity>, StaffLoginError> {
        staff::login(self, claims, trust, now).await
    }

    /// The notary of a session, as the person is today; `None` when unknown.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn notary(&self, id: NotaryId) -> Result<Option<NotaryIdentity>, AppError> {
        notary::identity(self, id).await
    }

    /// The member of staff of a session, as the person is today; `None` when unknown or no longer active.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn staff(&self, id: StaffId) -> Result<Option<StaffIdentity>, AppError> {
        let row = self.db().platform().await?.staff().by_id(id).await?;
        Ok(row.filter(|row| row.active).map(StaffIdentity::from))
    }
}
