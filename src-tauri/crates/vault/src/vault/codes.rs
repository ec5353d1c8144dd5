//! Recovery codes of one user.

use std::path::Path;

use domain::UserId;

use super::Vault;
use crate::code::OneTimeCode;
use crate::error::VaultError;
use crate::slot::{CodeLock, Slot};
use crate::slots::KeySlots;
use crate::unlocked::Unlocked;

/// How many codes are issued at once.
const CODES: usize = 10;

impl Vault {
    /// Ten fresh recovery codes for the user of `by`; the old ones open nothing afterwards.
    ///
    /// # Errors
    /// [`VaultError::NoSuchSlot`], [`VaultError::KeyNotHeld`] as [`Vault::change_password`],
    /// [`VaultError::SlotAltered`], [`VaultError::StaleEpoch`], [`VaultError::StorageFull`].
    pub fn issue_codes(folder: &Path, by: &Unlocked) -> Result<Vec<OneTimeCode>, VaultError> {
        KeySlots::change_by(folder, by, |slots| {
            let slot = slots.of_mut(by.user_id)?;
            slot.check_mac(&by.audit_key)?;
            let identity = by.identity_for(slot)?;
            let codes: Vec<_> = (0..CODES).map(|_| OneTimeCode::random()).collect::<Result<_, _>>()?;
            slot.codes = codes
                .iter()
                .map(|code| CodeLock::fresh(by.user_id, identity, code))
                .collect::<Result<_, _>>()?;
            Ok(codes)
        })
    }

    /// # Errors
    /// [`VaultError::NoSuchSlot`], and those of reading the key slots.
    pub fn codes_left(folder: &Path, user: UserId) -> Result<u32, VaultError> {
        KeySlots::load(folder)?.of(user).map(left)
    }

    /// Opens the keys with one of the user's own recovery codes. The code is spent, on the disk, before
    /// this returns.
    ///
    /// # Errors
    /// [`VaultError::RecoveryCodeMistyped`] when the code breaks its checksum,
    /// [`VaultError::StorageFull`] with the code not spent, otherwise as [`Vault::unlock`].
    pub fn unlock_with_code(folder: &Path, login: &str, code: &str) -> Result<Unlocked, VaultError> {
        let code = OneTimeCode::read(code)?;
        KeySlots::change(folder, |slots| {
            let digest = slots.login_digest(login);
            let epoch = slots.epoch;
            let slot = slots.slots.iter_mut().find(|slot| slot.login == digest);
            spend(slot.ok_or(VaultError::InvalidCredentials)?, &code, epoch)
        })
    }

    /// Uses up one of the user's recovery codes in the place of a second factor; returns how many are
    /// left.
    ///
    /// # Errors
    /// As [`Vault::unlock_with_code`].
    pub fn spend_code(folder: &Path, user: UserId, code: &str) -> Result<u32, VaultError> {
        let code = OneTimeCode::read(code)?;
        KeySlots::change(folder, |slots| {
            let epoch = slots.epoch;
            let slot = slots.of_mut(user).map_err(|_| VaultError::InvalidCredentials)?;
            spend(slot, &code, epoch)?;
            Ok(left(slot))
        })
    }
}

/// Takes away the lock that the code opens.
fn spend(slot: &mut Slot, code: &OneTimeCode, epoch: u32) -> Result<Unlocked, VaultError> {
    let opened = slot
        .codes
        .iter()
        .enumerate()
        .find_map(|(at, lock)| lock.open(slot.id, &slot.public, code).map(|identity| (at, identity)));
    let (at, identity) = opened.ok_or(VaultError::InvalidCredentials)?;
    let unlocked = slot.open(identity, epoch)?;
    slot.codes.remove(at);
    Ok(unlocked)
}

fn left(slot: &Slot) -> u32 {
    u32::try_from(slot.codes.len()).unwrap_or(u32::MAX)
}
