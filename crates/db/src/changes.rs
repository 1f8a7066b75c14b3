//! Changes of départements, heard by every process so that it can empty its caches.

use domain::DepartmentSlug;
use schema::Result;
use schema::provision::CHANGES;
use sqlx::postgres::{PgListener, PgPoolOptions};
use sqlx::{PgConnection, PgPool};

/// What has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The settings, register or state of one département.
    Department(DepartmentSlug),
    /// The connection was lost and found again: anything may have changed in between.
    Anything,
}

/// A subscription to changes. It survives a restart of PostgreSQL.
#[derive(Debug)]
pub struct Changes {
    listener: PgListener,
}

impl Changes {
    /// Listens on a connection of its own, beside those of the pool.
    pub(crate) async fn subscribe(pool: &PgPool) -> Result<Self> {
        let own = PgPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .connect_lazy_with((*pool.connect_options()).clone());
        let mut listener = PgListener::connect_with(&own).await?;
        listener.listen(CHANGES).await?;
        Ok(Self { listener })
    }

    /// Waits for the next change. Cancel-safe.
    ///
    /// # Errors
    /// When the connection is lost and cannot be had again; calling once more tries again.
    pub async fn next(&mut self) -> Result<Change> {
        Ok(match self.listener.try_recv().await? {
            Some(notice) => notice
                .payload()
                .parse()
                .map_or(Change::Anything, Change::Department),
            None => Change::Anything,
        })
    }
}

/// Tells every process, once the transaction is saved.
pub(crate) async fn announce(tx: &mut PgConnection, slug: &DepartmentSlug) -> Result<()> {
    sqlx::query!("select pg_notify($1, $2) is null as told", CHANGES, slug.as_str())
        .fetch_one(tx)
        .await?;
    Ok(())
}
