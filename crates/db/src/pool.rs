//! The pool, and the doors to it.

use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{DepartmentSlug, OfficeId};
use schema::{DatabaseSettings, DbError, Result};
use secrecy::ExposeSecret;
use sqlx::pool::{PoolConnection, PoolConnectionMetadata};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection as _, PgConnection, PgPool, Postgres, Transaction};

use crate::changes::Changes;
use crate::platform::reads::PlatformReads;
use crate::platform::sessions::DbSessionStore;
use crate::platform_tx::PlatformTx;
use crate::tenant_tx::TenantTx;
use crate::trail::Pending;

/// A transaction as most are.
const BEGIN: &str = "begin";

/// One state of the database from the first to the last query.
const SNAPSHOT: &str = "begin isolation level repeatable read read only";

/// Connections of the job queue: to listen, to take jobs, to note that they are done.
const QUEUE_CONNECTIONS: u32 = 4;

/// A connection that came back to the pool longer ago is tried before it is given out; when it comes back it is tried in
/// any case.
const TRUSTED: Duration = Duration::from_secs(1);

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
        let pool = pool(settings).connect_with(options(settings)?).await?;
        Ok(Self { pool })
    }

    /// Connects when first asked: for what can be done while the database is away.
    ///
    /// # Errors
    /// When the address is not usable.
    pub fn prepare(settings: &DatabaseSettings) -> Result<Self> {
        let pool = pool(settings).connect_lazy_with(options(settings)?);
        Ok(Self { pool })
    }

    /// Begins a transaction. A connection that died in the pool shows it here, before anything was done on it: then the
    /// next one is taken.
    async fn begin(&self, how: &'static str) -> Result<Transaction<'static, Postgres>> {
        for _ in 0..self.pool.options().get_max_connections() {
            match self.pool.begin_with(how).await {
                Err(error) if has_died(&error) => {}
                begun => return Ok(begun?),
            }
        }
        Ok(self.pool.begin_with(how).await?)
    }

    /// Opens a transaction on what all départements share.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn platform(&self) -> Result<PlatformTx> {
        Ok(platform_in(self.begin(BEGIN).await?))
    }

    /// A transaction on what all départements share that sees it as it is now, whatever changes meanwhile, and changes
    /// nothing.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn platform_snapshot(&self) -> Result<PlatformTx> {
        Ok(platform_in(self.begin(SNAPSHOT).await?))
    }

    /// Opens a transaction on the data of one département, in that département's own role.
    ///
    /// # Errors
    /// When no connection can be had, or the département is unknown or suspended.
    pub async fn tenant(&self, slug: &DepartmentSlug) -> Result<TenantTx> {
        TenantTx::open(self.begin(BEGIN).await?, slug, None).await
    }

    /// As [`Db::tenant`], with an office taken from the beginning: see [`crate::Lookups::hold`].
    ///
    /// # Errors
    /// As [`Db::tenant`].
    pub async fn tenant_holding(&self, slug: &DepartmentSlug, office: OfficeId) -> Result<TenantTx> {
        TenantTx::open(self.begin(BEGIN).await?, slug, Some(office)).await
    }

    /// A transaction on the data of one département that sees it as it is now, whatever changes meanwhile, and changes
    /// nothing.
    ///
    /// # Errors
    /// As [`Db::tenant`].
    pub async fn tenant_snapshot(&self, slug: &DepartmentSlug) -> Result<TenantTx> {
        TenantTx::open(self.begin(SNAPSHOT).await?, slug, None).await
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// When none comes.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query!("select 1 as one")
            .fetch_one(&mut *live(&self.pool).await?)
            .await?;
        Ok(())
    }

    /// Version of the server, for `dn doctor`: `15.14`.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn server_version(&self) -> Result<String> {
        let version = sqlx::query_scalar!(
            r#"select split_part(current_setting('server_version'), ' ', 1) as "version!""#
        );
        Ok(version.fetch_one(&mut *live(&self.pool).await?).await?)
    }

    /// What the server's clock says.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn clock(&self) -> Result<DateTime<Utc>> {
        let now = sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#);
        Ok(now.fetch_one(&mut *live(&self.pool).await?).await?)
    }

    /// Migrations the shared schema has seen, 0 before the first `dn migrate`; [`crate::migrate::platform_version`] is
    /// what this program wants.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn schema_version(&self) -> Result<i32> {
        let version = sqlx::query_scalar!(r#"select max(version) as "version!" from platform._migrations"#);
        match version
            .fetch_one(&mut *live(&self.pool).await?)
            .await
            .map_err(DbError::from)
        {
            Ok(version) => Ok(version),
            // No such schema or table, or no right to it yet.
            Err(error) if matches!(error.code(), Some("3F000" | "42P01" | "42501")) => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Connections of the job queue's own. What it notes on them (taken, done) need not have reached the disk before it
    /// goes on: after a crash of PostgreSQL such a job is found as it was before and done once more, which every job must
    /// bear. What jobs write themselves they write on the others.
    pub(crate) fn queue_pool(&self) -> PgPool {
        let options = (*self.pool.connect_options()).clone();
        PgPoolOptions::new()
            .max_connections(QUEUE_CONNECTIONS)
            .test_before_acquire(false)
            .before_acquire(|connection, was| Box::pin(tried(connection, was)))
            .connect_lazy_with(options.options([("synchronous_commit", "off")]))
    }

    /// Single looks at what all départements share.
    pub fn reads(&self) -> PlatformReads {
        PlatformReads {
            pool: self.pool.clone(),
        }
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
        Changes::subscribe(&self.pool).await
    }

    /// Closes every connection, waiting for those at work.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// A connection of the pool for a single query. It is tried first: it may have died there.
pub(crate) async fn live(pool: &PgPool) -> std::result::Result<PoolConnection<Postgres>, sqlx::Error> {
    loop {
        let mut connection = pool.acquire().await?;
        match connection.ping().await {
            Err(error) if has_died(&error) => {}
            pinged => return pinged.map(|()| connection),
        }
    }
}

/// Asks something that changes nothing, on a connection that is not tried first: where it had died in the pool the same is
/// asked on the next.
macro_rules! look {
    ($pool:expr, |$connection:ident| $question:expr) => {{
        let pool = &$pool;
        let mut left = pool.options().get_max_connections();
        loop {
            let $connection = &mut *pool.acquire().await?;
            match $question.await {
                Err(error) if left > 0 && crate::pool::shows_death(&error) => left -= 1,
                answer => break answer,
            }
        }
    }};
}
pub(crate) use look;

/// Whether a query failed because its connection had died.
pub(crate) fn shows_death(error: &DbError) -> bool {
    matches!(error, DbError::Unreachable(error) if matches!(error.code.as_deref(), None | Some("57P01" | "57P02")))
}

/// Ended from the other side: by somebody's command, a restart, a crash, the network.
fn has_died(error: &sqlx::Error) -> bool {
    use std::io::ErrorKind as E;
    match error {
        sqlx::Error::Database(error) => matches!(error.code().as_deref(), Some("57P01" | "57P02")),
        sqlx::Error::Io(error) => matches!(
            error.kind(),
            E::BrokenPipe | E::ConnectionReset | E::ConnectionAborted | E::NotConnected | E::UnexpectedEof
        ),
        _ => false,
    }
}

fn platform_in(tx: Transaction<'static, Postgres>) -> PlatformTx {
    PlatformTx {
        tx,
        pending: Pending::default(),
    }
}

fn pool(settings: &DatabaseSettings) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(settings.max_connections)
        .acquire_timeout(Duration::from_secs(settings.acquire_timeout_seconds))
        .test_before_acquire(false)
        .before_acquire(|connection, was| Box::pin(tried(connection, was)))
}

/// Whether a connection of a pool may be given out.
async fn tried(
    connection: &mut PgConnection,
    was: PoolConnectionMetadata,
) -> std::result::Result<bool, sqlx::Error> {
    if was.idle_for > TRUSTED {
        connection.ping().await?;
    }
    Ok(true)
}

fn options(settings: &DatabaseSettings) -> Result<PgConnectOptions> {
    let options = PgConnectOptions::from_str(settings.url.expose_secret())
        .map_err(|_| DbError::Settings("database.url is not the address of a PostgreSQL database".into()))?;
    let seconds = |seconds: u64| format!("{seconds}s");
    Ok(options.application_name("dn").options([
        // Nothing is found by an unqualified name before a département's role is assumed.
        ("search_path", "pg_catalog".to_owned()),
        ("statement_timeout", seconds(settings.statement_timeout_seconds)),
        (
            "idle_in_transaction_session_timeout",
            seconds(settings.statement_timeout_seconds),
        ),
    ]))
}
