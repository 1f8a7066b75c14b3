//! Where a provider's doors and keys are: asked when first needed, kept, asked again when they may have changed.

use std::sync::{Arc, RwLock};
use std::time::Duration;

use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
    CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode,
    CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::{AdditionalProviderMetadata, HttpRequest, IssuerUrl, JsonWebKeySetUrl, ProviderMetadata};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;

use super::failure::LoginFailure;
use super::http;
use super::keys::KeySet;
use super::settings::{Endpoints, ProviderSettings, is_loopback, is_safe};

/// After this long the provider is asked again.
const FRESH: Duration = Duration::from_secs(60 * 60);
/// What is known serves this long while the provider cannot be asked.
const USABLE: Duration = Duration::from_secs(24 * 60 * 60);
/// Those who waited for a failed attempt do not each make one of their own.
const FAILURE: Duration = Duration::from_secs(2);

/// What is known of a provider.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) endpoints: Endpoints,
    /// Whether the provider promises `iss` in its answers (RFC 9207): its absence is then an attack.
    pub(super) iss_promised: bool,
    pub(super) keys: KeySet,
    fetched_at: Instant,
}

/// Doors and keys of one provider.
pub(super) struct Directory {
    issuer: String,
    explicit: Option<Endpoints>,
    client: reqwest::Client,
    known: RwLock<Option<Arc<Known>>>,
    /// One asks, the others wait. Holds when asking failed last.
    asking: Mutex<Option<Instant>>,
}

/// Metadata of discovery that openidconnect does not know.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct MoreMetadata {
    end_session_endpoint: Option<Url>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for MoreMetadata {}

type Metadata = ProviderMetadata<
    MoreMetadata,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

impl Directory {
    pub(super) fn new(settings: &ProviderSettings, client: reqwest::Client) -> Self {
        Self {
            issuer: settings.issuer.clone(),
            explicit: settings.endpoints.clone(),
            client,
            known: RwLock::new(None),
            asking: Mutex::new(None),
        }
    }

    /// What is known, without asking.
    pub(super) fn known(&self) -> Option<Arc<Known>> {
        self.known
            .read()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
            .clone()
    }

    /// Doors and keys; asks the provider when nothing fresh is known.
    pub(super) async fn get(&self) -> Result<Arc<Known>, LoginFailure> {
        match self.known() {
            Some(known) if known.fetched_at.elapsed() < FRESH => Ok(known),
            known => self.ask(known).await,
        }
    }

    /// Asks again, because a signature is by a key that `seen` does not have.
    pub(super) async fn renew(&self, seen: &Arc<Known>) -> Result<Arc<Known>, LoginFailure> {
        self.ask(Some(Arc::clone(seen))).await
    }

    /// `seen` is what the caller knew and found wanting: when others have asked meanwhile, their answer serves.
    async fn ask(&self, seen: Option<Arc<Known>>) -> Result<Arc<Known>, LoginFailure> {
        let mut failed_at = self.asking.lock().await;
        let now_known = self.known();
        if let Some(known) = &now_known
            && seen.as_ref().is_none_or(|seen| !Arc::ptr_eq(seen, known))
        {
            return Ok(Arc::clone(known));
        }
        let usable = now_known.filter(|known| known.fetched_at.elapsed() < USABLE);
        if failed_at.is_some_and(|at| at.elapsed() < FAILURE) {
            return usable.ok_or(LoginFailure::ProviderDown("provider_down"));
        }
        match self.fetch().await {
            Ok(known) => {
                let known = Arc::new(known);
                *self
                    .known
                    .write()
                    .unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(Arc::clone(&known));
                *failed_at = None;
                Ok(known)
            }
            Err(failure) => {
                *failed_at = Some(Instant::now());
                usable.ok_or(failure)
            }
        }
    }

    async fn fetch(&self) -> Result<Known, LoginFailure> {
        let call = |request: HttpRequest| http::call(self.client.clone(), request);
        let fetched_at = Instant::now();
        if let Some(endpoints) = &self.explicit {
            let keys =
                CoreJsonWebKeySet::fetch_async(&JsonWebKeySetUrl::from_url(endpoints.jwks.clone()), &call)
                    .await
                    .map_err(|_| LoginFailure::ProviderDown("provider_keys"))?;
            let endpoints = endpoints.clone();
            return Ok(Known {
                endpoints,
                iss_promised: false,
                keys: keys.into(),
                fetched_at,
            });
        }
        let issuer =
            IssuerUrl::new(self.issuer.clone()).map_err(|_| LoginFailure::ProviderDown("provider_issuer"))?;
        let metadata = Metadata::discover_async(issuer, &call)
            .await
            .map_err(|_| LoginFailure::ProviderDown("provider_discovery"))?;
        let endpoints = endpoints_of(&metadata).ok_or(LoginFailure::ProviderDown("provider_metadata"))?;
        let iss_promised = metadata
            .additional_metadata()
            .authorization_response_iss_parameter_supported;
        Ok(Known {
            endpoints,
            iss_promised,
            keys: metadata.jwks().clone().into(),
            fetched_at,
        })
    }
}

/// The endpoints of a metadata document, if those we need are there and none would send secrets in clear, or to this
/// machine on the word of another.
fn endpoints_of(metadata: &Metadata) -> Option<Endpoints> {
    let endpoints = Endpoints {
        authorization: metadata.authorization_endpoint().url().clone(),
        token: metadata.token_endpoint()?.url().clone(),
        jwks: metadata.jwks_uri().url().clone(),
        userinfo: metadata
            .userinfo_endpoint()
            .map(|endpoint| endpoint.url().clone()),
        end_session: metadata.additional_metadata().end_session_endpoint.clone(),
    };
    let local = is_loopback(metadata.issuer().url());
    let required = [&endpoints.authorization, &endpoints.token, &endpoints.jwks];
    let optional = endpoints.userinfo.iter().chain(&endpoints.end_session);
    let safe = required
        .into_iter()
        .chain(optional)
        .all(|url| is_safe(url) && is_loopback(url) == local);
    safe.then_some(endpoints)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use testing::broken::{broken_text, cases};

    use super::*;

    const GOOD: &str = r#"{"issuer":"https://op.exemple","authorization_endpoint":"https://op.exemple/auth",
        "token_endpoint":"https://op.exemple/token","jwks_uri":"https://op.exemple/jwks",
        "userinfo_endpoint":"https://op.exemple/me","end_session_endpoint":"https://op.exemple/end",
        "response_types_supported":["code"],"subject_types_supported":["public"],
        "id_token_signing_alg_values_supported":["RS256"]}"#;

    const WORDS: &[&str] = &[
        "http://",
        "https://127.0.0.1",
        "file:///etc",
        "javascript:",
        "null",
        "\"",
        "{",
        "}",
        "[]",
        ",",
        ":",
        "\\u0000",
        "é",
    ];

    proptest! {
        #![proptest_config(cases(400))]

        /// Read or not, no panic; and no endpoint that would send secrets in clear or to this machine.
        #[test]
        fn broken_metadata_never_panic(text in broken_text(GOOD, WORDS)) {
            let Ok(metadata) = serde_json::from_str::<Metadata>(&text) else { return Ok(()) };
            if let Some(endpoints) = endpoints_of(&metadata) {
                let urls = [&endpoints.authorization, &endpoints.token, &endpoints.jwks];
                for url in urls.into_iter().chain(&endpoints.userinfo).chain(&endpoints.end_session) {
                    prop_assert!(is_safe(url) && is_loopback(url) == is_loopback(metadata.issuer().url()), "{url}");
                }
            }
        }
    }

    #[test]
    fn good_metadata_is_taken() {
        let metadata = serde_json::from_str::<Metadata>(GOOD).unwrap();
        assert!(endpoints_of(&metadata).is_some());
    }
}
