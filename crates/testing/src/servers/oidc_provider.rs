//! npm's oidc-provider: a certified OpenID Connect provider that is not ours.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use sandbox::{Client, ClientAuthentication, Companion, Ending, Person};
use serde_json::{Value, json};

use super::tool;

/// A running provider. Its login page has one field, `login`, which takes the `sub` of a person, and a button
/// `cancel`; it asks for no consent. It stops when this is dropped.
#[derive(Debug)]
pub struct OidcProvider {
    issuer: String,
    _process: Companion,
}

impl OidcProvider {
    /// Starts it for these clients and people. Each is configured as for our own demo provider, so that a test can
    /// run against both. Takes about half a second.
    ///
    /// # Errors
    /// It is not installed, or does not start.
    pub async fn start(clients: &[Client], people: &[Person]) -> Result<Self> {
        let configuration = configuration(clients, people).to_string();
        tokio::task::spawn_blocking(move || Self::launch(&configuration)).await?
    }

    fn launch(configuration: &str) -> Result<Self> {
        let packages = tool("npm/node_modules/oidc-provider")?;
        let node = tool("python/node/bin/node")?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("oidc-provider.mjs");
        let mut command = Command::new(node);
        command.arg(script).arg(packages).env("NODE_ENV", "test");
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut process = Companion::spawn(&mut command, Ending::Group, None)?;
        let child = process.child();
        let mut stdin = child.stdin.take().context("no stdin")?;
        stdin.write_all(configuration.as_bytes())?;
        drop(stdin);
        let mut issuer = String::new();
        BufReader::new(child.stdout.take().context("no stdout")?).read_line(&mut issuer)?;
        if !issuer.starts_with("http") {
            let mut said = String::new();
            child
                .stderr
                .take()
                .context("no stderr")?
                .read_to_string(&mut said)?;
            bail!("oidc-provider did not start: {said}");
        }
        Ok(Self {
            issuer: issuer.trim().to_owned(),
            _process: process,
        })
    }

    /// Changes the key it signs with, as a provider may at any moment: the one before is no longer published. Codes and
    /// sessions stay.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn rotate(&self) -> Result<()> {
        self.ask("rotate").await.map(drop)
    }

    /// How often its metadata was asked for.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn discoveries(&self) -> Result<u32> {
        Ok(self.ask("discoveries").await?.parse()?)
    }

    async fn ask(&self, what: &str) -> Result<String> {
        let answer = reqwest::get(format!("{}/test/{what}", self.issuer)).await?;
        Ok(answer.error_for_status()?.text().await?)
    }

    /// Its issuer identifier, below which discovery is.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }
}

fn configuration(clients: &[Client], people: &[Person]) -> Value {
    let people: Vec<Value> = people
        .iter()
        .map(|person| json!({ "sub": person.subject, "acr": person.acr, "claims": person.claims }))
        .collect();
    json!({ "clients": clients.iter().map(client).collect::<Vec<_>>(), "people": people })
}

/// A client in the words of Dynamic Client Registration.
fn client(client: &Client) -> Value {
    let (secret, key) = match &client.authentication {
        ClientAuthentication::SecretBasic(secret) | ClientAuthentication::SecretPost(secret) => {
            (Some(secret), None)
        }
        ClientAuthentication::PrivateKeyJwt { public_key, .. } => (None, Some(public_key)),
    };
    json!({
        "client_id": client.id,
        "client_secret": secret,
        "public_key": key,
        "token_endpoint_auth_method": client.authentication.method(),
        "redirect_uris": client.redirect_uris,
        "post_logout_redirect_uris": client.post_logout_redirect_uris,
        "userinfo_signed_response_alg": client.signed_userinfo.then_some("RS256"),
    })
}
