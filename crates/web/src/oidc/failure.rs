//! Why a login did not succeed.

use std::fmt;

/// A login did not succeed. [`Self::code`] is all the log gets; the page for each is the views'.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginFailure {
    /// The person gave up at the provider (`access_denied`).
    Cancelled,
    /// `state` is unknown, was used, is another provider's or is older than ten minutes.
    State,
    /// The provider cannot be reached or does not work; the code says where.
    ProviderDown(&'static str),
    /// What the provider sent is refused; the code says why.
    Refused(&'static str),
    /// The person was not authenticated strongly enough.
    AcrTooLow,
    /// The provider names no office, or none with a valid CRPCEN code.
    OfficeMissing,
    /// The provider gives no usable e-mail.
    EmailMissing,
    /// No département knows this person.
    StaffUnknown,
    /// A département names this person, but the provider's word is not enough to link the account.
    StaffNotVouchedFor,
    /// The person is linked to another account.
    StaffLinkedElsewhere,
    /// The person's département is suspended.
    Suspended,
    /// A part of our own house failed.
    Unavailable,
}

impl LoginFailure {
    /// Stable code for the log.
    pub fn code(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::State => "state_unknown",
            Self::ProviderDown(code) | Self::Refused(code) => code,
            Self::AcrTooLow => "acr_too_low",
            Self::OfficeMissing => "office_missing",
            Self::EmailMissing => "email_missing",
            Self::StaffUnknown => "staff_unknown",
            Self::StaffNotVouchedFor => "staff_not_vouched_for",
            Self::StaffLinkedElsewhere => "staff_linked_elsewhere",
            Self::Suspended => "suspended",
            Self::Unavailable => "unavailable",
        }
    }
}

impl fmt::Display for LoginFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for LoginFailure {}
