//! A private PostgreSQL cluster.

mod binaries;
mod cluster;
mod server;
mod shared;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rustix::process::Signal;
use tokio::process::Command;
use url::Url;

use crate::scratch::scratch;
use cluster::Cluster;
use server::Server;

/// The superuser of every cluster started here.
const SUPERUSER: &str = "postgres";

/// How much a cluster takes care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostgresOptions {
    /// `true`: data survives a crash of the machine and every connection needs a password (demo). `false`:
    /// neither, and faster (tests).
    pub durable: bool,
}

/// A running PostgreSQL of our own on a free port of the loopback address. It stops when this is dropped, and
/// also when the process is killed.
#[derive(Debug)]
pub struct Postgres {
    /// Superuser, password, host and port; the database is replaced as needed.
    base: Url,
    /// `psql`, of the same version as the server where that is ours.
    psql: std::path::PathBuf,
    /// `None`: somebody else's server, lent to us.
    server: Option<Server>,
    /// Where it can be started again; `None` where it is not ours.
    home: Option<Home>,
}

/// Where a server of ours lives.
#[derive(Debug)]
struct Home {
    dir: PathBuf,
    options: PostgresOptions,
    disposable: bool,
}

impl Drop for Home {
    fn drop(&mut self) {
        // Stopping removes what is disposable; a server that was only taken down has left it.
        if self.disposable {
            std::fs::remove_dir_all(&self.dir).ok();
        }
    }
}

/// How a server goes down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Halt {
    /// In order: connections are ended, everything is written (`pg_ctl stop -m fast`).
    Fast,
    /// At once: the next start recovers from the log (`pg_ctl stop -m immediate`).
    Immediate,
}

impl Halt {
    fn signal(self) -> Signal {
        match self {
            Self::Fast => Signal::INT,
            Self::Immediate => Signal::QUIT,
        }
    }
}

impl Postgres {
    /// Starts the cluster kept in this folder, made on first use.
    ///
    /// # Errors
    /// PostgreSQL is not installed, the folder cannot be written, another server runs on it.
    pub async fn start(dir: &Path, options: PostgresOptions) -> Result<Self> {
        Self::start_with(dir, options, false).await
    }

    /// Starts an empty cluster that is removed when it stops: see [`Postgres::shared_for_tests`].
    ///
    /// # Errors
    /// As [`Postgres::start`].
    pub async fn disposable() -> Result<Self> {
        let name = format!("dn-postgres-{}", uuid::Uuid::new_v4().simple());
        Self::start_with(&scratch().join(name), PostgresOptions { durable: false }, true).await
    }

    /// As [`Postgres::disposable`], but it takes care of its data as one in production does: for tests that stop it
    /// ([`Postgres::halt`]).
    ///
    /// # Errors
    /// As [`Postgres::start`].
    pub async fn durable() -> Result<Self> {
        let name = format!("dn-postgres-{}", uuid::Uuid::new_v4().simple());
        Self::start_with(&scratch().join(name), PostgresOptions { durable: true }, true).await
    }

    async fn start_with(dir: &Path, options: PostgresOptions, disposable: bool) -> Result<Self> {
        let dir = std::path::absolute(dir)?;
        tokio::task::spawn_blocking(move || {
            let bin = binaries::find(Cluster::version(&dir).as_deref())?;
            let cluster = Cluster::open(&dir, &bin, options)?;
            cluster.release()?;
            let server = Server::start(&cluster, &bin, options, disposable)?;
            let base = format!(
                "postgres://{SUPERUSER}:{}@127.0.0.1:{}",
                cluster.password, server.port
            );
            Ok(Self {
                base: base.parse()?,
                psql: bin.join("psql"),
                server: Some(server),
                home: Some(Home {
                    dir,
                    options,
                    disposable,
                }),
            })
        })
        .await?
    }

    /// A server somebody else started and stops: the superuser's address, password included.
    ///
    /// # Errors
    /// Not an address of a PostgreSQL server; `psql` is not installed.
    pub fn lent(superuser_url: &str) -> Result<Self> {
        let base: Url = superuser_url
            .parse()
            .context("not the address of a PostgreSQL server")?;
        Ok(Self {
            base,
            psql: binaries::find(None)?.join("psql"),
            server: None,
            home: None,
        })
    }

    /// Takes the server down and leaves its data. [`Postgres::resume`] brings it back.
    ///
    /// # Errors
    /// It is not ours, or does not go.
    pub async fn halt(&mut self, halt: Halt) -> Result<()> {
        let mut server = self.server.take().context("the server is not ours, or down")?;
        tokio::task::spawn_blocking(move || {
            // What is disposable is needed once more.
            server.leave();
            server.halt(halt)
        })
        .await?
    }

    /// Brings a server back that was taken down, on the port it had.
    ///
    /// # Errors
    /// It is not ours, does not start, or somebody else has its port now.
    pub async fn resume(&mut self) -> Result<()> {
        let home = self.home.as_ref().context("the server is not ours")?;
        let (dir, options, disposable) = (home.dir.clone(), home.options, home.disposable);
        let port = self.port();
        let server = tokio::task::spawn_blocking(move || {
            let bin = binaries::find(Cluster::version(&dir).as_deref())?;
            let cluster = Cluster::open(&dir, &bin, options)?;
            cluster.release()?;
            Server::try_on(port, &cluster, &bin, options, disposable)?
                .context("the server's port was taken meanwhile")
        });
        self.server = Some(server.await??);
        Ok(())
    }

    /// Address of a database for the superuser.
    pub fn url(&self, database: &str) -> String {
        let mut url = self.base.clone();
        url.set_path(database);
        url.into()
    }

    /// Address of a database for a role made with [`Postgres::create_role`] or with [`Postgres::password`].
    pub fn url_as(&self, role: &str, database: &str) -> String {
        let mut url = self.base.clone();
        url.set_path(database);
        // Cannot fail: the address has a host.
        url.set_username(role).ok();
        url.into()
    }

    /// The password of every role that logs in to this cluster.
    pub fn password(&self) -> &str {
        self.base.password().unwrap_or_default()
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.base.port().unwrap_or(5432)
    }

    /// Makes a role that logs in with [`Postgres::password`], or brings its attributes up to date:
    /// `create_role("dn_owner", "createrole")`. Safe against another process that does the same.
    ///
    /// # Errors
    /// The server says no.
    pub async fn create_role(&self, role: &str, attributes: &str) -> Result<()> {
        let (name, password) = (identifier(role)?, self.password());
        self.run(
            "postgres",
            &format!(
                "select pg_advisory_xact_lock(4077); \
                 do $$ begin create role {name}; exception when duplicate_object then null; end $$; \
                 alter role {name} login {attributes} password '{password}'"
            ),
        )
        .await
        .map(drop)
    }

    /// Makes a database that belongs to this role, unless it is there.
    ///
    /// # Errors
    /// The server says no.
    pub async fn create_database(&self, database: &str, owner: &str) -> Result<()> {
        if !self.has_database(database).await? {
            let (database, owner) = (identifier(database)?, identifier(owner)?);
            self.run("postgres", &format!("create database {database} owner {owner}"))
                .await?;
        }
        Ok(())
    }

    /// Makes a database as a copy of another, to which nobody may be connected, its refusal of temporary tables
    /// included, which PostgreSQL does not copy. Takes some 50 ms.
    ///
    /// # Errors
    /// The server says no.
    pub async fn copy_database(&self, database: &str, template: &str) -> Result<()> {
        let (database, template) = (identifier(database)?, identifier(template)?);
        let about = format!(
            "select pg_get_userbyid(datdba), has_database_privilege('public', oid, 'temporary')
             from pg_database where datname = '{template}'"
        );
        let about = self.run("postgres", &about).await?;
        let (owner, temporary) = about.trim().split_once('|').context("no such template")?;
        let owner = identifier(owner)?;
        let create = format!("create database {database} template {template} owner {owner}");
        let refuse = format!("revoke temporary on database {database} from public");
        let refuse = (temporary == "f").then_some(refuse);
        let output = self
            .psql("postgres")
            .args(["--command", &create])
            .args(refuse.iter().flat_map(|sql| ["--command", sql]))
            .output()
            .await
            .context("cannot run psql")?;
        told(output).map(drop)
    }

    /// Removes a database and ends the connections to it.
    ///
    /// # Errors
    /// The server says no.
    pub async fn drop_database(&self, database: &str) -> Result<()> {
        let database = identifier(database)?;
        self.run(
            "postgres",
            &format!("drop database if exists {database} with (force)"),
        )
        .await
        .map(drop)
    }

    /// Whether there is a database of this name.
    ///
    /// # Errors
    /// The server does not answer.
    pub async fn has_database(&self, database: &str) -> Result<bool> {
        let database = identifier(database)?;
        let found = self
            .run(
                "postgres",
                &format!("select 1 from pg_database where datname = '{database}'"),
            )
            .await?;
        Ok(!found.trim().is_empty())
    }

    /// Runs SQL as superuser and returns what it prints, unaligned, without headers.
    ///
    /// # Errors
    /// The server says no; the message is the server's.
    pub async fn run(&self, database: &str, sql: &str) -> Result<String> {
        let output = self
            .psql(database)
            .args(["--command", sql])
            .output()
            .await
            .context("cannot run psql")?;
        told(output)
    }

    fn psql(&self, database: &str) -> Command {
        let mut command = Command::new(&self.psql);
        command
            .args([
                "--no-psqlrc",
                "--quiet",
                "--no-align",
                "--tuples-only",
                "--set=ON_ERROR_STOP=1",
            ])
            .env("PGHOST", self.base.host_str().unwrap_or("127.0.0.1"))
            .env("PGPORT", self.port().to_string())
            .env("PGUSER", self.base.username())
            .env("PGPASSWORD", self.password())
            .env("PGDATABASE", database)
            .env("PGOPTIONS", "-c client_min_messages=warning")
            .current_dir("/")
            .stdin(std::process::Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Stops the server and waits until it has gone.
    ///
    /// # Errors
    /// It could not be stopped.
    pub async fn stop(mut self) -> Result<()> {
        match self.server.take() {
            Some(mut server) => tokio::task::spawn_blocking(move || server.stop()).await?,
            None => Ok(()),
        }
    }
}

/// What psql printed, or the server's refusal.
fn told(output: std::process::Output) -> Result<String> {
    if !output.status.success() {
        bail!("PostgreSQL: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Names of roles and databases are ours: letters, digits, `_`. They are never quoted.
fn identifier(name: &str) -> Result<&str> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.is_empty() || name.len() > 63 || !name.chars().all(allowed) {
        bail!("not a name for a role or database: {name}");
    }
    Ok(name)
}
