//! The form of an inquiry.

use chrono::NaiveDate;
use domain::{Decedent, DepartmentSlug, FileReference, Sex, SubmissionId, french};
use serde::{Deserialize, Serialize};

use super::FieldErrors;
use super::reader::Reader;

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

    /// The form as it would be filled to ask `departments` about the same person under the same key.
    pub fn again(
        submission: SubmissionId,
        departments: &[&DepartmentSlug],
        decedent: &Decedent,
        file_reference: Option<&str>,
    ) -> Self {
        fn text<T: ToString>(value: Option<&T>) -> String {
            value.map(T::to_string).unwrap_or_default()
        }
        let full = |date: NaiveDate| french::form_date(date.into());
        Self {
            csrf: String::new(),
            demande: submission.to_string(),
            departements: departments.iter().map(|slug| slug.to_string()).collect(),
            nom_naissance: text(decedent.birth_name.as_ref()),
            nom_usage: text(decedent.usage_name.as_ref()),
            prenoms: decedent.given_names.to_string(),
            sexe: decedent.sex.map(Sex::code).unwrap_or_default().to_owned(),
            naissance_date: french::form_date(decedent.birth_date),
            naissance_lieu: text(decedent.birth_place.as_ref()),
            deces_date: full(decedent.death_date),
            deces_lieu: text(decedent.death_place.as_ref()),
            acte_date: decedent.death_certificate_date.map(full).unwrap_or_default(),
            reference: file_reference.unwrap_or_default().to_owned(),
            attestation: "oui".to_owned(),
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
        Reader::new(self, today).read()
    }
}
