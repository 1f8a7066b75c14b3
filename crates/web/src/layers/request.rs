//! Each request has an id, a span and one line in the log.
//!
//! The line names the route, never the address: addresses hold ids, searches and codes of providers.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use tracing::{Instrument, field};
use uuid::Uuid;

/// Id of a request: ours, whatever the browser sent. Shown on pages of errors, so that one can be found in the log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestId(pub(crate) Uuid);

/// Header in which the browser gets the id.
pub(crate) const HEADER: &str = "x-request-id";

pub(crate) async fn trace(mut request: Request, next: Next) -> Response {
    let id = RequestId(Uuid::now_v7());
    request.extensions_mut().insert(id);
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("-", MatchedPath::as_str)
        .to_owned();
    let method = request.method().clone();
    let span = tracing::info_span!("request", id = %id.0, tenant = field::Empty);
    async move {
        let started = Instant::now();
        let mut response = next.run(request).await;
        let status = response.status().as_u16();
        let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        if is_quiet(&route) {
            tracing::debug!(%method, route, status, milliseconds, "answered");
        } else {
            tracing::info!(%method, route, status, milliseconds, "answered");
        }
        if let Ok(value) = HeaderValue::try_from(id.0.to_string()) {
            response.headers_mut().insert(HEADER, value);
        }
        response
    }
    .instrument(span)
    .await
}

/// Names the département in the request's span.
pub(crate) fn name_tenant(slug: &domain::DepartmentSlug) {
    tracing::Span::current().record("tenant", slug.as_str());
}

/// What machines ask all the time.
fn is_quiet(route: &str) -> bool {
    route.starts_with("/sante/") || route.starts_with("/statique/")
}
