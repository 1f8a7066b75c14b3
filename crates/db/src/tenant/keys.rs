//! Data keys of a département, wrapped: without the master key they open nothing.

use chrono::{DateTime, Utc};
use schema::{DbError, Result};
use sqlx::PgConnection;
use uuid::Uuid;

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

macro_rules! select_keys {
    ($rest:tt $(, $argument:expr)*) => {
        sqlx::query_as!(
            KeyRow,
            "select id, wrapped, master_key_id, created_at, active from data_key " + $rest
            $(, $argument)*
        )
    };
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
        Ok(select_keys!("where active").fetch_optional(&mut *self.tx).await?)
    }

    /// The key of this id.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_id(&mut self, id: Uuid) -> Result<Option<KeyRow>> {
        Ok(select_keys!("where id = $1", id)
            .fetch_optional(&mut *self.tx)
            .await?)
    }

    /// Every key, oldest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn all(&mut self) -> Result<Vec<KeyRow>> {
        Ok(select_keys!("order by created_at, id")
            .fetch_all(&mut *self.tx)
            .await?)
    }

    /// Adds a key and makes it the one for new objects, if none is: the active key is returned, which may be another's.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn add_first(&mut self, key: &NewKey) -> Result<KeyRow> {
        sqlx::query!(
            "insert into data_key (id, wrapped, master_key_id, created_at, active) values ($1, $2, $3, $4, true)
             on conflict (active) where active do nothing",
            key.id,
            key.wrapped,
            key.master_key_id,
            key.created_at,
        )
        .execute(&mut *self.tx)
        .await?;
        self.active().await?.ok_or(DbError::Unreadable("data_key"))
    }

    /// Adds a key and makes it the one for new objects; those before it stay for the objects they encrypt.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn rotate(&mut self, key: &NewKey) -> Result<()> {
        sqlx::query!("update data_key set active = false where active")
            .execute(&mut *self.tx)
            .await?;
        sqlx::query!(
            "insert into data_key (id, wrapped, master_key_id, created_at, active) values ($1, $2, $3, $4, true)",
            key.id,
            key.wrapped,
            key.master_key_id,
            key.created_at,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Replaces the wrapping of a key.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn rewrap(&mut self, id: Uuid, wrapped: &[u8], master_key_id: &str) -> Result<()> {
        sqlx::query!(
            "update data_key set wrapped = $2, master_key_id = $3 where id = $1",
            id,
            wrapped,
            master_key_id,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }
}
