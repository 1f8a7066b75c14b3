//! What a handler cannot answer.

use std::error::Error;
use std::fmt::Write;

use app::AppError;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::RETRY_AFTER;
use views::ViewError;
use views::pages::ErrorKind;

use crate::layers::limits::MAX_UPLOAD_MEBIBYTES;

/// What a handler cannot answer. Logged here, once; the page is made by [`crate::layers::errors`].
#[derive(Debug)]
pub(crate) enum Problem {
    /// Not there, or not for this person: the two are told the same way.
    NotFound,
    /// The form's token is missing, old or from elsewhere.
    FormExpired,
    /// The request makes no sense.
    BadRequest,
    /// The file is too long.
    TooLarge,
    /// The form is too long, or has too many fields.
    FormTooLarge,
    /// The address is too long.
    AddressTooLong,
    /// There are too many headers, or too long ones.
    HeadersTooLarge,
    /// The form did not arrive in time.
    TooSlow,
    /// Too many requests from one address.
    TooManyRequests {
        /// Seconds to wait.
        seconds: u32,
    },
    /// A part of the house failed.
    Unavailable(AppError),
    /// A part of the house failed, which was logged where it happened.
    Away,
    /// Sessions cannot be read or written.
    Sessions(tower_sessions::session::Error),
    /// A page of ours does not render.
    View(ViewError),
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        Self::Unavailable(error)
    }
}

impl From<tower_sessions::session::Error> for Problem {
    fn from(error: tower_sessions::session::Error) -> Self {
        Self::Sessions(error)
    }
}

impl From<ViewError> for Problem {
    fn from(error: ViewError) -> Self {
        Self::View(error)
    }
}

impl Problem {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound => ErrorKind::NotFound,
            Self::FormExpired => ErrorKind::FormExpired,
            Self::BadRequest => ErrorKind::BadRequest,
            Self::TooLarge => ErrorKind::TooLarge {
                limit: MAX_UPLOAD_MEBIBYTES,
            },
            Self::FormTooLarge => ErrorKind::FormTooLarge,
            Self::AddressTooLong => ErrorKind::AddressTooLong,
            Self::HeadersTooLarge => ErrorKind::HeadersTooLarge,
            Self::TooSlow => ErrorKind::TooSlow,
            Self::TooManyRequests { seconds } => ErrorKind::TooManyRequests { seconds: *seconds },
            Self::Unavailable(_) | Self::Away | Self::Sessions(_) => ErrorKind::Unavailable,
            Self::View(_) => ErrorKind::Internal,
        }
    }

    fn log(&self) {
        match self {
            Self::Unavailable(error) => {
                tracing::error!(
                    code = "unavailable",
                    error = chain(error),
                    "a part of the house failed"
                );
            }
            Self::Sessions(error) => {
                tracing::error!(code = "sessions", error = chain(error), "sessions cannot be used");
            }
            // The source may quote the page's data.
            Self::View(error) => tracing::error!(code = "view", %error, "a page does not render"),
            Self::TooManyRequests { .. } => {
                tracing::warn!(code = "too_many_requests", "an address is held back");
            }
            _ => {}
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.log();
        let kind = self.kind();
        let status = StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(kind);
        if let Self::TooManyRequests { seconds } = self {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// An error with its sources, none of which prints its own.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let _ = write!(text, ": {error}");
        source = error.source();
    }
    text
}
