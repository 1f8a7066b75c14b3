//! How we speak to providers: no redirects, bounded time, bounded answers.

use std::time::Duration;

use http::StatusCode;
use openidconnect::{HttpRequest, HttpResponse};

/// Longest answer taken from a provider, in bytes. Metadata, key sets and tokens are far smaller.
const MAX_BODY: usize = 1024 * 1024;

/// A request to a provider failed. Says nothing of the request: it may hold a code or a secret.
#[derive(Debug, thiserror::Error)]
pub(super) enum HttpError {
    #[error("the provider cannot be reached")]
    Reqwest(#[source] reqwest::Error),
    #[error("the provider's answer is not HTTP")]
    Http(#[from] http::Error),
    #[error("the provider's answer is too long")]
    TooLong,
    #[error("the provider is in trouble ({0})")]
    Trouble(StatusCode),
}

impl From<reqwest::Error> for HttpError {
    fn from(error: reqwest::Error) -> Self {
        Self::Reqwest(error.without_url())
    }
}

/// A client of its own for each provider. A proxy of the environment is used, but not towards this machine.
pub(super) fn client(local: bool) -> Result<reqwest::Client, reqwest::Error> {
    // Two parts of the program may install it: the second finds it there.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(4))
        .timeout(Duration::from_secs(8))
        .user_agent("departements-notaires");
    if local { builder.no_proxy() } else { builder }.build()
}

/// One request, as openidconnect wants it made. A provider in trouble (5xx) counts as one that is down.
pub(super) async fn call(client: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let (parts, body) = request.into_parts();
    let mut response = client
        .request(parts.method, parts.uri.to_string())
        .headers(parts.headers)
        .body(body)
        .send()
        .await?;
    if response.status().is_server_error() {
        return Err(HttpError::Trouble(response.status()));
    }
    let mut answer = http::Response::builder().status(response.status());
    for (name, value) in response.headers() {
        answer = answer.header(name, value);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_BODY {
            return Err(HttpError::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(answer.body(body)?)
}
