//! The clinic at one moment, ready to be copied without its keys.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use domain::ClinicId;
use jiff::Timestamp;
use rusqlite::Connection;
use tempfile::NamedTempFile;

use super::manifest::{self, Generation};
use super::objects::entries;
use crate::database;
use crate::durable::UNFINISHED;
use crate::error::VaultError;
use crate::key_change;
use crate::layout;
use crate::secret::Secret;
use crate::slots::KeySlots;
use crate::unlocked::Unlocked;

const SNAPSHOT: &str = ".unfinished-backup-";
/// Pieces of the database are small, so that little is new when little has changed.
const DATABASE_PIECE: u64 = 64 << 10;
const PIECE: u64 = 8 << 20;
/// Small files that stand in the clinic's folder itself. The counts of failed sign-ins belong to the machine.
const SMALL: [&str; 4] =
    [layout::KEY_SLOTS, layout::KEY_SLOTS_COPY, layout::AUDIT_HEAD, layout::VERIFICATION_KEYS];

/// What a backup says of where it comes from.
#[derive(Clone, Copy, Debug)]
pub struct DraftOrigin<'a> {
    pub clinic: ClinicId,
    /// Version of the program.
    pub program: &'a str,
    pub made_at: Timestamp,
}

/// The clinic at one moment: a copy of its encrypted database, and where its sealed files lie. It holds no key but
/// the one that manifests are authenticated with, and removes its copy when it is dropped.
pub struct BackupDraft {
    folder: PathBuf,
    database: NamedTempFile,
    database_name: String,
    small: Vec<(String, Vec<u8>)>,
    pub(super) key: Secret,
    pub(super) generation: Generation,
}

/// A file to be backed up.
pub(super) struct Source {
    pub path: String,
    pub content: Content,
}

pub(super) enum Content {
    Bytes(Vec<u8>),
    File {
        at: PathBuf,
        length: u64,
        modified: i64,
        piece: u64,
        /// It never changes once it is there.
        sealed: bool,
    },
}

impl BackupDraft {
    /// Removes copies of the database that a program left which ended in the middle. None may be under way.
    ///
    /// # Errors
    /// [`VaultError::Io`].
    pub fn remove_leftovers(folder: &Path) -> Result<(), VaultError> {
        for path in entries(folder)? {
            if path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(SNAPSHOT))
            {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// Copies the database as it lies, beside itself; writers wait meanwhile. Every page of the copy is checked.
    ///
    /// # Errors
    /// [`VaultError::KeyChangeRunning`], [`VaultError::StaleEpoch`]; [`VaultError::Damaged`] when the clinic's own
    /// database is; [`VaultError::StorageFull`] of the clinic's disk; [`VaultError::Database`].
    pub fn begin(
        folder: &Path,
        keys: &Unlocked,
        connection: &Connection,
        origin: DraftOrigin<'_>,
    ) -> Result<Self, VaultError> {
        if key_change::is_running(folder) {
            return Err(VaultError::KeyChangeRunning);
        }
        Self::remove_leftovers(folder)?;
        let mut small = Vec::new();
        // The anchor of the audit trail before the database: the trail may run ahead of it, never behind.
        for name in SMALL {
            small.extend(whole(folder, name)?);
        }
        let mut database = tempfile::Builder::new().prefix(SNAPSHOT).tempfile_in(folder)?;
        database::snapshot(connection, database.as_file_mut())?;
        KeySlots::load(folder)?.refuse_stale(keys)?;
        database::check_pages(database.path(), &keys.database_key)?;
        for name in [layout::INTAKE, layout::PARCELS] {
            for path in entries(&folder.join(name))? {
                if let Some(file) = name_of(&path) {
                    small.extend(whole(folder, &format!("{name}/{file}"))?);
                }
            }
        }
        let schema = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        let DraftOrigin { clinic, program, made_at } = origin;
        Ok(Self {
            folder: folder.to_owned(),
            database,
            database_name: layout::database(keys.epoch),
            small,
            key: manifest::key(&keys.database_key),
            generation: Generation::new(made_at, clinic, program, schema, keys.epoch),
        })
    }

    /// Every file of the clinic. Sealed files that go while this is read were taken off the records.
    pub(super) fn sources(&self) -> Result<Vec<Source>, VaultError> {
        let database = Content::File {
            at: self.database.path().to_owned(),
            length: self.database.as_file().metadata()?.len(),
            modified: 0,
            piece: DATABASE_PIECE,
            sealed: false,
        };
        let mut sources = vec![Source { path: self.database_name.clone(), content: database }];
        for (path, bytes) in &self.small {
            sources.push(Source { path: path.clone(), content: Content::Bytes(bytes.clone()) });
        }
        let mut sealed = Vec::new();
        for at in entries(&self.folder.join(layout::IMAGES))? {
            let Some(name) = name_of(&at) else { continue };
            let known = match fs::metadata(&at) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                other => other?,
            };
            let (length, modified) = (known.len(), nanoseconds(known.modified()?));
            let path = format!("{}/{name}", layout::IMAGES);
            let content = Content::File { at, length, modified, piece: PIECE, sealed: true };
            sealed.push(Source { path, content });
        }
        sealed.sort_by(|a, b| a.path.cmp(&b.path));
        sources.extend(sealed);
        Ok(sources)
    }
}

impl std::fmt::Debug for BackupDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BackupDraft").field("generation", &self.generation).finish_non_exhaustive()
    }
}

impl Content {
    pub fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File { length, .. } => *length,
        }
    }
}

/// A small file with its name; nothing when there is none.
fn whole(folder: &Path, name: &str) -> Result<Option<(String, Vec<u8>)>, VaultError> {
    match fs::read(folder.join(name)) {
        Ok(bytes) => Ok(Some((name.to_owned(), bytes))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The name of a file that is finished.
fn name_of(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    (!name.starts_with(UNFINISHED)).then(|| name.to_owned())
}

fn nanoseconds(time: std::time::SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}
