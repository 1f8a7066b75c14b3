//! What is too long is refused before it is read.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_LENGTH;

use crate::problem::Problem;

/// Longest address taken, in bytes.
const MAX_ADDRESS: usize = 4096;
/// Longest form, in bytes.
const MAX_FORM: usize = 64 * 1024;
/// Longest form with a file: a letter is a tenth of it.
pub(crate) const MAX_UPLOAD_MEBIBYTES: u32 = 2;

/// How long the body of this request may be, in bytes.
pub(crate) fn max_body(request: &Request) -> usize {
    if is_multipart(request) {
        MAX_UPLOAD_MEBIBYTES as usize * 1024 * 1024
    } else {
        MAX_FORM
    }
}

/// Whether the body is a form with files.
pub(crate) fn is_multipart(request: &Request) -> bool {
    content_type(request) == "multipart/form-data"
}

/// Media type of the body, without parameters.
pub(crate) fn content_type(request: &Request) -> &str {
    let stated = request
        .headers()
        .get(http::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    stated
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
}

pub(crate) async fn enforce(request: Request, next: Next) -> Response {
    let address = request
        .uri()
        .path_and_query()
        .map_or(0, |address| address.as_str().len());
    if address > MAX_ADDRESS {
        return Problem::BadRequest.into_response();
    }
    let stated = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    if stated.is_some_and(|stated: usize| stated > max_body(&request)) {
        return Problem::TooLarge.into_response();
    }
    next.run(request).await
}
