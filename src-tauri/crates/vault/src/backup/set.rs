//! Where the backups of a clinic lie.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use domain::{BackupId, ClinicId};

use super::drive::Drive;
use super::making::OpenSet;
use super::manifest::{self, Generation};
use super::objects::entries;
use crate::error::VaultError;

const SET: &str = "lentigo-";
const MANIFEST: &str = "manifest-";
const EXTENSION: &str = ".json";
const LOCK: &str = "lentigo.lock";
const README: &str = "README.txt";

const README_TEXT: &str = "\
A backup of a Lentigo clinic

Everything in here is encrypted. To open it one needs Lentigo and either the e-mail address and password of somebody
who had an account when the backup was made, or the recovery sheet that was valid then. Nobody can open it without one
of the two: keep the recovery sheet apart from this drive.

To restore: start Lentigo on a computer without a clinic, choose \"Restore from a backup\", and choose this folder. Or,
without a window: lentigo restore --from FOLDER --email ADDRESS

Do not rename, move or change single files. The whole folder may be copied.
";

/// The backups of one clinic in one folder. Nothing is opened or made yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupSet {
    root: PathBuf,
}

impl BackupSet {
    /// The set of a clinic in the folder that was chosen for backups, or the folder itself where that is the set.
    #[must_use]
    pub fn of(folder: &Path, clinic: ClinicId) -> Self {
        let name = format!("{SET}{clinic}");
        let itself = folder.file_name().is_some_and(|own| *own == *name);
        Self { root: if itself { folder.to_owned() } else { folder.join(name) } }
    }

    /// The sets in a folder, or the folder itself where it is one.
    ///
    /// # Errors
    /// [`VaultError::FileMissing`], [`VaultError::Storage`].
    pub fn find(picked: &Path) -> Result<Vec<Self>, VaultError> {
        fs::read_dir(picked)?;
        let within = entries(picked)?.into_iter().filter(|path| {
            path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(SET))
        });
        let candidates = std::iter::once(picked.to_owned()).chain(within).map(|root| Self { root });
        let mut sets = Vec::new();
        for set in candidates {
            if !set.manifests()?.is_empty() {
                sets.push(set);
            }
        }
        Ok(sets)
    }

    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.root
    }

    /// Whether a backup was begun here before.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.root.is_dir()
    }

    /// The backups that were finished, newest first. Manifests that are damaged are left out.
    ///
    /// # Errors
    /// [`VaultError::NewerFormat`] when a newer program made them all; [`VaultError::Storage`].
    pub fn generations(&self) -> Result<Vec<Generation>, VaultError> {
        let mut found = Vec::new();
        let mut newer = false;
        for path in self.manifests()? {
            match manifest::read_generation(&path) {
                Ok(generation) => found.push(generation),
                Err(VaultError::NewerFormat) => newer = true,
                Err(VaultError::Damaged | VaultError::FileMissing) => {}
                Err(error) => return Err(error),
            }
        }
        if found.is_empty() && newer {
            return Err(VaultError::NewerFormat);
        }
        found.sort_by(|a, b| b.made_at.cmp(&a.made_at).then(b.id.cmp(&a.id)));
        Ok(found)
    }

    /// Opens the set for making backups, and makes it if it is missing. One program does so at a time.
    ///
    /// # Errors
    /// [`VaultError::FileMissing`] when the folder it lies in is gone; [`VaultError::OtherClinic`],
    /// [`VaultError::BackupRunning`], [`VaultError::StorageFull`], [`VaultError::Storage`].
    pub fn enter(&self, clinic: ClinicId) -> Result<OpenSet, VaultError> {
        self.enter_by(Drive::at(self.root.clone()), clinic)
    }

    pub(super) fn enter_by(&self, drive: Drive, clinic: ClinicId) -> Result<OpenSet, VaultError> {
        // An unplugged drive must not be mistaken for an empty folder.
        fs::metadata(self.root.parent().unwrap_or(&self.root))?;
        drive.make_folder(&self.root)?;
        let lock = File::options().create(true).truncate(false).write(true).open(self.root.join(LOCK))?;
        if let Err(TryLockError::WouldBlock) = lock.try_lock() {
            return Err(VaultError::BackupRunning);
        }
        if self.generations()?.iter().any(|generation| generation.clinic != clinic) {
            return Err(VaultError::OtherClinic);
        }
        let readme = self.root.join(README);
        if !readme.exists() {
            drive.put(&readme, README_TEXT.as_bytes())?;
        }
        Ok(OpenSet::new(self.clone(), drive, lock))
    }

    pub(super) fn manifest(&self, id: BackupId) -> PathBuf {
        self.root.join(format!("{MANIFEST}{id}{EXTENSION}"))
    }

    pub(super) fn manifests(&self) -> Result<Vec<PathBuf>, VaultError> {
        let is_manifest = |path: &PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str());
            name.and_then(|name| name.strip_prefix(MANIFEST)).is_some_and(|rest| rest.ends_with(EXTENSION))
        };
        Ok(entries(&self.root)?.into_iter().filter(is_manifest).collect())
    }
}
