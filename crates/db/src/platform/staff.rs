//! Staff of the départements: who may log in, and as what.

use chrono::{DateTime, Utc};
use domain::{DepartmentSlug, RoleSet, StaffId};
use sqlx::PgConnection;

use crate::error::Result;

/// A member of one département's staff. One person in two départements is two rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffRow {
    /// Ours.
    pub id: StaffId,
    /// Whose staff.
    pub department: DepartmentSlug,
    /// E-mail by which the person was named.
    pub email: String,
    /// Given and family name.
    pub name: String,
    /// What the person may do.
    pub roles: RoleSet,
    /// Provider and the provider's identifier of the person, once linked.
    pub account: Option<(String, String)>,
    /// When the account was linked.
    pub linked_at: Option<DateTime<Utc>>,
    /// When the person last logged in.
    pub last_login_at: Option<DateTime<Utc>>,
    /// May log in.
    pub active: bool,
}

/// A person named by the département.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStaff {
    /// The id should the person be new.
    pub id: StaffId,
    /// Whose staff.
    pub department: DepartmentSlug,
    /// E-mail the provider must confirm.
    pub email: String,
    /// Given and family name.
    pub name: String,
    /// Roles given, besides those already held.
    pub roles: RoleSet,
}

/// Repository of staff.
#[derive(Debug)]
pub struct Staff<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Staff<'_> {
    /// Names a person. One already named (same département and e-mail, whatever the case) gets the new name and the
    /// roles besides their own. Tells whether anything changed.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn name(&mut self, person: &NewStaff) -> Result<bool> {
        let _ = person;
        todo!()
    }

    /// The active rows linked to this account: one for each département.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_account(&mut self, provider: &str, subject: &str) -> Result<Vec<StaffRow>> {
        let _ = (provider, subject);
        todo!()
    }

    /// The active rows named by this e-mail, whatever its case, and not linked to any account yet.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn unlinked(&mut self, email: &str) -> Result<Vec<StaffRow>> {
        let _ = email;
        todo!()
    }

    /// Every active row named by this e-mail, whatever its case, linked or not.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_email(&mut self, email: &str) -> Result<Vec<StaffRow>> {
        let _ = email;
        todo!()
    }

    /// Links an account to a person. Tells whether the person was free to be linked.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn link(
        &mut self,
        id: StaffId,
        provider: &str,
        subject: &str,
        at: DateTime<Utc>,
    ) -> Result<bool> {
        let _ = (id, provider, subject, at);
        todo!()
    }

    /// Notes a login.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn seen(&mut self, id: StaffId, at: DateTime<Utc>) -> Result<()> {
        let _ = (id, at);
        todo!()
    }

    /// The person of this id, active or not.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_id(&mut self, id: StaffId) -> Result<Option<StaffRow>> {
        let _ = id;
        todo!()
    }

    /// Everybody named by a département, by e-mail.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn list(&mut self, department: &DepartmentSlug) -> Result<Vec<StaffRow>> {
        let _ = department;
        todo!()
    }
}
