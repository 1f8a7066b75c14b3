//! What surrounds every page.

use domain::DepartmentSlug;
use serde::{Deserialize, Serialize};

/// What a page does not say itself: who is signed in, whose colours are worn, which token forms carry.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Layout {
    /// Token of the session, sent back by every form as `csrf`.
    pub csrf: String,
    /// Path of the page, without query: its link in the menu is marked as the current one.
    pub path: String,
    /// Who is signed in.
    pub user: Option<UserMenu>,
    /// The département whose colours and logo the page wears; none on the pages of notaries and visitors.
    pub department: Option<Brand>,
    /// Said above the header on every page: `Démonstration : toutes les personnes sont fictives.`
    pub banner: Option<String>,
}

/// The person signed in, as the header shows them.
#[derive(Debug, Clone, Serialize)]
pub struct UserMenu {
    /// `Claire Fontaine`.
    pub name: String,
    /// Office or département.
    pub organisation: String,
    /// Which menu is shown.
    pub kind: UserKind,
}

/// Which menu a person is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum UserKind {
    /// A notary who accepted the terms: new inquiry, inquiries of the office.
    Notary,
    /// A person whose sign-in is not complete (terms to be accepted): no links, only « Se déconnecter ».
    Arriving,
    /// Staff of a département.
    Staff {
        /// Whose.
        department: DepartmentSlug,
        /// Whether the person may read its audit trail.
        auditor: bool,
    },
}

/// A département's logo and colours.
#[derive(Debug, Clone, Serialize)]
pub struct Brand {
    /// `rhone`; the class `departement-rhone` wears the colours.
    pub slug: DepartmentSlug,
    /// `Rhône`.
    pub name: String,
    /// `Département du Rhône`.
    pub official_name: String,
    /// Path of the generated stylesheet: `/departements/rhone/couleurs-4.css`.
    pub stylesheet: String,
    /// Path of the logo: `/departements/rhone/logo-4`.
    pub logo: Option<String>,
}

/// Who runs the platform, for the legal pages. Part of the configuration of the web server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PlatformIdentity {
    /// Who publishes the service.
    pub operator: String,
    /// Postal address, line by line.
    pub address: Vec<String>,
    /// Where help is asked.
    pub email: Option<String>,
    /// Telephone of the help.
    pub telephone: Option<String>,
    /// Directeur de la publication (loi n° 2004-575, art. 1-1).
    pub publication_director: Option<String>,
    /// Who hosts the service: name, address and telephone, line by line.
    pub host: Vec<String>,
}

impl Default for PlatformIdentity {
    fn default() -> Self {
        Self {
            operator: "ADULLACT".to_owned(),
            address: Vec::new(),
            email: None,
            telephone: None,
            publication_director: None,
            host: Vec::new(),
        }
    }
}
