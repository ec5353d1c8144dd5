//! Keys in memory, and keys made from keys.

use std::fmt;

use hkdf::Hkdf;
use secrecy::{ExposeSecret, SecretBox};
use sha2::Sha256;

use crate::error::VaultError;

/// A 256-bit key. It is wiped when dropped, lives at one place on the heap, and never prints itself.
pub struct Secret(SecretBox<[u8; 32]>);

impl Secret {
    /// A key from the operating system's random numbers.
    ///
    /// # Errors
    /// [`VaultError::NoRandomness`].
    pub fn random() -> Result<Self, VaultError> {
        SecretBox::try_init_with(|| {
            let mut bytes = [0; 32];
            getrandom::fill(&mut bytes).map(|()| bytes)
        })
        .map(Self)
        .map_err(VaultError::from)
    }

    /// Takes over key bytes. The caller wipes what it copied from.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(SecretBox::init_with_mut(|own: &mut [u8; 32]| own.copy_from_slice(bytes)))
    }

    /// The bytes themselves, for the cipher that needs them.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        self.0.expose_secret()
    }

    /// A key for one purpose: HKDF-SHA-256 (RFC 5869) with the label as `info`, no salt.
    #[must_use]
    pub fn derive(&self, label: &str) -> Self {
        derive_from(self.expose(), None, label)
    }
}

impl Clone for Secret {
    fn clone(&self) -> Self {
        Self::from_bytes(self.expose())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

/// HKDF-SHA-256 over any secret input.
pub(crate) fn derive_from(input: &[u8], salt: Option<&[u8]>, label: &str) -> Secret {
    let hkdf = Hkdf::<Sha256>::new(salt, input);
    Secret(SecretBox::init_with_mut(|own: &mut [u8; 32]| {
        hkdf.expand(label.as_bytes(), own)
            .unwrap_or_else(|_| unreachable!("32 bytes are within the limit of HKDF-SHA-256"));
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_never_shows_a_byte() {
        let key = Secret::from_bytes(&[0xAB; 32]);
        let text = format!("{key:?} {key:#?}");
        assert!(!text.to_lowercase().contains("ab") && !text.contains("171"), "{text}");
    }

    #[test]
    fn labels_make_different_keys_and_the_same_label_the_same_key() {
        let key = Secret::from_bytes(&[7; 32]);
        assert_eq!(key.derive("a").expose(), key.derive("a").expose());
        assert_ne!(key.derive("a").expose(), key.derive("b").expose());
        assert_ne!(key.derive("a").expose(), key.expose());
    }

    #[test]
    fn hkdf_agrees_with_rfc_5869_test_case_3() {
        // RFC 5869 A.3: IKM 22 × 0x0b, no salt, no info; the first 32 bytes of OKM.
        let expected = [
            0x8d, 0xa4, 0xe7, 0x75, 0xa5, 0x63, 0xc1, 0x8f, 0x71, 0x5f, 0x80, 0x2a, 0x06, 0x3c, 0x5a, 0x31,
            0xb8, 0xa1, 0x1f, 0x5c, 0x5e, 0xe1, 0x87, 0x9e, 0xc3, 0x45, 0x4e, 0x5f, 0x3c, 0x73, 0x8d, 0x2d,
        ];
        assert_eq!(derive_from(&[0x0b; 22], None, "").expose(), &expected);
    }
}
