//! Sessions, for tower-sessions. The id is kept as its SHA-256 only: who reads the table cannot take over a session.

use std::collections::HashMap;

use async_trait::async_trait;
use schema::DbError;
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};

use crate::read::instant;

/// Sessions in `platform.session`.
#[derive(Debug, Clone)]
pub struct DbSessionStore {
    pub(crate) pool: PgPool,
}

impl DbSessionStore {
    /// Deletes the sessions that have expired; tells how many.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn purge(&self) -> crate::Result<u64> {
        let deleted = sqlx::query!("delete from platform.session where expires_at <= now()")
            .execute(&self.pool)
            .await?;
        Ok(deleted.rows_affected())
    }
}

#[async_trait]
impl SessionStore for DbSessionStore {
    async fn create(&self, record: &mut Record) -> Result<()> {
        loop {
            let inserted = sqlx::query!(
                "insert into platform.session (id_hash, data, expires_at) values ($1, $2, $3)
                 on conflict (id_hash) do nothing",
                hash(&record.id),
                data(record)?,
                instant(record.expiry_date),
            )
            .execute(&self.pool)
            .await
            .map_err(backend)?;
            if inserted.rows_affected() == 1 {
                return Ok(());
            }
            record.id = Id::default();
        }
    }

    async fn save(&self, record: &Record) -> Result<()> {
        // Never an insert: a session ended meanwhile by another request stays ended.
        sqlx::query!(
            "update platform.session set data = $2, expires_at = $3 where id_hash = $1",
            hash(&record.id),
            data(record)?,
            instant(record.expiry_date),
        )
        .execute(&self.pool)
        .await
        .map_err(backend)?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let row = sqlx::query!(
            "select data, expires_at from platform.session where id_hash = $1 and expires_at > now()",
            hash(id),
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(backend)?;
        let Some(row) = row else { return Ok(None) };
        let undecodable = |_| Error::Decode("a session cannot be read".to_owned());
        let data: HashMap<String, Value> = serde_json::from_value(row.data).map_err(undecodable)?;
        let expiry_date = time::OffsetDateTime::from_unix_timestamp(row.expires_at.timestamp())
            .map_err(|_| Error::Decode("a session cannot be read".to_owned()))?;
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        sqlx::query!("delete from platform.session where id_hash = $1", hash(id))
            .execute(&self.pool)
            .await
            .map_err(backend)?;
        Ok(())
    }
}

fn hash(id: &Id) -> Vec<u8> {
    Sha256::digest(id.0.to_be_bytes()).to_vec()
}

fn data(record: &Record) -> Result<Value> {
    serde_json::to_value(&record.data).map_err(|_| Error::Encode("a session cannot be written".to_owned()))
}

/// What PostgreSQL said, stripped of values.
fn backend(error: sqlx::Error) -> Error {
    let error = DbError::from(error);
    let cause = std::error::Error::source(&error).map(ToString::to_string);
    Error::Backend(format!("{error}: {}", cause.unwrap_or_default()))
}
