//! Finding one's own inquiries by name or reference without writing either in a shared table.
//!
//! Each word, and each of its beginnings from three letters on, becomes HMAC-SHA256(key, office, field, word), cut
//! to 16 bytes. Whoever reads the table learns nothing of the words, cannot tell whether two offices asked about
//! the same person, and without the key cannot try a name either.

use std::collections::BTreeSet;

use data_encoding::BASE64;
use domain::{Decedent, OfficeId};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use sha2::Sha256;

const TOKEN_BYTES: usize = 16;
const SHORTEST_BEGINNING: usize = 3;
const KEY_BYTES: usize = 32;

/// The key of the blind index is not usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the key of the blind index must be 32 random bytes in base64 (44 signs): `dn keys generate` draws one"
)]
pub struct IndexKeyError;

/// Names and references are searched apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    Name,
    Reference,
}

pub(crate) struct BlindIndex {
    key: SecretSlice<u8>,
}

impl BlindIndex {
    pub(crate) fn new(key: &SecretString) -> Result<Self, IndexKeyError> {
        let bytes = BASE64
            .decode(key.expose_secret().trim().as_bytes())
            .map_err(|_| IndexKeyError)?;
        if bytes.len() != KEY_BYTES {
            return Err(IndexKeyError);
        }
        Ok(Self { key: bytes.into() })
    }

    /// Every token under which an inquiry is found.
    pub(crate) fn tokens(&self, office: OfficeId, decedent: &Decedent, references: &[&str]) -> Vec<Vec<u8>> {
        let names = decedent.names().map(ToString::to_string);
        let names = names.chain([decedent.given_names.to_string()]);
        let references = references.iter().map(|&reference| reference.to_owned());
        let words: BTreeSet<(Field, String)> = names
            .map(|text| (Field::Name, text))
            .chain(references.map(|text| (Field::Reference, text)))
            .flat_map(|(field, text)| {
                matching::index_words(&text)
                    .into_iter()
                    .map(move |word| (field, word))
            })
            .collect();
        let tokens: BTreeSet<Vec<u8>> = words
            .iter()
            .flat_map(|(field, word)| beginnings(word).map(|part| self.token(office, *field, part)))
            .collect();
        tokens.into_iter().collect()
    }

    /// The tokens an inquiry must have all of to be found by this text.
    pub(crate) fn query(&self, office: OfficeId, field: Field, text: &str) -> Vec<Vec<u8>> {
        let words = matching::search_words(text);
        words.iter().map(|word| self.token(office, field, word)).collect()
    }

    fn token(&self, office: OfficeId, field: Field, word: &str) -> Vec<u8> {
        // HMAC takes a key of any length: the error cannot occur, and an empty token would match nothing.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.key.expose_secret()) else {
            return Vec::new();
        };
        mac.update(office.0.as_bytes());
        mac.update(match field {
            Field::Name => b"n",
            Field::Reference => b"r",
        });
        mac.update(word.as_bytes());
        mac.finalize().into_bytes()[..TOKEN_BYTES].to_vec()
    }
}

/// A word and its beginnings from three letters on.
fn beginnings(word: &str) -> impl Iterator<Item = &str> {
    let cuts = word
        .char_indices()
        .map(|(place, _)| place)
        .skip(SHORTEST_BEGINNING);
    cuts.map(|cut| &word[..cut]).chain([word])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_by_its_beginnings() {
        let parts: Vec<&str> = beginnings("DURAND").collect();
        assert_eq!(parts, ["DUR", "DURA", "DURAN", "DURAND"]);
        assert_eq!(beginnings("LE").collect::<Vec<_>>(), ["LE"]);
        assert_eq!(beginnings("ÉLO").collect::<Vec<_>>(), ["ÉLO"]);
    }

    #[test]
    fn two_offices_share_no_token() {
        let index = BlindIndex::new(&BASE64.encode(&[7; 32]).into()).unwrap();
        let (a, b) = (
            OfficeId(uuid::Uuid::from_u128(1)),
            OfficeId(uuid::Uuid::from_u128(2)),
        );
        let token = |office, field| index.token(office, field, "DURAND");
        assert_ne!(token(a, Field::Name), token(b, Field::Name));
        assert_ne!(token(a, Field::Name), token(a, Field::Reference));
        assert_eq!(token(a, Field::Name).len(), TOKEN_BYTES);
    }

    #[test]
    fn a_short_key_is_refused() {
        assert!(BlindIndex::new(&"c2hvcnQ=".to_owned().into()).is_err());
        assert!(BlindIndex::new(&"pas de la base64".to_owned().into()).is_err());
    }
}
