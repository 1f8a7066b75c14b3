//! RSA keys: the provider's own, which signs tokens, and those of clients that sign assertions.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result};
use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use rsa::pkcs1::{DecodeRsaPrivateKey, EncodeRsaPrivateKey, EncodeRsaPublicKey, LineEnding};
use rsa::rand_core::OsRng;
use rsa::traits::PublicKeyParts;
use rsa::{RsaPrivateKey, RsaPublicKey};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// An RSA key pair of 2048 bits.
#[derive(Clone)]
pub struct RsaKey {
    private_pem: String,
    public_pem: String,
    public: RsaPublicKey,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl std::fmt::Debug for RsaKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RsaKey")
            .field("id", &self.id())
            .finish_non_exhaustive()
    }
}

impl RsaKey {
    /// Draws a key. Takes a moment.
    ///
    /// # Errors
    /// Never in practice.
    pub async fn draw() -> Result<Self> {
        tokio::task::spawn_blocking(|| {
            let private = RsaPrivateKey::new(&mut OsRng, 2048)?;
            Self::new(private.to_pkcs1_pem(LineEnding::LF)?.to_string())
        })
        .await?
    }

    /// The key kept in this file, drawn on first use.
    ///
    /// # Errors
    /// The file cannot be written, or holds no key.
    pub async fn kept_in(file: &Path) -> Result<Self> {
        if let Ok(pem) = fs::read_to_string(file) {
            return Self::new(pem).with_context(|| format!("{} is no RSA key", file.display()));
        }
        let key = Self::draw().await?;
        fs::write(file, &key.private_pem).with_context(|| format!("cannot write {}", file.display()))?;
        fs::set_permissions(file, fs::Permissions::from_mode(0o600))?;
        Ok(key)
    }

    fn new(private_pem: String) -> Result<Self> {
        let public = RsaPrivateKey::from_pkcs1_pem(&private_pem)?.to_public_key();
        let public_pem = public.to_pkcs1_pem(LineEnding::LF)?;
        let encoding = EncodingKey::from_rsa_pem(private_pem.as_bytes())?;
        let decoding = DecodingKey::from_rsa_pem(public_pem.as_bytes())?;
        Ok(Self {
            private_pem,
            public_pem,
            public,
            encoding,
            decoding,
        })
    }

    /// The private key, PEM: for a client's configuration.
    pub fn private_pem(&self) -> &str {
        &self.private_pem
    }

    /// The public key, PEM: for the provider's list of clients.
    pub fn public_pem(&self) -> &str {
        &self.public_pem
    }

    /// `kid`: follows from the key.
    pub(super) fn id(&self) -> String {
        BASE64URL_NOPAD.encode(&Sha256::digest(self.public.n().to_bytes_be())[..12])
    }

    /// The public key as JWK.
    pub(super) fn jwk(&self) -> Value {
        json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.id(),
            "n": BASE64URL_NOPAD.encode(&self.public.n().to_bytes_be()),
            "e": BASE64URL_NOPAD.encode(&self.public.e().to_bytes_be()),
        })
    }

    /// A signed JWT.
    pub(super) fn sign(&self, claims: &Map<String, Value>) -> Result<String, jsonwebtoken::errors::Error> {
        let header = Header {
            kid: Some(self.id()),
            ..Header::new(Algorithm::RS256)
        };
        jsonwebtoken::encode(&header, claims, &self.encoding)
    }

    /// The claims of a JWT signed with this key, expired or not.
    pub(super) fn read(&self, token: &str, issuer: &str) -> Option<Map<String, Value>> {
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_issuer(&[issuer]);
        validation.validate_exp = false;
        validation.validate_aud = false;
        jsonwebtoken::decode(token, &self.decoding, &validation)
            .ok()
            .map(|token| token.claims)
    }
}
