//! Files that are there whole or not at all, also after a power cut.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::VaultError;

/// Start of the name of every file that is still being written; a sweep removes leftovers by it.
pub(crate) const UNFINISHED: &str = ".unfinished-";

/// What to do when the target is already there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Existing {
    Replace,
    Refuse,
}

/// Writes beside the target, flushes to the disk, renames, then flushes the folder. On any failure
/// nothing of the new file stays behind and an old one is untouched.
pub(crate) fn write(path: &Path, bytes: &[u8], existing: Existing) -> Result<(), VaultError> {
    let folder = path.parent().ok_or(VaultError::Storage(std::io::ErrorKind::InvalidInput))?;
    let file = unfinished(folder, bytes)?;
    file.as_file().sync_all()?;
    match existing {
        Existing::Replace => file.persist(path),
        Existing::Refuse => file.persist_noclobber(path),
    }
    .map_err(|failed| VaultError::from(failed.error))?;
    sync_folder(folder)
}

/// Writes new files into one folder, all of them or none. It waits for the disk's journal once instead of twice for
/// every file.
pub(crate) fn write_new(folder: &Path, files: &[(PathBuf, Vec<u8>)]) -> Result<(), VaultError> {
    let staged = files.iter().map(|(_, bytes)| unfinished(folder, bytes)).collect::<Result<Vec<_>, _>>()?;
    staged.iter().try_for_each(|file| file.as_file().sync_all())?;
    let mut placed = Vec::with_capacity(files.len());
    let place = || {
        for (file, (path, _)) in staged.into_iter().zip(files) {
            file.persist_noclobber(path).map_err(|failed| VaultError::from(failed.error))?;
            placed.push(path);
        }
        sync_folder(folder)
    };
    let result = place();
    if result.is_err() {
        // What cannot be removed the next sweep takes.
        placed.iter().for_each(|path| drop(fs::remove_file(path)));
    }
    result
}

/// The crate creates it readable by its owner alone and removes it when dropped unrenamed.
fn unfinished(folder: &Path, bytes: &[u8]) -> Result<tempfile::NamedTempFile, VaultError> {
    let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
    file.write_all(bytes)?;
    Ok(file)
}

/// Makes a rename or a removal inside the folder survive a power cut.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), VaultError> {
    // Windows offers no such call; NTFS journals its directory entries.
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Creates a folder that only its owner can enter, and closes an existing one to everybody else.
pub(crate) fn private_folder(path: &Path) -> Result<(), VaultError> {
    fs::create_dir_all(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Creates an empty file that only its owner can read, and nothing if it is there already.
pub(crate) fn private_file(path: &Path) -> Result<(), VaultError> {
    Ok(new_private_file(path)?.sync_all()?)
}

/// The same, open for writing and not on the disk yet.
pub(crate) fn new_private_file(path: &Path) -> Result<File, VaultError> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    Ok(options.open(path)?)
}
