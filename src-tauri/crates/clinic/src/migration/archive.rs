//! A file that is a ZIP, or stands for the one entry that is looked for. Every read is bounded.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use zeroize::Zeroizing;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::error::{ErrorCode, Result};
use crate::offers::files::reason;

use super::unreadable;

/// Most entries of an archive.
const MOST_ENTRIES: usize = 1_000_000;
/// Largest text that is read whole.
pub(super) const LARGEST_TEXT: u64 = 512 << 20;

pub(super) struct Packed {
    zip: ZipArchive<File>,
    passphrase: Option<Zeroizing<String>>,
}

/// What was chosen.
pub(super) enum Chosen {
    Packed(Packed),
    /// A file that is no archive, whole.
    Plain(Zeroizing<Vec<u8>>),
}

impl Chosen {
    /// # Errors
    /// `import_unreadable` with `empty`, `archive` or `too_large`; `file_gone`, `file_denied`.
    pub fn open(path: &Path, passphrase: Option<Zeroizing<String>>) -> Result<Self> {
        let mut file = File::open(path).map_err(reason)?;
        let about = file.metadata().map_err(reason)?;
        if !about.is_file() {
            return Err(ErrorCode::FileGone.into());
        }
        let mut start = [0; 4];
        let got = file.read(&mut start).map_err(reason)?;
        if got == 0 {
            return Err(unreadable("empty"));
        }
        file.rewind().map_err(reason)?;
        if start.starts_with(b"PK") {
            let zip = ZipArchive::new(file).map_err(|_| unreadable("archive"))?;
            if zip.len() > MOST_ENTRIES {
                return Err(unreadable("too_large"));
            }
            return Ok(Self::Packed(Packed { zip, passphrase }));
        }
        if about.len() > LARGEST_TEXT {
            return Err(unreadable("too_large"));
        }
        bounded(file, about.len(), LARGEST_TEXT).map(Self::Plain)
    }
}

impl Packed {
    pub fn holds(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
    }

    /// How many entries lie in a folder of the archive.
    pub fn count_in(&self, folder: &str) -> usize {
        self.zip
            .file_names()
            .filter_map(std::result::Result::ok)
            .filter(|name| name.starts_with(folder))
            .count()
    }

    /// An entry whole; nothing where there is none of that name.
    ///
    /// # Errors
    /// `passphrase_wrong`; `import_unreadable` with `archive` for one that is damaged, `too_large` over `limit`.
    pub fn read(&mut self, name: &str, limit: u64) -> Result<Option<Zeroizing<Vec<u8>>>> {
        if !self.holds(name) {
            return Ok(None);
        }
        let entry = match &self.passphrase {
            Some(passphrase) => self.zip.by_name_decrypt(name, passphrase.as_bytes()),
            None => self.zip.by_name(name),
        };
        let entry = entry.map_err(|error| match error {
            ZipError::InvalidPassword | ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
                ErrorCode::PassphraseWrong.into()
            }
            _ => unreadable("archive"),
        })?;
        let size = entry.size();
        if size > limit {
            return Err(unreadable("too_large"));
        }
        bounded(entry, size, limit).map(Some)
    }
}

/// Reads to the end, whatever size was announced.
fn bounded(from: impl Read, announced: u64, limit: u64) -> Result<Zeroizing<Vec<u8>>> {
    // What is announced may be a lie; room for it is made as it comes.
    let room = usize::try_from(announced.min(64 << 20)).unwrap_or_default();
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    from.take(limit + 1).read_to_end(&mut bytes).map_err(|_| unreadable("archive"))?;
    if bytes.len() as u64 > limit { Err(unreadable("too_large")) } else { Ok(bytes) }
}
