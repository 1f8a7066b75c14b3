//! One cluster for a whole run of tests, and template databases made once.

use std::process::Stdio;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::Child;
use tokio::sync::OnceCell;

use super::{Postgres, identifier};

/// Names the server that a run of tests shares: the superuser's address.
const SHARED: &str = "DN_TEST_POSTGRES";

static POSTGRES: OnceCell<Postgres> = OnceCell::const_new();

impl Postgres {
    /// The server of this run of tests: the one named in `DN_TEST_POSTGRES` (`cargo xtask test` starts it), or
    /// else one of this process, gone with it. Each test makes its own database: see
    /// [`Postgres::template`] and [`Postgres::copy_database`].
    ///
    /// # Errors
    /// As [`Postgres::start`].
    pub async fn shared_for_tests() -> Result<&'static Self> {
        POSTGRES
            .get_or_try_init(async || match std::env::var(SHARED) {
                Ok(url) => Self::lent(&url).with_context(|| format!("{SHARED} is of no use")),
                Err(_) => Self::disposable().await,
            })
            .await
    }

    /// Makes a template database once per server, however many processes ask at the same time: `make` is given
    /// the superuser's address of the empty database and must close its connections. Choose a name that
    /// changes with what `make` does (a hash of the migrations).
    ///
    /// # Errors
    /// What `make` says, or the server.
    pub async fn template(
        &self,
        name: &str,
        owner: &str,
        make: impl AsyncFnOnce(String) -> Result<()>,
    ) -> Result<()> {
        let name = identifier(name)?;
        let _alone = self.lock(name).await?;
        let done = format!("select 1 from pg_database where datname = '{name}' and datistemplate");
        if !self.run("postgres", &done).await?.trim().is_empty() {
            return Ok(());
        }
        self.drop_database(name).await?;
        self.create_database(name, owner).await?;
        make(self.url(name)).await?;
        let seal = format!("alter database {name} with is_template true allow_connections false");
        self.run("postgres", &seal).await.map(drop)
    }

    /// A lock among all who use this server, held until dropped: that of a session of its own.
    async fn lock(&self, name: &str) -> Result<Child> {
        let sql = format!("select pg_advisory_lock(hashtext('{name}'));\n\\echo locked\n");
        let mut session = self
            .psql("postgres")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut stdin = session.stdin.take().context("no stdin")?;
        stdin.write_all(sql.as_bytes()).await?;
        let mut said = BufReader::new(session.stdout.take().context("no stdout")?).lines();
        while let Some(line) = said.next_line().await? {
            if line == "locked" {
                session.stdin = Some(stdin);
                return Ok(session);
            }
        }
        bail!("PostgreSQL gave no lock")
    }
}
