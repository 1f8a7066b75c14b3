//! `GET /`.

use domain::{DepartmentSlug, InseeCode};
use serde::Serialize;

use crate::{Page, Sample, samples};

/// A département that answers here.
#[derive(Debug, Clone, Serialize)]
pub struct DepartmentChoice {
    /// `rhone`.
    pub slug: DepartmentSlug,
    /// `Rhône`.
    pub name: String,
    /// `69`.
    pub insee_code: InseeCode,
}

/// What the service is, for whom, who answers in it.
#[derive(Debug, Clone, Serialize)]
pub struct HomePage {
    /// Départements served, in the order of their numbers.
    pub departments: Vec<DepartmentChoice>,
}

impl Page for HomePage {
    const TEMPLATE: &'static str = "pages/home.html";

    fn title(&self) -> String {
        "Accueil".to_owned()
    }

    fn samples() -> Vec<Sample<Self>> {
        let page = |departments| Self { departments };
        let three = samples::departments;
        vec![
            Sample::new("accueil", samples::visitor("/"), page(three())),
            Sample::new("accueil-notaire", samples::notary("/"), page(three())),
            Sample::new("accueil-agent", samples::staff("/"), page(three())),
            Sample::new(
                "accueil-france",
                samples::visitor("/"),
                page(samples::all_departments()),
            ),
            Sample::new("accueil-vide", samples::visitor("/"), page(vec![])),
        ]
    }
}
