//! The records as they were before a newer program changed their shape.
//!
//! The folder `before-migration-<version>` inside the clinic's holds the database, the key slots and the anchor of
//! the audit trail: put in the place of today's, they open with the program that wrote them. There is one such copy
//! at a time.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rusqlite::Connection;

use crate::database;
use crate::durable::{self, UNFINISHED};
use crate::error::VaultError;
use crate::layout;
use crate::unlocked::Unlocked;

/// After so long it has served its purpose.
const KEPT_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The copy of one clinic folder.
#[derive(Debug)]
pub struct MigrationCopy;

impl MigrationCopy {
    /// Copies the records before a migration from `version`, checks the copy and flushes it to the disk. Copies of
    /// earlier migrations go.
    ///
    /// # Errors
    /// [`VaultError::StorageFull`], [`VaultError::Damaged`], [`VaultError::Storage`]: do not migrate then.
    pub fn keep(
        folder: &Path,
        keys: &Unlocked,
        connection: &Connection,
        version: u32,
    ) -> Result<(), VaultError> {
        let name = format!("{}{version}", layout::MIGRATION_COPY);
        let staging = folder.join(format!("{UNFINISHED}{name}"));
        remove_folder(&staging)?;
        durable::private_folder(&staging)?;
        for small in [layout::KEY_SLOTS, layout::AUDIT_HEAD] {
            match fs::copy(folder.join(small), staging.join(small)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                copied => _ = copied?,
            }
        }
        let path = staging.join(layout::database(keys.epoch));
        let mut file = durable::new_private_file(&path)?;
        database::snapshot(connection, &mut file)?;
        database::check_pages(&path, &keys.database_key)?;
        for entry in fs::read_dir(&staging)? {
            File::open(entry?.path())?.sync_all()?;
        }
        durable::sync_folder(&staging)?;
        Self::remove_all(folder)?;
        fs::rename(&staging, folder.join(name))?;
        durable::sync_folder(folder)
    }

    /// Removes the copy once it is a month old.
    ///
    /// # Errors
    /// [`VaultError::Storage`].
    pub fn expire(folder: &Path) -> Result<(), VaultError> {
        for copy in copies(folder)? {
            let made = fs::metadata(&copy)?.modified()?;
            if SystemTime::now().duration_since(made).is_ok_and(|age| age > KEPT_FOR) {
                remove_folder(&copy)?;
            }
        }
        Ok(())
    }

    /// Removes every copy: it holds what was erased since, or opens with keys that were given up.
    ///
    /// # Errors
    /// [`VaultError::Storage`].
    pub fn remove_all(folder: &Path) -> Result<(), VaultError> {
        copies(folder)?.iter().try_for_each(|copy| remove_folder(copy))
    }
}

fn copies(folder: &Path) -> Result<Vec<PathBuf>, VaultError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(|name| name.starts_with(layout::MIGRATION_COPY)) {
            found.push(entry.path());
        }
    }
    Ok(found)
}

fn remove_folder(path: &Path) -> Result<(), VaultError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
