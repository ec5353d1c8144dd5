//! The key slot file: its content, reading it with its copy, changing it.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::{Role, UserId};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::database;
use crate::error::VaultError;
use crate::intake;
use crate::layout;
use crate::sealing::PublicKey;
use crate::slot::{RecoverySlot, Slot};
use crate::twin;
use crate::unlocked::Unlocked;

/// Version of the file format written here, and the newest one understood.
const SCHEMA: u32 = 1;
/// More locks than the program ever writes are not its own.
const MOST_CODES: usize = 64;

/// One change at a time: each reads the whole file and writes it again.
static TURN: Mutex<()> = Mutex::new(());

/// All slots of a clinic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeySlots {
    pub schema: u32,
    /// Raised whenever the keys change; slots of an earlier epoch hold keys that open nothing.
    pub epoch: u32,
    #[serde(with = "hex::serde")]
    pub login_salt: [u8; 32],
    /// Notes are sealed to it while nobody is signed in.
    pub intake: PublicKey,
    pub slots: Vec<Slot>,
    pub recovery: Option<RecoverySlot>,
}

impl KeySlots {
    pub fn empty(keys: &Unlocked) -> Result<Self, VaultError> {
        let mut login_salt = [0; 32];
        getrandom::fill(&mut login_salt)?;
        let intake = intake::public_key(&keys.audit_key);
        Ok(Self { schema: SCHEMA, epoch: 1, login_salt, intake, slots: Vec::new(), recovery: None })
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

    /// # Errors
    /// [`VaultError::NoSuchSlot`].
    pub fn of(&self, user: UserId) -> Result<&Slot, VaultError> {
        self.slots.iter().find(|slot| slot.id == user).ok_or(VaultError::NoSuchSlot)
    }

    /// # Errors
    /// [`VaultError::NoSuchSlot`].
    pub fn of_mut(&mut self, user: UserId) -> Result<&mut Slot, VaultError> {
        self.slots.iter_mut().find(|slot| slot.id == user).ok_or(VaultError::NoSuchSlot)
    }

    /// # Errors
    /// [`VaultError::SlotExists`] when another user signs in with this digest.
    pub fn refuse_taken(&self, login: &[u8; 32], by_other_than: UserId) -> Result<(), VaultError> {
        let taken = self.slots.iter().any(|slot| slot.login == *login && slot.id != by_other_than);
        if taken { Err(VaultError::SlotExists) } else { Ok(()) }
    }

    /// Puts a slot in the place of the user's old one, or beside the others.
    pub fn put(&mut self, slot: Slot) {
        match self.slots.iter_mut().find(|s| s.id == slot.id) {
            Some(old) => *old = slot,
            None => self.slots.push(slot),
        }
    }

    /// Reads the file, or its copy where the file is lost or damaged, and makes the two equal again.
    pub fn load(folder: &Path) -> Result<Self, VaultError> {
        let _turn = turn();
        Self::read_and_mend(folder)
    }

    fn read_and_mend(folder: &Path) -> Result<Self, VaultError> {
        let (file, copy) = (folder.join(layout::KEY_SLOTS), folder.join(layout::KEY_SLOTS_COPY));
        let (first, second) = (read(&file), read(&copy));
        match (&first, &second) {
            (Ok(slots), other) => {
                if other.as_ref() != Ok(slots) {
                    // Best effort: the good file alone is enough to go on, say on a full disk.
                    twin::write(&copy, slots).ok();
                }
            }
            (Err(VaultError::NewerFormat), _) => return Err(VaultError::NewerFormat),
            (Err(_), Ok(slots)) => {
                twin::write(&file, slots).ok();
            }
            (Err(VaultError::FileMissing), Err(VaultError::FileMissing)) => {
                return Err(if database::any_in(folder) {
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

    /// Writes the file, which is what counts, and then its copy; false when the copy could not be
    /// written and waits for the next load to renew it.
    pub fn store(&self, folder: &Path) -> Result<bool, VaultError> {
        twin::write(&folder.join(layout::KEY_SLOTS), self)?;
        Ok(twin::write(&folder.join(layout::KEY_SLOTS_COPY), self).is_ok())
    }

    /// Reads, changes and writes the file as one step. An error of `change` leaves it as it was.
    pub fn change<T>(
        folder: &Path,
        change: impl FnOnce(&mut Self) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        Self::change_and_copy(folder, change).map(|(answer, _)| answer)
    }

    /// As [`KeySlots::change`], and whether the copy is written as well.
    pub fn change_and_copy<T>(
        folder: &Path,
        change: impl FnOnce(&mut Self) -> Result<T, VaultError>,
    ) -> Result<(T, bool), VaultError> {
        let _turn = turn();
        let mut slots = Self::read_and_mend(folder)?;
        let had = slots.has_administrator();
        let answer = change(&mut slots)?;
        if had && !slots.has_administrator() {
            return Err(VaultError::NoAdministrator);
        }
        let copied = slots.store(folder)?;
        Ok((answer, copied))
    }

    /// As [`KeySlots::change`], by somebody whose keys have to be those of today.
    pub fn change_by<T>(
        folder: &Path,
        by: &Unlocked,
        change: impl FnOnce(&mut Self) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        Self::change(folder, |slots| {
            slots.refuse_stale(by)?;
            slots.intake = intake::public_key(&by.audit_key);
            change(slots)
        })
    }

    /// # Errors
    /// [`VaultError::StaleEpoch`].
    pub fn refuse_stale(&self, by: &Unlocked) -> Result<(), VaultError> {
        if self.epoch == by.epoch { Ok(()) } else { Err(VaultError::StaleEpoch) }
    }

    /// Somebody who can give out keys and can come in to do so.
    fn has_administrator(&self) -> bool {
        self.slots.iter().any(|slot| slot.role == Role::Administrator && slot.password.is_some())
    }

    /// The slots in the bytes of such a file.
    ///
    /// # Errors
    /// [`VaultError::Damaged`], [`VaultError::NewerFormat`].
    pub fn parse(bytes: &[u8]) -> Result<Self, VaultError> {
        twin::parse::<Self>(bytes, SCHEMA).and_then(Self::if_sound)
    }

    fn if_sound(self) -> Result<Self, VaultError> {
        if self.is_sound() { Ok(self) } else { Err(VaultError::Damaged) }
    }

    fn is_sound(&self) -> bool {
        let mut ids = HashSet::new();
        let mut logins = HashSet::new();
        self.slots.iter().all(|slot| {
            slot.password.as_ref().is_none_or(|lock| lock.kdf.is_bearable())
                && slot.codes.len() <= MOST_CODES
                && slot.epoch <= self.epoch
                && ids.insert(slot.id)
                && logins.insert(slot.login)
        })
    }
}

fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read(path: &Path) -> Result<KeySlots, VaultError> {
    twin::read::<KeySlots>(path, SCHEMA).and_then(KeySlots::if_sound)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;
    use std::fs;

    fn empty() -> KeySlots {
        let key = || Secret::random().unwrap();
        let keys = Unlocked {
            database_key: key(),
            audit_key: key(),
            clinical_key: None,
            identity: None,
            user_id: UserId::fresh(),
            role: Role::FrontDesk,
            epoch: 1,
        };
        KeySlots::empty(&keys).unwrap()
    }

    #[test]
    fn the_sign_in_name_is_folded_and_salted() {
        let slots = empty();
        assert_eq!(slots.login_digest(" Ada@Clinic.example "), slots.login_digest("ada@clinic.example"));
        assert_ne!(slots.login_digest("ada@clinic.example"), slots.login_digest("eda@clinic.example"));
        assert_ne!(slots.login_digest("ada@clinic.example"), empty().login_digest("ada@clinic.example"));
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
