//! No form from elsewhere: every POST shows the session's token and comes from one of our own pages.
//!
//! Checked here for every route at once, so that no handler can forget it.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Form;
use http::Method;
use http::header::ORIGIN;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::limits::{self, MAX_PARTS, content_type, is_multipart, text_of};
use crate::WebState;
use crate::problem::Problem;
use crate::visit::Visit;

/// Name of the field.
const FIELD: &str = "csrf";

/// Lets reading through, and writing only with the token.
pub(crate) async fn protect(
    State(state): State<WebState>,
    visit: Visit,
    request: Request,
    next: Next,
) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    match check(&state, &visit, request).await {
        Ok(request) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

async fn check(state: &WebState, visit: &Visit, request: Request) -> Result<Request, Problem> {
    let origin = state.settings().public_url.origin().ascii_serialization();
    if !is_from_here(&request, &origin) {
        return Err(refused("cross_site"));
    }
    let multipart = is_multipart(&request);
    if !multipart && content_type(&request) != "application/x-www-form-urlencoded" {
        return Err(refused("content_type"));
    }
    let (parts, body) = limits::read(request, state.settings()).await?;
    let rebuild = |body: Bytes| Request::from_parts(parts.clone(), Body::from(body));
    let shown = match multipart {
        true => token_of_multipart(rebuild(body.clone())).await,
        false => token_of_form(rebuild(body.clone())).await,
    };
    match (&visit.csrf, shown) {
        (Some(token), Some(shown)) if is_same(token, &shown) => Ok(rebuild(body)),
        (None, _) => Err(refused("no_session")),
        (_, None) => Err(refused("token_missing")),
        _ => Err(refused("token_wrong")),
    }
}

fn refused(code: &'static str) -> Problem {
    tracing::warn!(code, "form refused");
    Problem::FormExpired
}

/// What the browser itself says of where the form was: our own page, or nowhere (a page restored or sent again by
/// hand). Browsers that say nothing are left to the token.
fn is_from_here(request: &Request, our_origin: &str) -> bool {
    let header = |name: &str| request.headers().get(name).map(|value| value.as_bytes());
    let site = header("sec-fetch-site").is_none_or(|site| matches!(site, b"same-origin" | b"none"));
    let origin = header(ORIGIN.as_str()).is_none_or(|origin| origin == our_origin.as_bytes());
    site && origin
}

/// Compared as hashes: how long it takes tells nothing of the token.
fn is_same(token: &str, shown: &str) -> bool {
    Sha256::digest(token) == Sha256::digest(shown)
}

#[derive(Deserialize)]
struct Token {
    csrf: String,
}

async fn token_of_form(request: Request) -> Option<String> {
    Form::<Token>::from_request(request, &())
        .await
        .ok()
        .map(|Form(token)| token.csrf)
}

async fn token_of_multipart(request: Request) -> Option<String> {
    let mut form = Multipart::from_request(request, &()).await.ok()?;
    for _ in 0..MAX_PARTS {
        let field = form.next_field().await.ok()??;
        if field.name() == Some(FIELD) {
            return text_of(field).await.ok();
        }
    }
    None
}
