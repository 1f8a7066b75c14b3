//! Each request has an id, a span and one line in the log.
//!
//! The line names the route, never the address: addresses hold ids, searches and codes of providers.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use domain::DepartmentSlug;
use http::HeaderValue;
use tracing::{Instrument, Span, field};
use uuid::Uuid;

/// What is known of a request before any page.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    /// Ours, whatever the browser sent. Shown on pages of errors, so that one can be found in the log.
    pub(crate) id: Uuid,
    span: Span,
}

impl Known {
    /// Names the département in the request's span.
    pub(crate) fn name_tenant(&self, slug: &DepartmentSlug) {
        self.span.record("tenant", slug.as_str());
    }
}

/// Header in which the browser gets the id.
pub(crate) const HEADER: &str = "x-request-id";

pub(crate) async fn trace(mut request: Request, next: Next) -> Response {
    let id = Uuid::now_v7();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("-", MatchedPath::as_str)
        .to_owned();
    let method = request.method().clone();
    let span = tracing::info_span!("request", %id, tenant = field::Empty);
    request.extensions_mut().insert(Known {
        id,
        span: span.clone(),
    });
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
        if let Ok(value) = HeaderValue::try_from(id.to_string()) {
            response.headers_mut().insert(HEADER, value);
        }
        response
    }
    .instrument(span)
    .await
}

/// What machines ask all the time.
fn is_quiet(route: &str) -> bool {
    route.starts_with("/sante/") || route.starts_with("/statique/")
}
