//! What goes wrong without anybody being at fault: a part of the house cannot be reached or misbehaves.

use db::DbError;
use domain::DepartmentSlug;
use objects::{KeyringError, ObjectError};

/// A part of the house failed. Shown to people as « service momentanément indisponible », logged once at the boundary.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppError {
    /// The département is not served for the time being.
    #[error("the département {0} is suspended")]
    Suspended(DepartmentSlug),
    /// The database.
    #[error("the database failed")]
    Database(#[source] DbError),
    /// Object storage.
    #[error("object storage failed")]
    Storage(#[from] ObjectError),
    /// Keys.
    #[error("a key cannot be used")]
    Key(#[from] KeyringError),
    /// Something in the database is not as it must be.
    #[error("inconsistent data: {0}")]
    Inconsistent(&'static str),
}

impl AppError {
    /// Whether the same call may succeed a moment later.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Suspended(_) => true,
            Self::Database(error) => matches!(error, DbError::Unreachable(_)),
            Self::Storage(error) => error.is_transient(),
            Self::Key(_) | Self::Inconsistent(_) => false,
        }
    }
}

impl From<DbError> for AppError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::TenantUnavailable(slug) => Self::Suspended(slug),
            other => Self::Database(other),
        }
    }
}

/// An error and what caused it, in one line for a log: [`std::fmt::Display`] alone never tells its source.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
