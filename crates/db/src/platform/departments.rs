//! The départements served.

use domain::{DepartmentId, DepartmentSlug, InseeCode, Siret};
use sqlx::PgConnection;

use crate::error::Result;

/// One département, as every other may know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepartmentRow {
    /// Ours; stands for the département in object keys.
    pub id: DepartmentId,
    /// Short name.
    pub slug: DepartmentSlug,
    /// INSEE code.
    pub insee_code: InseeCode,
    /// `Rhône`.
    pub name: String,
    /// `Département du Rhône`.
    pub official_name: String,
    /// Establishments whose agents may log in.
    pub sirets: Vec<Siret>,
    /// Suspended: PostgreSQL refuses its role to the application until it is resumed.
    pub suspended: bool,
    /// Migrations its schema has seen; [`crate::migrate::tenant_version`] is what this program wants.
    pub schema_version: i32,
    /// Counts the changes of this row.
    pub revision: i64,
}

/// What a département is called, from its `tenant.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepartmentIdentity {
    /// Short name; never changes.
    pub slug: DepartmentSlug,
    /// INSEE code.
    pub insee_code: InseeCode,
    /// `Rhône`.
    pub name: String,
    /// `Département du Rhône`.
    pub official_name: String,
    /// Establishments whose agents may log in.
    pub sirets: Vec<Siret>,
}

/// Repository of départements.
#[derive(Debug)]
pub struct Departments<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Departments<'_> {
    /// Every département, suspended ones too, by INSEE code.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn list(&mut self) -> Result<Vec<DepartmentRow>> {
        todo!()
    }

    /// The département of this slug.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_slug(&mut self, slug: &DepartmentSlug) -> Result<Option<DepartmentRow>> {
        let _ = slug;
        todo!()
    }

    /// The département of this INSEE code.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_insee(&mut self, code: &InseeCode) -> Result<Option<DepartmentRow>> {
        let _ = code;
        todo!()
    }

    /// Takes over what `tenant.toml` says. Tells whether anything differed; unchanged, nothing is written.
    /// The change is announced to every process.
    ///
    /// # Errors
    /// When the query fails, or another département has this INSEE code (constraint `department_insee_code_key`).
    pub async fn apply(&mut self, identity: &DepartmentIdentity) -> Result<bool> {
        let _ = identity;
        todo!()
    }
}
