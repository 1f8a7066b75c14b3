//! Notaries' offices.

use domain::{Crpcen, OfficeId};
use sqlx::PgConnection;

use crate::error::Result;

/// An office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeRow {
    /// Ours.
    pub id: OfficeId,
    /// Its code at the CRPCEN.
    pub crpcen: Crpcen,
    /// Its name.
    pub name: String,
    /// Its postal address, line by line; empty when no provider gave it.
    pub address: Vec<String>,
}

/// An office as a login tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOffice {
    /// Its id should it be new.
    pub id: OfficeId,
    /// Its code at the CRPCEN.
    pub crpcen: Crpcen,
    /// Its name.
    pub name: String,
    /// Its postal address; empty leaves what is known.
    pub address: Vec<String>,
}

/// Repository of offices.
#[derive(Debug)]
pub struct Offices<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Offices<'_> {
    /// The office of this CRPCEN code, created or brought up to date.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn upsert(&mut self, office: &NewOffice) -> Result<OfficeRow> {
        let _ = office;
        todo!()
    }

    /// The office of this id.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_id(&mut self, id: OfficeId) -> Result<Option<OfficeRow>> {
        let _ = id;
        todo!()
    }
}
