//! Clients: the applications that may ask for logins.

use jsonwebtoken::Algorithm;

/// A client of an identity provider.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its identifier.
    pub id: String,
    /// How it proves at the token endpoint that it is itself; no other way is accepted from it.
    pub authentication: ClientAuthentication,
    /// Where browsers may be sent with a code, to the letter.
    pub redirect_uris: Vec<String>,
    /// Where browsers may be sent after a logout, to the letter.
    pub post_logout_redirect_uris: Vec<String>,
    /// Whether userinfo comes as a signed JWT instead of JSON.
    pub signed_userinfo: bool,
}

/// How a client proves that it is itself.
#[derive(Debug, Clone)]
pub enum ClientAuthentication {
    /// `client_secret_basic`, with this secret.
    SecretBasic(String),
    /// `client_secret_post`, with this secret.
    SecretPost(String),
    /// `private_key_jwt`.
    PrivateKeyJwt {
        /// The client's public key, PEM.
        public_key: String,
        /// How it signs.
        algorithm: AssertionAlgorithm,
    },
}

impl ClientAuthentication {
    /// As the standard names it.
    pub fn method(&self) -> &'static str {
        match self {
            Self::SecretBasic(_) => "client_secret_basic",
            Self::SecretPost(_) => "client_secret_post",
            Self::PrivateKeyJwt { .. } => "private_key_jwt",
        }
    }
}

/// Signature algorithm of client assertions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssertionAlgorithm {
    /// RSA, PKCS#1 v1.5, SHA-256.
    RS256,
    /// RSA-PSS, SHA-256.
    PS256,
    /// ECDSA on P-256.
    ES256,
}

impl From<AssertionAlgorithm> for Algorithm {
    fn from(algorithm: AssertionAlgorithm) -> Self {
        match algorithm {
            AssertionAlgorithm::RS256 => Self::RS256,
            AssertionAlgorithm::PS256 => Self::PS256,
            AssertionAlgorithm::ES256 => Self::ES256,
        }
    }
}
