//! `GET /statique/{hash}/{name}`: stylesheet, scripts, font. Their address changes with their content.

use axum::body::Bytes;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use crate::problem::Problem;

/// A year, never asked again.
pub(crate) const FOREVER: &str = "public, max-age=31536000, immutable";

pub(crate) async fn get(Path((hash, name)): Path<(String, String)>) -> Result<Response, Problem> {
    let file = views::static_file(&hash, &name).ok_or(Problem::NotFound)?;
    let headers = [(CONTENT_TYPE, file.mime), (CACHE_CONTROL, FOREVER)];
    Ok((headers, Bytes::from_static(&file.bytes)).into_response())
}
