//! The token endpoint: a code, once, for an ID token and an access token.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use chrono::Utc;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::client_authentication::authenticate;
use super::memory::{Login, TOKEN_LIFETIME};
use super::{Client, Shared};

/// Seconds an ID token holds.
const ID_TOKEN_LIFETIME: i64 = 300;

pub(super) async fn exchange(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let Some(client) = authenticate(&shared, &headers, &form) else {
        let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"token\"")];
        return (StatusCode::UNAUTHORIZED, challenge, error("invalid_client")).into_response();
    };
    if form.get("grant_type").map(String::as_str) != Some("authorization_code") {
        return (StatusCode::BAD_REQUEST, error("unsupported_grant_type")).into_response();
    }
    match redeem(&shared, client, &form) {
        Some((login, code)) => tokens(&shared, &login, &code),
        None => (StatusCode::BAD_REQUEST, error("invalid_grant")).into_response(),
    }
}

/// The login behind the code, if all fits. A code shown is spent, whether or not the rest fits.
fn redeem(shared: &Shared, client: &Client, form: &HashMap<String, String>) -> Option<(Login, String)> {
    let code = form.get("code")?;
    let login = shared.memory.redeem(code)?;
    let verifier = form.get("code_verifier")?;
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(verifier.as_bytes()));
    let fits = login.request.client == client.id
        && form.get("redirect_uri") == Some(&login.request.redirect_uri)
        && (43..=128).contains(&verifier.len())
        && challenge == login.request.challenge;
    fits.then(|| (login, code.clone()))
}

fn tokens(shared: &Shared, login: &Login, code: &str) -> Response {
    let access_token = shared.memory.token(login, code);
    let Ok(id_token) = shared.key.sign(&id_claims(shared, login, &access_token)) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let body = json!({
        "access_token": access_token,
        "id_token": id_token,
        "token_type": "Bearer",
        "expires_in": TOKEN_LIFETIME.as_secs(),
        "scope": login.request.scopes.join(" "),
    });
    ([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

fn id_claims(shared: &Shared, login: &Login, access_token: &str) -> Map<String, Value> {
    let now = Utc::now().timestamp();
    let mut claims = Map::new();
    claims.insert("iss".into(), shared.issuer.as_str().into());
    claims.insert("sub".into(), login.subject.as_str().into());
    claims.insert("aud".into(), login.request.client.as_str().into());
    claims.insert("iat".into(), now.into());
    claims.insert("exp".into(), (now + ID_TOKEN_LIFETIME).into());
    claims.insert("auth_time".into(), login.at.into());
    let half = &Sha256::digest(access_token.as_bytes())[..16];
    claims.insert("at_hash".into(), BASE64URL_NOPAD.encode(half).into());
    if let Some(nonce) = &login.request.nonce {
        claims.insert("nonce".into(), nonce.as_str().into());
    }
    if let Some(person) = shared.person(&login.subject) {
        claims.insert("acr".into(), person.acr.as_str().into());
    }
    claims
}

fn error(code: &str) -> Json<Value> {
    Json(json!({ "error": code }))
}
