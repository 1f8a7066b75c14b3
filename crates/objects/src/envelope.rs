//! An object as it lies in the store: `DNO1`, id of the data key, nonce, ciphertext and tag.
//!
//! Key id, département and object key are associated data: an object that was cut, altered, renamed or moved to another
//! département does not open.

use uuid::Uuid;

use crate::crypto::{self, NONCE, SealError, TAG};
use crate::{DataKey, ObjectError, ObjectKey};

const MAGIC: &[u8; 4] = b"DNO1";
const HEADER: usize = 4 + 16;

/// Encrypts what goes under this key.
pub(crate) fn seal(key: &ObjectKey, plain: &[u8], data_key: &DataKey) -> Result<Vec<u8>, ObjectError> {
    if data_key.department() != key.department() {
        return Err(ObjectError::WrongKey);
    }
    let sealed = crypto::seal(&data_key.secret, plain, &associated(key, data_key.id()))
        .map_err(|SealError| ObjectError::Other("no random bytes".to_owned()))?;
    Ok([MAGIC.as_slice(), data_key.id().as_bytes(), &sealed].concat())
}

/// Decrypts what was read under this key.
pub(crate) fn open(key: &ObjectKey, object: &[u8], data_key: &DataKey) -> Result<Vec<u8>, ObjectError> {
    if object.len() < HEADER + NONCE + TAG || !object.starts_with(MAGIC) {
        return Err(ObjectError::Corrupt);
    }
    let (header, sealed) = object.split_at(HEADER);
    let written_with = Uuid::from_slice(&header[MAGIC.len()..]).map_err(|_| ObjectError::Corrupt)?;
    if written_with != data_key.id() || data_key.department() != key.department() {
        return Err(ObjectError::WrongKey);
    }
    crypto::open(&data_key.secret, sealed, &associated(key, written_with)).ok_or(ObjectError::Corrupt)
}

fn associated(key: &ObjectKey, data_key: Uuid) -> Vec<u8> {
    [
        MAGIC.as_slice(),
        data_key.as_bytes(),
        key.department().0.as_bytes(),
        key.as_str().as_bytes(),
    ]
    .concat()
}
