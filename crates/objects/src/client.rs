//! The S3 client and what its errors mean.

use std::pin::Pin;
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::RequestId;
use aws_smithy_http_client::{Builder, tls};
use secrecy::ExposeSecret;

use crate::{ObjectError, StorageSettings};

/// A client on ring, with the time limits and attempts of the settings.
pub(crate) fn client(settings: &StorageSettings) -> Result<Client, ObjectError> {
    if !settings.endpoint.starts_with("http://") && !settings.endpoint.starts_with("https://") {
        return Err(ObjectError::Settings(
            "the endpoint starts with https://".to_owned(),
        ));
    }
    if settings.bucket.is_empty() {
        return Err(ObjectError::Settings("the bucket has no name".to_owned()));
    }
    let http = Builder::new()
        .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
        .build_https();
    let credentials = Credentials::new(
        settings.access_key.expose_secret(),
        settings.secret_key.expose_secret(),
        None,
        None,
        "configuration",
    );
    let attempt = Duration::from_secs(settings.attempt_timeout_seconds.max(1));
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(settings.connect_timeout_seconds.max(1)))
        .operation_attempt_timeout(attempt)
        .operation_timeout(attempt.saturating_mul(settings.attempts.max(1)))
        .build();
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(&settings.endpoint)
        .region(Region::new(settings.region.clone()))
        .credentials_provider(credentials)
        .force_path_style(settings.path_style)
        .retry_config(RetryConfig::standard().with_max_attempts(settings.attempts.max(1)))
        .timeout_config(timeouts)
        .http_client(http)
        .build();
    Ok(Client::from_conf(config))
}

/// Sends, on the heap: the futures of the SDK are of several kilobytes, and so would be everything that awaits them.
pub(crate) fn sent<'a, T, E>(
    call: impl Future<Output = Result<T, SdkError<E>>> + Send + 'a,
) -> Pin<Box<dyn Future<Output = Result<T, ObjectError>> + Send + 'a>>
where
    E: ProvideErrorMetadata + RequestId,
{
    let call = Box::pin(call);
    Box::pin(async move { call.await.map_err(meaning) })
}

/// What an error of the store means for the caller. Tells code and status, never a key or a signature.
fn meaning<E>(error: SdkError<E>) -> ObjectError
where
    E: ProvideErrorMetadata + RequestId,
{
    match error {
        SdkError::ConstructionFailure(_) => ObjectError::Settings("a request cannot be built".to_owned()),
        SdkError::TimeoutError(_) => ObjectError::Unavailable("it does not answer in time".to_owned()),
        SdkError::DispatchFailure(failure) => ObjectError::Unavailable(
            if failure.is_timeout() {
                "it does not answer in time"
            } else {
                "no connection"
            }
            .to_owned(),
        ),
        SdkError::ResponseError(_) => ObjectError::Unavailable("its answer cannot be read".to_owned()),
        SdkError::ServiceError(failure) => of_status(
            failure.raw().status().as_u16(),
            failure.err().code().unwrap_or(""),
        ),
        _ => ObjectError::Other("an unknown error".to_owned()),
    }
}

fn of_status(status: u16, code: &str) -> ObjectError {
    let told = if code.is_empty() {
        format!("HTTP {status}")
    } else {
        format!("{code}, HTTP {status}")
    };
    match (status, code) {
        (_, "NoSuchBucket") => ObjectError::Settings("the bucket does not exist".to_owned()),
        (404, _) => ObjectError::NotFound,
        (401 | 403, _) => ObjectError::Denied(told),
        // 501 says that the store will never do it; every other 5xx that it cannot now.
        (501, _) => ObjectError::Other(told),
        (408 | 429 | 500.., _) | (_, "RequestTimeout" | "SlowDown") => ObjectError::Unavailable(told),
        _ => ObjectError::Other(told),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_says_whether_to_try_again() {
        for (status, code, transient) in [
            (503, "SlowDown", true),
            (500, "InternalError", true),
            (429, "", true),
            (400, "RequestTimeout", true),
            (501, "NotImplemented", false),
            (403, "AccessDenied", false),
            (404, "NoSuchKey", false),
            (404, "NoSuchBucket", false),
            (400, "InvalidRequest", false),
        ] {
            assert_eq!(
                of_status(status, code).is_transient(),
                transient,
                "{status} {code}"
            );
        }
    }
}
