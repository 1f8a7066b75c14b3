//! `private_key_jwt`: we prove who we are with a signature instead of a shared secret (RFC 7523).

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use uuid::Uuid;

use super::settings::AssertionAlgorithm;

/// Seconds an assertion holds: long enough for one request.
const LIFETIME: i64 = 60;

/// What `client_assertion_type` says.
pub(super) const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Signs client assertions.
#[derive(Clone)]
pub(super) struct AssertionSigner {
    key: EncodingKey,
    header: Header,
    client_id: String,
}

#[derive(Serialize)]
struct Assertion<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    jti: Uuid,
    iat: i64,
    exp: i64,
}

impl AssertionSigner {
    /// Reads the key (PEM).
    pub(super) fn new(
        pem: &SecretString,
        key_id: Option<String>,
        algorithm: AssertionAlgorithm,
        client_id: String,
    ) -> Result<Self, jsonwebtoken::errors::Error> {
        let pem = pem.expose_secret().as_bytes();
        let (algorithm, key) = match algorithm {
            AssertionAlgorithm::RS256 => (Algorithm::RS256, EncodingKey::from_rsa_pem(pem)?),
            AssertionAlgorithm::PS256 => (Algorithm::PS256, EncodingKey::from_rsa_pem(pem)?),
            AssertionAlgorithm::ES256 => (Algorithm::ES256, EncodingKey::from_ec_pem(pem)?),
        };
        let header = Header {
            kid: key_id,
            ..Header::new(algorithm)
        };
        let signer = Self {
            key,
            header,
            client_id,
        };
        // A key that reads may still not fit its algorithm: found at start and not at the first login.
        signer.sign("", DateTime::UNIX_EPOCH)?;
        Ok(signer)
    }

    /// An assertion addressed to `audience`.
    pub(super) fn sign(
        &self,
        audience: &str,
        now: DateTime<Utc>,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let iat = now.timestamp();
        let assertion = Assertion {
            iss: &self.client_id,
            sub: &self.client_id,
            aud: audience,
            jti: Uuid::new_v4(),
            iat,
            exp: iat + LIFETIME,
        };
        jsonwebtoken::encode(&self.header, &assertion, &self.key)
    }
}
