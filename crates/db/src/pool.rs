//! The pool, and the doors to it.

use domain::DepartmentSlug;
use sqlx::PgPool;

use crate::changes::Changes;
use crate::error::Result;
use crate::platform::sessions::DbSessionStore;
use crate::platform_tx::PlatformTx;
use crate::settings::DatabaseSettings;
use crate::tenant_tx::TenantTx;

/// The database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    pub(crate) pool: PgPool,
}

impl Db {
    /// Connects, with the application's login.
    ///
    /// # Errors
    /// When the address is not usable or nobody answers.
    pub async fn connect(settings: &DatabaseSettings) -> Result<Self> {
        let _ = settings;
        todo!()
    }

    /// Opens a transaction on what all départements share.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn platform(&self) -> Result<PlatformTx> {
        todo!()
    }

    /// Opens a transaction on the data of one département, in that département's own role.
    ///
    /// # Errors
    /// When no connection can be had, or the département is unknown or suspended.
    pub async fn tenant(&self, slug: &DepartmentSlug) -> Result<TenantTx> {
        let _ = slug;
        todo!()
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// When none comes.
    pub async fn ping(&self) -> Result<()> {
        todo!()
    }

    /// Version of the server, for `dn doctor`: `15.14`.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn server_version(&self) -> Result<String> {
        todo!()
    }

    /// Where sessions are kept.
    pub fn sessions(&self) -> DbSessionStore {
        DbSessionStore {
            pool: self.pool.clone(),
        }
    }

    /// Hears of every département that changes, whichever process changed it.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn changes(&self) -> Result<Changes> {
        todo!()
    }

    /// Closes every connection, waiting for those at work.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
