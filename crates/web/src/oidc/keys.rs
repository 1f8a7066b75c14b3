//! Public keys of a provider, and signed documents other than ID tokens.

use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use openidconnect::core::{CoreJsonWebKeySet, CoreJwsSigningAlgorithm};

use super::claims::Claims;

/// Signatures we take: asymmetric ones. With a shared secret, or none, whoever holds our secret or nothing at all could sign.
pub(super) const ID_TOKEN_ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

const DOCUMENT_ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// The key set of a provider.
#[derive(Debug, Clone, Default)]
pub(super) struct KeySet {
    /// As openidconnect wants it.
    pub(super) typed: CoreJsonWebKeySet,
    /// As jsonwebtoken wants it.
    keys: Vec<Jwk>,
}

/// A signed document is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SignedError {
    /// No key of the set can have signed it: perhaps the provider changed its keys.
    UnknownKey,
    /// The signature, the issuer, the audience or the form is wrong.
    Invalid,
}

impl From<CoreJsonWebKeySet> for KeySet {
    fn from(typed: CoreJsonWebKeySet) -> Self {
        let keys = typed
            .keys()
            .iter()
            .filter_map(|key| serde_json::to_value(key).ok())
            .filter_map(|key| serde_json::from_value(key).ok())
            .collect();
        Self { typed, keys }
    }
}

impl KeySet {
    /// Checks a signed document (userinfo): signature, issuer, audience, and expiry when it has one.
    pub(super) fn open(&self, document: &str, issuer: &str, audience: &str) -> Result<Claims, SignedError> {
        let header = jsonwebtoken::decode_header(document).map_err(|_| SignedError::Invalid)?;
        if !DOCUMENT_ALGORITHMS.contains(&header.alg) || header.crit.is_some() {
            return Err(SignedError::Invalid);
        }
        let key = self
            .key(header.kid.as_deref(), header.alg)
            .ok_or(SignedError::UnknownKey)?;
        let key = DecodingKey::from_jwk(key).map_err(|_| SignedError::Invalid)?;
        let mut validation = Validation::new(header.alg);
        validation.set_required_spec_claims(&["iss", "aud", "sub"]);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.validate_nbf = true;
        let claims = jsonwebtoken::decode::<Claims>(document, &key, &validation);
        claims.map(|data| data.claims).map_err(|_| SignedError::Invalid)
    }

    /// The one key that can have signed: by its `kid`, or the only one of its kind.
    fn key(&self, kid: Option<&str>, algorithm: Algorithm) -> Option<&Jwk> {
        let mut fitting = self
            .keys
            .iter()
            .filter(|key| fits(key, algorithm) && (kid.is_none() || key.common.key_id.as_deref() == kid));
        let key = fitting.next()?;
        fitting.next().is_none().then_some(key)
    }
}

fn fits(key: &Jwk, algorithm: Algorithm) -> bool {
    let for_signing = !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption));
    let stated = key
        .common
        .key_algorithm
        .is_none_or(|stated| stated == KeyAlgorithm::from(algorithm));
    let kind = match algorithm {
        Algorithm::ES256 | Algorithm::ES384 => {
            matches!(key.algorithm, AlgorithmParameters::EllipticCurve(_))
        }
        Algorithm::EdDSA => matches!(key.algorithm, AlgorithmParameters::OctetKeyPair(_)),
        _ => matches!(key.algorithm, AlgorithmParameters::RSA(_)),
    };
    for_signing && stated && kind
}
