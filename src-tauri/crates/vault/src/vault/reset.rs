//! A forgotten password, with the help of an administrator who is signed in.

use std::path::Path;

use domain::UserId;

use super::Vault;
use crate::error::VaultError;
use crate::kdf::KdfPolicy;
use crate::sealing::{self, PublicKey};
use crate::secret::Secret;
use crate::slot::{PasswordLock, Slot};
use crate::slots::KeySlots;
use crate::unlocked::{Holder, Unlocked};
use crate::wrap;

/// Opens one reset that waits in a slot. It lives in memory only, so that a reset ends with the program
/// at the latest. Wiped when dropped; Debug does not show it.
#[derive(Clone, Debug)]
pub struct ResetKey(Secret);

impl Vault {
    /// Lets a user set a new password without the old one, for as long as somebody holds the returned
    /// key: the keys of the user's role wait under it in the slot. An earlier reset is void.
    ///
    /// # Errors
    /// [`VaultError::NoSuchSlot`], [`VaultError::KeyNotHeld`], [`VaultError::SlotAltered`],
    /// [`VaultError::StaleEpoch`], [`VaultError::StorageFull`].
    pub fn open_reset(folder: &Path, by: &Unlocked, user: UserId) -> Result<ResetKey, VaultError> {
        let key = ResetKey(Secret::random()?);
        KeySlots::change_by(folder, by, |slots| {
            let slot = slots.of_mut(user)?;
            slot.check_mac(&by.audit_key)?;
            slot.reset = Some(wrap::wrap(&key.0, &slot.reset_associated(), &by.pack(slot.role)?)?);
            Ok(key)
        })
    }

    /// Uses an open reset up: the slot gets a fresh key pair behind the new password, and the recovery
    /// codes are void.
    ///
    /// # Errors
    /// [`VaultError::InvalidCredentials`] when no reset waits that this key opens,
    /// [`VaultError::StaleEpoch`], [`VaultError::StorageFull`] with the reset still open.
    pub fn reset_password(
        folder: &Path,
        user: UserId,
        key: &ResetKey,
        new_password: &str,
        policy: KdfPolicy,
    ) -> Result<(), VaultError> {
        KeySlots::change(folder, |slots| {
            let slot = slots.of(user).map_err(|_| VaultError::InvalidCredentials)?;
            let keys = slot
                .reset
                .as_ref()
                .and_then(|blob| wrap::unwrap(&key.0, &slot.reset_associated(), blob))
                .and_then(|payload| Unlocked::unpack(&payload, slot.id, slot.role, slot.epoch))
                .ok_or(VaultError::InvalidCredentials)?;
            slots.refuse_stale(&keys)?;
            let identity = sealing::fresh_identity()?;
            let holder =
                Holder { id: slot.id, login: slot.login, role: slot.role, public: PublicKey::of(&identity) };
            let password = PasswordLock::fresh(slot.id, &identity, new_password, policy)?;
            slots.put(Slot::sealed_for(holder, &keys, Some(password))?);
            Ok(())
        })
    }

    /// Takes an open reset back. None is fine.
    ///
    /// # Errors
    /// [`VaultError::NoSuchSlot`], [`VaultError::StorageFull`], and those of reading the key slots.
    pub fn close_reset(folder: &Path, user: UserId) -> Result<(), VaultError> {
        if KeySlots::load(folder)?.of(user)?.reset.is_none() {
            return Ok(());
        }
        KeySlots::change(folder, |slots| {
            slots.of_mut(user)?.reset = None;
            Ok(())
        })
    }
}
