//! `GET /demandes/nouvelle`; again with errors after `POST /demandes`.

use domain::SubmissionId;
use serde::Serialize;

use super::DepartmentChoice;
use crate::forms::{FieldErrors, InquiryForm};
use crate::{Page, Sample, samples};

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
        let layout = || samples::notary("/demandes/nouvelle");
        let page = |form, errors, departments| Self {
            form,
            errors,
            departments,
        };
        let today = samples::now().date_naive();
        let empty = InquiryForm::empty(SubmissionId(samples::id(1)));
        let all_wrong = empty.parse(today).err().unwrap_or_default();
        let wrong = InquiryForm {
            departements: vec!["isere".to_owned()],
            sexe: "X".to_owned(),
            naissance_date: "31/02/1931".to_owned(),
            acte_date: "01/09/2026".to_owned(),
            prenoms: String::new(),
            attestation: String::new(),
            ..samples::form()
        };
        let errors = wrong.parse(today).err().unwrap_or_default();
        let none = FieldErrors::new;
        vec![
            Sample::new(
                "demande",
                layout(),
                page(empty.clone(), none(), samples::departments()),
            ),
            Sample::new(
                "demande-remplie",
                layout(),
                page(samples::form(), none(), samples::departments()),
            ),
            Sample::new(
                "demande-erreurs",
                layout(),
                page(wrong.clone(), errors.clone(), samples::departments()),
            ),
            Sample::new(
                "demande-vide-erreurs",
                layout(),
                page(empty.clone(), all_wrong, samples::all_departments()),
            ),
            Sample::new(
                "demande-france",
                layout(),
                page(samples::form(), none(), samples::all_departments()),
            ),
            Sample::new("demande-fermee", layout(), page(empty, none(), vec![])),
        ]
    }
}
