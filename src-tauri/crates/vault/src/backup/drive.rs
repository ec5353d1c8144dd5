//! Every change to a backup folder. The drive may be slow, may know no owners and no locks, and may be pulled out.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::durable::{self, UNFINISHED};
use crate::error::VaultError;

/// More files than this are flushed with the whole disk, which is then quicker than one by one.
const ONE_BY_ONE: usize = 128;

pub(super) struct Drive {
    root: PathBuf,
    unflushed: RefCell<Vec<PathBuf>>,
    /// So many changes succeed before the drive is gone.
    #[cfg(test)]
    pub changes_left: std::cell::Cell<u32>,
}

impl Drive {
    pub const fn at(root: PathBuf) -> Self {
        Self {
            root,
            unflushed: RefCell::new(Vec::new()),
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
        self.change()?;
        file.persist(path).map_err(|failed| VaultError::from(failed.error))?;
        self.flush_later(path.to_owned());
        Ok(())
    }

    /// Puts a file into the set's own folder; when this returns, it is on the disk.
    pub fn put_durably(&self, path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
        let file = self.written(path, bytes)?;
        file.as_file().sync_all()?;
        self.change()?;
        file.persist(path).map_err(|failed| VaultError::from(failed.error))?;
        self.flush_root()
    }

    /// Removes a file; a missing one is fine.
    pub fn remove(&self, path: &Path) -> Result<(), VaultError> {
        self.change()?;
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Flushes a file with the next [`Drive::flush`] that an earlier run put in place and may not have flushed.
    pub fn flush_later(&self, path: PathBuf) {
        self.unflushed.borrow_mut().push(path);
    }

    /// Flushes everything that was put to the disk.
    pub fn flush(&self) -> Result<(), VaultError> {
        self.change()?;
        flush(&self.root, &self.unflushed.take())
    }

    /// Flushes what was put into the set's own folder or removed from it.
    pub fn flush_root(&self) -> Result<(), VaultError> {
        self.change()?;
        flush_folder(&self.root)
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

/// Flushes files below a folder with their names.
pub(super) fn flush(root: &Path, written: &[PathBuf]) -> Result<(), VaultError> {
    #[cfg(target_os = "linux")]
    if written.len() > ONE_BY_ONE {
        return Ok(rustix::fs::syncfs(File::open(root)?).map_err(io::Error::from)?);
    }
    let mut folders = HashSet::from([root]);
    for path in written {
        File::options().write(true).open(path)?.sync_all()?;
        folders.extend(path.ancestors().skip(1).take_while(|folder| *folder != root));
    }
    folders.into_iter().try_for_each(flush_folder)
}

fn flush_folder(folder: &Path) -> Result<(), VaultError> {
    match durable::sync_folder(folder) {
        // Some network shares flush no folders; they have no names in memory either.
        Err(VaultError::Storage(io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported)) => Ok(()),
        other => other,
    }
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
