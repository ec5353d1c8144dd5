//! A backup that somebody proved their right to: reading all of it back, and putting it somewhere.

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use domain::BackupId;

use super::drive::flush;
use super::manifest::{self, FileEntry, Generation, Manifest};
use super::objects::{self, Digest};
use super::set::BackupSet;
use super::{BackupStep, BackupWatch, Tally};
use crate::durable;
use crate::error::VaultError;
use crate::kdf::KdfPolicy;
use crate::layout;
use crate::slots::KeySlots;
use crate::unlocked::Unlocked;
use crate::vault::{unlock_sheet, unlock_slot};

/// What opens a backup: the keys of its time.
pub enum BackupProof<'a> {
    Password {
        login: &'a str,
        password: &'a str,
        policy: KdfPolicy,
    },
    /// The code of the recovery sheet that was valid when the backup was made.
    Sheet(&'a str),
    /// Whoever is signed in, for trying out a backup.
    Keys(&'a Unlocked),
}

/// A backup with its keys. Nothing was written for it.
pub struct OpenedBackup {
    root: PathBuf,
    manifest: Manifest,
    keys: Unlocked,
}

/// What came of reading a whole backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    pub files: u64,
    pub bytes: u64,
    /// Paths of files that are not what was backed up.
    pub damaged: Vec<String>,
}

impl Examined {
    /// Only sealed files are lost; the clinic opens without them.
    #[must_use]
    pub fn opens_all_the_same(&self) -> bool {
        self.damaged.iter().all(|path| layout::sealed_file_of(path).is_some())
    }
}

/// What was put somewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    pub files: u64,
    pub bytes: u64,
}

impl BackupSet {
    /// Opens a backup with somebody's proof. Nothing is written, and no failure is counted: who holds the backup
    /// can try where nobody counts.
    ///
    /// # Errors
    /// [`VaultError::InvalidCredentials`], [`VaultError::RecoveryCodeMistyped`]; [`VaultError::KeyNotHeld`] when the
    /// session's keys are not those of the backup; [`VaultError::Damaged`], [`VaultError::NewerFormat`],
    /// [`VaultError::FileMissing`], [`VaultError::Storage`].
    pub fn open(&self, id: BackupId, proof: &BackupProof<'_>) -> Result<OpenedBackup, VaultError> {
        let unproven = manifest::read(&self.manifest(id))?;
        let slots = self.key_slots(unproven.claimed())?;
        let keys = match proof {
            BackupProof::Password { login, password, policy } => {
                unlock_slot(&slots, login, password, *policy)?
            }
            BackupProof::Sheet(code) => unlock_sheet(&slots, code)?,
            BackupProof::Keys(by) => keys_for(&slots, by)?,
        };
        let manifest = unproven.prove(&manifest::key(&keys.database_key))?;
        Ok(OpenedBackup { root: self.folder().to_owned(), manifest, keys })
    }

    /// They prove themselves: a slot that was altered opens nothing.
    fn key_slots(&self, manifest: &Manifest) -> Result<KeySlots, VaultError> {
        let readable = |name: &str| {
            let file = manifest.files.iter().find(|file| file.path == name)?;
            let parts = file.parts.iter().map(|part| objects::read(self.folder(), part));
            KeySlots::parse(&parts.collect::<Result<Vec<_>, _>>().ok()?.concat()).ok()
        };
        readable(layout::KEY_SLOTS)
            .or_else(|| readable(layout::KEY_SLOTS_COPY))
            .ok_or(VaultError::KeySlotsDamaged)
    }
}

/// Through the person's own slot in the backup, which tries that it opens; with the keys of today where they had none.
fn keys_for(slots: &KeySlots, by: &Unlocked) -> Result<Unlocked, VaultError> {
    let own = by.identity.as_ref().zip(slots.of(by.user_id).ok());
    match own.map(|(identity, slot)| slot.open(identity.clone(), slots.epoch)) {
        Some(Ok(keys)) => Ok(keys),
        _ if slots.epoch == by.epoch => Ok(by.duplicate()),
        _ => Err(VaultError::KeyNotHeld),
    }
}

impl OpenedBackup {
    #[must_use]
    pub const fn generation(&self) -> &Generation {
        &self.manifest.generation
    }

    #[must_use]
    pub const fn keys(&self) -> &Unlocked {
        &self.keys
    }

    /// Reads every byte and compares it with what was backed up.
    ///
    /// # Errors
    /// [`VaultError::Cancelled`]; [`VaultError::FileMissing`] when the whole set is gone. Single files that are
    /// missing, damaged or cannot be read are in the answer.
    pub fn examine(&self, watch: &mut BackupWatch<'_>) -> Result<Examined, VaultError> {
        let mut judged: HashMap<Digest, bool> = HashMap::new();
        let mut damaged = Vec::new();
        let mut tally = Tally::begin(watch, BackupStep::Checking, self.manifest.generation.bytes)?;
        for file in &self.manifest.files {
            let mut whole = true;
            for part in &file.parts {
                whole &=
                    *judged.entry(part.sha256).or_insert_with(|| objects::read(&self.root, part).is_ok());
                tally.add(part.length)?;
            }
            if !whole {
                damaged.push(file.path.clone());
            }
        }
        fs::metadata(&self.root)?;
        Ok(Examined { files: self.manifest.generation.files, bytes: self.manifest.generation.bytes, damaged })
    }

    /// Puts those files into a folder that `wanted` says, and flushes them to the disk. Every piece is checked again
    /// on its way.
    ///
    /// # Errors
    /// [`VaultError::Cancelled`], [`VaultError::Damaged`], [`VaultError::StorageFull`], [`VaultError::FileMissing`],
    /// [`VaultError::Storage`]. What was written stays; the caller removes the folder.
    pub fn place(
        &self,
        folder: &Path,
        wanted: impl Fn(&str) -> bool,
        watch: &mut BackupWatch<'_>,
    ) -> Result<Placed, VaultError> {
        let files: Vec<&FileEntry> = self.manifest.files.iter().filter(|file| wanted(&file.path)).collect();
        let total = files.iter().map(|file| file.length).sum();
        let mut tally = Tally::begin(watch, BackupStep::Restoring, total)?;
        durable::private_folder(folder)?;
        durable::private_folder(&folder.join(layout::IMAGES))?;
        for file in &files {
            let path = folder.join(&file.path);
            if let Some(parent) = path.parent().filter(|parent| !parent.is_dir()) {
                durable::private_folder(parent)?;
            }
            self.put(file, &path, &mut tally)?;
        }
        let paths: Vec<PathBuf> = files.iter().map(|file| folder.join(&file.path)).collect();
        flush(folder, &paths)?;
        Ok(Placed { files: files.len() as u64, bytes: total })
    }

    fn put(&self, entry: &FileEntry, path: &Path, tally: &mut Tally<'_, '_>) -> Result<(), VaultError> {
        let mut file = durable::new_private_file(path)?;
        for part in &entry.parts {
            file.write_all(&objects::read(&self.root, part)?)?;
            tally.add(part.length)?;
        }
        if let Ok(modified @ 1..) = u64::try_from(entry.modified) {
            // So that the next backup need not read it again.
            file.set_modified(UNIX_EPOCH + Duration::from_nanos(modified))?;
        }
        Ok(())
    }
}

impl std::fmt::Debug for OpenedBackup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenedBackup").field("generation", &self.manifest.generation).finish_non_exhaustive()
    }
}
