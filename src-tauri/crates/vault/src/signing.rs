//! Signatures of the clinic over what it hands out: Ed25519 (RFC 8032).

use std::fmt;

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::secret::Secret;

/// A signature is 64 bytes.
pub type Signature = [u8; 64];

/// The private key of the clinic. Debug shows the public half.
pub struct SigningKey {
    seed: Secret,
    pair: Ed25519KeyPair,
    public: VerifyingKey,
}

/// The public half, which anybody may have.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VerifyingKey([u8; 32]);

impl SigningKey {
    /// # Errors
    /// [`VaultError::NoRandomness`].
    pub fn random() -> Result<Self, VaultError> {
        Self::of(Secret::random()?)
    }

    /// The key of a seed that was kept.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] for anything but 32 bytes.
    pub fn from_seed(seed: &[u8]) -> Result<Self, VaultError> {
        let seed = seed.try_into().map_err(|_| VaultError::Damaged)?;
        Self::of(Secret::from_bytes(seed))
    }

    fn of(seed: Secret) -> Result<Self, VaultError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.expose()).map_err(|_| VaultError::Damaged)?;
        let public = pair.public_key().as_ref().try_into().map_err(|_| VaultError::Damaged)?;
        Ok(Self { seed, pair, public: VerifyingKey(public) })
    }

    /// What the key is made of, to be sealed.
    #[must_use]
    pub fn seed(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.seed.expose().to_vec())
    }

    #[must_use]
    pub const fn public(&self) -> VerifyingKey {
        self.public
    }

    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Signature {
        let mut signature = [0; 64];
        signature.copy_from_slice(self.pair.sign(message).as_ref());
        signature
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public.id())
    }
}

impl VerifyingKey {
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// First eight bytes of the SHA-256 of the key, in hex: what people compare.
    #[must_use]
    pub fn id(&self) -> String {
        hex::encode(&Sha256::digest(self.0)[..8])
    }

    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.0).verify(message, signature).is_ok()
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({})", self.id())
    }
}

impl From<VerifyingKey> for String {
    fn from(key: VerifyingKey) -> Self {
        hex::encode(key.0)
    }
}

impl TryFrom<String> for VerifyingKey {
    type Error = VaultError;

    fn try_from(text: String) -> Result<Self, VaultError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text.trim(), &mut bytes).map_err(|_| VaultError::Damaged)?;
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_agree_with_rfc_8032_test_2() {
        let seed = hex::decode("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb").unwrap();
        let key = SigningKey::from_seed(&seed).unwrap();
        let public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
        assert_eq!(String::from(key.public()), public);
        let expected = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                        085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
        assert_eq!(hex::encode(key.sign(&[0x72])), expected);
    }

    #[test]
    fn another_message_key_or_bit_is_refused() {
        let (key, other) = (SigningKey::random().unwrap(), SigningKey::random().unwrap());
        let signature = key.sign(b"words");
        assert!(key.public().verifies(b"words", &signature));
        assert!(!key.public().verifies(b"word", &signature));
        assert!(!other.public().verifies(b"words", &signature));
        for bit in 0..signature.len() * 8 {
            let mut bent = signature;
            bent[bit / 8] ^= 1 << (bit % 8);
            assert!(!key.public().verifies(b"words", &bent), "{bit}");
        }
    }

    #[test]
    fn the_seed_makes_the_key_again_and_is_not_shown() {
        let key = SigningKey::random().unwrap();
        let seed = key.seed();
        assert_eq!(SigningKey::from_seed(&seed).unwrap().public(), key.public());
        assert!(SigningKey::from_seed(&seed[1..]).is_err());
        assert!(!format!("{key:?}").contains(&hex::encode(&seed[..4])));
        assert_eq!(VerifyingKey::try_from(String::from(key.public())).unwrap(), key.public());
        assert!(VerifyingKey::try_from("3d40".to_owned()).is_err());
    }
}
