//! The départements served, and how each looks. Cached; emptied across processes when one changes.

use std::sync::Arc;

use domain::{DepartmentId, DepartmentSlug, InseeCode, TenantSettings};

use crate::{App, AppError};

/// A département as lists and pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    /// In object keys.
    pub id: DepartmentId,
    /// In addresses and commands.
    pub slug: DepartmentSlug,
    /// INSEE code.
    pub insee_code: InseeCode,
    /// `Rhône`.
    pub name: String,
    /// `Département du Rhône`.
    pub official_name: String,
    /// Takes no inquiry for the time being.
    pub suspended: bool,
    /// Grows with every `tenant apply`: part of the address of its stylesheet and logo.
    pub revision: i64,
}

/// Settings of a département and the files of its letterhead, at one revision.
#[derive(Debug, Clone)]
pub struct Kit {
    /// Everything of `tenant.toml`.
    pub settings: TenantSettings,
    /// At which revision.
    pub revision: i64,
    /// File name of the logo: says its format.
    pub logo_name: String,
    /// The logo as the département gave it.
    pub logo: Vec<u8>,
}

impl App {
    /// Every département, sorted by name, suspended ones as well.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn departments(&self) -> Result<Arc<Vec<Department>>, AppError> {
        todo!()
    }

    /// The département of this slug, if there is one.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn department(&self, _slug: &DepartmentSlug) -> Result<Option<Department>, AppError> {
        todo!()
    }

    /// Settings and logo of a département.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn kit(&self, _slug: &DepartmentSlug) -> Result<Option<Arc<Kit>>, AppError> {
        todo!()
    }
}
