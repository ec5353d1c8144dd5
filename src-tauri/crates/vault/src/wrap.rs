//! Short secrets under a key: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) with a random nonce.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::secret::Secret;

pub(crate) const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;

/// Nonce and ciphertext with its tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wrapped {
    #[serde(with = "hex::serde")]
    pub nonce: [u8; NONCE_BYTES],
    #[serde(with = "hex::serde")]
    pub ciphertext: Vec<u8>,
}

pub(crate) fn wrap(key: &Secret, associated: &[u8], plaintext: &[u8]) -> Result<Wrapped, VaultError> {
    let mut nonce = [0; NONCE_BYTES];
    getrandom::fill(&mut nonce)?;
    let ciphertext = XChaCha20Poly1305::new(key.expose().into())
        .encrypt(&XNonce::from(nonce), Payload { msg: plaintext, aad: associated })
        .unwrap_or_else(|_| unreachable!("the plaintext is far below the cipher's limit"));
    debug_assert_eq!(ciphertext.len(), plaintext.len() + TAG_BYTES);
    Ok(Wrapped { nonce, ciphertext })
}

/// The plaintext, or nothing when key, associated data or bytes are not those of [`wrap`].
pub(crate) fn unwrap(key: &Secret, associated: &[u8], wrapped: &Wrapped) -> Option<Zeroizing<Vec<u8>>> {
    XChaCha20Poly1305::new(key.expose().into())
        .decrypt(&XNonce::from(wrapped.nonce), Payload { msg: &wrapped.ciphertext, aad: associated })
        .ok()
        .map(Zeroizing::new)
}

/// A wrapped key of 256 bits, or nothing.
pub(crate) fn unwrap_key(key: &Secret, associated: &[u8], wrapped: &Wrapped) -> Option<Secret> {
    let bytes = unwrap(key, associated, wrapped)?;
    bytes.as_slice().try_into().ok().map(Secret::from_bytes)
}
