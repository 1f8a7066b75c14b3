//! A client of the provider, made of the library openidconnect and of our browser.

use std::collections::HashMap;

use anyhow::{Context, Result};
use dn_sandbox::{
    Browser, Client, ClientAuthentication, IdentityProvider, IdentityProviderSettings, Notary, Page, Person,
    RsaKey,
};
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata};
use openidconnect::{
    AuthType, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
};
use url::Url;

pub(crate) const CALLBACK: &str = "http://localhost:9/connexion/notaires/retour";
pub(crate) const GOODBYE: &str = "http://localhost:9/deconnexion/retour";
pub(crate) const SECRET: &str = "un secret: avec & des % signes";

pub(crate) type Oidc = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

pub(crate) fn client(id: &str, authentication: ClientAuthentication) -> Client {
    Client {
        id: id.to_owned(),
        authentication,
        redirect_uris: vec![CALLBACK.to_owned()],
        post_logout_redirect_uris: vec![GOODBYE.to_owned()],
        signed_userinfo: false,
    }
}

pub(crate) fn camille() -> Person {
    Person::notary(&Notary {
        subject: "notaire-1",
        given_name: "Camille",
        family_name: "d’Été",
        capacity: "notaire",
        email: "camille@etude.exemple.fr",
        crpcen: Some("69001"),
        office_name: "Étude des Quais",
        office_address: ["1 quai Fictif", "69002", "Lyon"],
    })
}

/// A provider that knows one notary and one client, `dn`.
pub(crate) async fn provider() -> Result<IdentityProvider> {
    let clients = vec![client("dn", ClientAuthentication::SecretBasic(SECRET.to_owned()))];
    serve(IdentityProviderSettings::for_notaries(vec![camille()], clients)).await
}

pub(crate) async fn serve(settings: IdentityProviderSettings) -> Result<IdentityProvider> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    IdentityProvider::serve(listener, RsaKey::draw().await?, settings)
}

pub(crate) async fn http(request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    rustls::crypto::ring::default_provider().install_default().ok();
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let (parts, body) = request.into_parts();
    let answer = client
        .request(parts.method, parts.uri.to_string())
        .headers(parts.headers)
        .body(body)
        .send()
        .await?;
    let mut response = HttpResponse::default();
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    *response.body_mut() = answer.bytes().await?.to_vec();
    Ok(response)
}

pub(crate) async fn discover(issuer: &str) -> Result<Oidc> {
    let metadata = CoreProviderMetadata::discover_async(IssuerUrl::new(issuer.to_owned())?, &http).await?;
    let secret = ClientSecret::new(SECRET.to_owned());
    let client = CoreClient::from_provider_metadata(metadata, ClientId::new("dn".to_owned()), Some(secret));
    Ok(client
        .set_redirect_uri(RedirectUrl::new(CALLBACK.to_owned())?)
        .set_auth_type(AuthType::BasicAuth))
}

/// A login under way.
pub(crate) struct Attempt {
    pub(crate) url: Url,
    pub(crate) state: CsrfToken,
    pub(crate) nonce: Nonce,
    pub(crate) verifier: PkceCodeVerifier,
}

pub(crate) fn attempt(oidc: &Oidc) -> Attempt {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state, nonce) = oidc
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            || CsrfToken::new_random_len(32),
            || Nonce::new_random_len(32),
        )
        .add_scopes(["profile", "email"].map(|scope| Scope::new(scope.to_owned())))
        .set_pkce_challenge(challenge)
        .url();
    Attempt {
        url,
        state,
        nonce,
        verifier,
    }
}

/// Goes to the login page and chooses this person; returns what comes back to the client.
pub(crate) async fn choose(url: &Url, field: (&str, &str)) -> Result<HashMap<String, String>> {
    let browser = Browser::stopping_at_redirects()?;
    let page = browser.get(url).await?;
    let back = browser.submit(&page, "form", &[field]).await?;
    returned(&back)
}

/// The parameters of a redirect to the client.
pub(crate) fn returned(page: &Page) -> Result<HashMap<String, String>> {
    let target = Url::parse(page.header("location").context("no redirect")?)?;
    anyhow::ensure!(target.as_str().starts_with(CALLBACK), "sent to {target}");
    Ok(target.query_pairs().into_owned().collect())
}
