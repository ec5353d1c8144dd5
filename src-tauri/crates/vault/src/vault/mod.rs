//! Making, opening and changing the key slots of a clinic folder.

mod activation;
mod codes;
mod enrolment;
mod reset;
mod sheet;
mod staff;
mod unlock;

use std::path::Path;

use domain::{Role, UserId};

pub use enrolment::Enrolment;
pub use reset::ResetKey;
pub(crate) use sheet::{recovery_slot, unlock_sheet};
pub(crate) use unlock::unlock_slot;

use crate::database;
use crate::durable;
use crate::error::VaultError;
use crate::kdf::KdfPolicy;
use crate::layout;
use crate::recovery::RecoverySheet;
use crate::sealing::{self, PublicKey};
use crate::secret::Secret;
use crate::slot::{PasswordLock, Slot};
use crate::slots::KeySlots;
use crate::unlocked::{Holder, Unlocked};

/// Whom a key slot is for.
#[derive(Clone, Copy)]
pub struct NewOwner<'a> {
    pub user_id: UserId,
    /// E-mail address used to sign in; case does not matter.
    pub login: &'a str,
    pub role: Role,
    pub password: &'a str,
}

/// What a folder holds, as far as can be seen without a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// No clinic: the first-run wizard may make one.
    Absent,
    Present,
    /// A database without key slots: restore `keyslots.json` from a backup. Never make new keys here.
    KeySlotsMissing,
}

/// The key slots of one clinic folder.
#[derive(Debug)]
pub struct Vault;

impl Vault {
    #[must_use]
    pub fn presence(folder: &Path) -> Presence {
        let has = |name: &str| folder.join(name).exists();
        if has(layout::KEY_SLOTS) || has(layout::KEY_SLOTS_COPY) {
            Presence::Present
        } else if database::any_in(folder) {
            Presence::KeySlotsMissing
        } else {
            Presence::Absent
        }
    }

    /// Makes a clinic folder with fresh keys, a slot for its first administrator and a recovery sheet.
    /// The folder is closed to other users of the machine (0700, files 0600). The database is not made
    /// here: see [`crate::create_database`].
    ///
    /// # Errors
    /// [`VaultError::ClinicExists`], [`VaultError::NoAdministrator`] for an owner of another role,
    /// [`VaultError::StorageFull`], [`VaultError::Storage`].
    pub fn create(
        folder: &Path,
        owner: NewOwner<'_>,
        policy: KdfPolicy,
    ) -> Result<(Unlocked, RecoverySheet), VaultError> {
        if Self::presence(folder) != Presence::Absent {
            return Err(VaultError::ClinicExists);
        }
        if owner.role != Role::Administrator {
            return Err(VaultError::NoAdministrator);
        }
        let mut unlocked = Unlocked {
            database_key: Secret::random()?,
            audit_key: Secret::random()?,
            clinical_key: Some(Secret::random()?),
            identity: None,
            user_id: owner.user_id,
            role: owner.role,
            epoch: 1,
        };
        let mut slots = KeySlots::empty(&unlocked)?;
        let (slot, identity) = new_slot(&slots, &unlocked, owner, policy)?;
        unlocked.identity = Some(identity);
        slots.slots.push(slot);
        let (slot, sheet) = recovery_slot(&unlocked)?;
        slots.recovery = Some(slot);
        durable::private_folder(folder)?;
        durable::private_folder(&folder.join(layout::IMAGES))?;
        slots.store(folder)?;
        Ok((unlocked, sheet))
    }

    /// Whether the user has a slot, also one that still waits for its activation code.
    ///
    /// # Errors
    /// Those of reading the key slots: [`VaultError::KeySlotsDamaged`], [`VaultError::KeySlotsMissing`],
    /// [`VaultError::NoClinic`], [`VaultError::NewerFormat`], [`VaultError::Storage`].
    pub fn has_slot(folder: &Path, user: UserId) -> Result<bool, VaultError> {
        Ok(KeySlots::load(folder)?.of(user).is_ok())
    }

    /// Whose slots there are and with which role, to be held against the list of users before keys are
    /// sealed to all of them.
    ///
    /// # Errors
    /// [`VaultError::SlotAltered`] when a slot was not written by somebody who held the keys,
    /// [`VaultError::StaleEpoch`], and those of reading the key slots.
    pub fn holders(folder: &Path, by: &Unlocked) -> Result<Vec<(UserId, Role)>, VaultError> {
        let slots = KeySlots::load(folder)?;
        slots.refuse_stale(by)?;
        slots.slots.iter().map(|slot| slot.check_mac(&by.audit_key).map(|()| (slot.id, slot.role))).collect()
    }
}

/// A slot with a fresh key pair behind a password, and its private key.
fn new_slot(
    slots: &KeySlots,
    keys: &Unlocked,
    owner: NewOwner<'_>,
    policy: KdfPolicy,
) -> Result<(Slot, Secret), VaultError> {
    let identity = sealing::fresh_identity()?;
    let lock = PasswordLock::fresh(owner.user_id, &identity, owner.password, policy)?;
    let holder = Holder {
        id: owner.user_id,
        login: slots.login_digest(owner.login),
        role: owner.role,
        public: PublicKey::of(&identity),
    };
    Ok((Slot::sealed_for(holder, keys, Some(lock))?, identity))
}
