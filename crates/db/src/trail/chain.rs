//! The fingerprint of an entry, computed here as `audit_append` does in PostgreSQL.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use super::TrailRow;

/// SHA-256. Written in hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// What the first entry of the trail in this schema is chained to.
    pub(crate) fn beginning(schema: &str) -> Self {
        Self(Sha256::digest(format!("dn audit trail of {schema}")).into())
    }

    /// Of an entry, over everything it says and what it was chained to.
    pub(crate) fn of(row: &TrailRow) -> Self {
        let number = row.number.to_string();
        let at = row.at.timestamp_micros().to_string();
        let actor_id = row.actor_id.map(|id| id.to_string());
        let fields = [
            Some(number.as_str()),
            Some(&at),
            Some(&row.actor),
            actor_id.as_deref(),
            Some(&row.role),
            Some(&row.action),
            row.object.as_deref(),
            row.purpose.as_deref(),
            Some(&row.details),
        ];
        let mut hash = Sha256::new_with_prefix(row.previous.0);
        for field in fields {
            match field {
                None => hash.update("-"),
                Some(text) => {
                    hash.update(text.len().to_string());
                    hash.update(":");
                    hash.update(text);
                }
            }
        }
        Self(hash.finalize().into())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text is no fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint is 64 hexadecimal digits")]
pub struct FingerprintError;

impl FromStr for Fingerprint {
    type Err = FingerprintError;

    fn from_str(text: &str) -> Result<Self, FingerprintError> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(FingerprintError);
        }
        let value = |digit: u8| char::from(digit).to_digit(16).ok_or(FingerprintError);
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let number = value(pair[0])? * 16 + value(pair[1])?;
            *byte = u8::try_from(number).map_err(|_| FingerprintError)?;
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<Vec<u8>> for Fingerprint {
    type Error = FingerprintError;

    fn try_from(bytes: Vec<u8>) -> Result<Self, FingerprintError> {
        bytes.try_into().map(Self).map_err(|_| FingerprintError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_written_and_read_back() {
        let some = Fingerprint::beginning("tenant_rhone");
        assert_eq!(some.to_string().parse(), Ok(some));
        assert_ne!(some, Fingerprint::beginning("tenant_isere"));
        assert!("12".parse::<Fingerprint>().is_err());
        assert!("é".repeat(32).parse::<Fingerprint>().is_err());
    }
}
