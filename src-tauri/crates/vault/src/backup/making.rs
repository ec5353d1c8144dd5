//! Making a generation, and letting old ones go.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, Read};

use domain::{BackupId, FileId};

use super::draft::{BackupDraft, Content, Source};
use super::drive::Drive;
use super::manifest::{self, FileEntry, Generation, Manifest, Part};
use super::objects::{self, Digest, Shelf, digest};
use super::set::BackupSet;
use super::{BackupStep, BackupWatch, Tally};
use crate::error::VaultError;
use crate::layout;

const BYTES_PIECE: u64 = 8 << 20;

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
        let mut copying = Copying::begin(&self.drive, previous.as_ref())?;
        let total = sources.iter().map(|source| source.content.length()).sum();
        let mut tally = Tally::begin(watch, BackupStep::Copying, total)?;
        let mut files = Vec::with_capacity(sources.len());
        for source in &sources {
            files.extend(copying.file(source, &mut tally)?);
        }
        let Copying { unproven, bytes_written, .. } = copying;
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
        for part in parts {
            objects::read(self.drive.root(), part)?;
            tally.add(part.length)?;
        }
        Ok(())
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

    /// Nothing when the file went meanwhile.
    fn file(&mut self, source: &Source, tally: &mut Tally<'_, '_>) -> Result<Option<FileEntry>, VaultError> {
        if let Some(known) = self.unchanged(source) {
            tally.add(known.length)?;
            return Ok(Some(known.clone()));
        }
        let (mut reader, piece, modified): (Box<dyn Read + '_>, _, _) = match &source.content {
            Content::Bytes(bytes) => (Box::new(bytes.as_slice()), BYTES_PIECE, 0),
            Content::File { at, piece, modified, sealed, .. } => match File::open(at) {
                Err(error) if *sealed && error.kind() == io::ErrorKind::NotFound => return Ok(None),
                opened => (Box::new(opened?), *piece, *modified),
            },
        };
        let mut entry = FileEntry { path: source.path.clone(), length: 0, modified, parts: Vec::new() };
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            reader.by_ref().take(piece).read_to_end(&mut bytes)?;
            if bytes.is_empty() {
                return Ok(Some(entry));
            }
            let part = Part { sha256: digest(&bytes), length: bytes.len() as u64 };
            self.piece(part, &bytes)?;
            entry.length += part.length;
            entry.parts.push(part);
            tally.add(part.length)?;
        }
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
