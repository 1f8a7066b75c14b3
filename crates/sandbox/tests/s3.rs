//! The S3 endpoint speaks the protocol and checks signatures.

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_http_client::Builder;
use dn_sandbox::S3Endpoint;

fn client(endpoint: &S3Endpoint, secret_key: &str) -> Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("fr"))
        .endpoint_url(endpoint.endpoint())
        .credentials_provider(Credentials::new(
            endpoint.access_key(),
            secret_key,
            None,
            None,
            "test",
        ))
        .force_path_style(true)
        .http_client(Builder::new().build_http())
        .build();
    Client::from_conf(config)
}

#[tokio::test]
async fn objects_come_back_after_a_restart_and_only_with_the_key() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let endpoint = S3Endpoint::start(dir.path()).await?;
    let s3 = client(&endpoint, endpoint.secret_key());
    s3.create_bucket().bucket("letters").send().await?;
    s3.put_object()
        .bucket("letters")
        .key("t/1/é")
        .body(vec![7; 200_000].into())
        .send()
        .await?;
    let stranger = client(&endpoint, "not the key");
    let refused = stranger
        .get_object()
        .bucket("letters")
        .key("t/1/é")
        .send()
        .await
        .unwrap_err();
    assert_eq!(refused.raw_response().map(|r| r.status().as_u16()), Some(403));
    let address = endpoint.endpoint();
    endpoint.stop().await;

    let endpoint = S3Endpoint::start(dir.path()).await?;
    assert_eq!(endpoint.endpoint(), address, "the port is kept");
    let s3 = client(&endpoint, endpoint.secret_key());
    let object = s3.get_object().bucket("letters").key("t/1/é").send().await?;
    assert_eq!(object.body.collect().await?.into_bytes(), vec![7; 200_000]);
    s3.delete_object().bucket("letters").key("t/1/é").send().await?;
    assert!(
        s3.get_object()
            .bucket("letters")
            .key("t/1/é")
            .send()
            .await
            .unwrap_err()
            .into_service_error()
            .is_no_such_key()
    );
    Ok(())
}
