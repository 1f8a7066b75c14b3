//! Keys: masters from the configuration wrap data keys, data keys encrypt objects.
//!
//! A wrapped key is a nonce and the sealed 32 bytes; département, key id and master id are associated data, so that a
//! row copied to another département's schema, or renamed, does not open.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use data_encoding::BASE64;
use domain::DepartmentId;
use secrecy::{ExposeSecret, SecretBox};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::StorageSettings;
use crate::crypto::{self, SealError, Secret};

/// Says what is sealed, so that no other sealed thing can be taken for a key.
const PURPOSE: &[u8] = b"dn data key 1";

/// A key cannot be made, wrapped or unwrapped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// A master key of the configuration is not 32 bytes in base64.
    #[error("master key `{0}` is not 32 bytes in base64 (`openssl rand -base64 32` makes one)")]
    BadMaster(String),
    /// A master key that is not among those of the configuration.
    #[error("there is no master key `{0}` in the configuration")]
    NoMaster(String),
    /// The wrapped key was altered, is another département's, or the master key is not the one that wrapped it.
    #[error(
        "a wrapped data key cannot be opened: altered, another département’s, or its master key was changed"
    )]
    Corrupt,
    /// The operating system gives no random bytes.
    #[error("the operating system gives no random bytes")]
    Random,
}

impl From<SealError> for KeyringError {
    fn from(_: SealError) -> Self {
        Self::Random
    }
}

/// A key that encrypts the objects of one département. Never printed, wiped when dropped.
pub struct DataKey {
    id: Uuid,
    department: DepartmentId,
    pub(crate) secret: Secret,
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
    masters: Arc<BTreeMap<String, Secret>>,
    current: String,
}

impl Keyring {
    /// Takes the master keys of the configuration.
    ///
    /// # Errors
    /// When one is not 32 bytes in base64, or the current one is missing.
    pub fn new(settings: &StorageSettings) -> Result<Self, KeyringError> {
        let masters: BTreeMap<String, Secret> = settings
            .master_keys
            .iter()
            .map(|(id, text)| {
                let secret =
                    master(text.expose_secret()).ok_or_else(|| KeyringError::BadMaster(id.clone()))?;
                Ok((id.clone(), secret))
            })
            .collect::<Result<_, KeyringError>>()?;
        let current = settings.current_master.clone();
        if !masters.contains_key(&current) {
            return Err(KeyringError::NoMaster(current));
        }
        Ok(Self {
            masters: Arc::new(masters),
            current,
        })
    }

    /// Draws a data key and wraps it under the current master.
    ///
    /// # Errors
    /// When there are no random bytes to have.
    pub fn new_data_key(&self, department: DepartmentId) -> Result<(DataKey, WrappedKey), KeyringError> {
        let mut secret = crypto::random::<32>()?;
        let key = DataKey {
            id: Uuid::from_bytes(crypto::random()?),
            department,
            secret: SecretBox::init_with_mut(|place: &mut [u8; 32]| std::mem::swap(place, &mut secret)),
        };
        let wrapped = self.wrap(&key)?;
        Ok((key, wrapped))
    }

    /// Opens a data key of this département.
    ///
    /// # Errors
    /// When its master is unknown, it was altered, or it is another département's.
    pub fn unwrap(&self, department: DepartmentId, wrapped: &WrappedKey) -> Result<DataKey, KeyringError> {
        let master = self.master(&wrapped.master)?;
        let associated = associated(department, wrapped.id, &wrapped.master);
        let opened = crypto::open(master, &wrapped.bytes, &associated).ok_or(KeyringError::Corrupt)?;
        Ok(DataKey {
            id: wrapped.id,
            department,
            secret: secret_of(opened).ok_or(KeyringError::Corrupt)?,
        })
    }

    /// The same data key under the current master.
    ///
    /// # Errors
    /// As [`Keyring::unwrap`].
    pub fn rewrap(&self, department: DepartmentId, wrapped: &WrappedKey) -> Result<WrappedKey, KeyringError> {
        self.wrap(&self.unwrap(department, wrapped)?)
    }

    /// Whether a key is still wrapped by another master than the current one.
    pub fn is_outdated(&self, wrapped: &WrappedKey) -> bool {
        wrapped.master != self.current
    }

    fn wrap(&self, key: &DataKey) -> Result<WrappedKey, KeyringError> {
        let master = self.master(&self.current)?;
        let associated = associated(key.department, key.id, &self.current);
        Ok(WrappedKey {
            id: key.id,
            master: self.current.clone(),
            bytes: crypto::seal(master, key.secret.expose_secret(), &associated)?,
        })
    }

    fn master(&self, id: &str) -> Result<&Secret, KeyringError> {
        self.masters
            .get(id)
            .ok_or_else(|| KeyringError::NoMaster(id.to_owned()))
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring")
            .field("current", &self.current)
            .finish_non_exhaustive()
    }
}

fn master(text: &str) -> Option<Secret> {
    secret_of(BASE64.decode(text.trim().as_bytes()).ok()?)
}

fn secret_of(mut bytes: Vec<u8>) -> Option<Secret> {
    let known = bytes.len() == 32;
    let secret = SecretBox::init_with_mut(|place: &mut [u8; 32]| {
        if known {
            place.copy_from_slice(&bytes);
        }
    });
    bytes.fill(0);
    known.then_some(secret)
}

fn associated(department: DepartmentId, key: Uuid, master: &str) -> Vec<u8> {
    [
        PURPOSE,
        department.0.as_bytes(),
        key.as_bytes(),
        master.as_bytes(),
    ]
    .concat()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A data key, freshly drawn.
    pub(crate) fn key_of(department: DepartmentId) -> DataKey {
        let ring = Keyring::new(&settings("m1", &[("m1", [7; 32])])).unwrap();
        ring.new_data_key(department).unwrap().0
    }

    fn settings(current: &str, masters: &[(&str, [u8; 32])]) -> StorageSettings {
        let masters: BTreeMap<&str, String> = masters
            .iter()
            .map(|(id, bytes)| (*id, BASE64.encode(bytes)))
            .collect();
        serde_json::from_value(serde_json::json!({
            "endpoint": "http://127.0.0.1:1", "bucket": "b", "access_key": "a", "secret_key": "s",
            "master_keys": masters, "current_master": current,
        }))
        .unwrap()
    }

    fn department(number: u128) -> DepartmentId {
        DepartmentId(Uuid::from_u128(number))
    }

    #[test]
    fn a_wrapped_key_opens_for_its_own_department_only() {
        let ring = Keyring::new(&settings("m1", &[("m1", [7; 32])])).unwrap();
        let (key, wrapped) = ring.new_data_key(department(1)).unwrap();
        let again = ring.unwrap(department(1), &wrapped).unwrap();
        assert_eq!(again.secret.expose_secret(), key.secret.expose_secret());
        assert_ne!(wrapped.bytes[24..56], key.secret.expose_secret()[..]);
        let refused = |wrapped: &WrappedKey, number| ring.unwrap(department(number), wrapped).unwrap_err();
        assert_eq!(refused(&wrapped, 2), KeyringError::Corrupt);
        let renamed = WrappedKey {
            id: Uuid::from_u128(9),
            ..wrapped.clone()
        };
        assert_eq!(refused(&renamed, 1), KeyringError::Corrupt);
        for place in [0, 30, wrapped.bytes.len() - 1] {
            let mut altered = wrapped.clone();
            altered.bytes[place] ^= 1;
            assert_eq!(refused(&altered, 1), KeyringError::Corrupt);
        }
        let mut cut = wrapped;
        cut.bytes.truncate(10);
        assert_eq!(refused(&cut, 1), KeyringError::Corrupt);
    }

    #[test]
    fn a_new_master_takes_over_and_the_old_one_may_go() {
        let old = Keyring::new(&settings("m1", &[("m1", [7; 32])])).unwrap();
        let both = Keyring::new(&settings("m2", &[("m1", [7; 32]), ("m2", [8; 32])])).unwrap();
        let new = Keyring::new(&settings("m2", &[("m2", [8; 32])])).unwrap();
        let (key, wrapped) = old.new_data_key(department(1)).unwrap();
        assert!(both.is_outdated(&wrapped));
        let rewrapped = both.rewrap(department(1), &wrapped).unwrap();
        assert!(!both.is_outdated(&rewrapped));
        let opened = new.unwrap(department(1), &rewrapped).unwrap();
        assert_eq!(opened.id(), key.id());
        assert_eq!(opened.secret.expose_secret(), key.secret.expose_secret());
        assert_eq!(
            new.unwrap(department(1), &wrapped).unwrap_err(),
            KeyringError::NoMaster("m1".into())
        );
    }

    #[test]
    fn keys_of_the_configuration_are_checked_and_never_printed() {
        let error = |settings| Keyring::new(&settings).unwrap_err();
        assert_eq!(
            error(settings("m2", &[("m1", [7; 32])])),
            KeyringError::NoMaster("m2".into())
        );
        let mut short = settings("m1", &[("m1", [7; 32])]);
        short
            .master_keys
            .insert("m1".into(), "c2hvcnQ=".to_owned().into());
        assert_eq!(error(short), KeyringError::BadMaster("m1".into()));
        let given = settings("m1", &[("m1", [7; 32])]);
        let ring = Keyring::new(&given).unwrap();
        let (key, _) = ring.new_data_key(department(1)).unwrap();
        let shown = format!("{given:?} {ring:?} {key:?}");
        assert!(
            !shown.contains(&BASE64.encode(&[7; 32])) && !shown.contains("[7"),
            "{shown}"
        );
    }
}
