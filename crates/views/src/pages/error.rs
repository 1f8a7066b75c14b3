//! What is shown when a request cannot be answered.

use serde::Serialize;

use crate::{Page, Sample, samples};

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum ErrorKind {
    /// 404: not there, or not for this person.
    NotFound,
    /// 405.
    MethodNotAllowed,
    /// 400: the request makes no sense.
    BadRequest,
    /// 403: the form's token is missing, old or from elsewhere.
    FormExpired,
    /// 408: the form took too long to arrive.
    TooSlow,
    /// 413: a file.
    TooLarge {
        /// Mebibytes taken.
        limit: u32,
    },
    /// 413: a form without a file.
    FormTooLarge,
    /// 414.
    AddressTooLong,
    /// 429.
    TooManyRequests {
        /// Seconds to wait.
        seconds: u32,
    },
    /// 431: too many headers, or too long ones.
    HeadersTooLarge,
    /// 500.
    Internal,
    /// 503.
    Unavailable,
}

impl ErrorKind {
    /// HTTP status.
    pub fn status(self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::BadRequest => 400,
            Self::FormExpired => 403,
            Self::TooSlow => 408,
            Self::TooLarge { .. } | Self::FormTooLarge => 413,
            Self::AddressTooLong => 414,
            Self::TooManyRequests { .. } => 429,
            Self::HeadersTooLarge => 431,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }
}

/// A request cannot be answered.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorPage {
    /// Why.
    pub kind: ErrorKind,
    /// To be told to the help; shown for [`ErrorKind::Internal`] and [`ErrorKind::Unavailable`].
    pub request_id: Option<String>,
    /// Where to begin again after [`ErrorKind::FormExpired`]; the first page by default.
    pub back: Option<String>,
}

impl ErrorPage {
    /// An error without more.
    pub fn new(kind: ErrorKind) -> Self {
        Self {
            kind,
            request_id: None,
            back: None,
        }
    }
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "pages/error.html";

    fn title(&self) -> String {
        match self.kind {
            ErrorKind::NotFound => "Page introuvable",
            ErrorKind::MethodNotAllowed | ErrorKind::BadRequest | ErrorKind::HeadersTooLarge => {
                "Demande incomprise"
            }
            ErrorKind::AddressTooLong => "Adresse trop longue",
            ErrorKind::TooSlow => "Envoi interrompu",
            ErrorKind::FormTooLarge => "Saisie trop longue",
            ErrorKind::FormExpired => "Ce formulaire n’est plus valable",
            ErrorKind::TooLarge { .. } => "Fichier trop lourd",
            ErrorKind::TooManyRequests { .. } => "Trop de demandes à la fois",
            ErrorKind::Internal => "Un incident est survenu",
            ErrorKind::Unavailable => "Service momentanément indisponible",
        }
        .to_owned()
    }

    fn samples() -> Vec<Sample<Self>> {
        [
            ("erreur-404", ErrorKind::NotFound),
            ("erreur-405", ErrorKind::MethodNotAllowed),
            ("erreur-400", ErrorKind::BadRequest),
            ("erreur-403", ErrorKind::FormExpired),
            ("erreur-408", ErrorKind::TooSlow),
            ("erreur-413", ErrorKind::TooLarge { limit: 10 }),
            ("erreur-413-formulaire", ErrorKind::FormTooLarge),
            ("erreur-414", ErrorKind::AddressTooLong),
            ("erreur-431", ErrorKind::HeadersTooLarge),
            ("erreur-429", ErrorKind::TooManyRequests { seconds: 30 }),
            ("erreur-429-long", ErrorKind::TooManyRequests { seconds: 600 }),
            ("erreur-500", ErrorKind::Internal),
            ("erreur-503", ErrorKind::Unavailable),
        ]
        .into_iter()
        .map(|(name, kind)| {
            let page = Self {
                kind,
                request_id: (kind.status() >= 500).then(|| samples::id(91).to_string()),
                back: (kind == ErrorKind::FormExpired).then(|| "/demandes/nouvelle".to_owned()),
            };
            Sample::new(name, samples::visitor("/…"), page)
        })
        .collect()
    }
}
