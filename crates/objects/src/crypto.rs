//! XChaCha20-Poly1305: what is sealed opens only with the same key and the same associated data.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use rand::TryRng;
use rand::rngs::SysRng;
use secrecy::{ExposeSecret, SecretBox};

/// Length of a nonce: long enough to be drawn at random for ever.
pub(crate) const NONCE: usize = 24;
/// Length of the authentication tag.
pub(crate) const TAG: usize = 16;

/// A key of 32 bytes: never printed, wiped when dropped.
pub(crate) type Secret = SecretBox<[u8; 32]>;

/// The operating system gives no random bytes, or sealing is impossible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SealError;

/// A nonce drawn at random, then ciphertext and tag.
pub(crate) fn seal(key: &Secret, plain: &[u8], associated: &[u8]) -> Result<Vec<u8>, SealError> {
    let nonce: [u8; NONCE] = random()?;
    let payload = Payload {
        msg: plain,
        aad: associated,
    };
    let sealed = cipher(key)
        .encrypt(XNonce::from_slice(&nonce), payload)
        .map_err(|_| SealError)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// What [`seal`] took; `None` when key, associated data or a single bit differs.
pub(crate) fn open(key: &Secret, sealed: &[u8], associated: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
    let payload = Payload {
        msg: sealed,
        aad: associated,
    };
    cipher(key).decrypt(XNonce::from_slice(nonce), payload).ok()
}

/// Random bytes of the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], SealError> {
    let mut bytes = [0; N];
    SysRng.try_fill_bytes(&mut bytes).map_err(|_| SealError)?;
    Ok(bytes)
}

fn cipher(key: &Secret) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.expose_secret().into())
}
