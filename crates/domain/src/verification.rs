//! The code at the foot of a letter, by which anybody may check that it is genuine.

use std::fmt;
use std::str::FromStr;

use crate::identifiers::InseeCode;

/// Crockford's base 32: no I, L, O or U, so that the code survives being read aloud and typed again.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SIGNS: usize = 20;

/// Not a verification code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("un code de vérification s’écrit comme « 69-7K3M2-9QXTA-44WDE-ZB01C »")]
pub struct VerificationCodeError;

/// INSEE code of the issuing département and a hundred random bits: `69-7K3M2-9QXTA-44WDE-ZB01C`.
///
/// The first part says in whose schema to look, so that no shared table has to know of letters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VerificationCode {
    department: InseeCode,
    secret: String,
}

impl VerificationCode {
    /// A code from 20 random bytes, of which five bits each are used.
    pub fn from_random(department: InseeCode, random: [u8; SIGNS]) -> Self {
        let secret = random
            .iter()
            .map(|byte| char::from(ALPHABET[usize::from(byte & 31)]))
            .collect();
        Self { department, secret }
    }

    /// Whose letter it is.
    pub fn department(&self) -> &InseeCode {
        &self.department
    }

    /// The random part without separators, as stored.
    pub fn secret(&self) -> &str {
        &self.secret
    }
}

impl fmt::Display for VerificationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.department.as_str())?;
        for (place, sign) in self.secret.chars().enumerate() {
            if place % 5 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{sign}")?;
        }
        Ok(())
    }
}

impl FromStr for VerificationCode {
    type Err = VerificationCodeError;

    /// Takes the code as people type it: any case, spaces or hyphens anywhere after the département, O for 0, I or L for 1.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > 80 {
            return Err(VerificationCodeError);
        }
        let text = text.trim().to_uppercase();
        let (department, rest) = text.split_once(['-', ' ']).ok_or(VerificationCodeError)?;
        let department = department.parse().map_err(|_| VerificationCodeError)?;
        let secret: String = rest
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| match c {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            })
            .collect();
        if secret.len() != SIGNS || !secret.bytes().all(|b| ALPHABET.contains(&b)) {
            return Err(VerificationCodeError);
        }
        Ok(Self { department, secret })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn survives_being_typed_again() {
        let code = VerificationCode::from_random("2A".parse().unwrap(), [0; 20]);
        assert_eq!(code.to_string(), "2A-00000-00000-00000-00000");
        assert_eq!("2a ooooo00000 00000-0000O".parse(), Ok(code));
        assert_eq!("2A-0".parse::<VerificationCode>(), Err(VerificationCodeError));
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,90}") {
            let _ = text.parse::<VerificationCode>();
        }

        #[test]
        fn round_trips(random: [u8; 20]) {
            let code = VerificationCode::from_random("971".parse().unwrap(), random);
            prop_assert_eq!(code.to_string().parse(), Ok(code));
        }
    }
}
