//! Self-registration: a key pair made before anybody let its owner in.

use std::fmt;
use std::path::Path;

use domain::{Role, UserId};
use serde::{Deserialize, Serialize};

use super::Vault;
use crate::error::VaultError;
use crate::kdf::KdfPolicy;
use crate::sealing::{self, PublicKey};
use crate::slot::{PasswordLock, Slot};
use crate::slots::KeySlots;
use crate::unlocked::{Holder, Unlocked};

/// A key pair whose private half only the chosen password opens. It opens nothing of the clinic until
/// an administrator admits it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    user_id: UserId,
    #[serde(with = "hex::serde")]
    login: [u8; 32],
    public: PublicKey,
    password: PasswordLock,
}

impl Enrolment {
    #[must_use]
    pub const fn user_id(&self) -> UserId {
        self.user_id
    }
}

impl fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Enrolment").field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

impl Vault {
    /// Makes a key pair for somebody who asks for an account. Nothing is written, and whether the
    /// sign-in name is taken is not said.
    ///
    /// # Errors
    /// [`VaultError::NoClinic`], [`VaultError::NoRandomness`], and those of reading the key slots.
    pub fn enrol(
        folder: &Path,
        user_id: UserId,
        login: &str,
        password: &str,
        policy: KdfPolicy,
    ) -> Result<Enrolment, VaultError> {
        let login = KeySlots::load(folder)?.login_digest(login);
        let identity = sealing::fresh_identity()?;
        let password = PasswordLock::fresh(user_id, &identity, password, policy)?;
        Ok(Enrolment { user_id, login, public: PublicKey::of(&identity), password })
    }

    /// Seals the clinic's keys to an enrolment: from now on its password opens them.
    ///
    /// # Errors
    /// [`VaultError::SlotExists`] when the user or the sign-in name has a slot, [`VaultError::WeakKdf`]
    /// when the enrolment asks for work that no workstation can bear, [`VaultError::SlotAltered`] when its
    /// public key is none, [`VaultError::KeyNotHeld`], [`VaultError::StaleEpoch`],
    /// [`VaultError::StorageFull`].
    pub fn admit(folder: &Path, by: &Unlocked, role: Role, enrolment: &Enrolment) -> Result<(), VaultError> {
        if !enrolment.password.kdf.is_bearable() {
            return Err(VaultError::WeakKdf);
        }
        KeySlots::change_by(folder, by, |slots| {
            slots.refuse_taken(&enrolment.login, enrolment.user_id)?;
            if slots.of(enrolment.user_id).is_ok() {
                return Err(VaultError::SlotExists);
            }
            let Enrolment { user_id: id, login, public, .. } = *enrolment;
            let holder = Holder { id, login, role, public };
            slots.put(Slot::sealed_for(holder, by, Some(enrolment.password.clone()))?);
            Ok(())
        })
    }
}
