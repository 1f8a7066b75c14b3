//! Every route, and what every request passes on its way.

use axum::Router;
use axum::handler::Handler;
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use http::{HeaderMap, Method, StatusCode};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::layers::{csrf, errors, headers, limits, request, visitors};
use crate::pages::{
    answer, assets, department_assets, departments, health, history, home, inquiry, journal, legal, letter,
    login, login_callback, login_start, logout, staff, terms, verification,
};
use crate::problem::Problem;
use crate::{WebState, session, visit};

/// Every route with every layer.
pub fn router(state: WebState) -> Router {
    extended(state, Router::new())
}

/// Every route and some more, pages under the same layers.
pub fn extended(state: WebState, more: Router<WebState>) -> Router {
    let for_pages = ServiceBuilder::new()
        .layer(map_response(async |response: Response| {
            session::unwritten(response)
        }))
        .layer(session::layer(&state))
        .layer(from_fn_with_state(state.clone(), visit::look))
        .layer(from_fn_with_state(state.clone(), csrf::protect));
    let for_all = ServiceBuilder::new()
        .layer(from_fn(request::trace))
        .layer(from_fn_with_state(state.clone(), headers::secure))
        .layer(CompressionLayer::new().compress_when(is_public))
        .layer(from_fn_with_state(state.clone(), errors::render))
        .layer(CatchPanicLayer::custom(errors::panicked))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            state.settings().timeout(),
        ))
        .layer(from_fn(limits::enforce))
        .layer(from_fn_with_state(state.clone(), visitors::count));
    pages()
        .router
        .merge(more)
        .layer(for_pages)
        .merge(without_session().router)
        .fallback(async || Problem::NotFound)
        .layer(for_all)
        .with_state(state)
}

/// Method and path of every route there is, for tests that must not forget one.
pub fn routes() -> Vec<(Method, &'static str)> {
    [pages().known, without_session().known].concat()
}

/// Pages, which may have a session.
fn pages() -> Routes {
    Routes::default()
        .get("/", home::get)
        .get("/connexion", login::get)
        .get("/connexion/{provider}", login_start::get)
        .get("/connexion/{provider}/retour", login_callback::get)
        .post("/deconnexion", logout::post)
        .get("/deconnexion/retour", logout::get)
        .get("/conditions", terms::get)
        .post("/conditions", terms::post)
        .get("/demandes", history::get)
        .post("/demandes", inquiry::post)
        .get("/demandes/nouvelle", inquiry::get)
        .post("/demandes/recherche", history::search)
        .get("/demandes/{submission}", answer::get)
        .get("/demandes/{submission}/{inquiry}/courrier", letter::for_notary)
        .get("/departements", departments::get)
        .get("/departements/{slug}", staff::get)
        .get(
            "/departements/{slug}/demandes/{inquiry}/courrier",
            letter::for_staff,
        )
        .get("/departements/{slug}/journal", journal::get)
        .get("/departements/{slug}/journal.csv", journal::csv)
        .get("/verification", verification::get)
        .post("/verification", verification::post)
        .get("/v/{code}", verification::get_code)
        .get("/accessibilite", legal::accessibility)
        .get("/accessibilite/{slug}", legal::department_accessibility)
        .get("/mentions-legales", legal::notice)
        .get("/donnees-personnelles", legal::privacy)
}

/// What needs nobody.
fn without_session() -> Routes {
    Routes::default()
        .get("/departements/{slug}/{asset}", department_assets::get)
        .get("/sante/vivant", health::live)
        .get("/sante/pret", health::ready)
        .get("/statique/{hash}/{name}", assets::get)
}

/// A router that can tell its routes.
#[derive(Default)]
struct Routes {
    router: Router<WebState>,
    known: Vec<(Method, &'static str)>,
}

impl Routes {
    fn get<T: 'static>(self, path: &'static str, handler: impl Handler<T, WebState>) -> Self {
        self.add(Method::GET, path, get(handler))
    }

    fn post<T: 'static>(self, path: &'static str, handler: impl Handler<T, WebState>) -> Self {
        self.add(Method::POST, path, post(handler))
    }

    fn add(mut self, method: Method, path: &'static str, handler: MethodRouter<WebState>) -> Self {
        self.router = self.router.route(path, handler);
        self.known.push((method, path));
        self
    }
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
