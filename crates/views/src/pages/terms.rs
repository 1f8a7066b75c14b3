//! `GET` and `POST /conditions`.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::forms::FieldErrors;
use crate::{Page, Sample};

/// Version of the text in `templates/pages/terms.html`; a new one is accepted again by every notary.
pub const TERMS_VERSION: &str = "2026-09";

/// Terms of use, to be accepted once a version. The form posts `csrf` and `acceptation=oui`.
#[derive(Debug, Clone, Serialize)]
pub struct TermsPage {
    /// [`TERMS_VERSION`].
    pub version: &'static str,
    /// When the person signed in accepted this version; without it the form is shown to them.
    pub accepted_at: Option<DateTime<Utc>>,
    /// Field `acceptation`: see [`TermsPage::not_accepted`].
    pub errors: FieldErrors,
}

impl TermsPage {
    /// The terms, to be accepted.
    pub fn to_accept() -> Self {
        Self {
            version: TERMS_VERSION,
            accepted_at: None,
            errors: FieldErrors::new(),
        }
    }

    /// The terms again, the box not having been ticked.
    pub fn not_accepted() -> Self {
        let mut page = Self::to_accept();
        page.errors.push(
            "acceptation",
            "Cochez la case pour accepter les conditions d’utilisation, ou déconnectez-vous.",
        );
        page
    }

    /// The terms, already accepted.
    pub fn accepted(at: DateTime<Utc>) -> Self {
        Self {
            accepted_at: Some(at),
            ..Self::to_accept()
        }
    }
}

impl Page for TermsPage {
    const TEMPLATE: &'static str = "pages/terms.html";

    fn title(&self) -> String {
        "Conditions d’utilisation".to_owned()
    }

    fn samples() -> Vec<Sample<Self>> {
        vec![]
    }
}
