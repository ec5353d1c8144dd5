//! Invited users: a printed code opens the slot once, for choosing a password.

use std::path::Path;

use domain::{Role, UserId};
use jiff::Timestamp;

use super::Vault;
use crate::code::OneTimeCode;
use crate::error::VaultError;
use crate::kdf::KdfPolicy;
use crate::sealing::{self, PublicKey};
use crate::slot::{ActivationLock, PasswordLock, Slot};
use crate::slots::KeySlots;
use crate::unlocked::{Holder, Unlocked};

impl Vault {
    /// Gives a user a slot that only the returned code opens, once and until `expires_at`. It takes the
    /// place of any slot the user has.
    ///
    /// # Errors
    /// [`VaultError::SlotExists`] when another user has the sign-in name, [`VaultError::NoAdministrator`]
    /// when nobody else could administer meanwhile, [`VaultError::KeyNotHeld`],
    /// [`VaultError::StaleEpoch`], [`VaultError::StorageFull`].
    pub fn issue_activation(
        folder: &Path,
        by: &Unlocked,
        user_id: UserId,
        login: &str,
        role: Role,
        expires_at: Timestamp,
    ) -> Result<OneTimeCode, VaultError> {
        let (identity, code) = (sealing::fresh_identity()?, OneTimeCode::random()?);
        let lock = ActivationLock::fresh(user_id, &identity, &code, expires_at)?;
        KeySlots::change_by(folder, by, |slots| {
            let login = slots.login_digest(login);
            slots.refuse_taken(&login, user_id)?;
            let holder = Holder { id: user_id, login, role, public: PublicKey::of(&identity) };
            let slot = Slot::sealed_for(holder, by, None)?;
            slots.put(Slot { activation: Some(lock), ..slot });
            Ok(code)
        })
    }

    /// Uses an activation code up: the slot gets a fresh key pair behind the chosen password.
    ///
    /// # Errors
    /// [`VaultError::InvalidCredentials`] for an unknown name, a wrong or a used code alike;
    /// [`VaultError::RecoveryCodeMistyped`] when the code breaks its checksum;
    /// [`VaultError::CodeExpired`] for the right code at `expires_at` or later;
    /// [`VaultError::StorageFull`] with the code not used.
    pub fn activate(
        folder: &Path,
        login: &str,
        code: &str,
        new_password: &str,
        policy: KdfPolicy,
        now: Timestamp,
    ) -> Result<Unlocked, VaultError> {
        let code = OneTimeCode::read(code)?;
        KeySlots::change(folder, |slots| {
            let epoch = slots.epoch;
            let slot = slots.by_login(login).ok_or(VaultError::InvalidCredentials)?;
            let lock = slot.activation.as_ref().ok_or(VaultError::InvalidCredentials)?;
            let granted = lock.open(slot.id, &slot.public, &code).ok_or(VaultError::InvalidCredentials)?;
            if now >= lock.expires_at {
                return Err(VaultError::CodeExpired);
            }
            let keys = slot.open(granted, epoch)?;
            // The administrator's program made the first key pair; from here on only the user has one.
            let identity = sealing::fresh_identity()?;
            let holder =
                Holder { id: slot.id, login: slot.login, role: slot.role, public: PublicKey::of(&identity) };
            let password = PasswordLock::fresh(slot.id, &identity, new_password, policy)?;
            slots.put(Slot::sealed_for(holder, &keys, Some(password))?);
            Ok(Unlocked { identity: Some(identity), ..keys })
        })
    }
}
