//! Folders and files as they are found outside the clinic's own: links are not followed, devices not opened.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde_json::json;
use vision::decode::MAX_FILE_BYTES;

use crate::error::{Error, ErrorCode, Result};

/// What systems keep beside photographs.
const JUNK: [&str; 3] = ["Thumbs.db", "desktop.ini", "DICOMDIR"];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub path: PathBuf,
    pub bytes: u64,
    pub modified: Option<SystemTime>,
}

/// Everything below a folder, in the order of names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Walk {
    pub files: Vec<Found>,
    /// Links, hidden files, devices.
    pub left_out: u32,
    /// Folders below that could not be opened.
    pub closed: u32,
    /// The walk ended before everything was seen.
    pub more: bool,
}

impl Walk {
    /// # Errors
    /// When the folder itself cannot be read; one below counts as closed.
    pub fn through(folder: &Path, deepest: usize, most: usize) -> io::Result<Self> {
        let mut walk = Self::default();
        // The folder whose turn is next stands last.
        let mut open = vec![(folder.to_path_buf(), 0)];
        let mut first = true;
        while let Some((folder, depth)) = open.pop() {
            match sorted(&folder) {
                Err(error) if first => return Err(error),
                Err(_) => walk.closed += 1,
                Ok(entries) => {
                    let mut below = Vec::new();
                    for entry in entries {
                        if walk.files.len() >= most {
                            walk.more = true;
                            return Ok(walk);
                        }
                        match walk.enter(&entry) {
                            Some(inner) if depth + 1 < deepest => below.push((inner, depth + 1)),
                            Some(_) => walk.closed += 1,
                            None => {}
                        }
                    }
                    open.extend(below.into_iter().rev());
                }
            }
            first = false;
        }
        Ok(walk)
    }

    /// Counts an entry; a folder is returned.
    fn enter(&mut self, entry: &fs::DirEntry) -> Option<PathBuf> {
        let name = entry.file_name();
        let hidden = name.to_string_lossy().starts_with('.') || JUNK.iter().any(|junk| name == *junk);
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && !hidden => return Some(entry.path()),
            Ok(kind) if kind.is_file() && !hidden => {
                // One that vanished meanwhile is told when it is to be read.
                let about = entry.metadata().ok();
                self.files.push(Found {
                    path: entry.path(),
                    bytes: about.as_ref().map_or(0, fs::Metadata::len),
                    modified: about.and_then(|about| about.modified().ok()),
                });
            }
            _ => self.left_out += 1,
        }
        None
    }
}

fn sorted(folder: &Path) -> io::Result<Vec<fs::DirEntry>> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    Ok(entries)
}

pub(crate) fn name_below(folder: &Path, path: &Path) -> String {
    path.strip_prefix(folder).unwrap_or(path).to_string_lossy().into_owned()
}

/// Reads a file once, whole. What is judged, hashed and stored afterwards are these bytes.
///
/// # Errors
/// `file_gone`, `file_denied`, `image_too_large`; `file_changed` when it is not the one that was offered, or was
/// written meanwhile.
pub(crate) fn read_whole(offered: &Found) -> Result<Vec<u8>> {
    let file = open(&offered.path).map_err(reason)?;
    let about = file.metadata().map_err(reason)?;
    if !about.is_file() {
        return Err(ErrorCode::FileGone.into());
    }
    if (about.len(), about.modified().ok()) != (offered.bytes, offered.modified) {
        return Err(ErrorCode::FileChanged.into());
    }
    read_steady(file, || {})
}

/// A link that took the place of a file is not followed, and what is no file holds nobody up.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits();
    File::options().read(true).custom_flags(flags.cast_signed()).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(ErrorKind::NotFound.into());
    }
    File::open(path)
}

fn read_steady(mut file: File, meanwhile: impl FnOnce()) -> Result<Vec<u8>> {
    let before = file.metadata().map_err(reason)?;
    if before.len() > MAX_FILE_BYTES as u64 {
        let details = json!({ "bytes": before.len(), "limit_bytes": MAX_FILE_BYTES });
        return Err(Error::with(ErrorCode::ImageTooLarge, details));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(before.len()).unwrap_or_default());
    (&mut file).take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(reason)?;
    meanwhile();
    let after = file.metadata().map_err(reason)?;
    let same = bytes.len() as u64 == before.len()
        && after.len() == before.len()
        && after.modified().ok() == before.modified().ok();
    if same { Ok(bytes) } else { Err(ErrorCode::FileChanged.into()) }
}

/// A share that goes away shows itself in many ways; for a person they are one.
pub(crate) fn reason(error: io::Error) -> Error {
    /// `EIO`, `ENXIO` and `ELOOP`, which the standard library has no kinds for.
    const NOT_THERE: [i32; 3] = [5, 6, 40];
    match error.kind() {
        ErrorKind::PermissionDenied => ErrorCode::FileDenied.into(),
        ErrorKind::NotFound
        | ErrorKind::NotADirectory
        | ErrorKind::IsADirectory
        | ErrorKind::NotConnected
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::NetworkDown
        | ErrorKind::StaleNetworkFileHandle
        | ErrorKind::TimedOut
        | ErrorKind::ConnectionAborted
        | ErrorKind::ConnectionReset => ErrorCode::FileGone.into(),
        _ if error.raw_os_error().is_some_and(|number| NOT_THERE.contains(&number)) => {
            ErrorCode::FileGone.into()
        }
        _ => ErrorCode::StorageFailed.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_walked_by_name_and_links_left_out() {
        let root = tempfile::tempdir().unwrap();
        for (path, content) in [("b/2.jpg", "22"), ("b/1.jpg", "1"), ("a.jpg", ""), (".hidden.jpg", "x")] {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(root.path(), root.path().join("b/loop")).unwrap();
        let walk = Walk::through(root.path(), 16, 100).unwrap();
        let names: Vec<_> = walk.files.iter().map(|file| name_below(root.path(), &file.path)).collect();
        assert_eq!(names, ["a.jpg", "b/1.jpg", "b/2.jpg"]);
        assert_eq!(walk.files.iter().map(|file| file.bytes).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!((walk.left_out, walk.closed, walk.more), (1 + u32::from(cfg!(unix)), 0, false));

        assert!(Walk::through(root.path(), 16, 2).unwrap().more);
        let flat = Walk::through(root.path(), 1, 100).unwrap();
        assert_eq!((flat.files.len(), flat.closed), (1, 1));
        let gone = Walk::through(&root.path().join("nowhere"), 16, 2).unwrap_err();
        assert_eq!(reason(gone).code, ErrorCode::FileGone);
    }

    #[test]
    fn a_file_that_is_written_while_it_is_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("photo.jpg");
        fs::write(&path, b"first").unwrap();
        let read = |meanwhile: &dyn Fn()| read_steady(File::open(&path).unwrap(), meanwhile);
        assert_eq!(read(&|| {}).unwrap(), b"first");
        let grown = read(&|| fs::write(&path, b"first and more").unwrap());
        assert_eq!(grown.unwrap_err().code, ErrorCode::FileChanged);
        let later = SystemTime::now() + std::time::Duration::from_secs(5);
        let rewritten =
            read(&|| File::options().write(true).open(&path).unwrap().set_modified(later).unwrap());
        assert_eq!(rewritten.unwrap_err().code, ErrorCode::FileChanged);
        // Another file in its place is no matter: the one that was opened is read.
        let other = folder.path().join("other");
        fs::write(&other, b"second").unwrap();
        let kept = read_steady(File::open(&path).unwrap(), || fs::rename(&other, &path).unwrap());
        assert_eq!(kept.unwrap(), b"first and more");
        let offered = |path: &Path| {
            let about = fs::metadata(path).ok();
            let (bytes, modified) = about.map_or((0, None), |about| (about.len(), about.modified().ok()));
            Found { path: path.to_path_buf(), bytes, modified }
        };
        let code = |found: &Found| read_whole(found).unwrap_err().code;
        let found = offered(&path);
        assert_eq!(read_whole(&found).unwrap(), b"second");
        fs::write(&path, b"another").unwrap();
        assert_eq!(code(&found), ErrorCode::FileChanged, "not the one that was offered");
        assert_eq!(code(&offered(&folder.path().join("none"))), ErrorCode::FileGone);
        assert_eq!(code(&offered(folder.path())), ErrorCode::FileGone);
        #[cfg(unix)]
        {
            let link = folder.path().join("link.jpg");
            std::os::unix::fs::symlink(&path, &link).unwrap();
            assert_eq!(code(&offered(&link)), ErrorCode::FileGone, "a link is not followed");
        }
    }

    #[test]
    fn shares_that_went_away_are_told_alike() {
        for number in [2, 5, 107, 110, 113, 116] {
            assert_eq!(reason(io::Error::from_raw_os_error(number)).code, ErrorCode::FileGone, "{number}");
        }
        assert_eq!(reason(io::Error::from_raw_os_error(13)).code, ErrorCode::FileDenied);
    }
}
