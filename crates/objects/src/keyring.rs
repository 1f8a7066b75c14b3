//! Keys: masters from the configuration wrap data keys, data keys encrypt objects.

use std::fmt;

use domain::DepartmentId;
use secrecy::SecretBox;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::StorageSettings;

/// A key cannot be made, wrapped or unwrapped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// A master key of the configuration is not 32 bytes in base64.
    #[error("master key `{0}` is not 32 bytes in base64")]
    BadMaster(String),
    /// The current master is not among the master keys, or its id is too long.
    #[error("there is no master key `{0}`")]
    NoMaster(String),
    /// The wrapped key was altered, or is another département's.
    #[error("a wrapped data key cannot be opened: altered, or another département’s")]
    Corrupt,
    /// The operating system gives no random bytes.
    #[error("the operating system gives no random bytes")]
    Random,
}

/// A key that encrypts the objects of one département. Never printed, wiped when dropped.
pub struct DataKey {
    id: Uuid,
    department: DepartmentId,
    #[expect(dead_code, reason = "bodies follow")]
    secret: SecretBox<[u8; 32]>,
}

impl DataKey {
    /// Its id, which stands in every object encrypted with it.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// Whose it is.
    pub fn department(&self) -> DepartmentId {
        self.department
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataKey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A data key as it is kept in the département's schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrappedKey {
    /// Id of the data key.
    pub id: Uuid,
    /// Id of the master key that wraps it.
    pub master: String,
    /// Nonce and ciphertext.
    pub bytes: Vec<u8>,
}

/// The master keys. Cheap to clone.
#[derive(Clone)]
pub struct Keyring {
    _private: (),
}

impl Keyring {
    /// Takes the master keys of the configuration.
    ///
    /// # Errors
    /// When one is not 32 bytes in base64, or the current one is missing.
    pub fn new(settings: &StorageSettings) -> Result<Self, KeyringError> {
        let _ = settings;
        todo!()
    }

    /// Draws a data key and wraps it under the current master.
    ///
    /// # Errors
    /// When there are no random bytes to have.
    pub fn new_data_key(&self, department: DepartmentId) -> Result<(DataKey, WrappedKey), KeyringError> {
        let _ = department;
        todo!()
    }

    /// Opens a data key of this département.
    ///
    /// # Errors
    /// When its master is unknown, it was altered, or it is another département's.
    pub fn unwrap(&self, department: DepartmentId, wrapped: &WrappedKey) -> Result<DataKey, KeyringError> {
        let _ = (department, wrapped);
        todo!()
    }

    /// The same data key under the current master.
    ///
    /// # Errors
    /// As [`Keyring::unwrap`].
    pub fn rewrap(&self, department: DepartmentId, wrapped: &WrappedKey) -> Result<WrappedKey, KeyringError> {
        let _ = (department, wrapped);
        todo!()
    }

    /// Whether a key is still wrapped by another master than the current one.
    pub fn is_outdated(&self, wrapped: &WrappedKey) -> bool {
        let _ = wrapped;
        todo!()
    }
}
