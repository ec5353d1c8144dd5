//! Every change to a backup folder. The drive may be slow, may know no owners and no locks, and may be pulled out.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::durable::UNFINISHED;
use crate::error::VaultError;

pub(super) struct Drive {
    root: PathBuf,
    /// So many changes succeed before the drive is gone.
    #[cfg(test)]
    pub changes_left: std::cell::Cell<u32>,
}

impl Drive {
    pub const fn at(root: PathBuf) -> Self {
        Self {
            root,
            #[cfg(test)]
            changes_left: std::cell::Cell::new(u32::MAX),
        }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Makes a folder and those above it; one that is there already is fine.
    pub fn make_folder(&self, path: &Path) -> Result<(), VaultError> {
        self.change()?;
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        Ok(builder.recursive(true).create(path)?)
    }

    /// Puts a file in place. It survives a power cut once [`Drive::flush`] has returned.
    pub fn put(&self, path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
        let file = self.written(path, bytes)?;
        // Elsewhere nothing flushes a whole disk.
        if !cfg!(target_os = "linux") {
            file.as_file().sync_all()?;
        }
        self.change()?;
        file.persist(path).map_err(|failed| VaultError::from(failed.error))?;
        Ok(())
    }

    /// Puts a file in place; when this returns, it is on the disk.
    pub fn put_durably(&self, path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
        let file = self.written(path, bytes)?;
        file.as_file().sync_all()?;
        self.change()?;
        file.persist(path).map_err(|failed| VaultError::from(failed.error))?;
        self.flush_folder(path.parent().unwrap_or(&self.root))
    }

    /// Removes a file; a missing one is fine.
    pub fn remove(&self, path: &Path) -> Result<(), VaultError> {
        self.change()?;
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Flushes everything that was put to the disk.
    pub fn flush(&self) -> Result<(), VaultError> {
        self.change()?;
        flush_disk(&self.root)
    }

    pub fn flush_folder(&self, folder: &Path) -> Result<(), VaultError> {
        self.change()?;
        match crate::durable::sync_folder(folder) {
            // Some network shares flush no folders; they have no names in memory either.
            Err(VaultError::Storage(io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported)) => Ok(()),
            other => other,
        }
    }

    fn written(&self, path: &Path, bytes: &[u8]) -> Result<tempfile::NamedTempFile, VaultError> {
        let folder = path.parent().ok_or(VaultError::Storage(io::ErrorKind::InvalidInput))?;
        let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
        if let Err(gone) = self.change() {
            // As a drive that is pulled out leaves it.
            file.write_all(&bytes[..bytes.len() / 2])?;
            file.keep().ok();
            return Err(gone);
        }
        file.write_all(bytes)?;
        Ok(file)
    }

    #[cfg(test)]
    fn change(&self) -> Result<(), VaultError> {
        let left = self.changes_left.get().checked_sub(1);
        left.map(|left| self.changes_left.set(left)).ok_or(VaultError::Storage(io::ErrorKind::Other))
    }

    #[cfg(not(test))]
    #[allow(clippy::unused_self, clippy::unnecessary_wraps, reason = "fails under test only")]
    const fn change(&self) -> Result<(), VaultError> {
        Ok(())
    }
}

/// Flushes the file system that a folder lies on.
pub(super) fn flush_disk(folder: &Path) -> Result<(), VaultError> {
    #[cfg(target_os = "linux")]
    rustix::fs::syncfs(File::open(folder)?).map_err(io::Error::from)?;
    #[cfg(not(target_os = "linux"))]
    let _ = folder;
    Ok(())
}

/// Reads a whole file from the disk itself, not from what the system remembers of having written it.
pub(super) fn read_back(path: &Path, length: u64) -> Result<Vec<u8>, VaultError> {
    use io::Read;
    let file = File::open(path)?;
    #[cfg(target_os = "linux")]
    rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed).ok();
    if file.metadata()?.len() != length {
        return Err(VaultError::Damaged);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).map_err(|_| VaultError::Damaged)?);
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}
