//! Sessions, for tower-sessions. The id is kept as its SHA-256 only, and what a session holds is encrypted under a key
//! derived from the id: who reads the table can neither take over a session nor read the form somebody was typing.

use std::collections::HashMap;

use async_trait::async_trait;
use chacha20poly1305::aead::{Aead, AeadCore, OsRng, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use schema::DbError;
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgPool};
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};

use crate::pool::{live, look};

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
            .execute(&mut *live(&self.pool).await?)
            .await?;
        Ok(deleted.rows_affected())
    }

    /// What a session holds, sealed, and how many seconds are left of it.
    async fn find(&self, id: &Id) -> crate::Result<Option<(Vec<u8>, f64)>> {
        look!(self.pool, |connection| sealed(connection, id))
    }
}

#[async_trait]
impl SessionStore for DbSessionStore {
    async fn create(&self, record: &mut Record) -> Result<()> {
        loop {
            let inserted = sqlx::query!(
                "insert into platform.session (id_hash, data, expires_at)
                 values ($1, $2, now() + $3 * interval '1 second')
                 on conflict (id_hash) do nothing",
                hash(&record.id),
                seal(record)?,
                seconds_left(record),
            )
            .execute(&mut *live(&self.pool).await.map_err(backend)?)
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
            "update platform.session set data = $2, expires_at = now() + $3 * interval '1 second'
             where id_hash = $1",
            hash(&record.id),
            seal(record)?,
            seconds_left(record),
        )
        .execute(&mut *live(&self.pool).await.map_err(backend)?)
        .await
        .map_err(backend)?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some((data, seconds_left)) = self.find(id).await.map_err(backend)? else {
            return Ok(None);
        };
        let data = open(id, &data).ok_or_else(|| Error::Decode("a session cannot be read".to_owned()))?;
        let left = time::Duration::seconds_f64(seconds_left);
        let expiry_date = time::OffsetDateTime::now_utc().saturating_add(left);
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        sqlx::query!("delete from platform.session where id_hash = $1", hash(id))
            .execute(&mut *live(&self.pool).await.map_err(backend)?)
            .await
            .map_err(backend)?;
        Ok(())
    }
}

async fn sealed(connection: &mut PgConnection, id: &Id) -> crate::Result<Option<(Vec<u8>, f64)>> {
    let row = sqlx::query!(
        r#"select data, extract(epoch from expires_at - now())::float8 as "seconds_left!" from platform.session
               where id_hash = $1 and expires_at > now()"#,
        hash(id),
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| (row.data, row.seconds_left)))
}

/// What is left of a session. Its end is kept by PostgreSQL's clock alone: a machine whose clock is wrong still keeps
/// sessions as long as it should.
fn seconds_left(record: &Record) -> f64 {
    (record.expiry_date - time::OffsetDateTime::now_utc()).as_seconds_f64()
}

fn hash(id: &Id) -> Vec<u8> {
    Sha256::digest(id.0.to_be_bytes()).to_vec()
}

/// Length of the nonce before what is encrypted.
const NONCE: usize = 24;

/// The key that only the browser's cookie leads to.
fn cipher(id: &Id) -> XChaCha20Poly1305 {
    let key = Sha256::new_with_prefix(b"dn session data")
        .chain_update(id.0.to_be_bytes())
        .finalize();
    XChaCha20Poly1305::new(&key)
}

fn seal(record: &Record) -> Result<Vec<u8>> {
    let unwritable = || Error::Encode("a session cannot be written".to_owned());
    let plain = serde_json::to_vec(&record.data).map_err(|_| unwritable())?;
    let nonce = XChaCha20Poly1305::generate_nonce(&mut OsRng);
    let payload = Payload {
        msg: &plain,
        aad: &hash(&record.id),
    };
    let sealed = cipher(&record.id)
        .encrypt(&nonce, payload)
        .map_err(|_| unwritable())?;
    Ok([nonce.as_slice(), &sealed].concat())
}

fn open(id: &Id, sealed: &[u8]) -> Option<HashMap<String, Value>> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
    let payload = Payload {
        msg: sealed,
        aad: &hash(id),
    };
    let plain = cipher(id).decrypt(XNonce::from_slice(nonce), payload).ok()?;
    serde_json::from_slice(&plain).ok()
}

/// What PostgreSQL said, stripped of values.
fn backend(error: impl Into<DbError>) -> Error {
    let error = error.into();
    let cause = std::error::Error::source(&error).map(ToString::to_string);
    Error::Backend(format!("{error}: {}", cause.unwrap_or_default()))
}
