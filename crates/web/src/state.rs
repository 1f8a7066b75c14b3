//! What every handler has at hand.

use std::sync::Arc;

use app::App;

use crate::WebSettings;
use crate::oidc::{ProviderSettings, ProviderSettingsError, Providers};

/// What every handler has at hand. Cheap to clone.
#[derive(Clone)]
pub struct WebState {
    inner: Arc<Inner>,
}

struct Inner {
    app: App,
    settings: WebSettings,
    providers: Providers,
}

/// The web server cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// A provider is configured wrongly.
    #[error(transparent)]
    Provider(#[from] ProviderSettingsError),
}

impl WebState {
    /// Puts the parts together. No provider is asked anything yet.
    ///
    /// # Errors
    /// When the configuration cannot be right.
    pub fn new(app: App, settings: WebSettings, providers: Vec<ProviderSettings>) -> Result<Self, WebError> {
        let providers = Providers::new(providers, &settings.public_url)?;
        Ok(Self {
            inner: Arc::new(Inner {
                app,
                settings,
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
}
