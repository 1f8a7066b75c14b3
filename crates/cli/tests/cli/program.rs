//! Runs `dn`.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A configuration in which everything is there, each secret recognisable.
pub(crate) const COMPLETE: &str = r#"
[web]
public_url = "https://notaires.exemple.fr"
[database]
url = "postgres://dn_app:S3CRET-database@127.0.0.1:9/dn"
migrate_url = "postgres://dn_owner:S3CRET-owner@127.0.0.1:9/dn"
[storage]
endpoint = "https://s3.exemple.fr"
bucket = "courriers"
access_key = "S3CRET-access"
secret_key = "S3CRET-secret"
current_master = "2026"
[storage.master_keys]
2026 = "q8Zt3Yw0N5hVbJ1kXc7LrM2pSf9DgTe4uAiOy6WBnHQ="
[mail]
host = "smtp.exemple.fr"
port = 587
user = "dn"
password = "S3CRET-mail"
from = "\"Départements & Notaires\" <ne-pas-repondre@exemple.fr>"
message_id_domain = "exemple.fr"
[privacy]
index_key = "Vb3kZ0qT8mYw1N5hJc7LrX2pSf9DgEe4uAiOy6WBnHQ="
[providers.idnot]
label = "ID.not"
audience = "notary"
issuer = "https://connexion.idnot.exemple"
client_id = "dn"
client_authentication = "client_secret_basic"
client_secret = "S3CRET-provider"
"#;

pub(crate) struct Program {
    pub(crate) dir: TempDir,
    environment: Vec<(String, String)>,
}

pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Program {
    /// A folder with this `dn.toml`.
    pub(crate) fn with(config: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("dn.toml"), config).unwrap();
        let environment = vec![];
        Self { dir, environment }
    }

    /// [`COMPLETE`], with one text in the place of another.
    pub(crate) fn changed(from: &str, to: &str) -> Self {
        assert!(COMPLETE.contains(from), "{from}");
        Self::with(&COMPLETE.replace(from, to))
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "")
    }

    /// Runs with this on standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        // The program may end before it reads.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap().into()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dn"));
        command
            .args(arguments)
            .current_dir(self.dir.path())
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}
