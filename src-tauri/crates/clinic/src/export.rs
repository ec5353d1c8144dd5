//! What leaves the clinic's folder is written whole or not at all.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use crate::error::Result;

/// A document ready to be saved.
pub struct Document {
    /// A suggestion; it carries a patient's name only where that was asked for.
    pub file_name: String,
    pub pdf: Vec<u8>,
}

/// Writes a file beside its place and moves it there, so that a full disk leaves no half document.
///
/// # Errors
/// `storage_full`, `storage_failed`; an existing file of that name is then untouched.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    write_through(path, |file| Ok(file.write_all(bytes)?))
}

/// The same for what is written piece by piece.
///
/// # Errors
/// Whatever `work` returns, `storage_full`, `storage_failed`; an existing file of that name is then untouched.
pub(crate) fn write_through(path: &Path, work: impl FnOnce(&mut File) -> Result<()>) -> Result<()> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".part");
    let partial = Path::new(&partial);
    let written = filled(partial, work).and_then(|()| Ok(fs::rename(partial, path)?));
    if written.is_err() {
        let _ = fs::remove_file(partial);
    }
    written
}

fn filled(path: &Path, work: impl FnOnce(&mut File) -> Result<()>) -> Result<()> {
    let mut file = File::create(path)?;
    work(&mut file)?;
    Ok(file.sync_all()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_the_old_file_and_no_part() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("report.pdf");
        write(&place, b"first").unwrap();
        // A folder in the way of the part file makes the write fail, also for root.
        fs::create_dir(folder.path().join("report.pdf.part")).unwrap();
        assert!(write(&place, b"second").is_err());
        assert_eq!(fs::read(&place).unwrap(), b"first");
    }
}
