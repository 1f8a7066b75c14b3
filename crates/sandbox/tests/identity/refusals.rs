//! What the provider refuses.

use std::time::Duration;

use dn_sandbox::{Browser, ClientAuthentication, IdentityProvider, IdentityProviderSettings};
use openidconnect::{AuthorizationCode, PkceCodeVerifier, RedirectUrl};
use serde_json::Value;

use crate::relying_party::{
    CALLBACK, Oidc, SECRET, attempt, camille, choose, client, discover, http, provider, returned, serve,
};

async fn code(oidc: &Oidc) -> anyhow::Result<(AuthorizationCode, PkceCodeVerifier)> {
    let attempt = attempt(oidc);
    let back = choose(&attempt.url, ("person", "notaire-1")).await?;
    Ok((AuthorizationCode::new(back["code"].clone()), attempt.verifier))
}

#[tokio::test]
async fn a_code_needs_its_verifier_its_address_and_its_client() -> anyhow::Result<()> {
    let clients = ["dn", "other"].map(|id| client(id, ClientAuthentication::SecretBasic(SECRET.to_owned())));
    let provider = serve(IdentityProviderSettings::for_notaries(
        vec![camille()],
        clients.to_vec(),
    ))
    .await?;
    let oidc = discover(provider.issuer()).await?;

    let (granted, _) = code(&oidc).await?;
    let wrong = PkceCodeVerifier::new("x".repeat(43));
    assert!(
        oidc.exchange_code(granted)?
            .set_pkce_verifier(wrong)
            .request_async(&http)
            .await
            .is_err()
    );

    let (granted, verifier) = code(&oidc).await?;
    let elsewhere = RedirectUrl::new("http://localhost:9/elsewhere".to_owned())?;
    let moved = oidc.clone().set_redirect_uri(elsewhere);
    let answer = moved
        .exchange_code(granted)?
        .set_pkce_verifier(verifier)
        .request_async(&http)
        .await;
    assert!(answer.is_err());

    for (id, secret, good) in [
        ("dn", SECRET, true),
        ("dn", "wrong", false),
        ("other", SECRET, false),
    ] {
        let (granted, verifier) = code(&oidc).await?;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", granted.secret()),
            ("redirect_uri", CALLBACK),
            ("code_verifier", verifier.secret()),
        ];
        // The standard has both parts form-encoded before they are joined.
        let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let request = reqwest::Client::new()
            .post(format!("{}/token", provider.base()))
            .form(&form);
        let status = request.basic_auth(id, Some(encoded)).send().await?.status();
        assert_eq!(status.is_success(), good, "{id} {secret}: {status}");
    }
    Ok(())
}

#[tokio::test]
async fn a_client_proves_itself_in_its_registered_way_only() -> anyhow::Result<()> {
    let provider = provider().await?;
    let oidc = discover(provider.issuer()).await?;
    let (granted, verifier) = code(&oidc).await?;
    let by_post = oidc.set_auth_type(openidconnect::AuthType::RequestBody);
    assert!(
        by_post
            .exchange_code(granted)?
            .set_pkce_verifier(verifier)
            .request_async(&http)
            .await
            .is_err()
    );
    Ok(())
}

#[tokio::test]
async fn a_code_expires() -> anyhow::Result<()> {
    let clients = vec![client("dn", ClientAuthentication::SecretBasic(SECRET.to_owned()))];
    let mut settings = IdentityProviderSettings::for_notaries(vec![camille()], clients);
    settings.code_lifetime = Duration::ZERO;
    let provider = serve(settings).await?;
    let oidc = discover(provider.issuer()).await?;
    let (granted, verifier) = code(&oidc).await?;
    assert!(
        oidc.exchange_code(granted)?
            .set_pkce_verifier(verifier)
            .request_async(&http)
            .await
            .is_err()
    );
    Ok(())
}

#[tokio::test]
async fn a_person_may_cancel() -> anyhow::Result<()> {
    let provider = provider().await?;
    let attempt = attempt(&discover(provider.issuer()).await?);
    let back = choose(&attempt.url, ("cancel", "1")).await?;
    assert_eq!(back["error"], "access_denied");
    assert_eq!(back["state"], *attempt.state.secret());
    Ok(())
}

/// Changes the request and returns the status, and the error sent back if the browser was sent back.
async fn change(provider: &IdentityProvider, from: &str, to: &str) -> anyhow::Result<(u16, Option<String>)> {
    let url = attempt(&discover(provider.issuer()).await?).url;
    let changed = url.as_str().replacen(from, to, 1);
    assert_ne!(changed, url.as_str(), "{from} is not in {url}");
    let page = Browser::stopping_at_redirects()?.get(changed).await?;
    let error = returned(&page).ok().and_then(|mut back| back.remove("error"));
    Ok((page.status.as_u16(), error))
}

#[tokio::test]
async fn a_wrong_request_is_told_to_the_client_or_if_that_is_not_sure_to_the_person() -> anyhow::Result<()> {
    let provider = provider().await?;
    assert_eq!(
        change(&provider, "client_id=dn", "client_id=x").await?,
        (400, None)
    );
    assert_eq!(change(&provider, "retour", "ailleurs").await?, (400, None));
    for (from, to, error) in [
        (
            "response_type=code",
            "response_type=token",
            "unsupported_response_type",
        ),
        ("scope=openid", "scope=", "invalid_scope"),
        (
            "code_challenge_method=S256",
            "code_challenge_method=plain",
            "invalid_request",
        ),
        ("code_challenge=", "ignored=", "invalid_request"),
        ("scope=", "scope=x&scope=", "invalid_request"),
        ("scope=", "prompt=none&scope=", "login_required"),
    ] {
        assert_eq!(
            change(&provider, from, to).await?,
            (303, Some(error.to_owned())),
            "{to}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_strict_provider_refuses_what_proconnect_refuses() -> anyhow::Result<()> {
    let clients = vec![client("dn", ClientAuthentication::SecretPost(SECRET.to_owned()))];
    let provider = serve(IdentityProviderSettings::for_agents(vec![camille()], clients)).await?;
    for (from, to) in [
        ("state=", "login_hint="),
        ("nonce=", "idp_hint="),
        ("scope=", "max_age=60&scope="),
        ("scope=", "audience=us&scope="),
    ] {
        assert_eq!(
            change(&provider, from, to).await?,
            (303, Some("invalid_request".to_owned())),
            "{to}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn an_issuer_may_differ_from_the_host_of_its_endpoints() -> anyhow::Result<()> {
    let mut settings = IdentityProviderSettings::for_notaries(vec![camille()], vec![]);
    settings.issuer = Some("https://issuer.exemple.fr/idnot".to_owned());
    let provider = serve(settings).await?;
    assert!(discover(provider.base()).await.is_err(), "discovery must notice");
    let url = format!("{}/.well-known/openid-configuration", provider.base());
    let document: Value = reqwest::get(url).await?.json().await?;
    assert_eq!(document["issuer"], "https://issuer.exemple.fr/idnot");
    assert_eq!(document["token_endpoint"], format!("{}/token", provider.base()));
    Ok(())
}
