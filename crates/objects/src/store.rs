//! The store itself.

use chrono::{DateTime, Utc};
use domain::DepartmentId;
use serde::Serialize;

use crate::{DataKey, ObjectError, ObjectKey, StorageSettings};

/// What the store really does, found out by trying.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Capabilities {
    /// A second write keeps the first as an older version.
    pub versioning: bool,
    /// A locked version refuses to be deleted.
    pub object_lock: bool,
    /// `If-None-Match: *` refuses to overwrite.
    pub conditional_writes: bool,
}

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

/// What a purge left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Purged {
    /// Versions deleted.
    pub deleted: u64,
    /// Versions the store refused to delete (locked).
    pub kept: u64,
}

/// The store. Cheap to clone.
#[derive(Clone)]
pub struct ObjectStore {
    _private: (),
}

impl ObjectStore {
    /// Prepares the client; does not yet talk to the store (see [`Self::ensure_bucket`] and [`Self::probe`]).
    ///
    /// # Errors
    /// When the settings cannot be used.
    pub async fn connect(settings: &StorageSettings) -> Result<Self, ObjectError> {
        let _ = settings;
        todo!()
    }

    /// Makes the bucket when it is missing, with object lock where the store knows it.
    ///
    /// # Errors
    /// An [`ObjectError`].
    pub async fn ensure_bucket(&self) -> Result<(), ObjectError> {
        todo!()
    }

    /// Whether the store answers and the bucket is there.
    ///
    /// # Errors
    /// An [`ObjectError`].
    pub async fn ping(&self) -> Result<(), ObjectError> {
        todo!()
    }

    /// Finds out, with objects thrown away afterwards, what the store does. Asked once; the answer is kept.
    ///
    /// # Errors
    /// An [`ObjectError`].
    pub async fn probe(&self) -> Result<Capabilities, ObjectError> {
        todo!()
    }

    /// Encrypts and stores. With `retain_until`, locked until then where the store really locks. Storing the same
    /// key again is allowed (a job tried twice).
    ///
    /// # Errors
    /// An [`ObjectError`].
    pub async fn put(
        &self,
        key: &ObjectKey,
        plain: &[u8],
        data_key: &DataKey,
        retain_until: Option<DateTime<Utc>>,
    ) -> Result<Stored, ObjectError> {
        let _ = (key, plain, data_key, retain_until);
        todo!()
    }

    /// Reads and decrypts the newest version.
    ///
    /// # Errors
    /// An [`ObjectError`].
    pub async fn get(&self, key: &ObjectKey, data_key: &DataKey) -> Result<Vec<u8>, ObjectError> {
        self.get_version(key, None, data_key).await
    }

    /// Reads and decrypts the version [`Stored::version`] named.
    ///
    /// # Errors
    /// An [`ObjectError`].
    pub async fn get_version(
        &self,
        key: &ObjectKey,
        version: Option<&str>,
        data_key: &DataKey,
    ) -> Result<Vec<u8>, ObjectError> {
        let _ = (key, version, data_key);
        todo!()
    }

    /// Deletes every version of every object of a département. Locked ones stay, and are counted.
    ///
    /// # Errors
    /// An [`ObjectError`].
    pub async fn purge(&self, department: DepartmentId) -> Result<Purged, ObjectError> {
        let _ = department;
        todo!()
    }
}
