//! The store itself.

use std::sync::Arc;

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::DateTime as S3Time;
use aws_sdk_s3::types::ObjectLockMode;
use chrono::{DateTime, Utc};
use tokio::sync::OnceCell;

use crate::client::{client, sent};
use crate::envelope;
use crate::probe::{Capabilities, probe};
use crate::{DataKey, ObjectError, ObjectKey, StorageSettings};

/// Largest object read, in bytes: a hundred times a long letter.
const MAX_OBJECT: i64 = 64 * 1024 * 1024;

/// An object as it was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Version, where the store has versions.
    pub version: Option<String>,
    /// Bytes in the store (encrypted).
    pub size: u64,
    /// Until when it cannot be deleted; `None` where the store does not lock.
    pub locked_until: Option<DateTime<Utc>>,
}

/// The store. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ObjectStore {
    pub(crate) client: Client,
    pub(crate) bucket: Arc<str>,
    pub(crate) region: Arc<str>,
    pub(crate) amazon: bool,
    capabilities: Arc<OnceCell<Capabilities>>,
}

impl ObjectStore {
    /// Prepares the client; does not yet talk to the store (see [`Self::ensure_bucket`] and [`Self::probe`]).
    ///
    /// # Errors
    /// When the settings cannot be used.
    pub async fn connect(settings: &StorageSettings) -> Result<Self, ObjectError> {
        let host = settings.endpoint.trim_end_matches('/');
        Ok(Self {
            client: client(settings)?,
            bucket: settings.bucket.as_str().into(),
            region: settings.region.as_str().into(),
            amazon: host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn"),
            capabilities: Arc::default(),
        })
    }

    /// Whether the store answers and the bucket is there.
    ///
    /// # Errors
    /// An [`ObjectError`]; a missing bucket is [`ObjectError::Settings`].
    pub async fn ping(&self) -> Result<(), ObjectError> {
        match sent(self.client.head_bucket().bucket(&*self.bucket).send()).await {
            Ok(_) => Ok(()),
            Err(ObjectError::NotFound) => Err(ObjectError::Settings("the bucket does not exist".to_owned())),
            Err(error) => Err(error),
        }
    }

    /// Finds out, with objects thrown away afterwards, what the store does. Asked once; the answer is kept.
    ///
    /// # Errors
    /// An [`ObjectError`]; then it is asked again the next time.
    pub async fn probe(&self) -> Result<Capabilities, ObjectError> {
        self.capabilities.get_or_try_init(|| probe(self)).await.copied()
    }

    /// Encrypts and stores. With `retain_until`, locked until then where the store really locks (compliance mode: nobody
    /// can shorten it). Storing the same key again is allowed (a job tried twice).
    ///
    /// # Errors
    /// An [`ObjectError`]; a data key of another département is [`ObjectError::WrongKey`].
    pub async fn put(
        &self,
        key: &ObjectKey,
        plain: &[u8],
        data_key: &DataKey,
        retain_until: Option<DateTime<Utc>>,
    ) -> Result<Stored, ObjectError> {
        let body = envelope::seal(key, plain, data_key)?;
        let size = u64::try_from(body.len()).unwrap_or(u64::MAX);
        let locked_until = match retain_until {
            Some(until) if self.probe().await?.object_lock => Some(until),
            _ => None,
        };
        let put = self
            .client
            .put_object()
            .bucket(&*self.bucket)
            .key(key.as_str())
            .content_type("application/octet-stream")
            .set_object_lock_mode(locked_until.map(|_| ObjectLockMode::Compliance))
            .set_object_lock_retain_until_date(locked_until.map(|until| S3Time::from_secs(until.timestamp())))
            .body(body.into());
        let stored = sent(put.send()).await?;
        Ok(Stored {
            version: stored.version_id,
            size,
            locked_until,
        })
    }

    /// Reads and decrypts the newest version.
    ///
    /// # Errors
    /// An [`ObjectError`].
    pub async fn get(&self, key: &ObjectKey, data_key: &DataKey) -> Result<Vec<u8>, ObjectError> {
        self.get_version(key, None, data_key).await
    }

    /// Reads and decrypts the version that [`Stored::version`] named; the newest without one.
    ///
    /// # Errors
    /// An [`ObjectError`].
    pub async fn get_version(
        &self,
        key: &ObjectKey,
        version: Option<&str>,
        data_key: &DataKey,
    ) -> Result<Vec<u8>, ObjectError> {
        let get = self.client.get_object().bucket(&*self.bucket).key(key.as_str());
        let object = sent(get.set_version_id(version.map(str::to_owned)).send()).await?;
        if object.content_length().is_none_or(|length| length > MAX_OBJECT) {
            return Err(ObjectError::Corrupt);
        }
        let body = object
            .body
            .collect()
            .await
            .map_err(|_| ObjectError::Unavailable("the object broke off".to_owned()))?;
        envelope::open(key, &body.into_bytes(), data_key)
    }
}
