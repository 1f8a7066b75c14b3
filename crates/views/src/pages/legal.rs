//! `GET /accessibilite`, `/accessibilite/{slug}`, `/mentions-legales`, `/donnees-personnelles`.

use domain::{Contact, DepartmentSlug};
use serde::Serialize;

use crate::{Page, PlatformIdentity, Sample, samples};

/// How a département is reached about accessibility and personal data.
#[derive(Debug, Clone, Serialize)]
pub struct AccessibilityContact {
    /// `rhone`.
    pub slug: DepartmentSlug,
    /// `Département du Rhône`.
    pub official_name: String,
    /// How it is reached.
    pub contact: Contact,
}

/// Accessibility declaration: of the platform (`/accessibilite`) or of one département (`/accessibilite/{slug}`).
#[derive(Debug, Clone, Serialize)]
pub struct AccessibilityPage {
    /// Who runs the platform.
    pub platform: PlatformIdentity,
    /// Address of the service: `https://…`.
    pub public_url: String,
    /// The département whose declaration it is.
    pub department: Option<AccessibilityContact>,
    /// All départements, linked from the platform's own declaration.
    pub departments: Vec<AccessibilityContact>,
}

impl Page for AccessibilityPage {
    const TEMPLATE: &'static str = "pages/accessibility.html";

    fn title(&self) -> String {
        match &self.department {
            Some(department) => format!("Déclaration d’accessibilité – {}", department.official_name),
            None => "Déclaration d’accessibilité".to_owned(),
        }
    }

    fn samples() -> Vec<Sample<Self>> {
        let page = |department| Self {
            platform: samples::platform(),
            public_url: "https://notaires.exemple.fr".to_owned(),
            department,
            departments: samples::contacts(),
        };
        let one = samples::contacts().into_iter().next();
        vec![
            Sample::new("accessibilite", samples::visitor("/accessibilite"), page(None)),
            Sample::new(
                "accessibilite-departement",
                samples::branded("/accessibilite/rhone"),
                page(one),
            ),
        ]
    }
}

/// Mentions légales.
#[derive(Debug, Clone, Serialize)]
pub struct LegalNoticePage {
    /// Who runs the platform.
    pub platform: PlatformIdentity,
}

impl Page for LegalNoticePage {
    const TEMPLATE: &'static str = "pages/legal_notice.html";

    fn title(&self) -> String {
        "Mentions légales".to_owned()
    }

    fn samples() -> Vec<Sample<Self>> {
        let page = |platform| Self { platform };
        vec![
            Sample::new(
                "mentions-legales",
                samples::visitor("/mentions-legales"),
                page(samples::platform()),
            ),
            Sample::new(
                "mentions-legales-courtes",
                samples::visitor("/mentions-legales"),
                page(PlatformIdentity::default()),
            ),
        ]
    }
}

/// Données personnelles.
#[derive(Debug, Clone, Serialize)]
pub struct PrivacyPage {
    /// Who runs the platform.
    pub platform: PlatformIdentity,
    /// Who is responsible for the answers.
    pub departments: Vec<AccessibilityContact>,
}

impl Page for PrivacyPage {
    const TEMPLATE: &'static str = "pages/privacy.html";

    fn title(&self) -> String {
        "Données personnelles".to_owned()
    }

    fn samples() -> Vec<Sample<Self>> {
        let page = |departments| Self {
            platform: samples::platform(),
            departments,
        };
        let layout = || samples::visitor("/donnees-personnelles");
        vec![
            Sample::new("donnees-personnelles", layout(), page(samples::contacts())),
            Sample::new("donnees-personnelles-vide", layout(), page(vec![])),
        ]
    }
}
