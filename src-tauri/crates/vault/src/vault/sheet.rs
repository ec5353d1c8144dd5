//! The printed recovery sheet.

use std::path::Path;

use domain::Role;
use uuid::Uuid;

use super::Vault;
use crate::error::VaultError;
use crate::recovery::{RecoveryCode, RecoverySheet};
use crate::slot::{RecoverySlot, fresh_salt};
use crate::slots::KeySlots;
use crate::unlocked::Unlocked;
use crate::wrap;

impl Vault {
    /// Opens the keys with the code of the recovery sheet, as the administrator it was issued to.
    ///
    /// # Errors
    /// [`VaultError::RecoveryCodeMistyped`] when the code breaks its checksum, otherwise as
    /// [`Vault::unlock`].
    pub fn unlock_with_recovery(folder: &Path, text: &str) -> Result<Unlocked, VaultError> {
        let code = RecoveryCode::parse(text)?;
        open_sheet(&KeySlots::load(folder)?, &code)
    }

    /// Issues a new recovery sheet; the old one opens nothing afterwards.
    ///
    /// # Errors
    /// [`VaultError::KeyNotHeld`], [`VaultError::StaleEpoch`], [`VaultError::StorageFull`].
    pub fn issue_recovery(folder: &Path, by: &Unlocked) -> Result<RecoverySheet, VaultError> {
        let (slot, sheet) = recovery_slot(by)?;
        KeySlots::change_by(folder, by, |slots| {
            slots.recovery = Some(slot);
            Ok(sheet)
        })
    }
}

/// Opens the recovery slot with the code as it was typed, wherever the slots come from.
///
/// # Errors
/// As [`Vault::unlock_with_recovery`].
pub(crate) fn unlock_sheet(slots: &KeySlots, text: &str) -> Result<Unlocked, VaultError> {
    open_sheet(slots, &RecoveryCode::parse(text)?)
}

fn open_sheet(slots: &KeySlots, code: &RecoveryCode) -> Result<Unlocked, VaultError> {
    let slot = slots.recovery.as_ref().ok_or(VaultError::InvalidCredentials)?;
    let associated = RecoverySlot::associated(slot.id, slot.issued_to, slot.epoch, &slot.salt);
    let keys = wrap::unwrap(&code.key(&slot.salt), &associated, &slot.wrapped)
        .and_then(|payload| Unlocked::unpack(&payload, slot.issued_to, Role::Administrator, slot.epoch))
        .ok_or(VaultError::InvalidCredentials)?;
    slots.refuse_stale(&keys)?;
    Ok(keys)
}

pub(crate) fn recovery_slot(keys: &Unlocked) -> Result<(RecoverySlot, RecoverySheet), VaultError> {
    let code = RecoveryCode::random()?;
    let (id, issued_to, epoch, salt) = (Uuid::now_v7(), keys.user_id, keys.epoch, fresh_salt()?);
    let associated = RecoverySlot::associated(id, issued_to, epoch, &salt);
    let wrapped = wrap::wrap(&code.key(&salt), &associated, &keys.pack(Role::Administrator)?)?;
    Ok((RecoverySlot { id, issued_to, epoch, salt, wrapped }, code.sheet()))
}
