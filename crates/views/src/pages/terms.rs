//! `GET` and `POST /conditions`.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::forms::FieldErrors;
use crate::{Page, Sample, samples};

/// Version of the text in `templates/pages/terms.html`; a new one is accepted again by every notary.
pub const TERMS_VERSION: &str = "2026-09";

/// Terms of use, to be accepted once a version. The form posts `csrf` and `acceptation=oui`.
#[derive(Debug, Clone, Serialize)]
pub struct TermsPage {
    /// [`TERMS_VERSION`].
    pub version: &'static str,
    /// When the person signed in accepted this version.
    pub accepted_at: Option<DateTime<Utc>>,
    /// Whether the form is shown: to a notary who has not accepted this version yet.
    pub acceptable: bool,
    /// Field `acceptation`: see [`TermsPage::not_accepted`].
    pub errors: FieldErrors,
}

impl TermsPage {
    /// The terms, to be accepted.
    pub fn to_accept() -> Self {
        Self {
            version: TERMS_VERSION,
            accepted_at: None,
            acceptable: true,
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

    /// The terms, to be read by anybody.
    pub fn to_read() -> Self {
        Self {
            acceptable: false,
            ..Self::to_accept()
        }
    }

    /// The terms, already accepted.
    pub fn accepted(at: DateTime<Utc>) -> Self {
        Self {
            accepted_at: Some(at),
            ..Self::to_read()
        }
    }
}

impl Page for TermsPage {
    const TEMPLATE: &'static str = "pages/terms.html";

    fn title(&self) -> String {
        "Conditions d’utilisation".to_owned()
    }

    fn samples() -> Vec<Sample<Self>> {
        let layout = || samples::arriving("/conditions");
        vec![
            Sample::new("conditions", layout(), Self::to_accept()),
            Sample::new("conditions-erreur", layout(), Self::not_accepted()),
            Sample::new(
                "conditions-lues",
                samples::visitor("/conditions"),
                Self::to_read(),
            ),
            Sample::new(
                "conditions-acceptees",
                samples::notary("/conditions"),
                Self::accepted(samples::now()),
            ),
        ]
    }
}
