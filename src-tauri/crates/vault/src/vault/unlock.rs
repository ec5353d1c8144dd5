//! Coming in with a password, and changing it.

use std::path::Path;

use super::Vault;
use crate::error::VaultError;
use crate::kdf::{KdfParameters, KdfPolicy};
use crate::slot::PasswordLock;
use crate::slots::KeySlots;
use crate::unlocked::Unlocked;

impl Vault {
    /// Opens the keys with a sign-in name and a password. An unknown name costs the same time as a wrong
    /// password and gives the same answer. A slot whose derivation costs less than `policy` is brought up
    /// to it, if the disk allows.
    ///
    /// # Errors
    /// [`VaultError::InvalidCredentials`], [`VaultError::StaleEpoch`], and of the file itself
    /// [`VaultError::KeySlotsDamaged`], [`VaultError::KeySlotsMissing`], [`VaultError::NoClinic`],
    /// [`VaultError::NewerFormat`].
    pub fn unlock(
        folder: &Path,
        login: &str,
        password: &str,
        policy: KdfPolicy,
    ) -> Result<Unlocked, VaultError> {
        let slots = KeySlots::load(folder)?;
        let unlocked = unlock_slot(&slots, login, password, policy)?;
        let lock = slots.by_login(login).and_then(|slot| slot.password.as_ref());
        if let Some(lock) = lock.filter(|lock| policy.raises(&lock.kdf)) {
            // A full disk must not keep anybody out; the next sign-in tries again.
            raise(folder, &unlocked, lock, password, policy).ok();
        }
        Ok(unlocked)
    }

    /// Puts the private key of `by` under a new password. Nothing else changes: recovery codes go on
    /// working. An open reset or activation of this user is void.
    ///
    /// # Errors
    /// [`VaultError::NoSuchSlot`]; [`VaultError::KeyNotHeld`] when `by` came in with the recovery sheet
    /// ([`Vault::replace_slot`] serves then) or the slot was made anew meanwhile;
    /// [`VaultError::SlotAltered`], [`VaultError::StaleEpoch`], [`VaultError::StorageFull`].
    pub fn change_password(
        folder: &Path,
        by: &Unlocked,
        new_password: &str,
        policy: KdfPolicy,
    ) -> Result<(), VaultError> {
        let identity = by.identity.as_ref().ok_or(VaultError::KeyNotHeld)?;
        let lock = PasswordLock::fresh(by.user_id, identity, new_password, policy)?;
        KeySlots::change_by(folder, by, |slots| {
            let slot = slots.of_mut(by.user_id)?;
            slot.check_mac(&by.audit_key)?;
            by.identity_for(slot)?;
            slot.password = Some(lock);
            slot.activation = None;
            slot.reset = None;
            Ok(())
        })
    }
}

/// Opens somebody's slot, wherever the slots come from.
///
/// # Errors
/// [`VaultError::InvalidCredentials`], [`VaultError::StaleEpoch`].
pub(crate) fn unlock_slot(
    slots: &KeySlots,
    login: &str,
    password: &str,
    policy: KdfPolicy,
) -> Result<Unlocked, VaultError> {
    let Some((slot, lock)) = slots.by_login(login).and_then(|s| Some((s, s.password.as_ref()?))) else {
        return Err(refuse_slowly(slots, password, policy));
    };
    let identity = lock.open(slot.id, &slot.public, password)?.ok_or(VaultError::InvalidCredentials)?;
    slot.open(identity, slots.epoch)
}

/// Puts the private key under the same password at a higher cost, unless the lock changed meanwhile.
fn raise(
    folder: &Path,
    by: &Unlocked,
    old: &PasswordLock,
    password: &str,
    policy: KdfPolicy,
) -> Result<(), VaultError> {
    let identity = by.identity.as_ref().ok_or(VaultError::KeyNotHeld)?;
    let lock = PasswordLock::fresh(by.user_id, identity, password, policy)?;
    KeySlots::change_by(folder, by, |slots| {
        let slot = slots.of_mut(by.user_id)?;
        if slot.password.as_ref() == Some(old) {
            slot.password = Some(lock);
        }
        Ok(())
    })
}

/// Does the work of the costliest slot for a name that has none.
fn refuse_slowly(slots: &KeySlots, password: &str, policy: KdfPolicy) -> VaultError {
    let locks = slots.slots.iter().filter_map(|slot| slot.password.as_ref());
    let costliest = locks.max_by_key(|lock| u64::from(lock.kdf.memory_kib) * u64::from(lock.kdf.passes));
    let parameters = match costliest {
        Some(lock) => Ok(lock.kdf.clone()),
        None => KdfParameters::fresh(policy),
    };
    match parameters.and_then(|kdf| kdf.derive(password)) {
        Ok(_) => VaultError::InvalidCredentials,
        Err(error) => error,
    }
}
