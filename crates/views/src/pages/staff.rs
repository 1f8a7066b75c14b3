//! `GET /departements` and `/departements/{slug}`.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{InquiryId, Outcome, RegisterId, RoleSet, TenantSettings};
use serde::Serialize;

use crate::{Brand, Page, Sample, samples};

/// The register answers rest on.
#[derive(Debug, Clone, Serialize)]
pub struct RegisterSummary {
    /// Its version.
    pub id: RegisterId,
    /// Name of the file or of the source.
    pub source: String,
    /// When it was imported.
    pub imported_at: DateTime<Utc>,
    /// Persons in it.
    pub individuals: u64,
    /// Aids in it.
    pub aids: u64,
}

/// How many inquiries had an outcome.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct OutcomeCount {
    /// Which.
    pub outcome: Outcome,
    /// How many.
    pub count: u64,
}

/// One of the latest inquiries, without a word on the deceased.
#[derive(Debug, Clone, Serialize)]
pub struct RecentInquiry {
    /// The letter is at `/departements/{slug}/demandes/{inquiry}/courrier`.
    pub inquiry: InquiryId,
    /// « Nos références ».
    pub reference: String,
    /// Name of the office.
    pub office: String,
    /// The answer.
    pub outcome: Outcome,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// Whether the letter can be downloaded.
    pub letter: bool,
}

/// Choice of a département, for the few who serve in several. `GET /departements`.
#[derive(Debug, Clone, Serialize)]
pub struct StaffDepartmentsPage {
    /// Départements of the person; each links to `/departements/{slug}`.
    pub departments: Vec<Brand>,
}

impl Page for StaffDepartmentsPage {
    const TEMPLATE: &'static str = "pages/staff_departments.html";

    fn title(&self) -> String {
        "Vos départements".to_owned()
    }

    fn samples() -> Vec<Sample<Self>> {
        let page = Self {
            departments: vec![samples::rhone(), samples::isere()],
        };
        vec![Sample::new("departements", samples::staff("/departements"), page)]
    }
}

/// First page of a département's staff.
#[derive(Debug, Clone, Serialize)]
pub struct StaffHomePage {
    /// The département.
    pub department: Brand,
    /// Its settings, of which identity, contact, recovery, letterhead and retention are shown.
    pub settings: TenantSettings,
    /// What the person may do.
    pub roles: RoleSet,
    /// Active register, if any was imported.
    pub register: Option<RegisterSummary>,
    /// First day counted.
    pub counted_from: NaiveDate,
    /// Inquiries by outcome, in the order shown.
    pub counts: Vec<OutcomeCount>,
    /// The latest inquiries, newest first; may stay empty.
    pub recent: Vec<RecentInquiry>,
}

impl Page for StaffHomePage {
    const TEMPLATE: &'static str = "pages/staff.html";

    fn title(&self) -> String {
        self.department.official_name.clone()
    }

    fn samples() -> Vec<Sample<Self>> {
        let path = "/departements/rhone";
        let (full, empty) = (samples::staff_home(), samples::staff_home_empty());
        vec![
            Sample::new("departement", samples::branded(path), full),
            Sample::new("departement-neuf", samples::branded(path), empty),
        ]
    }
}
