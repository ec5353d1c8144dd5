//! From a password to a key: Argon2id (RFC 9106), then HKDF-SHA-256.

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::secret::{Secret, derive_from};

const SALT_BYTES: usize = 16;
const LABEL: &str = "lentigo key slot v1";

/// How much work a new slot's password costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KdfPolicy {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl KdfPolicy {
    /// 64 MiB, 3 passes, 4 lanes: the second recommended option of RFC 9106, section 4.
    pub const STANDARD: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 4 };

    /// A policy at least as costly as [`KdfPolicy::STANDARD`] in memory and passes.
    ///
    /// # Errors
    /// [`VaultError::WeakKdf`] for less, or for more than a file may ask of a workstation (1 GiB, 16, 16).
    pub const fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, VaultError> {
        let policy = Self { memory_kib, passes, lanes };
        let strong = memory_kib >= Self::STANDARD.memory_kib && passes >= Self::STANDARD.passes;
        if strong && policy.is_bearable() { Ok(policy) } else { Err(VaultError::WeakKdf) }
    }

    /// The least Argon2 can do: a slot made so falls to guessing. For clinics that tests throw away.
    #[must_use]
    pub const fn for_tests() -> Self {
        Self { memory_kib: 32, passes: 1, lanes: 4 }
    }

    /// Whether a slot made with `parameters` should be made again under this policy.
    pub(crate) const fn raises(self, parameters: &KdfParameters) -> bool {
        self.memory_kib > parameters.memory_kib || self.passes > parameters.passes
    }

    const fn is_bearable(self) -> bool {
        self.memory_kib <= 1024 * 1024
            && self.passes >= 1
            && self.passes <= 16
            && self.lanes >= 1
            && self.lanes <= 16
            && self.memory_kib >= 8 * self.lanes
    }
}

/// What a slot says about its derivation; bound to the wrapped key as associated data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KdfParameters {
    pub algorithm: KdfAlgorithm,
    /// Version of Argon2; 19 is 1.3.
    pub version: u32,
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
    #[serde(with = "hex::serde")]
    pub salt: [u8; SALT_BYTES],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KdfAlgorithm {
    Argon2id,
}

impl KdfParameters {
    /// The policy's costs with a fresh salt.
    pub fn fresh(policy: KdfPolicy) -> Result<Self, VaultError> {
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt)?;
        Ok(Self {
            algorithm: KdfAlgorithm::Argon2id,
            version: Version::V0x13.into(),
            memory_kib: policy.memory_kib,
            passes: policy.passes,
            lanes: policy.lanes,
            salt,
        })
    }

    /// Whether a workstation may be asked to do this work; an altered file could ask for a terabyte.
    pub fn is_bearable(&self) -> bool {
        let Self { memory_kib, passes, lanes, .. } = *self;
        self.version == u32::from(Version::V0x13) && KdfPolicy { memory_kib, passes, lanes }.is_bearable()
    }

    /// Field by field, for the associated data.
    pub fn canonical(&self) -> Vec<u8> {
        let KdfAlgorithm::Argon2id = self.algorithm;
        crate::canonical::canonical_bytes(
            "argon2id",
            &[
                &self.version.to_be_bytes(),
                &self.memory_kib.to_be_bytes(),
                &self.passes.to_be_bytes(),
                &self.lanes.to_be_bytes(),
                &self.salt,
            ],
        )
    }

    /// The key that wraps a slot. The password is brought to NFKC first (NIST SP 800-63B, 5.1.1.2), so
    /// that the same word typed on another keyboard is the same password.
    pub fn derive(&self, password: &str) -> Result<Secret, VaultError> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32))
            .map_err(|_| VaultError::KeySlotsDamaged)?;
        let word: Zeroizing<String> = Zeroizing::new(password.nfkc().collect());
        let mut stretched = Zeroizing::new([0_u8; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(word.as_bytes(), &self.salt, stretched.as_mut())
            .map_err(|_| VaultError::KeySlotsDamaged)?;
        Ok(derive_from(stretched.as_ref(), None, LABEL))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_below_the_standard_is_a_policy() {
        assert_eq!(KdfPolicy::new(64 * 1024, 3, 4), Ok(KdfPolicy::STANDARD));
        for (memory, passes, lanes) in
            [(64 * 1024 - 1, 3, 4), (64 * 1024, 2, 4), (64 * 1024, 3, 0), (2 << 20, 3, 4), (64 * 1024, 17, 4)]
        {
            assert_eq!(KdfPolicy::new(memory, passes, lanes), Err(VaultError::WeakKdf));
        }
    }

    #[test]
    fn composed_and_decomposed_letters_are_the_same_password() {
        let kdf = KdfParameters::fresh(KdfPolicy::for_tests()).unwrap();
        let composed = kdf.derive("caf\u{e9} am See").unwrap();
        let decomposed = kdf.derive("cafe\u{301} am See").unwrap();
        assert_eq!(composed.expose(), decomposed.expose());
        assert_ne!(composed.expose(), kdf.derive("cafe am See").unwrap().expose());
    }

    #[test]
    fn every_cost_and_the_salt_go_into_the_key() {
        let kdf = KdfParameters::fresh(KdfPolicy::for_tests()).unwrap();
        let key = kdf.derive("password").unwrap();
        for other in [
            KdfParameters { memory_kib: 64, ..kdf.clone() },
            KdfParameters { passes: 2, ..kdf.clone() },
            KdfParameters { lanes: 2, ..kdf.clone() },
            KdfParameters { salt: [9; SALT_BYTES], ..kdf.clone() },
        ] {
            assert_ne!(other.derive("password").unwrap().expose(), key.expose());
        }
    }
}
