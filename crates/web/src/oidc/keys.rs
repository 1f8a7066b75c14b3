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

#[cfg(test)]
mod tests {
    use data_encoding::BASE64URL_NOPAD;
    use jsonwebtoken::{EncodingKey, Header};
    use proptest::prelude::*;
    use sandbox::RsaKey;
    use serde_json::{Value, json};
    use testing::broken::{broken_text, cases};

    use super::*;

    async fn key() -> (EncodingKey, Jwk) {
        let pem = RsaKey::draw().await.unwrap().private_pem().to_owned();
        let key = EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
        let jwk = Jwk::from_encoding_key(&key, Algorithm::RS256).unwrap();
        (key, jwk)
    }

    fn named(mut jwk: Jwk, name: &str) -> Jwk {
        jwk.common.key_id = Some(name.to_owned());
        jwk
    }

    fn document(algorithm: Algorithm, key: &EncodingKey, kid: Option<&str>) -> String {
        let header = Header {
            kid: kid.map(str::to_owned),
            ..Header::new(algorithm)
        };
        jsonwebtoken::encode(&header, &json!({ "iss": "i", "aud": "a", "sub": "s" }), key).unwrap()
    }

    const WORDS: &[&str] = &[
        ".",
        "..",
        "=",
        "-",
        "_",
        "e30",
        "eyJhbGciOiJub25lIn0",
        "\"kty\":\"oct\"",
        "\"alg\":\"none\"",
        "\"crv\":\"P-256\"",
        "AAAA",
        "\"",
        "{",
        "}",
        "[",
        "]",
        "null",
        "\u{0}",
        "é",
    ];

    /// A key set with one key, and a document that it opens.
    fn drawn() -> &'static (String, String) {
        static DRAWN: std::sync::OnceLock<(String, String)> = std::sync::OnceLock::new();
        DRAWN.get_or_init(|| {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            let (key, jwk) = runtime.block_on(key());
            let set = json!({ "keys": [named(jwk, "k")] });
            (set.to_string(), document(Algorithm::RS256, &key, Some("k")))
        })
    }

    fn read(set: &str) -> Option<KeySet> {
        serde_json::from_str::<CoreJsonWebKeySet>(set)
            .ok()
            .map(Into::into)
    }

    proptest! {
        #![proptest_config(cases(400))]

        /// Whatever becomes of a document or of the keys: no panic, and what opens says what was signed.
        #[test]
        fn broken_documents_never_panic(document in broken_text(&drawn().1, WORDS)) {
            let set = read(&drawn().0).unwrap();
            if let Ok(claims) = set.open(&document, "i", "a") {
                prop_assert_eq!(&document, &drawn().1);
                prop_assert_eq!(&claims["sub"], "s");
            }
        }

        #[test]
        fn broken_keys_never_panic(set in broken_text(&drawn().0, WORDS)) {
            if let Some(set) = read(&set) {
                let _ = set.open(&drawn().1, "i", "a");
            }
        }
    }

    #[tokio::test]
    async fn only_the_providers_own_asymmetric_signature_opens_a_document() {
        let ((key, jwk), (other, other_jwk)) = (key().await, self::key().await);
        let modulus = serde_json::to_value(&jwk).unwrap()["n"]
            .as_str()
            .unwrap()
            .to_owned();
        let set = |keys: Vec<Jwk>| KeySet {
            keys,
            ..KeySet::default()
        };
        let one = set(vec![named(jwk.clone(), "k")]);
        let good = document(Algorithm::RS256, &key, Some("k"));
        assert_eq!(one.open(&good, "i", "a").unwrap()["sub"], "s");
        assert!(
            one.open(&document(Algorithm::RS256, &key, None), "i", "a")
                .is_ok()
        );
        assert_eq!(one.open(&good, "other", "a"), Err(SignedError::Invalid));
        assert_eq!(one.open(&good, "i", "other"), Err(SignedError::Invalid));

        let forged = document(Algorithm::RS256, &other, Some("k"));
        assert_eq!(one.open(&forged, "i", "a"), Err(SignedError::Invalid));
        let symmetric = EncodingKey::from_secret(modulus.as_bytes());
        let confused = document(Algorithm::HS256, &symmetric, Some("k"));
        assert_eq!(one.open(&confused, "i", "a"), Err(SignedError::Invalid));
        let part = |value: Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let claims = json!({ "iss": "i", "aud": "a", "sub": "s" });
        let unsigned = format!("{}.{}.", part(json!({ "alg": "none" })), part(claims));
        assert_eq!(one.open(&unsigned, "i", "a"), Err(SignedError::Invalid));
        assert_eq!(one.open("not.a.document", "i", "a"), Err(SignedError::Invalid));

        let unknown = document(Algorithm::RS256, &other, Some("k2"));
        assert_eq!(one.open(&unknown, "i", "a"), Err(SignedError::UnknownKey));
        let two = set(vec![jwk, other_jwk]);
        let unnamed = document(Algorithm::RS256, &key, None);
        assert_eq!(
            two.open(&unnamed, "i", "a"),
            Err(SignedError::UnknownKey),
            "which of the two?"
        );
    }
}
