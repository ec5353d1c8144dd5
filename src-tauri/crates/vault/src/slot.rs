//! What a key slot holds, and what each of its locks is bound to.

use domain::{Role, UserId};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

use crate::canonical::canonical_bytes;
use crate::code::OneTimeCode;
use crate::error::VaultError;
use crate::kdf::{KdfParameters, KdfPolicy};
use crate::sealing::{PublicKey, Sealed};
use crate::secret::Secret;
use crate::wrap::{self, Wrapped};

pub(crate) const SALT_BYTES: usize = 16;
const MAC_LABEL: &str = "lentigo slot mac v1";
const CODE_LABEL: &str = "lentigo recovery code v1";
const ACTIVATION_LABEL: &str = "lentigo activation code v1";

/// One user's way to the keys: the clinic's keys are sealed to the user's public key, and the private
/// key is behind every lock the user can open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Slot {
    /// The user's identity is the slot's.
    pub id: UserId,
    /// HMAC-SHA-256 of the sign-in name under the file's salt: the file names nobody.
    #[serde(with = "hex::serde")]
    pub login: [u8; 32],
    pub role: Role,
    pub epoch: u32,
    pub public: PublicKey,
    /// The keys of the clinic, for this user alone.
    pub keys: Sealed,
    /// Shows to whoever holds the audit key that the fields above were written by somebody who held it.
    #[serde(with = "hex::serde")]
    pub mac: [u8; 32],
    /// Absent until an activation code was used.
    pub password: Option<PasswordLock>,
    pub codes: Vec<CodeLock>,
    pub activation: Option<ActivationLock>,
    /// The clinic's keys under a key that an administrator's running program holds.
    pub reset: Option<Wrapped>,
}

/// The private key under Argon2id of the password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordLock {
    pub kdf: KdfParameters,
    pub wrapped: Wrapped,
}

/// The private key under one recovery code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeLock {
    pub id: Uuid,
    #[serde(with = "hex::serde")]
    pub salt: [u8; SALT_BYTES],
    pub wrapped: Wrapped,
}

/// The private key under an activation code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActivationLock {
    pub expires_at: Timestamp,
    #[serde(with = "hex::serde")]
    pub salt: [u8; SALT_BYTES],
    pub wrapped: Wrapped,
}

impl Slot {
    /// What the sealed keys are bound to.
    pub fn associated(&self) -> Vec<u8> {
        canonical_bytes(
            "lentigo user slot v1",
            &[
                self.id.as_uuid().as_bytes(),
                &self.login,
                self.role.code().as_bytes(),
                self.public.as_bytes(),
                &self.epoch.to_be_bytes(),
            ],
        )
    }

    /// What the reset blob is bound to.
    pub fn reset_associated(&self) -> Vec<u8> {
        canonical_bytes("lentigo reset v1", &[&self.associated()])
    }

    pub fn write_mac(&mut self, audit_key: &Secret) {
        self.mac = self.authenticate(audit_key).finalize().into_bytes().into();
    }

    /// # Errors
    /// [`VaultError::SlotAltered`].
    pub fn check_mac(&self, audit_key: &Secret) -> Result<(), VaultError> {
        self.authenticate(audit_key).verify_slice(&self.mac).map_err(|_| VaultError::SlotAltered)
    }

    fn authenticate(&self, audit_key: &Secret) -> Hmac<Sha256> {
        let key = audit_key.derive(MAC_LABEL);
        let mut mac = Hmac::<Sha256>::new_from_slice(key.expose())
            .unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
        mac.update(&self.associated());
        mac
    }
}

impl PasswordLock {
    pub fn fresh(
        user: UserId,
        identity: &Secret,
        password: &str,
        policy: KdfPolicy,
    ) -> Result<Self, VaultError> {
        let kdf = KdfParameters::fresh(policy)?;
        let key = kdf.derive(password)?;
        let wrapped = wrap::wrap(&key, &associated(user, &PublicKey::of(identity), &kdf), identity.expose())?;
        Ok(Self { kdf, wrapped })
    }

    /// The private key, or nothing. It costs the derivation in either case.
    pub fn open(
        &self,
        user: UserId,
        public: &PublicKey,
        password: &str,
    ) -> Result<Option<Secret>, VaultError> {
        let key = self.kdf.derive(password)?;
        Ok(wrap::unwrap_key(&key, &associated(user, public, &self.kdf), &self.wrapped))
    }
}

/// It survives a change of sign-in name or role: neither is bound.
fn associated(user: UserId, public: &PublicKey, kdf: &KdfParameters) -> Vec<u8> {
    let fields: [&[u8]; 3] = [user.as_uuid().as_bytes(), public.as_bytes(), &kdf.canonical()];
    canonical_bytes("lentigo password lock v1", &fields)
}

impl CodeLock {
    pub fn fresh(user: UserId, identity: &Secret, code: &OneTimeCode) -> Result<Self, VaultError> {
        let (id, salt) = (Uuid::now_v7(), fresh_salt()?);
        let associated = Self::associated(user, &PublicKey::of(identity), id);
        let wrapped = wrap::wrap(&code.key(&salt, CODE_LABEL), &associated, identity.expose())?;
        Ok(Self { id, salt, wrapped })
    }

    pub fn open(&self, user: UserId, public: &PublicKey, code: &OneTimeCode) -> Option<Secret> {
        let key = code.key(&self.salt, CODE_LABEL);
        wrap::unwrap_key(&key, &Self::associated(user, public, self.id), &self.wrapped)
    }

    fn associated(user: UserId, public: &PublicKey, id: Uuid) -> Vec<u8> {
        let fields: [&[u8]; 3] = [user.as_uuid().as_bytes(), public.as_bytes(), id.as_bytes()];
        canonical_bytes("lentigo code lock v1", &fields)
    }
}

impl ActivationLock {
    pub fn fresh(
        user: UserId,
        identity: &Secret,
        code: &OneTimeCode,
        expires_at: Timestamp,
    ) -> Result<Self, VaultError> {
        let salt = fresh_salt()?;
        let associated = Self::associated(user, &PublicKey::of(identity), expires_at);
        let wrapped = wrap::wrap(&code.key(&salt, ACTIVATION_LABEL), &associated, identity.expose())?;
        Ok(Self { expires_at, salt, wrapped })
    }

    pub fn open(&self, user: UserId, public: &PublicKey, code: &OneTimeCode) -> Option<Secret> {
        let key = code.key(&self.salt, ACTIVATION_LABEL);
        wrap::unwrap_key(&key, &Self::associated(user, public, self.expires_at), &self.wrapped)
    }

    fn associated(user: UserId, public: &PublicKey, expires_at: Timestamp) -> Vec<u8> {
        let moment = expires_at.as_nanosecond().to_be_bytes();
        let fields: [&[u8]; 3] = [user.as_uuid().as_bytes(), public.as_bytes(), &moment];
        canonical_bytes("lentigo activation lock v1", &fields)
    }
}

/// The recovery sheet's way to the keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecoverySlot {
    pub id: Uuid,
    /// Whoever unlocks with the sheet acts as this user, an administrator.
    pub issued_to: UserId,
    pub epoch: u32,
    #[serde(with = "hex::serde")]
    pub salt: [u8; SALT_BYTES],
    pub wrapped: Wrapped,
}

impl RecoverySlot {
    pub fn associated(id: Uuid, issued_to: UserId, epoch: u32, salt: &[u8; SALT_BYTES]) -> Vec<u8> {
        canonical_bytes(
            "lentigo recovery slot v1",
            &[id.as_bytes(), issued_to.as_uuid().as_bytes(), &epoch.to_be_bytes(), salt],
        )
    }
}

pub(crate) fn fresh_salt() -> Result<[u8; SALT_BYTES], VaultError> {
    let mut salt = [0; SALT_BYTES];
    getrandom::fill(&mut salt)?;
    Ok(salt)
}
