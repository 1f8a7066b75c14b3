//! An identity provider: OpenID Connect with real signed tokens, where one picks who one is.
//!
//! Code flow with PKCE (S256, always), discovery, JWKS, userinfo as JSON or signed JWT, RP-initiated logout. It
//! keeps no session of its own: each login asks again, so that a demo can change roles.

mod authorize;
mod client;
mod client_authentication;
mod discovery;
mod keys;
mod logout;
mod memory;
mod people;
mod token;
mod userinfo;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::routing::{get, post};
use tokio::net::TcpListener;

use crate::http::{Running, steady_listener};
use crate::pages::stylesheet;
use memory::Memory;

pub use client::{AssertionAlgorithm, Client, ClientAuthentication};
pub use keys::RsaKey;
pub use people::{Agent, Notary, Person};

/// Seconds a code holds, as at ProConnect.
const CODE_LIFETIME: Duration = Duration::from_secs(60);

/// What an identity provider is to be.
#[derive(Debug, Clone)]
pub struct IdentityProviderSettings {
    /// Its name, as its pages show it.
    pub name: String,
    /// Who can log in.
    pub people: Vec<Person>,
    /// Who may ask for logins.
    pub clients: Vec<Client>,
    /// Refuses what ProConnect refuses: `state` or `nonce` under 32 characters, parameters it does not know,
    /// `max_age`.
    pub strict: bool,
    /// Issuer, where it is not to be the address the provider listens on (ID.not): clients then need explicit
    /// endpoints.
    pub issuer: Option<String>,
    /// How long a code holds.
    pub code_lifetime: Duration,
}

impl IdentityProviderSettings {
    /// A provider in the manner of ID.not, for notaries.
    pub fn for_notaries(people: Vec<Person>, clients: Vec<Client>) -> Self {
        let name = "Identité des notaires".to_owned();
        Self {
            name,
            people,
            clients,
            strict: false,
            issuer: None,
            code_lifetime: CODE_LIFETIME,
        }
    }

    /// A provider in the manner of ProConnect, for agents.
    pub fn for_agents(people: Vec<Person>, clients: Vec<Client>) -> Self {
        let name = "Identité des agents".to_owned();
        Self {
            name,
            people,
            clients,
            strict: true,
            issuer: None,
            code_lifetime: CODE_LIFETIME,
        }
    }
}

/// What the pages and endpoints share.
#[derive(Debug)]
struct Shared {
    settings: IdentityProviderSettings,
    /// Where it listens: `http://127.0.0.1:PORT`.
    base: String,
    issuer: String,
    key: RsaKey,
    memory: Memory,
}

impl Shared {
    fn client(&self, id: &str) -> Option<&Client> {
        self.settings.clients.iter().find(|client| client.id == id)
    }

    fn person(&self, subject: &str) -> Option<&Person> {
        self.settings
            .people
            .iter()
            .find(|person| person.subject == subject)
    }
}

/// A running identity provider. It stops when this is dropped.
#[derive(Debug)]
pub struct IdentityProvider {
    running: Running,
    shared: Arc<Shared>,
}

impl IdentityProvider {
    /// Starts it. Its signing key and its port are kept in this folder, so that a restart changes neither.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub async fn start(dir: &Path, settings: IdentityProviderSettings) -> Result<Self> {
        let listener = steady_listener(dir, "identity").await?;
        let key = RsaKey::kept_in(&dir.join("signing-key.pem")).await?;
        Self::serve(listener, key, settings)
    }

    /// Starts it on this listener with this signing key.
    ///
    /// # Errors
    /// The listener is of no use.
    pub fn serve(listener: TcpListener, key: RsaKey, settings: IdentityProviderSettings) -> Result<Self> {
        let base = format!("http://{}", listener.local_addr()?);
        let issuer = settings.issuer.clone().unwrap_or_else(|| base.clone());
        let shared = Arc::new(Shared {
            settings,
            base,
            issuer,
            key,
            memory: Memory::default(),
        });
        let running = Running::pages(listener, router(Arc::clone(&shared)))?;
        Ok(Self { running, shared })
    }

    /// Its issuer identifier. Discovery is below [`IdentityProvider::base`].
    pub fn issuer(&self) -> &str {
        &self.shared.issuer
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn base(&self) -> &str {
        &self.shared.base
    }

    /// Who can log in.
    pub fn people(&self) -> &[Person] {
        &self.shared.settings.people
    }

    /// Stops it and waits until it has gone.
    pub async fn stop(self) {
        self.running.stop().await;
    }
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery::configuration))
        .route("/jwks", get(discovery::keys))
        .route("/authorize", get(authorize::by_link).post(authorize::by_form))
        .route("/authorize/decision", post(authorize::decide))
        .route("/token", post(token::exchange))
        .route("/userinfo", get(userinfo::show).post(userinfo::show))
        .route("/logout", get(logout::by_link).post(logout::by_form))
        .route("/style.css", get(stylesheet))
        .with_state(shared)
}
