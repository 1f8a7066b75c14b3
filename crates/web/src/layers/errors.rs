//! Whatever went wrong becomes a page.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use views::pages::{ErrorKind, ErrorPage};

use super::limits::MAX_UPLOAD_MEBIBYTES;
use super::request::Known;
use crate::WebState;
use crate::reply::{html, layout};

/// Replaces every answer that is an error and not yet a page of ours, wherever it came from.
pub(crate) async fn render(State(state): State<WebState>, request: Request, next: Next) -> Response {
    let id = request.extensions().get::<Known>().map(|known| known.id);
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_page(response.headers()) {
        return response;
    }
    let kind = response
        .extensions()
        .get::<ErrorKind>()
        .copied()
        .unwrap_or_else(|| kind_of(status));
    let page = ErrorPage {
        request_id: id.map(|id| id.to_string()),
        ..ErrorPage::new(kind)
    };
    let Ok(body) = state.views().render(&layout(&state, &path), &page) else {
        tracing::error!(code = "error_page", "the page of an error cannot be rendered");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let (parts, _) = response.into_parts();
    let mut page = html(parts.status, body);
    for (name, value) in &parts.headers {
        if name != CONTENT_TYPE && name != CONTENT_LENGTH {
            page.headers_mut().append(name, value.clone());
        }
    }
    page
}

/// What answers a panic; [`render`] makes a page of it. What the panic says may hold anything: it is not logged here.
pub(crate) fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!(code = "panic", "a handler panicked");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

fn is_page(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/html"))
}

fn kind_of(status: StatusCode) -> ErrorKind {
    match status.as_u16() {
        404 => ErrorKind::NotFound,
        408 => ErrorKind::TooSlow,
        414 => ErrorKind::AddressTooLong,
        431 => ErrorKind::HeadersTooLarge,
        405 => ErrorKind::MethodNotAllowed,
        413 => ErrorKind::TooLarge {
            limit: MAX_UPLOAD_MEBIBYTES,
        },
        429 => ErrorKind::TooManyRequests { seconds: 60 },
        503 | 504 => ErrorKind::Unavailable,
        500.. => ErrorKind::Internal,
        _ => ErrorKind::BadRequest,
    }
}
