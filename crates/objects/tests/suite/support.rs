//! Stores, keys and a raw client that sees what an intruder in the store would.

use anyhow::Result;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_http_client::{Builder, tls};
use dn_objects::{DataKey, Keyring, ObjectKey, ObjectStore, StorageSettings};
use domain::{DepartmentId, LetterId};
use uuid::Uuid;

/// Settings for a bucket of its own.
pub(crate) fn settings(endpoint: &str, access_key: &str, secret_key: &str) -> StorageSettings {
    serde_json::from_value(serde_json::json!({
        "endpoint": endpoint,
        "bucket": format!("dn-{}", Uuid::new_v4()),
        "access_key": access_key,
        "secret_key": secret_key,
        "master_keys": {"m1": "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="},
        "current_master": "m1",
        "connect_timeout_seconds": 2,
        "attempt_timeout_seconds": 10,
        "attempts": 2
    }))
    .unwrap()
}

/// A store with its bucket made.
pub(crate) async fn store(settings: &StorageSettings) -> Result<ObjectStore> {
    let store = ObjectStore::connect(settings).await?;
    store.ensure_bucket().await?;
    Ok(store)
}

pub(crate) fn department() -> DepartmentId {
    DepartmentId(Uuid::new_v4())
}

pub(crate) fn letter(department: DepartmentId) -> ObjectKey {
    named(department, LetterId(Uuid::new_v4()))
}

/// A place that needs no file yet.
pub(crate) fn named(department: DepartmentId, letter: LetterId) -> ObjectKey {
    ObjectKey::recorded(department, letter, &format!("t/{department}/{letter}")).unwrap()
}

pub(crate) fn data_key(settings: &StorageSettings, department: DepartmentId) -> DataKey {
    Keyring::new(settings)
        .unwrap()
        .new_data_key(department)
        .unwrap()
        .0
}

/// The store without our code: raw bytes.
pub(crate) struct Raw {
    client: Client,
    bucket: String,
}

impl Raw {
    pub(crate) fn new(settings: &StorageSettings, access_key: &str, secret_key: &str) -> Self {
        let http = Builder::new()
            .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
            .build_https();
        let config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(&settings.endpoint)
            .region(Region::new("fr-par"))
            .credentials_provider(Credentials::new(access_key, secret_key, None, None, "test"))
            .force_path_style(true)
            .http_client(http)
            .build();
        Self {
            client: Client::from_conf(config),
            bucket: settings.bucket.clone(),
        }
    }

    pub(crate) async fn read(&self, key: &str) -> Vec<u8> {
        let object = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .send()
            .await
            .unwrap();
        object.body.collect().await.unwrap().into_bytes().to_vec()
    }

    pub(crate) async fn write(&self, key: &str, body: Vec<u8>) {
        let put = self.client.put_object().bucket(&self.bucket).key(key);
        put.body(body.into()).send().await.unwrap();
    }

    /// Whether the store let a version be deleted.
    pub(crate) async fn deletes(&self, key: &str, version: &str) -> bool {
        let delete = self.client.delete_object().bucket(&self.bucket).key(key);
        delete.version_id(version).send().await.is_ok()
    }

    pub(crate) async fn keys(&self) -> Vec<String> {
        let page = self
            .client
            .list_objects_v2()
            .bucket(&self.bucket)
            .send()
            .await
            .unwrap();
        page.contents()
            .iter()
            .filter_map(|object| object.key().map(str::to_owned))
            .collect()
    }
}
