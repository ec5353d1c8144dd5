//! Sealing to a public key: HPKE (RFC 9180) in base mode with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and
//! ChaCha20-Poly1305.

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use crate::error::VaultError;
use crate::secret::Secret;

pub(crate) const PUBLIC_BYTES: usize = 32;

/// An X25519 public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct PublicKey(#[serde(with = "hex::serde")] [u8; PUBLIC_BYTES]);

impl PublicKey {
    pub const fn as_bytes(&self) -> &[u8; PUBLIC_BYTES] {
        &self.0
    }

    /// The public key of a private one.
    pub fn of(identity: &Secret) -> Self {
        Self(X25519HkdfSha256::sk_to_pk(&private(identity)).to_bytes().into())
    }
}

/// Encapsulated key and ciphertext.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sealed {
    #[serde(with = "hex::serde")]
    pub encapsulated: [u8; PUBLIC_BYTES],
    #[serde(with = "hex::serde")]
    pub ciphertext: Vec<u8>,
}

/// A private key made from 32 secret bytes (RFC 9180, section 7.1.3).
pub(crate) fn identity_from(material: &Secret) -> Secret {
    let (private, _) = X25519HkdfSha256::derive_keypair(material.expose());
    let mut bytes: [u8; 32] = private.to_bytes().into();
    let identity = Secret::from_bytes(&bytes);
    bytes.zeroize();
    identity
}

/// # Errors
/// [`VaultError::NoRandomness`].
pub(crate) fn fresh_identity() -> Result<Secret, VaultError> {
    Ok(identity_from(&Secret::random()?))
}

/// # Errors
/// [`VaultError::SlotAltered`] for a public key of low order, which nobody made honestly.
pub(crate) fn seal(
    to: &PublicKey,
    label: &str,
    associated: &[u8],
    plaintext: &[u8],
) -> Result<Sealed, VaultError> {
    let to = public(&to.0).ok_or(VaultError::SlotAltered)?;
    let (encapsulated, ciphertext) =
        hpke::single_shot_seal::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &to,
            label.as_bytes(),
            plaintext,
            associated,
        )
        .map_err(|_| VaultError::SlotAltered)?;
    Ok(Sealed { encapsulated: encapsulated.to_bytes().into(), ciphertext })
}

/// The plaintext, or nothing when key, label, associated data or bytes are not those of [`seal`].
pub(crate) fn open(
    identity: &Secret,
    label: &str,
    associated: &[u8],
    sealed: &Sealed,
) -> Option<Zeroizing<Vec<u8>>> {
    let encapsulated = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(&sealed.encapsulated).ok()?;
    hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &private(identity),
        &encapsulated,
        label.as_bytes(),
        &sealed.ciphertext,
        associated,
    )
    .ok()
    .map(Zeroizing::new)
}

fn private(identity: &Secret) -> <X25519HkdfSha256 as Kem>::PrivateKey {
    <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(identity.expose())
        .unwrap_or_else(|_| unreachable!("any 32 bytes are a private key of X25519"))
}

fn public(bytes: &[u8; PUBLIC_BYTES]) -> Option<<X25519HkdfSha256 as Kem>::PublicKey> {
    <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_private_key_with_the_same_words_opens() {
        let (own, other) = (fresh_identity().unwrap(), fresh_identity().unwrap());
        let sealed = seal(&PublicKey::of(&own), "label", b"about", b"keys").unwrap();
        assert_eq!(open(&own, "label", b"about", &sealed).unwrap().as_slice(), b"keys");
        assert!(open(&other, "label", b"about", &sealed).is_none());
        assert!(open(&own, "other", b"about", &sealed).is_none());
        assert!(open(&own, "label", b"other", &sealed).is_none());
    }

    #[test]
    fn nothing_is_sealed_to_a_point_of_low_order() {
        let zero = PublicKey([0; PUBLIC_BYTES]);
        assert_eq!(seal(&zero, "label", b"", b"keys"), Err(VaultError::SlotAltered));
    }

    /// RFC 9180, appendix A.2.1 (base setup, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305).
    #[test]
    fn opening_agrees_with_rfc_9180() {
        let mut seed = [0; 32];
        hex::decode_to_slice("1ac01f181fdf9f352797655161c58b75c656a6cc2716dcb66372da835542e1df", &mut seed)
            .unwrap();
        let identity = identity_from(&Secret::from_bytes(&seed));
        assert_eq!(
            hex::encode(PublicKey::of(&identity).as_bytes()),
            "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a"
        );
        let message = Sealed {
            encapsulated: hex::decode("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a")
                .unwrap()
                .try_into()
                .unwrap(),
            ciphertext: hex::decode(concat!(
                "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db",
                "21993c62ce81883d2dd1b51a28"
            ))
            .unwrap(),
        };
        let text = open(&identity, "Ode on a Grecian Urn", b"Count-0", &message).unwrap();
        assert_eq!(text.as_slice(), b"Beauty is truth, truth beauty");
    }
}
