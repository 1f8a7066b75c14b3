//! `GET /demandes/nouvelle`; again with errors after `POST /demandes`.

use serde::Serialize;

use super::DepartmentChoice;
use crate::forms::{FieldErrors, InquiryForm};
use crate::{Page, Sample};

/// The form of an inquiry.
#[derive(Debug, Clone, Serialize)]
pub struct InquiryFormPage {
    /// What was typed, or [`InquiryForm::empty`].
    pub form: InquiryForm,
    /// What is to be mended.
    pub errors: FieldErrors,
    /// Whom one may ask, in the order of their numbers; suspended ones left out.
    pub departments: Vec<DepartmentChoice>,
}

impl Page for InquiryFormPage {
    const TEMPLATE: &'static str = "pages/inquiry.html";

    fn title(&self) -> String {
        if self.errors.is_empty() {
            "Nouvelle demande".to_owned()
        } else {
            "Erreur : nouvelle demande".to_owned()
        }
    }

    fn samples() -> Vec<Sample<Self>> {
        vec![]
    }
}
