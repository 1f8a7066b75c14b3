//! What is too long is refused before it is read, what is too slow is not waited for.
//!
//! Headers far beyond these limits never get here: [`crate::serve`] has the connection refuse them (431, without a page).

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::extract::multipart::Field;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use http::request::Parts;

use crate::WebSettings;
use crate::problem::Problem;

/// Longest address taken, in bytes.
const MAX_ADDRESS: usize = 4096;
/// Most headers taken: a browser sends some twenty, a proxy adds a few.
const MAX_HEADERS: usize = 64;
/// Longest headers taken, names and values together, in bytes.
const MAX_HEADER_BYTES: usize = 16 * 1024;
/// Longest form, in bytes.
const MAX_FORM: usize = 64 * 1024;
/// Most fields of a form: that of an inquiry has one for each of some hundred départements and a dozen more.
const MAX_FIELDS: usize = 200;
/// Longest field of a form, name and value as sent (a letter may take nine bytes), in bytes.
const MAX_FIELD: usize = 4096;
/// Longest form with a file: a letter is a tenth of it.
pub(crate) const MAX_UPLOAD_MEBIBYTES: u32 = 2;
/// Most parts of a form with a file.
pub(crate) const MAX_PARTS: usize = 10;

/// How long the body of this request may be, in bytes.
fn max_body(request: &Request) -> usize {
    if is_multipart(request) {
        MAX_UPLOAD_MEBIBYTES as usize * 1024 * 1024
    } else {
        MAX_FORM
    }
}

fn too_large(request: &Request) -> Problem {
    if is_multipart(request) {
        Problem::TooLarge
    } else {
        Problem::FormTooLarge
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
    match check(&request) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

/// What can be told from the head of a request.
fn check(request: &Request) -> Result<(), Problem> {
    let address = request
        .uri()
        .path_and_query()
        .map_or(0, |address| address.as_str().len());
    if address > MAX_ADDRESS {
        return Err(Problem::AddressTooLong);
    }
    let headers = request.headers();
    if headers.len() > MAX_HEADERS || bytes_of(headers) > MAX_HEADER_BYTES {
        return Err(Problem::HeadersTooLarge);
    }
    let stated = headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    if stated.is_some_and(|stated: usize| stated > max_body(request)) {
        return Err(too_large(request));
    }
    Ok(())
}

fn bytes_of(headers: &HeaderMap) -> usize {
    headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum()
}

/// Reads the body of a form: given up as soon as it is too long, has too many fields or too long a one, or has not
/// arrived in time.
pub(crate) async fn read(request: Request, settings: &WebSettings) -> Result<(Parts, Bytes), Problem> {
    let (limit, problem) = (max_body(&request), too_large(&request));
    let fields = (!is_multipart(&request)).then(Fields::default);
    let (parts, body) = request.into_parts();
    let reading = collect(body, limit, problem, fields);
    let read = tokio::time::timeout(settings.body_timeout(), reading).await;
    let body = read.map_err(|_| Problem::TooSlow)??;
    Ok((parts, body))
}

async fn collect(
    body: Body,
    limit: usize,
    too_large: Problem,
    mut fields: Option<Fields>,
) -> Result<Bytes, Problem> {
    let mut read = Vec::new();
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Problem::BadRequest)?;
        let fit = fields.as_mut().is_none_or(|fields| fields.take(&chunk));
        if !fit || read.len() + chunk.len() > limit {
            return Err(too_large);
        }
        read.extend_from_slice(&chunk);
    }
    Ok(read.into())
}

/// The fields of an `application/x-www-form-urlencoded` body, as it arrives.
#[derive(Default)]
struct Fields {
    ended: usize,
    length: usize,
}

impl Fields {
    /// Whether all is still within bounds.
    fn take(&mut self, chunk: &[u8]) -> bool {
        for byte in chunk {
            if *byte == b'&' {
                (self.ended, self.length) = (self.ended + 1, 0);
            } else {
                self.length += 1;
            }
            if self.ended >= MAX_FIELDS || self.length > MAX_FIELD {
                return false;
            }
        }
        true
    }
}

/// The text of a part that is no file.
pub(crate) async fn text_of(mut field: Field<'_>) -> Result<String, Problem> {
    let mut text = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|_| Problem::BadRequest)? {
        if text.len() + chunk.len() > MAX_FIELD {
            return Err(Problem::FormTooLarge);
        }
        text.extend_from_slice(&chunk);
    }
    String::from_utf8(text).map_err(|_| Problem::BadRequest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_counted_across_chunks() {
        let within = |chunks: &[&[u8]]| {
            let mut fields = Fields::default();
            chunks.iter().all(|chunk| fields.take(chunk))
        };
        let long = [b'x'; MAX_FIELD];
        assert!(within(&[b"a=1&b", b"=2"]));
        assert!(within(&[&long, b"&", &long]));
        assert!(!within(&[&long, b"x"]));
        assert!(within(&[&[b'&'; MAX_FIELDS - 1]]));
        assert!(!within(&[&[b'&'; MAX_FIELDS - 1], b"a=1&"]));
    }
}
