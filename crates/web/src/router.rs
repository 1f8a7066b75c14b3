//! Every route, and what every request passes on its way.

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use http::{HeaderMap, StatusCode};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::layers::{csrf, errors, headers, limits, request};
use crate::pages::{
    answer, assets, department_assets, departments, health, history, home, inquiry, legal, letter, login,
    login_callback, login_start, logout, staff, terms, verification,
};
use crate::problem::Problem;
use crate::{WebState, session, visit};

/// Every route with every layer.
pub fn router(state: WebState) -> Router {
    let all = pages(&state).merge(without_session());
    let layers = ServiceBuilder::new()
        .layer(from_fn(request::trace))
        .layer(from_fn_with_state(state.clone(), headers::secure))
        .layer(CompressionLayer::new().compress_when(is_public))
        .layer(from_fn_with_state(state.clone(), errors::render))
        .layer(CatchPanicLayer::custom(errors::panicked))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            state.settings().timeout(),
        ))
        .layer(from_fn(limits::enforce));
    all.fallback(async || Problem::NotFound)
        .layer(layers)
        .with_state(state)
}

/// Pages, which may have a session.
fn pages(state: &WebState) -> Router<WebState> {
    let layers = ServiceBuilder::new()
        .layer(session::layer(state))
        .layer(from_fn_with_state(state.clone(), visit::look))
        .layer(from_fn_with_state(state.clone(), csrf::protect));
    Router::new()
        .route("/", get(home::get))
        .route("/connexion", get(login::get))
        .route("/connexion/{provider}", get(login_start::get))
        .route("/connexion/{provider}/retour", get(login_callback::get))
        .route("/deconnexion", post(logout::post))
        .route("/deconnexion/retour", get(logout::get))
        .route("/conditions", get(terms::get).post(terms::post))
        .route("/demandes", get(history::get).post(inquiry::post))
        .route("/demandes/nouvelle", get(inquiry::get))
        .route("/demandes/{submission}", get(answer::get))
        .route(
            "/demandes/{submission}/{inquiry}/courrier",
            get(letter::for_notary),
        )
        .route("/departements", get(departments::get))
        .route("/departements/{slug}", get(staff::get))
        .route(
            "/departements/{slug}/demandes/{inquiry}/courrier",
            get(letter::for_staff),
        )
        .route("/verification", get(verification::get).post(verification::post))
        .route("/v/{code}", get(verification::get_code))
        .route("/accessibilite", get(legal::accessibility))
        .route("/accessibilite/{slug}", get(legal::department_accessibility))
        .route("/mentions-legales", get(legal::notice))
        .route("/donnees-personnelles", get(legal::privacy))
        .layer(layers)
}

/// What needs nobody.
fn without_session() -> Router<WebState> {
    Router::new()
        .route("/departements/{slug}/{asset}", get(department_assets::get))
        .route("/sante/vivant", get(health::live))
        .route("/sante/pret", get(health::ready))
        .route("/statique/{hash}/{name}", get(assets::get))
}

/// Pages with tokens or personal data are not compressed: their length would tell of their content (BREACH).
fn is_public(_: StatusCode, _: http::Version, headers: &HeaderMap, _: &http::Extensions) -> bool {
    let cache = headers.get(http::header::CACHE_CONTROL);
    let kind = headers
        .get(http::header::CONTENT_TYPE)
        .map(|value| value.as_bytes());
    cache.is_some_and(|value| value.as_bytes().starts_with(b"public"))
        && kind.is_some_and(|kind| !kind.starts_with(b"font/") && !kind.starts_with(b"image/png"))
}
