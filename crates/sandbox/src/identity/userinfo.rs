//! The userinfo endpoint: the claims the scopes release, as JSON or as a signed JWT.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::Shared;

pub(super) async fn show(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let found = bearer.and_then(|token| {
        let access = shared.memory.access(token)?;
        Some((
            shared.person(&access.subject)?,
            shared.client(&access.client)?,
            access,
        ))
    });
    let Some((person, client, access)) = found else {
        let challenge = [(header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")];
        return (StatusCode::UNAUTHORIZED, challenge).into_response();
    };
    let mut claims = person.released(&access.scopes);
    if !client.signed_userinfo {
        return Json(claims).into_response();
    }
    claims.insert("iss".into(), shared.issuer.as_str().into());
    claims.insert("aud".into(), client.id.as_str().into());
    match shared.key.sign(&claims) {
        Ok(token) => ([(header::CONTENT_TYPE, "application/jwt")], token).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
