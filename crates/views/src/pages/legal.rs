//! `GET /accessibilite`, `/accessibilite/{slug}`, `/mentions-legales`, `/donnees-personnelles`.

use domain::{Contact, DepartmentSlug};
use serde::Serialize;

use crate::{Page, PlatformIdentity, Sample};

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
        vec![]
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
        vec![]
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
        vec![]
    }
}
