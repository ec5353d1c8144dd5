//! Making, opening and changing the key slots of a clinic folder.

use std::path::Path;

use domain::{Role, UserId};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::durable;
use crate::error::VaultError;
use crate::kdf::{KdfParameters, KdfPolicy};
use crate::layout;
use crate::recovery::{RecoveryCode, RecoverySheet};
use crate::secret::Secret;
use crate::slots::{KeySlots, RECOVERY_SALT_BYTES, RecoverySlot, Slot};
use crate::wrap::{self, NONCE_BYTES};

const KEY_BYTES: usize = 32;

/// The keys of an opened clinic and whose slot opened it. Wiped when dropped; Debug shows no key.
#[derive(Debug)]
pub struct Unlocked {
    /// Opens the database ([`crate::open_database`]).
    pub database_key: Secret,
    /// Authenticates the audit chain. It stays when the other keys change, so that old rows stay provable.
    pub audit_key: Secret,
    /// Opens photographs ([`crate::SealedStore`]); absent where the role does not include them.
    pub clinical_key: Option<Secret>,
    pub user_id: UserId,
    pub role: Role,
    /// Generation of the keys, from 1.
    pub epoch: u32,
}

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
        } else if has(layout::DATABASE) {
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
        let unlocked = Unlocked {
            database_key: Secret::random()?,
            audit_key: Secret::random()?,
            clinical_key: Some(Secret::random()?),
            user_id: owner.user_id,
            role: owner.role,
            epoch: 1,
        };
        let mut slots = KeySlots::empty()?;
        let slot = new_slot(&slots, &unlocked, owner, policy)?;
        slots.slots.push(slot);
        let (slot, sheet) = recovery_slot(&slots, &unlocked)?;
        slots.recovery = Some(slot);
        durable::private_folder(folder)?;
        durable::private_folder(&folder.join(layout::IMAGES))?;
        slots.store(folder)?;
        Ok((unlocked, sheet))
    }

    /// Opens the keys with a sign-in name and a password. An unknown name costs the same time as a wrong
    /// password and gives the same answer.
    ///
    /// # Errors
    /// [`VaultError::InvalidCredentials`], [`VaultError::StaleEpoch`], and of the file itself
    /// [`VaultError::KeySlotsDamaged`], [`VaultError::KeySlotsMissing`], [`VaultError::NoClinic`].
    pub fn unlock(folder: &Path, login: &str, password: &str) -> Result<Unlocked, VaultError> {
        let slots = KeySlots::load(folder)?;
        let known = slots.by_login(login);
        let costliest =
            slots.slots.iter().max_by_key(|s| u64::from(s.kdf.memory_kib) * u64::from(s.kdf.passes));
        let slot = known.or(costliest).ok_or(VaultError::InvalidCredentials)?;
        let key = slot.kdf.derive(password)?;
        let payload = wrap::unwrap(&key, &slot.associated(), &slot.nonce, &slot.wrapped);
        let payload = payload.filter(|_| known.is_some()).ok_or(VaultError::InvalidCredentials)?;
        if slot.epoch != slots.epoch {
            return Err(VaultError::StaleEpoch);
        }
        unpack(&payload, slot.id, slot.role, slot.epoch)
    }

    /// Opens the keys with the code of the recovery sheet, as the administrator it was issued to.
    ///
    /// # Errors
    /// [`VaultError::RecoveryCodeMistyped`] when the code breaks its checksum, otherwise as [`Vault::unlock`].
    pub fn unlock_with_recovery(folder: &Path, text: &str) -> Result<Unlocked, VaultError> {
        let code = RecoveryCode::parse(text)?;
        let slots = KeySlots::load(folder)?;
        let slot = slots.recovery.as_ref().ok_or(VaultError::InvalidCredentials)?;
        let payload = wrap::unwrap(&code.key(&slot.salt), &slot.associated(), &slot.nonce, &slot.wrapped)
            .ok_or(VaultError::InvalidCredentials)?;
        if slot.epoch != slots.epoch {
            return Err(VaultError::StaleEpoch);
        }
        unpack(&payload, slot.issued_to, Role::Administrator, slot.epoch)
    }

    /// Gives another user a slot.
    ///
    /// # Errors
    /// [`VaultError::SlotExists`], [`VaultError::KeyNotHeld`] when the role needs the key to photographs
    /// and `by` does not hold it, [`VaultError::StaleEpoch`], [`VaultError::StorageFull`].
    pub fn add_slot(
        folder: &Path,
        by: &Unlocked,
        owner: NewOwner<'_>,
        policy: KdfPolicy,
    ) -> Result<(), VaultError> {
        let mut slots = load_for(folder, by)?;
        if slots.by_login(owner.login).is_some() || slots.by_user(owner.user_id).is_some() {
            return Err(VaultError::SlotExists);
        }
        let slot = new_slot(&slots, by, owner, policy)?;
        slots.slots.push(slot);
        slots.store(folder)
    }

    /// Puts the keys of `by` under a new password, in the slot of the same user. Nothing else changes.
    ///
    /// # Errors
    /// [`VaultError::NoSuchSlot`], [`VaultError::KeyNotHeld`], [`VaultError::StaleEpoch`],
    /// [`VaultError::StorageFull`].
    pub fn rewrap(
        folder: &Path,
        by: &Unlocked,
        new_password: &str,
        policy: KdfPolicy,
    ) -> Result<(), VaultError> {
        let mut slots = load_for(folder, by)?;
        let slot = slots.by_user(by.user_id).ok_or(VaultError::NoSuchSlot)?;
        slot.kdf = KdfParameters::fresh(policy)?;
        slot.epoch = by.epoch;
        fill_slot(slot, by, new_password)?;
        slots.store(folder)
    }

    /// Takes a user's slot away. Keys the user has seen stay valid until they are changed.
    ///
    /// # Errors
    /// [`VaultError::NoSuchSlot`], [`VaultError::NoAdministrator`] for the last administrator.
    pub fn remove_slot(folder: &Path, user: UserId) -> Result<(), VaultError> {
        let mut slots = KeySlots::load(folder)?;
        let at = slots.slots.iter().position(|slot| slot.id == user).ok_or(VaultError::NoSuchSlot)?;
        slots.slots.remove(at);
        if !slots.slots.iter().any(|slot| slot.role == Role::Administrator) {
            return Err(VaultError::NoAdministrator);
        }
        slots.store(folder)
    }

    /// Issues a new recovery sheet; the old one opens nothing afterwards.
    ///
    /// # Errors
    /// [`VaultError::KeyNotHeld`], [`VaultError::StaleEpoch`], [`VaultError::StorageFull`].
    pub fn issue_recovery(folder: &Path, by: &Unlocked) -> Result<RecoverySheet, VaultError> {
        let mut slots = load_for(folder, by)?;
        let (slot, sheet) = recovery_slot(&slots, by)?;
        slots.recovery = Some(slot);
        slots.store(folder)?;
        Ok(sheet)
    }
}

/// The slots, provided that `by` holds the keys they wrap today.
fn load_for(folder: &Path, by: &Unlocked) -> Result<KeySlots, VaultError> {
    let slots = KeySlots::load(folder)?;
    if slots.epoch == by.epoch { Ok(slots) } else { Err(VaultError::StaleEpoch) }
}

fn new_slot(
    slots: &KeySlots,
    keys: &Unlocked,
    owner: NewOwner<'_>,
    policy: KdfPolicy,
) -> Result<Slot, VaultError> {
    let mut slot = Slot {
        id: owner.user_id,
        login: slots.login_digest(owner.login),
        role: owner.role,
        kdf: KdfParameters::fresh(policy)?,
        epoch: slots.epoch,
        nonce: [0; NONCE_BYTES],
        wrapped: Vec::new(),
    };
    fill_slot(&mut slot, keys, owner.password)?;
    Ok(slot)
}

fn fill_slot(slot: &mut Slot, keys: &Unlocked, password: &str) -> Result<(), VaultError> {
    let payload = pack(keys, slot.role)?;
    let key = slot.kdf.derive(password)?;
    let wrapped = wrap::wrap(&key, &slot.associated(), &payload)?;
    slot.fill(wrapped);
    Ok(())
}

fn recovery_slot(slots: &KeySlots, keys: &Unlocked) -> Result<(RecoverySlot, RecoverySheet), VaultError> {
    let code = RecoveryCode::random()?;
    let mut salt = [0; RECOVERY_SALT_BYTES];
    getrandom::fill(&mut salt)?;
    let mut slot = RecoverySlot {
        id: Uuid::now_v7(),
        issued_to: keys.user_id,
        epoch: slots.epoch,
        salt,
        nonce: [0; NONCE_BYTES],
        wrapped: Vec::new(),
    };
    let payload = pack(keys, Role::Administrator)?;
    let wrapped = wrap::wrap(&code.key(&slot.salt), &slot.associated(), &payload)?;
    slot.fill(wrapped);
    Ok((slot, code.sheet()))
}

/// Database key, audit key and, where the role opens photographs, the clinical key: 64 or 96 bytes.
fn pack(keys: &Unlocked, role: Role) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let mut payload = Zeroizing::new(Vec::with_capacity(3 * KEY_BYTES));
    payload.extend_from_slice(keys.database_key.expose());
    payload.extend_from_slice(keys.audit_key.expose());
    if role.opens_photographs() {
        let clinical = keys.clinical_key.as_ref().ok_or(VaultError::KeyNotHeld)?;
        payload.extend_from_slice(clinical.expose());
    }
    Ok(payload)
}

fn unpack(payload: &[u8], user_id: UserId, role: Role, epoch: u32) -> Result<Unlocked, VaultError> {
    let (keys, rest) = payload.as_chunks::<KEY_BYTES>();
    let (database, audit, clinical) = match keys {
        [database, audit] if rest.is_empty() => (database, audit, None),
        [database, audit, clinical] if rest.is_empty() => (database, audit, Some(clinical)),
        _ => return Err(VaultError::KeySlotsDamaged),
    };
    if clinical.is_some() != role.opens_photographs() {
        return Err(VaultError::KeySlotsDamaged);
    }
    Ok(Unlocked {
        database_key: Secret::from_bytes(database),
        audit_key: Secret::from_bytes(audit),
        clinical_key: clinical.map(Secret::from_bytes),
        user_id,
        role,
        epoch,
    })
}
