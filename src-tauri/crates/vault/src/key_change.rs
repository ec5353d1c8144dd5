//! New keys for the whole clinic, after somebody left who held the old ones.
//!
//! The database is written again, under the new key, into the file of the next epoch. Putting the new key
//! slots in place is the one moment at which the new keys count: before it the old clinic is whole, after it
//! the new one is. What is left of the other is removed at once or by the next [`crate::open_database`].

use std::collections::HashSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use crate::database;
use crate::error::VaultError;
use crate::layout;
use crate::migration_copy::MigrationCopy;
use crate::recovery::RecoverySheet;
use crate::secret::Secret;
use crate::slots::KeySlots;
use crate::unlocked::Unlocked;
use crate::vault::recovery_slot;

/// Folders whose keys this process is changing: their other databases are no leftovers yet.
static RUNNING: LazyLock<Mutex<HashSet<PathBuf>>> = LazyLock::new(Mutex::default);

/// A change of keys under way. Dropping it without [`KeyChange::commit`] leaves the clinic as it was.
pub struct KeyChange {
    folder: PathBuf,
    old: Unlocked,
    new: Unlocked,
}

impl KeyChange {
    /// Makes fresh keys for the database and the photographs; the audit key stays, so that old rows stay
    /// provable. Nothing of the clinic changes yet.
    ///
    /// # Errors
    /// [`VaultError::KeyNotHeld`] when `by` does not hold every key, [`VaultError::SlotAltered`] when a
    /// public key was not put there by somebody who held the keys, [`VaultError::StaleEpoch`],
    /// [`VaultError::KeyChangeRunning`], [`VaultError::Storage`].
    pub fn begin(folder: &Path, by: &Unlocked) -> Result<Self, VaultError> {
        if by.clinical_key.is_none() {
            return Err(VaultError::KeyNotHeld);
        }
        let slots = KeySlots::load(folder)?;
        check(&slots, by)?;
        let old = by.duplicate();
        let new = Unlocked {
            database_key: Secret::random()?,
            clinical_key: Some(Secret::random()?),
            epoch: by.epoch.checked_add(1).ok_or(VaultError::StaleEpoch)?,
            ..by.duplicate()
        };
        if !running().insert(folder.to_owned()) {
            return Err(VaultError::KeyChangeRunning);
        }
        let change = Self { folder: folder.to_owned(), old, new };
        database::remove_others(folder, by.epoch)?;
        Ok(change)
    }

    /// The keys that count after the commit.
    #[must_use]
    pub const fn keys(&self) -> &Unlocked {
        &self.new
    }

    /// Copies the database under the new key, checks the copy and flushes it to the disk. Nothing may
    /// write to `from` between this and the commit.
    ///
    /// # Errors
    /// [`VaultError::ClinicExists`] when it was copied already, [`VaultError::Damaged`],
    /// [`VaultError::StorageFull`], [`VaultError::Database`].
    pub fn copy_database(&self, from: &Connection) -> Result<Connection, VaultError> {
        database::copy(from, &self.folder.join(layout::database(self.new.epoch)), &self.new.database_key)
    }

    /// Seals the new keys to everybody who has a slot, issues a new recovery sheet, puts the new slots in
    /// place and removes the old database. Passwords and recovery codes go on working; activations and
    /// resets that were open are void. Close the connection to the copy first.
    ///
    /// # Errors
    /// [`VaultError::FileMissing`] when the database was not copied, [`VaultError::SlotAltered`],
    /// [`VaultError::StaleEpoch`], [`VaultError::StorageFull`]: the clinic is as it was.
    pub fn commit(self) -> Result<RecoverySheet, VaultError> {
        // What the copy's own connection could not flush, say because it was never closed.
        drop(database::open_database_at(
            &self.folder.join(layout::database(self.new.epoch)),
            &self.new.database_key,
        )?);
        let (recovery, sheet) = recovery_slot(&self.new)?;
        // They open with the old key, which somebody who left may hold.
        MigrationCopy::remove_all(&self.folder)?;
        let ((), copied) = KeySlots::change_and_copy(&self.folder, |slots| {
            check(slots, &self.old)?;
            slots.epoch = self.new.epoch;
            slots.recovery = Some(recovery);
            // Somebody who was invited and has not come yet needs a new code, and a slot with it.
            slots.slots.retain(|slot| slot.password.is_some());
            for slot in &mut slots.slots {
                slot.activation = None;
                slot.seal(&self.new)?;
            }
            Ok(())
        })?;
        if copied {
            // The copy of the old slots is gone, so the old database is of no more use to anybody.
            database::remove_others(&self.folder, self.new.epoch).ok();
        }
        Ok(sheet)
    }
}

impl Drop for KeyChange {
    fn drop(&mut self) {
        running().remove(&self.folder);
    }
}

impl fmt::Debug for KeyChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyChange").field("epoch", &self.new.epoch).finish_non_exhaustive()
    }
}

/// The keys are those of today, and every public key is one that somebody who held them put there.
fn check(slots: &KeySlots, by: &Unlocked) -> Result<(), VaultError> {
    slots.refuse_stale(by)?;
    slots.slots.iter().try_for_each(|slot| slot.check_mac(&by.audit_key))
}

pub(crate) fn is_running(folder: &Path) -> bool {
    running().contains(folder)
}

fn running() -> MutexGuard<'static, HashSet<PathBuf>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}
