//! Notaries' offices.

use domain::{Crpcen, OfficeId};
use sqlx::PgConnection;

use crate::read::parsed;

use schema::{DbError, Result};

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
    /// Its name; `None` leaves what is known, and names a new one by its code.
    pub name: Option<String>,
    /// Its postal address; empty leaves what is known.
    pub address: Vec<String>,
}

const TABLE: &str = "platform.office";

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
        let unnamed = format!("Office notarial {}", office.crpcen);
        let upsert = sqlx::query_scalar!(
            "insert into platform.office as o (id, crpcen, name, address) values ($1, $2, coalesce($3, $5), $4)
             on conflict (crpcen) do update set
                 name = coalesce($3, o.name),
                 address = case when excluded.address = '{}' then o.address else excluded.address end
             returning id",
            office.id.0,
            office.crpcen.as_str(),
            office.name.as_deref(),
            &office.address,
            unnamed,
        );
        let id = OfficeId(upsert.fetch_one(&mut *self.tx).await?);
        self.by_id(id).await?.ok_or(DbError::Unreadable(TABLE))
    }

    /// The office of this id.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_id(&mut self, id: OfficeId) -> Result<Option<OfficeRow>> {
        let row = sqlx::query!(
            "select id, crpcen, name, address from platform.office where id = $1",
            id.0
        )
        .fetch_optional(&mut *self.tx)
        .await?;
        row.map(|row| {
            Ok(OfficeRow {
                id: OfficeId(row.id),
                crpcen: parsed(row.crpcen, TABLE)?,
                name: row.name,
                address: row.address,
            })
        })
        .transpose()
    }
}
