//! The form of an inquiry.

use chrono::NaiveDate;
use domain::{Decedent, DepartmentSlug, FileReference, SubmissionId};
use serde::{Deserialize, Serialize};

use super::FieldErrors;

/// What was typed. Sent as `application/x-www-form-urlencoded`, `departements` repeated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InquiryForm {
    /// Token of the session, checked by the web server.
    #[serde(skip_serializing)]
    pub csrf: String,
    /// The [`SubmissionId`] drawn with the empty form.
    pub demande: String,
    /// Slugs of the départements ticked.
    pub departements: Vec<String>,
    /// Family name at birth.
    pub nom_naissance: String,
    /// Name in use.
    pub nom_usage: String,
    /// Given names in civil-status order.
    pub prenoms: String,
    /// `F`, `M` or empty.
    pub sexe: String,
    /// Date of birth.
    pub naissance_date: String,
    /// Place of birth.
    pub naissance_lieu: String,
    /// Date of death.
    pub deces_date: String,
    /// Place of death.
    pub deces_lieu: String,
    /// Date of the death certificate.
    pub acte_date: String,
    /// The notary's file reference.
    pub reference: String,
    /// `oui` when the notary attests to be in charge of the estate.
    pub attestation: String,
}

/// An inquiry that can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedInquiry {
    /// Whom to ask: at least one, each once, in the order of the form.
    pub departments: Vec<DepartmentSlug>,
    /// About whom.
    pub decedent: Decedent,
    /// « Vos références ».
    pub file_reference: Option<FileReference>,
}

impl InquiryForm {
    /// An empty form, with the key that makes one inquiry of a double click.
    pub fn empty(submission: SubmissionId) -> Self {
        Self {
            demande: submission.to_string(),
            ..Self::default()
        }
    }

    /// The idempotency key; none when the hidden field was tampered with.
    pub fn submission(&self) -> Option<SubmissionId> {
        self.demande.parse().ok()
    }

    /// Takes the form, or says everything that is to be mended. `today` bounds the dates.
    ///
    /// # Errors
    /// [`FieldErrors`] to show with what was typed.
    pub fn parse(&self, today: NaiveDate) -> Result<ParsedInquiry, FieldErrors> {
        let _ = today;
        todo!()
    }
}
