//! Who is logged in: what a provider claims, and whom it makes of it.

use domain::{Asker, Crpcen, DepartmentSlug, NotaryId, OfficeId, RoleSet, Siret, StaffId};

/// What a provider says of the person who logged in, after the token was verified and its claims mapped.
#[derive(Debug, Clone, Default)]
pub struct LoginClaims {
    /// Id of the provider in the configuration.
    pub provider: String,
    /// `sub`: stable and unique at that provider.
    pub subject: String,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Whether the provider says that it checked the e-mail.
    pub email_verified: bool,
    /// The notary's office, as far as the provider tells.
    pub office: OfficeClaims,
    /// SIRET number of the agent's establishment.
    pub siret: Option<String>,
    /// Roles the provider gives the person.
    pub roles: Vec<String>,
}

/// What a provider says of a notary's office.
#[derive(Debug, Clone, Default)]
pub struct OfficeClaims {
    /// Code at the CRPCEN.
    pub crpcen: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Postal address, line by line.
    pub address: Vec<String>,
}

/// What makes a provider's word enough to link an account to a member of staff named by e-mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaffLinking {
    /// The provider says that it checked the e-mail.
    VerifiedEmail,
    /// The SIRET claim is one of the département's, and one of these roles is claimed (none named: SIRET alone).
    SiretAndRole {
        /// Roles of which one is enough.
        roles: Vec<String>,
    },
}

/// How far a provider is believed about the staff of départements. Whoever runs a provider can make it say anything,
/// so the provider of one département must have no say in another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffTrust {
    /// Départements it speaks for; `None`: all (the State's own federation).
    pub departments: Option<Vec<DepartmentSlug>>,
    /// What is enough to link an account.
    pub linking: StaffLinking,
}

impl StaffTrust {
    /// Whether the provider speaks for this département.
    pub fn covers(&self, department: &DepartmentSlug) -> bool {
        self.departments
            .as_ref()
            .is_none_or(|departments| departments.contains(department))
    }
}

/// A notary (or collaborator) who is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotaryIdentity {
    /// Ours.
    pub notary: NotaryId,
    /// The office the notary belongs to now.
    pub office: OfficeId,
    /// Given and family name.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// Name of the office.
    pub office_name: String,
    /// Code of the office.
    pub crpcen: Crpcen,
    /// Postal address of the office, line by line.
    pub office_address: Vec<String>,
    /// Whether the terms of use in force were accepted.
    pub terms_accepted: bool,
}

impl NotaryIdentity {
    /// As an inquiry keeps it.
    pub fn asker(&self) -> Asker {
        Asker {
            notary: self.notary,
            office: self.office,
            name: self.name.clone(),
            email: self.email.clone(),
            office_name: self.office_name.clone(),
            crpcen: self.crpcen.clone(),
            office_address: self.office_address.clone(),
        }
    }
}

/// A member of the staff of one département who is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffIdentity {
    /// Ours.
    pub staff: StaffId,
    /// Where.
    pub department: DepartmentSlug,
    /// Given and family name.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// What the person may do.
    pub roles: RoleSet,
}

/// Reads a SIRET claim; spaces are allowed as people write it.
pub(crate) fn siret_of(claim: &str) -> Option<Siret> {
    claim
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .parse()
        .ok()
}
