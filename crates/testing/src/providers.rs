//! The identity providers of a test, and how our side is configured for each.

use std::path::Path;

use anyhow::Result;
use sandbox::{Client, ClientAuthentication, IdentityProvider, IdentityProviderSettings, Person};
use serde_json::{Value, json};
use url::Url;
use web::oidc::ProviderSettings;

use crate::people;
use crate::test_app::folder;

const CLIENT: &str = "departements-notaires";
const SECRET: &str = "a secret that only tests know, and long enough";

/// Both providers, for a program that is configured by a file.
#[derive(Debug)]
pub struct Providers {
    /// Provider `idnot`.
    pub notaries: IdentityProvider,
    /// Provider `proconnect`.
    pub agents: IdentityProvider,
}

impl Providers {
    /// Starts them for the service at this address. Started again in the same folder, they are the same to whoever
    /// knows them.
    ///
    /// # Errors
    /// When one does not start.
    pub async fn start(dir: &Path, url: &Url) -> Result<Self> {
        Ok(Self {
            notaries: notaries(&dir.join("idnot"), url, Vec::new()).await?,
            agents: agents(&dir.join("proconnect"), url, Vec::new()).await?,
        })
    }

    /// `[providers]` of the configuration.
    pub fn configuration(&self) -> Value {
        let mut providers = json!({ "idnot": idnot(&self.notaries), "proconnect": proconnect(&self.agents) });
        for provider in providers.as_object_mut().into_iter().flatten() {
            // The configuration names each by its place.
            provider.1.as_object_mut().map(|provider| provider.remove("id"));
        }
        providers
    }
}

/// The provider of notaries: `client_secret_basic`, userinfo as JSON.
pub(crate) async fn notaries(dir: &Path, url: &Url, more: Vec<Person>) -> Result<IdentityProvider> {
    let client = client(
        url,
        "idnot",
        ClientAuthentication::SecretBasic(SECRET.to_owned()),
        false,
    )?;
    let everybody = people::notaries().into_iter().chain(more).collect();
    let settings = IdentityProviderSettings::for_notaries(everybody, vec![client]);
    IdentityProvider::start(folder(dir)?, settings).await
}

/// The provider of agents: strict as ProConnect, `client_secret_post`, userinfo as signed JWT.
pub(crate) async fn agents(dir: &Path, url: &Url, more: Vec<Person>) -> Result<IdentityProvider> {
    let client = client(
        url,
        "proconnect",
        ClientAuthentication::SecretPost(SECRET.to_owned()),
        true,
    )?;
    let everybody = people::agents().into_iter().chain(more).collect();
    let settings = IdentityProviderSettings::for_agents(everybody, vec![client]);
    IdentityProvider::start(folder(dir)?, settings).await
}

/// Our side of [`notaries`].
pub(crate) fn idnot(provider: &IdentityProvider) -> Value {
    json!({
        "id": "idnot", "label": "ID.not", "audience": "notary", "issuer": provider.issuer(),
        "client_id": CLIENT, "client_authentication": "client_secret_basic", "client_secret": SECRET,
        "logout": true,
    })
}

/// Our side of [`agents`].
pub(crate) fn proconnect(provider: &IdentityProvider) -> Value {
    json!({
        "id": "proconnect", "label": "ProConnect", "audience": "officer", "issuer": provider.issuer(),
        "client_id": CLIENT, "client_authentication": "client_secret_post", "client_secret": SECRET,
        "scopes": ["openid", "given_name", "usual_name", "email", "uid", "siret", "idp_id", "roles"],
        "claims": { "family_name": "usual_name" },
        "acr": { "request": "claims", "required": ["https://proconnect.gouv.fr/assurance/consistency-checked-2fa"] },
        "userinfo": "jwt",
        "logout": true,
        "staff": { "link": "siret_and_role", "roles": ["agent_public_territorial"] },
        "departments": "all",
    })
}

/// Settings of a provider, as the configuration writes them.
///
/// # Errors
/// When they are not.
pub fn settings(value: Value) -> Result<ProviderSettings> {
    Ok(serde_json::from_value(value)?)
}

fn client(
    url: &Url,
    id: &str,
    authentication: ClientAuthentication,
    signed_userinfo: bool,
) -> Result<Client> {
    Ok(Client {
        id: CLIENT.to_owned(),
        authentication,
        redirect_uris: vec![url.join(&format!("/connexion/{id}/retour"))?.into()],
        post_logout_redirect_uris: vec![url.join("/deconnexion/retour")?.into()],
        signed_userinfo,
    })
}
