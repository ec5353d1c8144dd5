//! Pieces of files, each under the name of its SHA-256.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::drive::{Drive, read_back};
use super::manifest::Part;
use crate::durable::UNFINISHED;
use crate::error::VaultError;

pub(super) type Digest = [u8; 32];

const FOLDER: &str = "objects";

pub(super) fn digest(bytes: &[u8]) -> Digest {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    digest.as_ref().try_into().unwrap_or_else(|_| unreachable!("SHA-256 has 32 bytes"))
}

pub(super) fn path(root: &Path, digest: &Digest) -> PathBuf {
    let name = hex::encode(digest);
    root.join(FOLDER).join(&name[..2]).join(name)
}

/// Reads a piece back.
///
/// # Errors
/// [`VaultError::FileMissing`], [`VaultError::Damaged`] when it is not what its name says.
pub(super) fn read(root: &Path, part: &Part) -> Result<Vec<u8>, VaultError> {
    let bytes = read_back(&path(root, &part.sha256), part.length)?;
    if digest(&bytes) == part.sha256 { Ok(bytes) } else { Err(VaultError::Damaged) }
}

/// The pieces that lie in a set, with their lengths. Nothing is read.
#[derive(Default)]
pub(super) struct Shelf {
    lengths: HashMap<Digest, u64>,
    folders: HashSet<PathBuf>,
}

impl Shelf {
    pub fn look(root: &Path) -> Result<Self, VaultError> {
        let mut shelf = Self::default();
        for folder in entries(&root.join(FOLDER))? {
            for file in entries(&folder)? {
                if let Some(digest) = digest_of(&file) {
                    shelf.lengths.insert(digest, fs::metadata(&file)?.len());
                }
            }
            shelf.folders.insert(folder);
        }
        Ok(shelf)
    }

    pub fn holds(&self, part: &Part) -> bool {
        self.lengths.get(&part.sha256) == Some(&part.length)
    }

    /// Puts a piece on the shelf, in the place of one that was cut short.
    pub fn put(&mut self, drive: &Drive, part: &Part, bytes: &[u8]) -> Result<(), VaultError> {
        let path = path(drive.root(), &part.sha256);
        let folder = path.parent().unwrap_or_else(|| unreachable!("an object lies in a folder"));
        if !self.folders.contains(folder) {
            drive.make_folder(folder)?;
            self.folders.insert(folder.to_owned());
        }
        drive.put(&path, bytes)?;
        self.lengths.insert(part.sha256, part.length);
        Ok(())
    }
}

/// Removes the pieces that nothing refers to, and what was never finished.
pub(super) fn sweep(drive: &Drive, wanted: &HashSet<Digest>) -> Result<(), VaultError> {
    for folder in entries(&drive.root().join(FOLDER))? {
        for file in entries(&folder)? {
            let orphan = digest_of(&file).is_some_and(|digest| !wanted.contains(&digest));
            if orphan || is_unfinished(&file) {
                drive.remove(&file)?;
            }
        }
    }
    for file in entries(drive.root())?.iter().filter(|file| is_unfinished(file)) {
        drive.remove(file)?;
    }
    Ok(())
}

fn digest_of(path: &Path) -> Option<Digest> {
    let mut digest = [0; 32];
    hex::decode_to_slice(path.file_name()?.to_str()?, &mut digest).ok()?;
    Some(digest)
}

fn is_unfinished(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(UNFINISHED))
}

/// What lies in a folder; nothing in one that is not there.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>, VaultError> {
    match fs::read_dir(folder) {
        Ok(found) => found.map(|entry| Ok(entry?.path())).collect(),
        Err(error)
            if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) =>
        {
            Ok(Vec::new())
        }
        Err(error) => Err(error.into()),
    }
}
