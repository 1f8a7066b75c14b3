//! Headers that every answer bears.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderValue};

use crate::WebState;

/// Nothing of ours may be kept by a browser or a proxy unless a page says otherwise.
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// Headers whose value is always the same.
const FIXED: [(HeaderName, &str); 6] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    // Not `no-referrer`: the browser would then send `Origin: null` with our own forms.
    (REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    ),
];

pub(crate) async fn secure(State(state): State<WebState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    or_insert(headers, CACHE_CONTROL, NO_STORE);
    if let Ok(policy) = HeaderValue::try_from(content_policy(&state)) {
        or_insert(headers, CONTENT_SECURITY_POLICY, policy);
    }
    if state.settings().public_url.scheme() == "https" {
        headers.insert(
            STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    response
}

/// Keeps what a page has set itself.
fn or_insert(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}

/// Everything from ourselves, nothing inline. Forms may lead to the providers, because the redirects that follow
/// a form count as its target: logout ends there.
fn content_policy(state: &WebState) -> String {
    let mut targets = String::from("'self'");
    for origin in state.providers().form_origins() {
        targets.push(' ');
        targets.push_str(&origin);
    }
    format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; \
         connect-src 'self'; form-action {targets}; frame-ancestors 'none'; base-uri 'none'"
    )
}
