//! A département's settings and letterhead kit.

use chrono::{DateTime, Utc};
use domain::TenantSettings;
use sqlx::PgConnection;

use crate::error::Result;

/// A file of the letterhead kit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KitFile {
    /// File name, as `tenant.toml` names it.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// The settings in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSettings {
    /// `tenant.toml`.
    pub settings: TenantSettings,
    /// The files it names, by name.
    pub kit: Vec<KitFile>,
    /// Counts the changes.
    pub revision: i64,
    /// When they were last changed.
    pub updated_at: DateTime<Utc>,
}

/// What became of settings handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// The revision in force.
    pub revision: i64,
    /// Whether anything differed.
    pub changed: bool,
}

/// Repository of settings.
#[derive(Debug)]
pub struct Settings<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Settings<'_> {
    /// The settings in force; `None` before the first `apply`.
    ///
    /// # Errors
    /// When the query fails, or a newer version wrote what this one cannot read.
    pub async fn get(&mut self) -> Result<Option<StoredSettings>> {
        todo!()
    }

    /// Replaces settings and kit. Unchanged content keeps the revision and writes nothing.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn apply(
        &mut self,
        settings: &TenantSettings,
        kit: &[KitFile],
        at: DateTime<Utc>,
    ) -> Result<Applied> {
        let _ = (settings, kit, at);
        todo!()
    }
}
