//! Making a generation, and letting old ones go.

use std::collections::{HashMap, HashSet};
use std::fs::File;

use domain::{BackupId, FileId};

use super::ahead::{self, Found};
use super::draft::{BackupDraft, Content, Source};
use super::drive::Drive;
use super::manifest::{self, FileEntry, Generation, Manifest, Part};
use super::objects::{self, Digest, Shelf};
use super::set::BackupSet;
use super::{BackupStep, BackupWatch, Tally};
use crate::error::VaultError;
use crate::layout;

/// A set that this program makes backups in.
pub struct OpenSet {
    set: BackupSet,
    drive: Drive,
    /// Held until it is dropped.
    _lock: File,
}

/// A backup that was made, flushed and read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupMade {
    pub generation: Generation,
    /// What was new and had to be written.
    pub bytes_written: u64,
    /// The sealed files that are part of it.
    pub sealed: HashSet<FileId>,
}

impl OpenSet {
    pub(super) const fn new(set: BackupSet, drive: Drive, lock: File) -> Self {
        Self { set, drive, _lock: lock }
    }

    /// Copies what the set does not hold yet, flushes it, reads it back, and puts the manifest in place. When this
    /// fails or is cut, the earlier backups are as they were, and what was copied is not copied again.
    /// A thorough one believes nothing that lies there: every file is read, every piece is read back, and damaged ones
    /// are written anew.
    ///
    /// # Errors
    /// [`VaultError::Cancelled`]; [`VaultError::Damaged`] when what was read back is not what was written;
    /// [`VaultError::StorageFull`], [`VaultError::FileMissing`], [`VaultError::Storage`].
    pub fn make(
        &self,
        draft: &BackupDraft,
        thorough: bool,
        watch: &mut BackupWatch<'_>,
    ) -> Result<BackupMade, VaultError> {
        let previous = if thorough { None } else { self.newest_authentic(draft)? };
        let sources = draft.sources()?;
        let copied = Copying::begin(&self.drive, previous.as_ref())?.copy(&sources, watch)?;
        let Copied { files, unproven, bytes_written } = copied;
        self.drive.flush()?;
        self.read_back(&unproven, watch)?;
        let sealed = files.iter().filter_map(|file| layout::sealed_file_of(&file.path)).collect();
        let mut manifest = Manifest { generation: draft.generation.clone(), files };
        manifest.generation.files = manifest.files.len() as u64;
        manifest.generation.bytes = manifest.files.iter().map(|file| file.length).sum();
        let bytes = manifest.seal(&draft.key);
        self.drive.put_durably(&self.set.manifest(manifest.generation.id), &bytes)?;
        Ok(BackupMade { generation: manifest.generation, bytes_written, sealed })
    }

    /// Removes the backups that `keep` does not name, and then the pieces that no backup needs any more. Where a
    /// manifest cannot be read, no piece goes: it may be needed.
    ///
    /// # Errors
    /// [`VaultError::Storage`]; what was not removed goes the next time.
    pub fn keep_only(&self, keep: impl FnOnce(&[Generation]) -> HashSet<BackupId>) -> Result<(), VaultError> {
        let generations = self.set.generations()?;
        let kept = keep(&generations);
        let leaving = generations.iter().filter(|generation| !kept.contains(&generation.id));
        for generation in leaving {
            self.drive.remove(&self.set.manifest(generation.id))?;
        }
        self.drive.flush_root()?;
        let mut wanted: HashSet<Digest> = HashSet::new();
        for path in self.set.manifests()? {
            let Ok(read) = manifest::read(&path) else { return Ok(()) };
            wanted.extend(read.claimed().parts().map(|part| part.sha256));
        }
        objects::sweep(&self.drive, &wanted)
    }

    /// The newest backup that was made with the keys of today: what it names was read back once.
    fn newest_authentic(&self, draft: &BackupDraft) -> Result<Option<Manifest>, VaultError> {
        for generation in self.set.generations()? {
            let read = manifest::read(&self.set.manifest(generation.id));
            if let Ok(manifest) = read.and_then(|unproven| unproven.prove(&draft.key)) {
                return Ok(Some(manifest));
            }
        }
        Ok(None)
    }

    fn read_back(&self, parts: &[Part], watch: &mut BackupWatch<'_>) -> Result<(), VaultError> {
        let total = parts.iter().map(|part| part.length).sum();
        let mut tally = Tally::begin(watch, BackupStep::Checking, total)?;
        ahead::check(self.drive.root(), parts, |length| tally.add(length))
    }
}

impl std::fmt::Debug for OpenSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenSet").field("set", &self.set).finish_non_exhaustive()
    }
}

/// Files on their way into a set.
struct Copying<'a> {
    drive: &'a Drive,
    shelf: Shelf,
    known: HashMap<&'a str, &'a FileEntry>,
    /// Pieces that were read back once, or will be.
    proven: HashSet<Digest>,
    /// Those that will be.
    unproven: Vec<Part>,
    bytes_written: u64,
}

struct Copied {
    /// In the order of the sources, without those that went meanwhile.
    files: Vec<FileEntry>,
    unproven: Vec<Part>,
    bytes_written: u64,
}

impl<'a> Copying<'a> {
    fn begin(drive: &'a Drive, previous: Option<&'a Manifest>) -> Result<Self, VaultError> {
        let files = previous.map_or(&[][..], |manifest| manifest.files.as_slice());
        Ok(Self {
            drive,
            shelf: Shelf::look(drive.root())?,
            known: files.iter().map(|file| (file.path.as_str(), file)).collect(),
            proven: previous
                .into_iter()
                .flat_map(|manifest| manifest.parts())
                .map(|part| part.sha256)
                .collect(),
            unproven: Vec::new(),
            bytes_written: 0,
        })
    }

    fn copy(mut self, sources: &[Source], watch: &mut BackupWatch<'_>) -> Result<Copied, VaultError> {
        let total = sources.iter().map(|source| source.content.length()).sum();
        let mut tally = Tally::begin(watch, BackupStep::Copying, total)?;
        let mut files: Vec<Option<FileEntry>> = vec![None; sources.len()];
        let mut changed = Vec::new();
        for (number, source) in sources.iter().enumerate() {
            if let Some(known) = self.unchanged(source) {
                tally.add(known.length)?;
                files[number] = Some(known.clone());
            } else {
                changed.push((number, source));
            }
        }
        ahead::read(&changed, |number, found| {
            match found {
                Found::Beginning { modified } => {
                    let path = sources[number].path.clone();
                    files[number] = Some(FileEntry { path, length: 0, modified, parts: Vec::new() });
                }
                Found::Piece { part, bytes } => {
                    self.piece(part, &bytes)?;
                    let entry = files[number].as_mut();
                    let entry = entry.unwrap_or_else(|| unreachable!("a file begins before its pieces"));
                    entry.length += part.length;
                    entry.parts.push(part);
                    tally.add(part.length)?;
                }
            }
            Ok(())
        })?;
        let files = files.into_iter().flatten().collect();
        Ok(Copied { files, unproven: self.unproven, bytes_written: self.bytes_written })
    }

    /// What the previous backup says of a sealed file that it holds already.
    fn unchanged(&self, source: &Source) -> Option<&'a FileEntry> {
        let Content::File { length, modified, sealed: true, .. } = &source.content else { return None };
        let known = *self.known.get(source.path.as_str())?;
        let same = known.length == *length && known.modified == *modified;
        (same && known.parts.iter().all(|part| self.shelf.holds(part))).then_some(known)
    }

    /// Writes a piece unless it is there. One that nobody vouches for, as from a backup that was cut, is read back
    /// first, and written anew when it is not whole.
    fn piece(&mut self, part: Part, bytes: &[u8]) -> Result<(), VaultError> {
        let vouched = !self.proven.insert(part.sha256);
        let whole = self.shelf.holds(&part) && (vouched || objects::read(self.drive.root(), &part).is_ok());
        if !whole {
            self.shelf.put(self.drive, &part, bytes)?;
            self.bytes_written += part.length;
            self.unproven.push(part);
        } else if !vouched {
            self.drive.flush_later(objects::path(self.drive.root(), &part.sha256));
        }
        Ok(())
    }
}
