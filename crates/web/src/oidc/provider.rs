//! The providers, and what pages need of each.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::assertion::AssertionSigner;
use super::directory::Directory;
use super::failure::LoginFailure;
use super::http;
use super::settings::{Audience, ClientAuthentication, ProviderSettings, ProviderSettingsError, is_loopback};

/// Nobody waits longer to leave.
const LOGOUT_PATIENCE: Duration = Duration::from_secs(2);

/// Every provider. Cheap to clone.
#[derive(Clone, Default)]
pub struct Providers {
    all: Arc<Vec<Provider>>,
}

/// One provider. Cheap to clone.
#[derive(Clone)]
pub struct Provider {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) settings: ProviderSettings,
    pub(super) client: reqwest::Client,
    pub(super) directory: Directory,
    pub(super) signer: Option<AssertionSigner>,
    pub(super) redirect_uri: Url,
    post_logout_redirect_uri: Url,
}

impl Providers {
    /// Takes the configuration. No provider is asked anything: the program starts when one is down.
    ///
    /// # Errors
    /// When a provider's settings cannot be right.
    pub fn new(settings: Vec<ProviderSettings>, public_url: &Url) -> Result<Self, ProviderSettingsError> {
        let mut all: Vec<Provider> = Vec::with_capacity(settings.len());
        for settings in settings {
            if all.iter().any(|provider| provider.id() == settings.id) {
                return Err(ProviderSettingsError::Duplicate(settings.id));
            }
            all.push(Provider::new(settings, public_url)?);
        }
        Ok(Self { all: Arc::new(all) })
    }

    /// The provider of this id.
    pub fn get(&self, id: &str) -> Option<&Provider> {
        self.all.iter().find(|provider| provider.id() == id)
    }

    /// All, in the order of the configuration.
    pub fn iter(&self) -> impl Iterator<Item = &Provider> {
        self.all.iter()
    }

    /// Origins to which a form of ours may lead through redirects: providers' login and logout.
    pub fn form_origins(&self) -> BTreeSet<String> {
        self.all.iter().flat_map(Provider::form_origins).collect()
    }
}

impl Provider {
    fn new(settings: ProviderSettings, public_url: &Url) -> Result<Self, ProviderSettingsError> {
        settings.check()?;
        let address = |path: &str| {
            public_url.join(path).map_err(|_| ProviderSettingsError::Address {
                id: settings.id.clone(),
                what: "public_url",
            })
        };
        let redirect_uri = address(&format!("/connexion/{}/retour", settings.id))?;
        let post_logout_redirect_uri = address("/deconnexion/retour")?;
        let signer = match (&settings.private_key, settings.client_authentication) {
            (Some(pem), ClientAuthentication::PrivateKeyJwt) => Some(
                AssertionSigner::new(
                    pem,
                    settings.private_key_id.clone(),
                    settings.assertion_algorithm,
                    settings.client_id.clone(),
                )
                .map_err(|_| ProviderSettingsError::PrivateKey(settings.id.clone()))?,
            ),
            _ => None,
        };
        let local = Url::parse(&settings.issuer).is_ok_and(|issuer| is_loopback(&issuer));
        let client = http::client(local).map_err(ProviderSettingsError::Client)?;
        let directory = Directory::new(&settings, client.clone());
        let inner = Inner {
            settings,
            client,
            directory,
            signer,
            redirect_uri,
            post_logout_redirect_uri,
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Short name in addresses.
    pub fn id(&self) -> &str {
        &self.inner.settings.id
    }

    /// Name on the button.
    pub fn label(&self) -> &str {
        &self.inner.settings.label
    }

    /// Whom it identifies.
    pub fn audience(&self) -> Audience {
        self.inner.settings.audience
    }

    /// Its configuration.
    pub fn settings(&self) -> &ProviderSettings {
        &self.inner.settings
    }

    /// Whether doors and keys of the provider can be had now: for `dn doctor` and for warming up.
    ///
    /// # Errors
    /// Why not.
    pub async fn probe(&self) -> Result<(), LoginFailure> {
        self.inner.directory.get().await.map(|_| ())
    }

    /// Where to send the browser after our own session is gone, if the provider wants to know and can be asked where.
    pub async fn logout_url(&self, id_token: &str, state: &str) -> Option<Url> {
        if !self.inner.settings.logout {
            return None;
        }
        let known = tokio::time::timeout(LOGOUT_PATIENCE, self.inner.directory.get()).await;
        let mut url = known.ok()?.ok()?.endpoints.end_session.clone()?;
        // Exactly these three: ProConnect refuses parameters it does not document.
        url.query_pairs_mut()
            .append_pair("id_token_hint", id_token)
            .append_pair("state", state)
            .append_pair(
                "post_logout_redirect_uri",
                self.inner.post_logout_redirect_uri.as_str(),
            );
        Some(url)
    }

    fn form_origins(&self) -> Vec<String> {
        let explicit = self.inner.settings.endpoints.clone();
        let endpoints =
            explicit.or_else(|| self.inner.directory.known().map(|known| known.endpoints.clone()));
        let issuer = Url::parse(&self.inner.settings.issuer).ok();
        let known = endpoints
            .into_iter()
            .flat_map(|all| [Some(all.authorization), all.end_session])
            .flatten();
        known
            .chain(issuer)
            .map(|url| url.origin().ascii_serialization())
            .collect()
    }
}
