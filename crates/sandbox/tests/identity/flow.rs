//! Logins that succeed.

use std::time::{SystemTime, UNIX_EPOCH};

use dn_sandbox::{
    Agent, AssertionAlgorithm, Browser, ClientAuthentication, IdentityProvider, IdentityProviderSettings,
    Person, RsaKey,
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use openidconnect::core::{CoreIdToken, CoreUserInfoClaims};
use openidconnect::{AuthorizationCode, OAuth2TokenResponse, TokenResponse};
use serde_json::{Value, json};

use crate::relying_party::{CALLBACK, attempt, camille, choose, client, discover, http, provider, serve};

#[tokio::test]
async fn a_notary_logs_in_and_a_replayed_code_ends_it() -> anyhow::Result<()> {
    let provider = provider().await?;
    let oidc = discover(provider.issuer()).await?;
    let attempt = attempt(&oidc);
    let page = Browser::new()?.get(&attempt.url).await?;
    assert_eq!(page.texts(".choices strong"), ["Camille d’Été"]);
    assert_eq!(page.texts(".choices span"), ["notaire, Étude des Quais"]);

    let back = choose(&attempt.url, ("person", "notaire-1")).await?;
    assert_eq!(back["state"], *attempt.state.secret());
    assert_eq!(back["iss"], provider.issuer());
    let code = AuthorizationCode::new(back["code"].clone());
    let verifier = attempt.verifier.secret().clone();
    let tokens = oidc
        .exchange_code(code.clone())?
        .set_pkce_verifier(attempt.verifier)
        .request_async(&http)
        .await?;
    let id_token = tokens.id_token().unwrap();
    let claims = id_token.claims(&oidc.id_token_verifier(), &attempt.nonce)?;
    assert_eq!(claims.subject().as_str(), "notaire-1");
    assert_eq!(claims.auth_context_ref().unwrap().as_str(), camille().acr);
    assert!(claims.email().is_none(), "the ID token says who, not more");

    let access = tokens.access_token().clone();
    let person: CoreUserInfoClaims = oidc
        .user_info(access.clone(), Some(claims.subject().clone()))?
        .request_async(&http)
        .await?;
    assert_eq!(person.email().unwrap().as_str(), "camille@etude.exemple.fr");
    assert_eq!(person.email_verified(), Some(true));
    assert_eq!(person.family_name().unwrap().get(None).unwrap().as_str(), "d’Été");
    let raw = userinfo(&provider, access.secret())
        .await?
        .json::<Value>()
        .await?;
    assert_eq!(raw["crpcen"], "69001");
    assert_eq!(raw["office_address"]["locality"], "Lyon");

    let verifier = openidconnect::PkceCodeVerifier::new(verifier);
    let replayed = oidc
        .exchange_code(code)?
        .set_pkce_verifier(verifier)
        .request_async(&http)
        .await;
    assert!(replayed.unwrap_err().to_string().contains("error response"));
    assert_eq!(userinfo(&provider, access.secret()).await?.status(), 401);
    Ok(())
}

async fn userinfo(provider: &IdentityProvider, token: &str) -> reqwest::Result<reqwest::Response> {
    let url = format!("{}/userinfo", provider.base());
    reqwest::Client::new().get(url).bearer_auth(token).send().await
}

#[tokio::test]
async fn an_agent_logs_in_at_a_client_that_signs_and_gets_signed_claims() -> anyhow::Result<()> {
    let agent = Person::agent(&Agent {
        subject: "agent-1",
        given_name: "Zoë",
        usual_name: "Müller",
        email: "zoe@rhone.exemple.fr",
        siret: "22690001700013",
        roles: &["agent_public_territorial"],
        detail: "administratrice, Département du Rhône",
    });
    let key = RsaKey::draw().await?;
    let public_key = key.public_pem().to_owned();
    let authentication = ClientAuthentication::PrivateKeyJwt {
        public_key,
        algorithm: AssertionAlgorithm::RS256,
    };
    let mut dn = client("dn", authentication);
    dn.signed_userinfo = true;
    let provider = serve(IdentityProviderSettings::for_agents(vec![agent], vec![dn])).await?;
    let oidc = discover(provider.issuer()).await?;
    let mut attempt = attempt(&oidc);
    attempt
        .url
        .query_pairs_mut()
        .append_pair("claims", r#"{"id_token":{"acr":{"essential":true}}}"#);
    let scoped = attempt
        .url
        .as_str()
        .replace("profile", "given_name+usual_name+siret+roles");
    let back = choose(&scoped.parse()?, ("person", "agent-1")).await?;

    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let audience = format!("{}/token", provider.base());
    let assertion =
        json!({ "iss": "dn", "sub": "dn", "aud": audience, "jti": "1", "iat": now, "exp": now + 60 });
    let signing = EncodingKey::from_rsa_pem(key.private_pem().as_bytes())?;
    let form = [
        ("grant_type", "authorization_code".to_owned()),
        ("code", back["code"].clone()),
        ("redirect_uri", CALLBACK.to_owned()),
        ("code_verifier", attempt.verifier.secret().clone()),
        (
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned(),
        ),
        (
            "client_assertion",
            jsonwebtoken::encode(&Header::new(Algorithm::RS256), &assertion, &signing)?,
        ),
    ];
    let send = || reqwest::Client::new().post(&audience).form(&form).send();
    let tokens: Value = send().await?.error_for_status()?.json().await?;
    assert_eq!(send().await?.status(), 401, "an assertion counts once");

    let id_token: CoreIdToken = serde_json::from_value(tokens["id_token"].clone())?;
    let claims = id_token.claims(&oidc.id_token_verifier(), &attempt.nonce)?;
    let token = openidconnect::AccessToken::new(tokens["access_token"].as_str().unwrap().to_owned());
    let person: CoreUserInfoClaims = oidc
        .user_info(token.clone(), Some(claims.subject().clone()))?
        .require_signed_response(true)
        .request_async(&http)
        .await?;
    assert_eq!(person.email().unwrap().as_str(), "zoe@rhone.exemple.fr");
    assert_eq!(person.email_verified(), None, "ProConnect does not say");
    let signed = userinfo(&provider, token.secret()).await?.text().await?;
    let read = jsonwebtoken::dangerous::insecure_decode_claims::<Value>(signed)?;
    assert_eq!(
        (&read["usual_name"], &read["siret"]),
        (&json!("Müller"), &json!("22690001700013"))
    );
    assert_eq!(read["roles"], json!(["agent_public_territorial"]));
    assert_eq!(read.get("uid"), None, "not asked for");
    Ok(())
}

#[tokio::test]
async fn a_restart_changes_neither_address_nor_key() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let settings = || IdentityProviderSettings::for_notaries(vec![camille()], vec![]);
    let keys = async |provider: &IdentityProvider| -> anyhow::Result<Value> {
        Ok(reqwest::get(format!("{}/jwks", provider.base()))
            .await?
            .json()
            .await?)
    };
    rustls::crypto::ring::default_provider().install_default().ok();
    let provider = IdentityProvider::start(dir.path(), settings()).await?;
    let before = (provider.issuer().to_owned(), keys(&provider).await?);
    provider.stop().await;
    let provider = IdentityProvider::start(dir.path(), settings()).await?;
    assert_eq!((provider.issuer().to_owned(), keys(&provider).await?), before);
    Ok(())
}
