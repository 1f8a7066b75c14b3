//! Identifiers: ours (UUIDs, one type each so that they cannot be exchanged) and those of the French State.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text is not the identifier it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierError {
    /// Not a slug of a département.
    #[error(
        "l’identifiant d’un département s’écrit en minuscules sans accent, chiffres et tirets (2 à 40 signes), par exemple « rhone »"
    )]
    Slug,
    /// Not an INSEE code of a département.
    #[error("le code INSEE d’un département s’écrit « 69 », « 2A » ou « 971 »")]
    Insee,
    /// Not a CRPCEN code.
    #[error("le code CRPCEN d’un office compte cinq chiffres")]
    Crpcen,
    /// Not a SIRET number.
    #[error("un numéro SIRET compte quatorze chiffres, et sa clé doit être juste")]
    Siret,
}

macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

uuid_id! {
    /// A département in object keys and associated data, where its name must not be told.
    DepartmentId,
    /// One form sent by a notary: one inquiry in each département ticked. Drawn with the empty form, it is the idempotency key.
    SubmissionId,
    /// One inquiry: one notary, one deceased person, one département.
    InquiryId,
    /// One decision on an inquiry.
    DecisionId,
    /// One letter.
    LetterId,
    /// One mail in the outbox.
    MailId,
    /// Something the administrators of a département are told of.
    AlertId,
    /// A notary, or a collaborator of one.
    NotaryId,
    /// A notary's office.
    OfficeId,
    /// An officer, administrator or auditor of one département.
    StaffId,
    /// One import of a register: its version.
    RegisterId,
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $error:expr, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdentifierError;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                let check: fn(&str) -> bool = $check;
                if check(&text) { Ok(Self(text)) } else { Err($error) }
            }
        }

        impl FromStr for $name {
            type Err = IdentifierError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.to_owned().try_into()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// Short name of a département in commands, paths and role names: `rhone`.
    DepartmentSlug, IdentifierError::Slug, |text| {
        (2..=40).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !text.ends_with('-')
    }
}

text_id! {
    /// INSEE code of a département: `69`, `2A`, `971` (Code officiel géographique).
    InseeCode, IdentifierError::Insee, |text| match text.as_bytes() {
        [b'2', b'A' | b'B'] => true,
        [a, b] => a.is_ascii_digit() && b.is_ascii_digit(),
        [b'9', b'7' | b'8', c] => c.is_ascii_digit(),
        _ => false,
    }
}

text_id! {
    /// Code of a notary's office at the CRPCEN, five digits.
    Crpcen, IdentifierError::Crpcen, |text| text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit())
}

text_id! {
    /// SIRET number of an establishment: fourteen digits whose Luhn sum ends in zero.
    Siret, IdentifierError::Siret, |text| {
        text.len() == 14 && text.bytes().all(|b| b.is_ascii_digit()) && luhn(text)
    }
}

/// Luhn's check (ISO/IEC 7812-1), which INSEE uses for SIREN and SIRET.
fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0') * if place % 2 == 1 { 2 } else { 1 };
            if digit > 9 { digit - 9 } else { digit }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_what_the_state_gives_and_refuses_the_rest() {
        for good in ["69", "2A", "2B", "971", "976", "01"] {
            assert!(good.parse::<InseeCode>().is_ok(), "{good}");
        }
        for bad in ["", "6", "2C", "2a", "9711", "691", "é9"] {
            assert_eq!(bad.parse::<InseeCode>(), Err(IdentifierError::Insee), "{bad}");
        }
        assert!("13002526500013".parse::<Siret>().is_ok());
        assert!("13002526500014".parse::<Siret>().is_err());
        assert!("69001".parse::<Crpcen>().is_ok());
        assert!("6900".parse::<Crpcen>().is_err());
    }

    #[test]
    fn a_slug_can_stand_in_a_role_name() {
        for bad in [
            "", "a", "Rhone", "rhône", "69", "-rhone", "rhone-", "rho ne", "a\"b", "x;drop",
        ] {
            assert!(bad.parse::<DepartmentSlug>().is_err(), "{bad}");
        }
        assert!("seine-saint-denis".parse::<DepartmentSlug>().is_ok());
    }
}
