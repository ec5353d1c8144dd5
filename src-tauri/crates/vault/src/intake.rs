//! Notes left while nobody is signed in: sealed to a key whose private half comes from the audit key.

use std::fs;
use std::path::Path;

use uuid::Uuid;
use zeroize::Zeroizing;

use crate::durable::{self, Existing, UNFINISHED};
use crate::error::VaultError;
use crate::layout;
use crate::sealing::{self, PUBLIC_BYTES, PublicKey, Sealed};
use crate::secret::Secret;
use crate::slots::KeySlots;
use crate::unlocked::Unlocked;

const KEY_LABEL: &str = "lentigo intake key v1";
const NOTE_LABEL: &str = "lentigo intake note v1";
const EXTENSION: &str = "note";
const LARGEST: usize = 8 * 1024;
const MOST: usize = 100;

/// The notes that wait in one clinic folder.
#[derive(Debug)]
pub struct Intake;

/// A note that waited.
pub struct Note {
    /// For [`Intake::discard`].
    pub name: String,
    pub bytes: Zeroizing<Vec<u8>>,
}

/// What waited.
pub struct Collected {
    /// Oldest first.
    pub notes: Vec<Note>,
    /// Notes that do not open: altered, cut short, or never sealed here. They are removed.
    pub damaged: usize,
}

impl Intake {
    /// Seals a note of at most 8 KiB and leaves it in the folder; when this returns, it is on the disk.
    ///
    /// # Errors
    /// [`VaultError::TooLarge`], [`VaultError::TooManyWaiting`] when a hundred wait already,
    /// [`VaultError::StorageFull`], and those of reading the key slots.
    pub fn drop_in(clinic_folder: &Path, note: &[u8]) -> Result<(), VaultError> {
        if note.len() > LARGEST {
            return Err(VaultError::TooLarge);
        }
        let intake = KeySlots::load(clinic_folder)?.intake;
        let folder = clinic_folder.join(layout::INTAKE);
        durable::private_folder(&folder)?;
        if names_in(&folder)?.len() >= MOST {
            return Err(VaultError::TooManyWaiting);
        }
        let name = format!("{}.{EXTENSION}", Uuid::now_v7());
        let sealed = sealing::seal(&intake, NOTE_LABEL, name.as_bytes(), note)?;
        let bytes = [&sealed.encapsulated[..], &sealed.ciphertext].concat();
        durable::write(&folder.join(name), &bytes, Existing::Refuse)
    }

    /// Opens what waits. Discard each note once it is taken in; until then it comes again.
    ///
    /// # Errors
    /// [`VaultError::Storage`].
    pub fn collect(clinic_folder: &Path, keys: &Unlocked) -> Result<Collected, VaultError> {
        let folder = clinic_folder.join(layout::INTAKE);
        let mut collected = Collected { notes: Vec::new(), damaged: 0 };
        if !folder.exists() {
            return Ok(collected);
        }
        let identity = identity(&keys.audit_key);
        for name in names_in(&folder)? {
            let path = folder.join(&name);
            // A file far above the largest note is none, and not worth reading.
            let plausible = fs::metadata(&path)?.len() <= 2 * LARGEST as u64;
            let bytes = if plausible { fs::read(&path)? } else { Vec::new() };
            match open(&identity, &name, &bytes) {
                Some(bytes) => collected.notes.push(Note { name, bytes }),
                None => {
                    fs::remove_file(&path)?;
                    collected.damaged += 1;
                }
            }
        }
        Ok(collected)
    }

    /// Removes a note that was taken in. A missing one is fine.
    ///
    /// # Errors
    /// [`VaultError::Storage`].
    pub fn discard(clinic_folder: &Path, name: &str) -> Result<(), VaultError> {
        let folder = clinic_folder.join(layout::INTAKE);
        if !is_note(name) {
            return Ok(());
        }
        match fs::remove_file(folder.join(name)).map_err(VaultError::from) {
            Ok(()) => durable::sync_folder(&folder),
            Err(VaultError::FileMissing) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// The key that notes are sealed to.
pub(crate) fn public_key(audit_key: &Secret) -> PublicKey {
    PublicKey::of(&identity(audit_key))
}

fn identity(audit_key: &Secret) -> Secret {
    sealing::identity_from(&audit_key.derive(KEY_LABEL))
}

fn open(identity: &Secret, name: &str, bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (encapsulated, ciphertext) = bytes.split_first_chunk::<PUBLIC_BYTES>()?;
    let sealed = Sealed { encapsulated: *encapsulated, ciphertext: ciphertext.to_vec() };
    sealing::open(identity, NOTE_LABEL, name.as_bytes(), &sealed)
}

/// Names of the notes, oldest first; leftovers of unfinished writing are removed.
fn names_in(folder: &Path) -> Result<Vec<String>, VaultError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_name().into_string() {
            Ok(name) if is_note(&name) => names.push(name),
            Ok(name) if name.starts_with(UNFINISHED) => {
                fs::remove_file(entry.path()).ok();
            }
            _ => {}
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// Exactly the names written here, so that nothing outside the folder can be meant.
fn is_note(name: &str) -> bool {
    let id = name.strip_suffix(EXTENSION).and_then(|stem| stem.strip_suffix('.'));
    id.and_then(|id| id.parse::<Uuid>().ok()).is_some_and(|id| format!("{id}.{EXTENSION}") == name)
}
