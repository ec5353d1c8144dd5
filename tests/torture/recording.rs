//! What the recorder beside the disk (`disk.c`) wrote down, in the order in which it happened.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// One change, or what the program said after it.
#[derive(Debug)]
pub enum Event {
    Write {
        inode: u64,
        offset: u64,
        bytes: Vec<u8>,
    },
    Truncate {
        inode: u64,
        length: u64,
    },
    /// A file's content was flushed, or, with its path, a folder's names.
    Sync {
        inode: u64,
        folder: Option<PathBuf>,
    },
    Create {
        inode: u64,
        path: PathBuf,
    },
    Rename {
        from: PathBuf,
        to: PathBuf,
    },
    Unlink {
        path: PathBuf,
    },
    Folder {
        path: PathBuf,
    },
    /// One name of the folder that is flushed next.
    Listing {
        inode: u64,
        path: PathBuf,
    },
    Said(String),
}

impl Event {
    /// Whether it changes the disk: a power cut between two of these is another cut.
    pub const fn is_change(&self) -> bool {
        !matches!(self, Self::Said(_) | Self::Listing { .. })
    }
}

const HEAD: usize = 40;

pub fn read(path: &Path) -> io::Result<Vec<Event>> {
    let bytes = fs::read(path)?;
    let mut rest = bytes.as_slice();
    let mut events = vec![];
    while rest.len() >= HEAD {
        let (event, after) = next(rest).ok_or(io::ErrorKind::InvalidData)?;
        events.push(event);
        rest = after;
    }
    Ok(events)
}

fn next(bytes: &[u8]) -> Option<(Event, &[u8])> {
    let (head, rest) = bytes.split_at_checked(HEAD)?;
    let short = |at: usize| Some(u32::from_le_bytes(head.get(at..at + 4)?.try_into().ok()?));
    let long = |at: usize| Some(u64::from_le_bytes(head.get(at..at + 8)?.try_into().ok()?));
    let (inode, offset, length) = (long(16)?, long(24)?, long(32)?);
    let (first, rest) = rest.split_at_checked(short(4)? as usize)?;
    let (second, rest) = rest.split_at_checked(short(8)? as usize)?;
    let path = |bytes: &[u8]| PathBuf::from(String::from_utf8_lossy(bytes).into_owned());
    let operation = short(0)?;
    let carries = matches!(operation, 1 | 9);
    let (data, rest) = rest.split_at_checked(if carries { usize::try_from(length).ok()? } else { 0 })?;
    let event = match operation {
        1 => Event::Write { inode, offset, bytes: data.to_vec() },
        2 => Event::Truncate { inode, length: offset },
        3 => Event::Sync { inode, folder: (!first.is_empty()).then(|| path(first)) },
        4 => Event::Create { inode, path: path(first) },
        5 => Event::Rename { from: path(first), to: path(second) },
        6 => Event::Unlink { path: path(first) },
        7 => Event::Folder { path: path(first) },
        8 => Event::Listing { inode, path: path(first) },
        9 => Event::Said(String::from_utf8_lossy(data).into_owned()),
        _ => return None,
    };
    Some((event, rest))
}
