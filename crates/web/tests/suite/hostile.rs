//! A provider that lies: it does the code flow as it should, except for what a test changes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use axum::extract::{Form, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use data_encoding::BASE64URL_NOPAD;
use dn_web::oidc::ProviderSettings;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use sandbox::RsaKey;
use serde_json::{Value, json};
use url::Url;

type Query_ = Query<HashMap<String, String>>;
type Shared = Arc<Mutex<Behaviour>>;

/// How the ID token is signed.
pub(crate) enum Signature {
    /// As it should.
    Proper,
    /// Not at all.
    None,
    /// HS256 with this as the secret.
    Symmetric(Vec<u8>),
    /// With a key that is not published, under the name of the published one.
    Forged(EncodingKey),
    /// With a key that the document itself brings along, under the name of the published one.
    Embedded(EncodingKey, Box<Jwk>),
    /// Properly, under a name that no published key has.
    Unnamed,
}

/// What the provider does.
pub(crate) struct Behaviour {
    key: EncodingKey,
    key_id: String,
    /// The public half, PEM.
    public_pem: String,
    /// Published keys.
    pub(crate) published: Vec<Value>,
    pub(crate) issuer: String,
    /// `iss` of the answer.
    pub(crate) answer_issuer: Option<String>,
    /// Laid over the claims of the ID token.
    pub(crate) id_token: Value,
    /// Laid over the claims of userinfo.
    pub(crate) userinfo: Value,
    /// Whether userinfo is a signed JWT, and with what claims laid over it.
    pub(crate) signed_userinfo: bool,
    pub(crate) signature: Signature,
    /// The error of the answer, instead of a code.
    pub(crate) error: Option<&'static str>,
    /// The token endpoint answers with this status.
    pub(crate) token_status: StatusCode,
    /// Nonces by code.
    nonces: HashMap<String, String>,
    /// Bodies the token endpoint got.
    pub(crate) exchanges: Vec<HashMap<String, String>>,
}

/// The provider, on a port of its own.
pub(crate) struct Hostile {
    pub(crate) issuer: String,
    shared: Shared,
}

impl Hostile {
    pub(crate) async fn start() -> Result<Self> {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let issuer = format!("http://{}", listener.local_addr()?);
        let mut behaviour = Behaviour {
            key: EncodingKey::from_secret(b""),
            key_id: String::new(),
            public_pem: String::new(),
            published: vec![],
            issuer: issuer.clone(),
            answer_issuer: Some(issuer.clone()),
            id_token: json!({}),
            userinfo: json!({}),
            signed_userinfo: false,
            signature: Signature::Proper,
            error: None,
            token_status: StatusCode::OK,
            nonces: HashMap::new(),
            exchanges: vec![],
        };
        let (key, jwk, pem) = draw("k1").await?;
        behaviour.take_key("k1", key, jwk, pem);
        let shared: Shared = Arc::new(Mutex::new(behaviour));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(configuration))
            .route("/jwks", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { issuer, shared })
    }

    /// Our side of it, under this id.
    pub(crate) fn settings(&self, id: &str) -> ProviderSettings {
        testing::provider_settings(json!({
            "id": id, "label": "Fournisseur d’essai", "audience": "notary", "issuer": self.issuer,
            "client_id": "dn", "client_authentication": "client_secret_basic", "client_secret": "s3cr3t",
            "acr": { "request": "acr_values", "required": ["strong"] },
        }))
        .unwrap()
    }

    /// Changes what it does.
    pub(crate) fn behave(&self) -> MutexGuard<'_, Behaviour> {
        self.shared.lock().unwrap()
    }

    /// A fresh key under this name; the one before is no longer published.
    pub(crate) async fn rotate(&self, id: &str) -> Result<()> {
        let (key, jwk, pem) = draw(id).await?;
        self.behave().take_key(id, key, jwk, pem);
        Ok(())
    }
}

impl Behaviour {
    fn take_key(&mut self, id: &str, key: EncodingKey, jwk: Value, public_pem: String) {
        (self.key, self.published, self.key_id) = (key, vec![jwk], id.to_owned());
        self.public_pem = public_pem;
    }

    /// The public key in the forms in which somebody would misuse it for an HMAC: its modulus, its JWK, its PEM.
    pub(crate) fn public_key(&self) -> [Vec<u8>; 3] {
        let jwk = &self.published[0];
        let modulus = jwk["n"].as_str().unwrap();
        [modulus, &jwk.to_string(), &self.public_pem].map(|text| text.as_bytes().to_vec())
    }

    fn sign(&self, claims: &Value) -> String {
        let rsa = || Header {
            kid: Some(self.key_id.clone()),
            ..Header::new(Algorithm::RS256)
        };
        match &self.signature {
            Signature::Proper => jsonwebtoken::encode(&rsa(), claims, &self.key).unwrap(),
            Signature::Forged(key) => jsonwebtoken::encode(&rsa(), claims, key).unwrap(),
            Signature::Embedded(key, jwk) => {
                let header = Header {
                    jwk: Some((**jwk).clone()),
                    ..rsa()
                };
                jsonwebtoken::encode(&header, claims, key).unwrap()
            }
            Signature::Unnamed => {
                let header = Header {
                    kid: Some("k-unheard-of".to_owned()),
                    ..rsa()
                };
                jsonwebtoken::encode(&header, claims, &self.key).unwrap()
            }
            Signature::Symmetric(secret) => {
                let header = Header {
                    kid: Some(self.key_id.clone()),
                    ..Header::new(Algorithm::HS256)
                };
                jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(secret)).unwrap()
            }
            Signature::None => {
                let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
                format!(
                    "{}.{}.",
                    part(&json!({ "alg": "none", "typ": "JWT" })),
                    part(claims)
                )
            }
        }
    }
}

/// A key and its public half, as JWK and as PEM.
pub(crate) async fn draw(id: &str) -> Result<(EncodingKey, Value, String)> {
    let drawn = RsaKey::draw().await?;
    let key = EncodingKey::from_rsa_pem(drawn.private_pem().as_bytes())?;
    let mut jwk = serde_json::to_value(Jwk::from_encoding_key(&key, Algorithm::RS256)?)?;
    jwk["kid"] = id.into();
    jwk["use"] = "sig".into();
    Ok((key, jwk, drawn.public_pem().to_owned()))
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn over(mut base: Value, top: &Value) -> Value {
    for (name, value) in top.as_object().unwrap() {
        match value {
            Value::Null => drop(base.as_object_mut().unwrap().remove(name)),
            value => base[name] = value.clone(),
        }
    }
    base
}

async fn configuration(State(shared): State<Shared>) -> Json<Value> {
    let issuer = shared.lock().unwrap().issuer.clone();
    Json(json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/jwks"),
        "userinfo_endpoint": format!("{issuer}/userinfo"), "response_types_supported": ["code"],
        "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"],
        "authorization_response_iss_parameter_supported": true,
    }))
}

async fn keys(State(shared): State<Shared>) -> Json<Value> {
    Json(json!({ "keys": shared.lock().unwrap().published }))
}

async fn authorize(State(shared): State<Shared>, Query(asked): Query_) -> Redirect {
    let mut behaviour = shared.lock().unwrap();
    let code = format!("code-{}", uuid::Uuid::new_v4());
    behaviour.nonces.insert(code.clone(), asked["nonce"].clone());
    let mut back: Url = asked["redirect_uri"].parse().unwrap();
    back.query_pairs_mut().append_pair("state", &asked["state"]);
    match behaviour.error {
        Some(error) => back.query_pairs_mut().append_pair("error", error),
        None => back.query_pairs_mut().append_pair("code", &code),
    };
    if let Some(issuer) = &behaviour.answer_issuer {
        back.query_pairs_mut().append_pair("iss", issuer);
    }
    Redirect::to(back.as_str())
}

async fn token(State(shared): State<Shared>, Form(form): Form<HashMap<String, String>>) -> Response {
    let mut behaviour = shared.lock().unwrap();
    let nonce = form.get("code").and_then(|code| behaviour.nonces.remove(code));
    behaviour.exchanges.push(form);
    let Some(nonce) = nonce else {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response();
    };
    if behaviour.token_status != StatusCode::OK {
        return (behaviour.token_status, "down").into_response();
    }
    let claims = over(
        json!({
            "iss": behaviour.issuer, "sub": "s-1", "aud": "dn", "nonce": nonce, "iat": now(), "exp": now() + 300,
            "acr": "strong",
        }),
        &behaviour.id_token,
    );
    let id_token = behaviour.sign(&claims);
    Json(json!({ "access_token": "at", "token_type": "Bearer", "expires_in": 60, "id_token": id_token }))
        .into_response()
}

async fn userinfo(State(shared): State<Shared>) -> Response {
    let behaviour = shared.lock().unwrap();
    let claims = over(
        json!({
            "sub": "s-1", "given_name": "Camille", "family_name": "Fontanel", "email": "camille@quais.example",
            "email_verified": true, "crpcen": "69001", "office_name": "Étude des Quais",
            "iss": behaviour.issuer, "aud": "dn",
        }),
        &behaviour.userinfo,
    );
    if behaviour.signed_userinfo {
        return (
            [(header::CONTENT_TYPE, "application/jwt")],
            behaviour.sign(&claims),
        )
            .into_response();
    }
    Json(claims).into_response()
}
