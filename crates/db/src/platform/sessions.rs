//! Sessions, for tower-sessions. The id is kept as its SHA-256 only: who reads the table cannot take over a session.

use async_trait::async_trait;
use sqlx::PgPool;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store;

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
        todo!()
    }
}

#[async_trait]
impl SessionStore for DbSessionStore {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        let _ = record;
        todo!()
    }
    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let _ = record;
        todo!()
    }
    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let _ = id;
        todo!()
    }
    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        let _ = id;
        todo!()
    }
}
