//! RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0): back to where the client said, and nowhere else.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;
use serde::Deserialize;
use url::Url;

use super::Shared;
use crate::pages::page;

/// What the client sends.
#[derive(Deserialize)]
pub(super) struct Logout {
    id_token_hint: Option<String>,
    client_id: Option<String>,
    post_logout_redirect_uri: Option<String>,
    state: Option<String>,
}

pub(super) async fn by_link(State(shared): State<Arc<Shared>>, Query(logout): Query<Logout>) -> Response {
    answer(&shared, &logout)
}

pub(super) async fn by_form(State(shared): State<Arc<Shared>>, Form(logout): Form<Logout>) -> Response {
    answer(&shared, &logout)
}

fn answer(shared: &Shared, logout: &Logout) -> Response {
    match target(shared, logout) {
        Ok(Some(target)) => Redirect::to(target.as_str()).into_response(),
        Ok(None) => page(
            StatusCode::OK,
            "goodbye.html",
            context! { provider => shared.settings.name.as_str() },
        ),
        Err(message) => page(
            StatusCode::BAD_REQUEST,
            "error.html",
            context! { title => "Déconnexion impossible", message },
        ),
    }
}

fn target(shared: &Shared, logout: &Logout) -> Result<Option<Url>, &'static str> {
    let hinted = match &logout.id_token_hint {
        Some(hint) => {
            let claims = shared
                .key
                .read(hint, &shared.issuer)
                .ok_or("Le jeton joint à la demande n’est pas des nôtres (id_token_hint).")?;
            claims.get("aud").and_then(|aud| aud.as_str()).map(str::to_owned)
        }
        None => None,
    };
    if hinted.is_some() && logout.client_id.is_some() && hinted != logout.client_id {
        return Err("Le jeton a été émis pour une autre application (client_id).");
    }
    let Some(uri) = &logout.post_logout_redirect_uri else {
        return Ok(None);
    };
    if shared.settings.strict && (hinted.is_none() || logout.state.as_deref().is_none_or(|s| s.len() < 32)) {
        return Err("La demande est incomplète (id_token_hint, state de 32 caractères).");
    }
    let client = hinted
        .or_else(|| logout.client_id.clone())
        .and_then(|id| shared.client(&id));
    let known = client.is_some_and(|client| client.post_logout_redirect_uris.contains(uri));
    let mut target = Url::parse(uri).ok().filter(|_| known).ok_or(
        "L’adresse de retour n’est pas celle que l’application a inscrite (post_logout_redirect_uri).",
    )?;
    target
        .query_pairs_mut()
        .extend_pairs(logout.state.as_deref().map(|state| ("state", state)));
    if target.query() == Some("") {
        target.set_query(None);
    }
    Ok(Some(target))
}
