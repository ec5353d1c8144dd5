//! Giving slots to users, changing and taking them away.

use std::path::Path;

use domain::{Role, UserId};

use super::{NewOwner, Vault, new_slot};
use crate::error::VaultError;
use crate::kdf::KdfPolicy;
use crate::slots::KeySlots;
use crate::unlocked::Unlocked;

impl Vault {
    /// Gives another user a slot.
    ///
    /// # Errors
    /// [`VaultError::SlotExists`], [`VaultError::KeyNotHeld`] when the role needs the key to photographs
    /// and `by` does not hold it, [`VaultError::RoleWithoutKeys`], [`VaultError::StaleEpoch`],
    /// [`VaultError::StorageFull`].
    pub fn add_slot(
        folder: &Path,
        by: &Unlocked,
        owner: NewOwner<'_>,
        policy: KdfPolicy,
    ) -> Result<(), VaultError> {
        KeySlots::change_by(folder, by, |slots| {
            if slots.by_login(owner.login).is_some() || slots.of(owner.user_id).is_ok() {
                return Err(VaultError::SlotExists);
            }
            let (slot, _) = new_slot(slots, by, owner, policy)?;
            slots.put(slot);
            Ok(())
        })
    }

    /// Makes a user's slot anew, or a first one, with a fresh key pair and password. What opened the old
    /// one, recovery codes included, opens nothing afterwards.
    ///
    /// # Errors
    /// [`VaultError::SlotExists`] when another user has the sign-in name, [`VaultError::NoAdministrator`],
    /// otherwise as [`Vault::add_slot`].
    pub fn replace_slot(
        folder: &Path,
        by: &Unlocked,
        owner: NewOwner<'_>,
        policy: KdfPolicy,
    ) -> Result<(), VaultError> {
        KeySlots::change_by(folder, by, |slots| {
            slots.refuse_taken(&slots.login_digest(owner.login), owner.user_id)?;
            let (slot, _) = new_slot(slots, by, owner, policy)?;
            slots.put(slot);
            Ok(())
        })
    }

    /// Gives a user another role: the keys are sealed again, with or without the one to photographs.
    /// Sessions that run keep what they hold.
    ///
    /// # Errors
    /// [`VaultError::NoSuchSlot`], [`VaultError::NoAdministrator`] for the last administrator,
    /// [`VaultError::KeyNotHeld`], [`VaultError::SlotAltered`], [`VaultError::StaleEpoch`],
    /// [`VaultError::StorageFull`].
    pub fn set_role(folder: &Path, by: &Unlocked, user: UserId, role: Role) -> Result<(), VaultError> {
        KeySlots::change_by(folder, by, |slots| {
            let slot = slots.of_mut(user)?;
            slot.check_mac(&by.audit_key)?;
            slot.role = role;
            slot.seal(by)
        })
    }

    /// Gives a user another sign-in name. Password and recovery codes stay. `by` has to hold what the
    /// user's role holds.
    ///
    /// # Errors
    /// [`VaultError::SlotExists`] when another user has the name, otherwise as [`Vault::set_role`].
    pub fn set_login(folder: &Path, by: &Unlocked, user: UserId, login: &str) -> Result<(), VaultError> {
        KeySlots::change_by(folder, by, |slots| {
            let digest = slots.login_digest(login);
            slots.refuse_taken(&digest, user)?;
            let slot = slots.of_mut(user)?;
            slot.check_mac(&by.audit_key)?;
            slot.login = digest;
            slot.seal(by)
        })
    }

    /// Takes a user's slot away. Keys the user has seen stay valid until they are changed
    /// ([`crate::KeyChange`]).
    ///
    /// # Errors
    /// [`VaultError::NoSuchSlot`], [`VaultError::NoAdministrator`] for the last administrator,
    /// [`VaultError::StaleEpoch`], [`VaultError::StorageFull`].
    pub fn remove_slot(folder: &Path, by: &Unlocked, user: UserId) -> Result<(), VaultError> {
        KeySlots::change_by(folder, by, |slots| {
            slots.of(user)?;
            slots.slots.retain(|slot| slot.id != user);
            Ok(())
        })
    }
}
