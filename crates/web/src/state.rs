//! What every handler has at hand.

use std::sync::Arc;
use std::time::Instant;

use app::App;
use db::DbSessionStore;
use views::Views;

use crate::WebSettings;
use crate::layers::visitors::Visitors;
use crate::oidc::{ProviderSettings, ProviderSettingsError, Providers};

/// What the web server is made of.
pub struct WebParts {
    /// The use cases.
    pub app: App,
    /// Where sessions are kept.
    pub sessions: DbSessionStore,
    /// The web server's configuration.
    pub settings: WebSettings,
    /// The providers' configuration.
    pub providers: Vec<ProviderSettings>,
}

/// What every handler has at hand. Cheap to clone.
#[derive(Clone)]
pub struct WebState {
    inner: Arc<Inner>,
}

struct Inner {
    app: App,
    sessions: DbSessionStore,
    settings: WebSettings,
    providers: Providers,
    visitors: Visitors,
}

/// The web server cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// The address of the service is not one it can live under.
    #[error("public_url must be http or https, a host, and nothing after it")]
    PublicUrl,
    /// A provider is configured wrongly.
    #[error(transparent)]
    Provider(#[from] ProviderSettingsError),
}

impl WebState {
    /// Puts the parts together. No provider is asked anything yet.
    ///
    /// # Errors
    /// When the configuration cannot be right.
    pub fn new(parts: WebParts) -> Result<Self, WebError> {
        let url = &parts.settings.public_url;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !bare || !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(WebError::PublicUrl);
        }
        let providers = Providers::new(parts.providers, url)?;
        Ok(Self {
            inner: Arc::new(Inner {
                app: parts.app,
                visitors: Visitors::new(parts.settings.visits_per_minute, Instant::now()),
                sessions: parts.sessions,
                settings: parts.settings,
                providers,
            }),
        })
    }

    /// The use cases.
    pub fn app(&self) -> &App {
        &self.inner.app
    }

    /// The web server's configuration.
    pub fn settings(&self) -> &WebSettings {
        &self.inner.settings
    }

    /// The providers of identities.
    pub fn providers(&self) -> &Providers {
        &self.inner.providers
    }

    pub(crate) fn visitors(&self) -> &Visitors {
        &self.inner.visitors
    }

    pub(crate) fn views(&self) -> &Views {
        self.inner.app.views()
    }

    pub(crate) fn sessions(&self) -> DbSessionStore {
        self.inner.sessions.clone()
    }
}
