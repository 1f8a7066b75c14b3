//! Names of objects: whose, and which; nothing else.

use std::fmt;

use data_encoding::HEXLOWER;
use domain::{DepartmentId, LetterId};
use sha2::{Digest, Sha256};

use crate::DataKey;

/// Bytes of the fingerprint in a name.
const FINGERPRINT: usize = 16;

/// Where an object lies.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ObjectKey {
    department: DepartmentId,
    name: String,
}

impl ObjectKey {
    /// `t/<department>/<letter>.<fingerprint>`, the fingerprint being of the file's SHA-256 and of the key that encrypts
    /// it: another file of the same letter never comes to lie in its place, however late it arrives, and the same
    /// file comes to lie where it was. (It tells nothing: a letter holds a secret.)
    pub fn letter(department: DepartmentId, letter: LetterId, sha256: &[u8; 32], data_key: &DataKey) -> Self {
        let hash = Sha256::new()
            .chain_update(sha256)
            .chain_update(data_key.id())
            .finalize();
        let fingerprint = HEXLOWER.encode(&hash[..FINGERPRINT]);
        Self {
            department,
            name: format!("t/{department}/{letter}.{fingerprint}"),
        }
    }

    /// The key that was recorded for a letter, if it is one: `t/<department>/<letter>`, as former versions had it, or
    /// as [`ObjectKey::letter`] makes it.
    pub fn recorded(department: DepartmentId, letter: LetterId, name: &str) -> Option<Self> {
        let rest = name.strip_prefix(&format!("t/{department}/{letter}"))?;
        let known = rest.is_empty()
            || rest.strip_prefix('.').is_some_and(|rest| {
                rest.len() == 2 * FINGERPRINT && rest.bytes().all(|b| b.is_ascii_hexdigit())
            });
        known.then(|| Self {
            department,
            name: name.to_owned(),
        })
    }

    /// What every object of a département begins with.
    pub(crate) fn prefix(department: DepartmentId) -> String {
        format!("t/{department}/")
    }

    /// Whose it is.
    pub fn department(&self) -> DepartmentId {
        self.department
    }

    /// As the store knows it.
    pub fn as_str(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::keyring::tests::key_of;

    #[test]
    fn a_letter_has_a_place_for_each_file_and_key() {
        let (department, letter) = (DepartmentId(Uuid::from_u128(1)), LetterId(Uuid::from_u128(2)));
        let (one, other) = (key_of(department), key_of(department));
        let place = |sha: u8, key: &DataKey| ObjectKey::letter(department, letter, &[sha; 32], key);
        assert_eq!(place(1, &one), place(1, &one));
        assert_ne!(place(1, &one), place(2, &one));
        assert_ne!(place(1, &one), place(1, &other));
        let made = place(1, &one);
        assert_eq!(
            ObjectKey::recorded(department, letter, made.as_str()),
            Some(made.clone())
        );
        let former = format!("t/{department}/{letter}");
        assert!(ObjectKey::recorded(department, letter, &former).is_some());
        let other_letter = LetterId(Uuid::from_u128(3));
        for (letter, name) in [
            (other_letter, made.as_str()),
            (letter, &format!("{former}.")),
            (letter, &format!("{former}.{}", "g".repeat(32))),
            (letter, &format!("{former}/{}", "a".repeat(32))),
            (letter, &former[2..]),
        ] {
            assert_eq!(ObjectKey::recorded(department, letter, name), None, "{name}");
        }
    }
}
