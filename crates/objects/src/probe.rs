//! What a store really does: many accept a header and ignore it. Found out by trying.

use std::time::{Duration, SystemTime};

use aws_sdk_s3::primitives::{ByteStream, DateTime as S3Time};
use aws_sdk_s3::types::ObjectLockMode;
use serde::Serialize;
use uuid::Uuid;

use crate::client::sent;
use crate::{ObjectError, ObjectStore};

/// Where the objects of the probe lie.
const PREFIX: &str = "probe/";
/// How long the lock of the probe holds: longer than clocks differ. What it kept is deleted by a later probe.
const LOCK: Duration = Duration::from_secs(120);
/// Seconds after which an object of the probe has been left behind.
const LEFT_AFTER: i64 = 600;

/// What the store really does, found out by trying.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Capabilities {
    /// A second write keeps the first as an older version.
    pub versioning: bool,
    /// A locked version refuses to be deleted, and stays readable.
    pub object_lock: bool,
    /// `If-None-Match: *` refuses to overwrite.
    pub conditional_writes: bool,
}

pub(crate) async fn probe(store: &ObjectStore) -> Result<Capabilities, ObjectError> {
    let key = format!("{PREFIX}{}", Uuid::new_v4());
    let first = write(store, &key, "1", None).await?;
    let second = write(store, &key, "2", None).await?;
    let versioning = first != second && first.is_some() && read(store, &key, first.as_deref()).await? == "1";
    let capabilities = Capabilities {
        versioning,
        object_lock: versioning && locks(store).await?,
        conditional_writes: refuses_to_overwrite(store, &key).await?,
    };
    sweep(store, &key).await;
    tracing::debug!(?capabilities, "probed the object store");
    Ok(capabilities)
}

/// Writes, and returns the version. `lock`: in compliance mode, as letters are.
async fn write(
    store: &ObjectStore,
    key: &str,
    body: &'static str,
    lock: Option<S3Time>,
) -> Result<Option<String>, ObjectError> {
    let put = store
        .client
        .put_object()
        .bucket(&*store.bucket)
        .key(key)
        .set_object_lock_mode(lock.map(|_| ObjectLockMode::Compliance))
        .set_object_lock_retain_until_date(lock)
        .body(ByteStream::from_static(body.as_bytes()));
    Ok(sent(put.send()).await?.version_id)
}

async fn read(store: &ObjectStore, key: &str, version: Option<&str>) -> Result<String, ObjectError> {
    let get = store.client.get_object().bucket(&*store.bucket).key(key);
    let object = sent(get.set_version_id(version.map(str::to_owned)).send()).await?;
    let body = object
        .body
        .collect()
        .await
        .map_err(|_| ObjectError::Unavailable("the object broke off".to_owned()))?;
    Ok(String::from_utf8_lossy(&body.into_bytes()).into_owned())
}

/// Whether a locked version survives the attempt to delete it.
async fn locks(store: &ObjectStore) -> Result<bool, ObjectError> {
    let key = format!("{PREFIX}{}", Uuid::new_v4());
    let until = S3Time::from(SystemTime::now() + LOCK);
    let version = match write(store, &key, "locked", Some(until)).await {
        Ok(Some(version)) => version,
        Ok(None) => return Ok(false),
        Err(error) if error.is_transient() => return Err(error),
        Err(_) => return Ok(false),
    };
    match store.delete(&key, Some(&version)).await {
        Ok(()) => Ok(false),
        Err(error) if error.is_transient() => Err(error),
        // A refusal proves nothing if the object is gone all the same.
        Err(_) => Ok(read(store, &key, Some(&version))
            .await
            .is_ok_and(|body| body == "locked")),
    }
}

async fn refuses_to_overwrite(store: &ObjectStore, key: &str) -> Result<bool, ObjectError> {
    let put = store
        .client
        .put_object()
        .bucket(&*store.bucket)
        .key(key)
        .if_none_match("*")
        .body(ByteStream::from_static(b"3"));
    match sent(put.send()).await {
        Ok(_) => Ok(false),
        Err(error) if error.is_transient() => Err(error),
        Err(_) => Ok(true),
    }
}

/// Deletes what earlier probes left, and what this one wrote; what is still locked waits for a later one. Objects of a
/// probe that runs at this moment in another process are younger, and left alone.
async fn sweep(store: &ObjectStore, own: &str) {
    let Ok(left) = store.versions(PREFIX).await else {
        return;
    };
    let now = S3Time::from(SystemTime::now()).secs();
    for found in left {
        if found.key != own && now.saturating_sub(found.written) < LEFT_AFTER {
            continue;
        }
        if let Err(error) = store.delete(&found.key, found.version.as_deref()).await {
            tracing::trace!(%error, "an object of the probe stays for now");
        }
    }
}
