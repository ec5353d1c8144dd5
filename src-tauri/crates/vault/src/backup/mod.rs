//! Backups: the clinic in a folder elsewhere, as many times as one likes.
//!
//! A set is the folder `lentigo-<clinic>` inside the folder that was chosen. It holds generations, each of which
//! is the whole clinic at one moment:
//!
//! ```text
//! manifest-<generation>.json   what belongs to the generation; written last
//! objects/ab/abcd…             pieces of files by their SHA-256, shared by the generations
//! ```
//!
//! Nothing is encrypted or opened on the way: photographs are sealed files, the database is copied as it lies, page by
//! encrypted page, and the keys are wrapped in the key slots, which are part of every generation. A manifest is
//! authenticated with a key derived from the database key of its time. It is put in place after everything it
//! names was flushed to the disk and read back, so that a backup that was cut leaves the earlier ones as they were.

mod ahead;
mod draft;
mod drive;
mod making;
mod manifest;
mod objects;
mod opened;
mod set;
#[cfg(test)]
mod tests;

pub use draft::{BackupDraft, DraftOrigin};
pub use making::{BackupMade, OpenSet};
pub use manifest::Generation;
#[cfg(feature = "fuzzing")]
pub use manifest::fuzzed as fuzzed_manifest;
pub use opened::{BackupProof, Examined, OpenedBackup, Placed};
pub use set::BackupSet;

use crate::error::VaultError;

/// What long work on a backup is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupStep {
    /// Files of the clinic are read and what is new is written.
    Copying,
    /// What was written, or a whole generation, is read back.
    Checking,
    /// Files are written where the clinic will be.
    Restoring,
}

/// Hears how many bytes of how many are done, between pieces of at most 8 MiB; false stops the work, which is then
/// [`VaultError::Cancelled`].
pub type BackupWatch<'a> = dyn FnMut(BackupStep, u64, u64) -> bool + 'a;

/// The bytes of one step, told to whoever watches.
struct Tally<'a, 'b> {
    watch: &'a mut BackupWatch<'b>,
    step: BackupStep,
    done: u64,
    of: u64,
}

impl<'a, 'b> Tally<'a, 'b> {
    fn begin(watch: &'a mut BackupWatch<'b>, step: BackupStep, of: u64) -> Result<Self, VaultError> {
        let mut tally = Self { watch, step, done: 0, of };
        tally.add(0)?;
        Ok(tally)
    }

    fn add(&mut self, bytes: u64) -> Result<(), VaultError> {
        self.done = (self.done + bytes).min(self.of);
        if (self.watch)(self.step, self.done, self.of) { Ok(()) } else { Err(VaultError::Cancelled) }
    }
}
