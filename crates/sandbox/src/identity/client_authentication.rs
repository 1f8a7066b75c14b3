//! Whether a client is who it says: the one way it registered, and no other.

use std::collections::{HashMap, HashSet};

use axum::http::{HeaderMap, header};
use data_encoding::BASE64;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use url::form_urlencoded;

use super::{AssertionAlgorithm, Client, ClientAuthentication, Shared};

/// `client_assertion_type` of RFC 7523.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

#[derive(Deserialize)]
struct Assertion {
    sub: String,
    jti: String,
}

/// The client that sent this request, if it proved it.
pub(super) fn authenticate<'a>(
    shared: &'a Shared,
    headers: &HeaderMap,
    form: &HashMap<String, String>,
) -> Option<&'a Client> {
    if let Some((id, secret)) = basic(headers) {
        let client = shared.client(&id)?;
        return matches!(&client.authentication, ClientAuthentication::SecretBasic(known) if *known == secret)
            .then_some(client);
    }
    if let Some(assertion) = form.get("client_assertion") {
        return asserted(shared, form, assertion);
    }
    let client = shared.client(form.get("client_id")?)?;
    let secret = form.get("client_secret")?;
    matches!(&client.authentication, ClientAuthentication::SecretPost(known) if known == secret)
        .then_some(client)
}

/// Identifier and secret of HTTP Basic, each form-encoded first (RFC 6749, 2.3.1).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let encoded = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Basic ")?;
    let decoded = String::from_utf8(BASE64.decode(encoded.as_bytes()).ok()?).ok()?;
    let pair = decoded.replacen(':', "=", 1);
    form_urlencoded::parse(pair.as_bytes()).into_owned().next()
}

fn asserted<'a>(shared: &'a Shared, form: &HashMap<String, String>, assertion: &str) -> Option<&'a Client> {
    if form.get("client_assertion_type").map(String::as_str) != Some(ASSERTION_TYPE) {
        return None;
    }
    let claimed: Assertion = jsonwebtoken::dangerous::insecure_decode_claims(assertion).ok()?;
    let client = shared.client(&claimed.sub)?;
    let ClientAuthentication::PrivateKeyJwt {
        public_key,
        algorithm,
    } = &client.authentication
    else {
        return None;
    };
    let key = match algorithm {
        AssertionAlgorithm::ES256 => DecodingKey::from_ec_pem(public_key.as_bytes()),
        _ => DecodingKey::from_rsa_pem(public_key.as_bytes()),
    };
    let mut validation = Validation::new(Algorithm::from(*algorithm));
    validation.set_issuer(&[&client.id]);
    validation.sub = Some(client.id.clone());
    validation.set_audience(&[shared.issuer.clone(), format!("{}/token", shared.base)]);
    validation.required_spec_claims = HashSet::from(["exp", "iss", "sub", "aud"].map(str::to_owned));
    let proven: Assertion = jsonwebtoken::decode(assertion, &key.ok()?, &validation)
        .ok()?
        .claims;
    shared.memory.is_new_assertion(proven.jti).then_some(client)
}
