//! Servers and an empty database for the program.

use anyhow::{Result, ensure};
use sandbox::{Browser, MailCatcher, Postgres, S3Endpoint};
use tempfile::TempDir;
use testing::{APP_ROLE, OWNER_ROLE};
use uuid::Uuid;

use crate::program::{Program, Ran};

/// Servers and an empty database for one test.
pub(crate) struct Ground {
    pub(crate) program: Program,
    pub(crate) postgres: &'static Postgres,
    pub(crate) database: String,
    pub(crate) port: u16,
    _s3: S3Endpoint,
    _mail: MailCatcher,
    _objects: TempDir,
}

impl Ground {
    pub(crate) async fn new() -> Result<Self> {
        let postgres = Postgres::shared_for_tests().await?;
        postgres.create_role(OWNER_ROLE, "createrole").await?;
        postgres.create_role(APP_ROLE, "noinherit").await?;
        let database = format!("dn_cli_{}", Uuid::new_v4().simple());
        postgres.create_database(&database, OWNER_ROLE).await?;
        let dir = tempfile::tempdir()?;
        let s3 = S3Endpoint::start(dir.path()).await?;
        let mail = MailCatcher::start(None).await?;
        let port = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await?
            .local_addr()?
            .port();
        let (url, owner) = (
            postgres.url_as(APP_ROLE, &database),
            postgres.url_as(OWNER_ROLE, &database),
        );
        let config = format!(
            r#"
environment = "demo"
[web]
public_url = "http://localhost:{port}"
listen = "127.0.0.1:{port}"
[database]
url = "{url}"
migrate_url = "{owner}"
max_connections = 6
[storage]
endpoint = "{}"
bucket = "courriers"
access_key = "{}"
secret_key = "{}"
current_master = "un"
[storage.master_keys]
un = "q8Zt3Yw0N5hVbJ1kXc7LrM2pSf9DgTe4uAiOy6WBnHQ="
[mail]
host = "127.0.0.1"
port = {}
tls = "none"
from = "dn@exemple.fr"
message_id_domain = "exemple.fr"
[privacy]
index_key = "Vb3kZ0qT8mYw1N5hJc7LrX2pSf9DgEe4uAiOy6WBnHQ="
"#,
            s3.endpoint(),
            s3.access_key(),
            s3.secret_key(),
            mail.smtp_port()
        );
        Ok(Self {
            program: Program::with(&config).env("USER", "alice"),
            postgres,
            database,
            port,
            _s3: s3,
            _mail: mail,
            _objects: dir,
        })
    }

    /// Runs a command to its end while the servers of this test go on.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Result<Ran> {
        let mut command = self.program.command(arguments);
        Ok(tokio::task::spawn_blocking(move || command.output())
            .await??
            .into())
    }

    pub(crate) async fn done(&self, arguments: &[&str]) -> Result<String> {
        let ran = self.run(arguments).await?;
        ensure!(ran.code == 0, "{arguments:?}: {} {}", ran.out, ran.err);
        Ok(ran.out)
    }

    /// What the database answers to the superuser.
    pub(crate) async fn sql(&self, statement: &str) -> Result<String> {
        let answer = self.postgres.run(&self.database, statement).await?;
        Ok(answer.trim().to_owned())
    }

    pub(crate) async fn ready(&self) -> Result<bool> {
        let page = Browser::new()?
            .get(format!("http://localhost:{}/sante/pret", self.port))
            .await;
        Ok(page.is_ok_and(|page| page.status.is_success()))
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        let (postgres, database) = (self.postgres, self.database.clone());
        // The runtime of the test may be ending: a thread of its own cleans up.
        let cleaned = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(postgres.drop_database(&database))
        });
        drop(cleaned.join());
    }
}

/// The folders of the shipped départements.
pub(crate) const TENANTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tenants");
