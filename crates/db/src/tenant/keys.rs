//! Data keys of a département, wrapped: without the master key they open nothing.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::Result;

/// A data key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// Ours.
    pub id: Uuid,
    /// The key, wrapped.
    pub wrapped: Vec<u8>,
    /// The master key it is wrapped with.
    pub master_key_id: String,
    /// When it was drawn.
    pub created_at: DateTime<Utc>,
    /// New objects are encrypted with it.
    pub active: bool,
}

/// A new data key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// Ours.
    pub id: Uuid,
    /// The key, wrapped.
    pub wrapped: Vec<u8>,
    /// The master key it is wrapped with.
    pub master_key_id: String,
    /// When it was drawn.
    pub created_at: DateTime<Utc>,
}

/// Repository of data keys.
#[derive(Debug)]
pub struct Keys<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Keys<'_> {
    /// The key for new objects.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn active(&mut self) -> Result<Option<KeyRow>> {
        todo!()
    }

    /// The key of this id.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_id(&mut self, id: Uuid) -> Result<Option<KeyRow>> {
        let _ = id;
        todo!()
    }

    /// Every key, oldest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn all(&mut self) -> Result<Vec<KeyRow>> {
        todo!()
    }

    /// Adds a key and makes it the one for new objects, if none is: the active key is returned, which may be another's.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn add_first(&mut self, key: &NewKey) -> Result<KeyRow> {
        let _ = key;
        todo!()
    }

    /// Adds a key and makes it the one for new objects; those before it stay for the objects they encrypt.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn rotate(&mut self, key: &NewKey) -> Result<()> {
        let _ = key;
        todo!()
    }

    /// Replaces the wrapping of a key.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn rewrap(&mut self, id: Uuid, wrapped: &[u8], master_key_id: &str) -> Result<()> {
        let _ = (id, wrapped, master_key_id);
        todo!()
    }
}
