//! The key slot file: format, associated data, reading with its copy, writing.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use domain::{Role, UserId};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::canonical::canonical_bytes;
use crate::durable::{self, Existing};
use crate::error::VaultError;
use crate::kdf::KdfParameters;
use crate::layout;
use crate::wrap::{NONCE_BYTES, Wrapped};

/// Version of the file format written here, and the newest one understood.
const SCHEMA: u32 = 1;
pub(crate) const RECOVERY_SALT_BYTES: usize = 16;

/// One user's way to the keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Slot {
    /// The user's identity is the slot's.
    pub id: UserId,
    /// HMAC-SHA-256 of the sign-in name under the file's salt: the file names nobody.
    #[serde(with = "hex::serde")]
    pub login: [u8; 32],
    pub role: Role,
    pub kdf: KdfParameters,
    pub epoch: u32,
    #[serde(with = "hex::serde")]
    pub nonce: [u8; NONCE_BYTES],
    #[serde(with = "hex::serde")]
    pub wrapped: Vec<u8>,
}

impl Slot {
    /// Everything the slot says in clear, so that no field can be altered or moved to another slot.
    pub fn associated(&self) -> Vec<u8> {
        canonical_bytes(
            "lentigo user slot v1",
            &[
                self.id.as_uuid().as_bytes(),
                &self.login,
                self.role.code().as_bytes(),
                &self.kdf.canonical(),
                &self.epoch.to_be_bytes(),
            ],
        )
    }

    pub fn fill(&mut self, wrapped: Wrapped) {
        self.nonce = wrapped.nonce;
        self.wrapped = wrapped.ciphertext;
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
    pub salt: [u8; RECOVERY_SALT_BYTES],
    #[serde(with = "hex::serde")]
    pub nonce: [u8; NONCE_BYTES],
    #[serde(with = "hex::serde")]
    pub wrapped: Vec<u8>,
}

impl RecoverySlot {
    pub fn associated(&self) -> Vec<u8> {
        canonical_bytes(
            "lentigo recovery slot v1",
            &[self.id.as_bytes(), self.issued_to.as_uuid().as_bytes(), &self.epoch.to_be_bytes(), &self.salt],
        )
    }

    pub fn fill(&mut self, wrapped: Wrapped) {
        self.nonce = wrapped.nonce;
        self.wrapped = wrapped.ciphertext;
    }
}

/// All slots of a clinic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeySlots {
    pub schema: u32,
    /// Raised whenever the keys change; slots of an earlier epoch wrap keys that open nothing.
    pub epoch: u32,
    #[serde(with = "hex::serde")]
    pub login_salt: [u8; 32],
    pub slots: Vec<Slot>,
    pub recovery: Option<RecoverySlot>,
}

/// The file: the content, and a digest that tells bit rot from a wrong password.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    /// SHA-256 of the content as compact JSON. It guards against accidents; the slots guard themselves.
    #[serde(with = "hex::serde")]
    sha256: [u8; 32],
    content: KeySlots,
}

/// Only what is needed to tell a newer file from a damaged one.
#[derive(Deserialize)]
struct AnyEnvelope {
    content: AnySchema,
}

#[derive(Deserialize)]
struct AnySchema {
    schema: u32,
}

impl KeySlots {
    pub fn empty() -> Result<Self, VaultError> {
        let mut login_salt = [0; 32];
        getrandom::fill(&mut login_salt)?;
        Ok(Self { schema: SCHEMA, epoch: 1, login_salt, slots: Vec::new(), recovery: None })
    }

    /// Digest of a sign-in name, without regard to case and outer white space.
    pub fn login_digest(&self, login: &str) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.login_salt)
            .unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
        mac.update(login.trim().to_lowercase().as_bytes());
        mac.finalize().into_bytes().into()
    }

    pub fn by_login(&self, login: &str) -> Option<&Slot> {
        let digest = self.login_digest(login);
        self.slots.iter().find(|slot| slot.login == digest)
    }

    pub fn by_user(&mut self, user: UserId) -> Option<&mut Slot> {
        self.slots.iter_mut().find(|slot| slot.id == user)
    }

    /// Reads the file, or its copy where the file is lost or damaged, and makes the two equal again.
    pub fn load(folder: &Path) -> Result<Self, VaultError> {
        let (file, copy) = (folder.join(layout::KEY_SLOTS), folder.join(layout::KEY_SLOTS_COPY));
        let (first, second) = (read(&file), read(&copy));
        match (&first, &second) {
            (Ok(slots), other) => {
                if other.as_ref() != Ok(slots) {
                    // Best effort: the good file alone is enough to go on, say on a full disk.
                    slots.write_to(&copy).ok();
                }
            }
            (Err(VaultError::NewerFormat), _) => return Err(VaultError::NewerFormat),
            (Err(_), Ok(slots)) => {
                slots.write_to(&file).ok();
            }
            (Err(VaultError::FileMissing), Err(VaultError::FileMissing)) => {
                return Err(if folder.join(layout::DATABASE).exists() {
                    VaultError::KeySlotsMissing
                } else {
                    VaultError::NoClinic
                });
            }
            (Err(_), Err(VaultError::NewerFormat)) => return Err(VaultError::NewerFormat),
            (Err(first @ VaultError::Storage(_)), Err(_)) => return Err(first.clone()),
            (Err(_), Err(_)) => return Err(VaultError::KeySlotsDamaged),
        }
        first.or(second)
    }

    /// Writes file and copy. A crash between the two leaves an old copy, which the next load renews.
    pub fn store(&self, folder: &Path) -> Result<(), VaultError> {
        self.write_to(&folder.join(layout::KEY_SLOTS))?;
        self.write_to(&folder.join(layout::KEY_SLOTS_COPY))
    }

    fn write_to(&self, path: &Path) -> Result<(), VaultError> {
        let envelope = Envelope { sha256: self.digest(), content: self.clone() };
        let mut bytes =
            serde_json::to_vec_pretty(&envelope).unwrap_or_else(|_| unreachable!("the slots are plain data"));
        bytes.push(b'\n');
        durable::write(path, &bytes, Existing::Replace)
    }

    fn digest(&self) -> [u8; 32] {
        let bytes = serde_json::to_vec(self).unwrap_or_else(|_| unreachable!("the slots are plain data"));
        Sha256::digest(bytes).into()
    }

    fn is_sound(&self) -> bool {
        let mut ids = HashSet::new();
        let mut logins = HashSet::new();
        self.slots.iter().all(|slot| {
            slot.kdf.is_bearable()
                && slot.epoch <= self.epoch
                && ids.insert(slot.id)
                && logins.insert(slot.login)
        })
    }
}

fn read(path: &Path) -> Result<KeySlots, VaultError> {
    let bytes = fs::read(path)?;
    let Ok(envelope) = serde_json::from_slice::<Envelope>(&bytes) else {
        return Err(match serde_json::from_slice::<AnyEnvelope>(&bytes) {
            Ok(any) if any.content.schema > SCHEMA => VaultError::NewerFormat,
            _ => VaultError::KeySlotsDamaged,
        });
    };
    let slots = envelope.content;
    if slots.schema > SCHEMA {
        return Err(VaultError::NewerFormat);
    }
    if slots.digest() == envelope.sha256 && slots.is_sound() {
        Ok(slots)
    } else {
        Err(VaultError::KeySlotsDamaged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_in_name_is_folded_and_salted() {
        let slots = KeySlots::empty().unwrap();
        assert_eq!(slots.login_digest(" Ada@Clinic.example "), slots.login_digest("ada@clinic.example"));
        assert_ne!(slots.login_digest("ada@clinic.example"), slots.login_digest("eda@clinic.example"));
        let other = KeySlots::empty().unwrap();
        assert_ne!(slots.login_digest("ada@clinic.example"), other.login_digest("ada@clinic.example"));
    }

    #[test]
    fn a_file_of_a_newer_format_is_said_to_be_newer_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let newer = br#"{"sha256":"00","content":{"schema":2,"something":"else"}}"#;
        fs::write(folder.path().join(layout::KEY_SLOTS), newer).unwrap();
        assert_eq!(KeySlots::load(folder.path()), Err(VaultError::NewerFormat));
        assert_eq!(fs::read(folder.path().join(layout::KEY_SLOTS)).unwrap(), newer);
    }
}
