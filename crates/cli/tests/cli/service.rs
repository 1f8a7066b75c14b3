//! The program on a real database, from the first migration to the last signal.

use std::process::Child;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use sandbox::{Browser, MailCatcher, Postgres, S3Endpoint};
use tempfile::TempDir;
use testing::{APP_ROLE, OWNER_ROLE};
use uuid::Uuid;

use crate::program::{Program, Ran};

/// Servers and an empty database for one test.
struct Ground {
    program: Program,
    postgres: &'static Postgres,
    database: String,
    port: u16,
    _s3: S3Endpoint,
    _mail: MailCatcher,
    _objects: TempDir,
}

impl Ground {
    async fn new() -> Result<Self> {
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
            program: Program::with(&config),
            postgres,
            database,
            port,
            _s3: s3,
            _mail: mail,
            _objects: dir,
        })
    }

    /// Runs a command to its end while the servers of this test go on.
    async fn run(&self, arguments: &[&str]) -> Result<Ran> {
        let mut command = self.program.command(arguments);
        Ok(tokio::task::spawn_blocking(move || command.output())
            .await??
            .into())
    }

    async fn done(&self, arguments: &[&str]) -> Result<String> {
        let ran = self.run(arguments).await?;
        ensure!(ran.code == 0, "{arguments:?}: {} {}", ran.out, ran.err);
        Ok(ran.out)
    }

    async fn ready(&self) -> Result<bool> {
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

const TENANTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tenants");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_sets_everything_up() -> Result<()> {
    let ground = Ground::new().await?;
    for arguments in [&["serve"][..], &["work"]] {
        let early = ground.run(arguments).await?;
        assert!(
            early.code == 1 && early.err.contains("dn migrate"),
            "{}",
            early.err
        );
    }
    let early = ground.run(&["doctor"]).await?;
    assert!(
        early.code == 1 && early.out.contains("run `dn migrate`"),
        "{}",
        early.out
    );

    let first = ground.done(&["migrate", "--json"]).await?;
    assert!(first.contains("platform"), "{first}");
    let second: serde_json::Value = serde_json::from_str(&ground.done(&["migrate", "--json"]).await?)?;
    assert_eq!(second["migrated"], serde_json::json!([]));

    ground.done(&["tenant", "create", "--root", TENANTS]).await?;
    let again = ground.done(&["tenant", "apply", "--root", TENANTS]).await?;
    assert_eq!(again.matches("nothing changed").count(), 3, "{again}");

    let register = "identifiant;nom_naissance;prenoms;date_naissance;aide\n1;DURAND;Jean;01/02/1930;ASH-PA\n2;PETIT;Anne;31/02/1930;ASH-PA\n";
    std::fs::write(ground.program.path().join("registre.csv"), register)?;
    let imported = ground
        .run(&["register", "import", "rhone", "registre.csv"])
        .await?;
    assert_eq!(
        imported.code, 3,
        "one row is bad: {} {}",
        imported.out, imported.err
    );
    assert!(
        imported.out.contains("line 3, date_naissance"),
        "{}",
        imported.out
    );

    let list: serde_json::Value = serde_json::from_str(&ground.done(&["tenant", "list", "--json"]).await?)?;
    let rhone = list
        .as_array()
        .context("a list")?
        .iter()
        .find(|line| line["slug"] == "rhone");
    assert_eq!(rhone.context("rhone")?["register"]["individuals"], 1);

    ground.done(&["tenant", "suspend", "nord"]).await?;
    ground.done(&["tenant", "resume", "nord"]).await?;
    ground.done(&["keys", "rotate", "--all"]).await?;
    ground.done(&["keys", "rewrap", "rhone"]).await?;
    assert!(ground.done(&["jobs", "list"]).await?.contains("no jobs"));
    let doctor: serde_json::Value = serde_json::from_str(&ground.done(&["doctor", "--json"]).await?)?;
    assert_eq!(doctor["status"], "warning", "{doctor}");

    let dropped = ground
        .done(&["tenant", "drop", "nord", "--confirm", "nord"])
        .await?;
    assert!(dropped.contains("exports/nord-"), "{dropped}");
    let unknown = ground.run(&["tenant", "suspend", "nord"]).await?;
    assert!(
        unknown.code == 1 && unknown.err.contains("dn tenant list"),
        "{}",
        unknown.err
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_serves_until_told_to_stop() -> Result<()> {
    let ground = Ground::new().await?;
    ground.done(&["migrate"]).await?;
    for arguments in [&["serve"][..], &["serve", "--no-worker"], &["work"]] {
        let mut child = ground.program.command(arguments).spawn()?;
        let begun = Instant::now();
        let serves = arguments[0] == "serve";
        while serves && !ground.ready().await? {
            ensure!(begun.elapsed() < Duration::from_secs(20), "not ready");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        if !serves {
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
        ensure!(child.try_wait()?.is_none(), "{arguments:?} ended by itself");
        terminate(&child)?;
        let status = ended(&mut child).await?;
        let output: Ran = child.wait_with_output()?.into();
        assert_eq!(status, Some(0), "{arguments:?}: {}", output.err);
        assert!(
            output
                .err
                .lines()
                .all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()),
            "{}",
            output.err
        );
        assert!(
            output.err.contains("SIGTERM") && output.err.contains("stopped"),
            "{}",
            output.err
        );
    }
    Ok(())
}

fn terminate(child: &Child) -> Result<()> {
    let pid = child.id().to_string();
    let killed = std::process::Command::new("kill")
        .args(["-TERM", &pid])
        .status()?;
    ensure!(killed.success(), "kill failed");
    Ok(())
}

async fn ended(child: &mut Child) -> Result<Option<i32>> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.code());
        }
        if begun.elapsed() > Duration::from_secs(15) {
            child.kill()?;
            anyhow::bail!("it does not stop");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_master_stays_while_a_departement_is_suspended() -> Result<()> {
    let ground = Ground::new().await?;
    ground.done(&["migrate"]).await?;
    ground.done(&["tenant", "create", "--root", TENANTS]).await?;
    ground.done(&["keys", "rewrap", "--all"]).await?;
    ground.done(&["tenant", "suspend", "isere"]).await?;
    let ran = ground.run(&["keys", "rewrap", "--all"]).await?;
    assert_eq!(ran.code, 1, "{} {}", ran.out, ran.err);
    assert!(
        ran.out.contains("rhone:") && ran.out.contains("nord:"),
        "{}",
        ran.out
    );
    for word in ["skipped: isere\n", "old master", "dn tenant resume"] {
        assert!(ran.err.contains(word), "{word} in {}", ran.err);
    }
    ground.done(&["tenant", "resume", "isere"]).await?;
    ground.done(&["keys", "rewrap", "--all"]).await?;
    Ok(())
}
