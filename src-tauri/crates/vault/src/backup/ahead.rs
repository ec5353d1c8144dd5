//! Pieces read and digested on several threads: SHA-256 is slower than a good disk, so that one thread alone would be
//! what a backup waits for.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

use super::draft::{Content, Source};
use super::manifest::Part;
use super::objects::{self, digest};
use crate::error::VaultError;

/// More threads than this would only wait for the disk.
const MOST_THREADS: usize = 4;
const BYTES_PIECE: u64 = 8 << 20;

/// What is told of a file: its beginning, then its pieces one after the other. Of one that went meanwhile, nothing.
pub(super) enum Found {
    Beginning { modified: i64 },
    Piece { part: Part, bytes: Vec<u8> },
}

/// Reads sources and hands `take` what is found, with the number of its source; those of different sources come
/// mixed. No more than a few pieces wait to be taken. The first error, also one of `take`, ends the work.
pub(super) fn read(
    sources: &[(usize, &Source)],
    mut take: impl FnMut(usize, Found) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    on_threads(
        sources,
        |&(number, source), tell| pieces(source, &mut |found| tell((number, found))),
        |(number, found)| take(number, found),
    )
}

/// Reads pieces of a set back, and tells `take` the length of each that is what its name says.
pub(super) fn check(
    root: &Path,
    parts: &[Part],
    take: impl FnMut(u64) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    on_threads(
        parts,
        |part, tell| {
            objects::read(root, part)?;
            tell(part.length);
            Ok(())
        },
        take,
    )
}

/// False when nobody listens any more.
type Tell<'a, T> = &'a mut dyn FnMut(T) -> bool;

fn pieces(source: &Source, tell: Tell<'_, Found>) -> Result<(), VaultError> {
    let (mut reader, piece, modified): (Box<dyn Read + '_>, _, _) = match &source.content {
        Content::Bytes(bytes) => (Box::new(bytes.as_slice()), BYTES_PIECE, 0),
        Content::File { at, piece, modified, sealed, .. } => match File::open(at) {
            Err(error) if *sealed && error.kind() == io::ErrorKind::NotFound => return Ok(()),
            opened => (Box::new(opened?), *piece, *modified),
        },
    };
    let mut listened = tell(Found::Beginning { modified });
    while listened {
        let mut bytes = Vec::new();
        reader.by_ref().take(piece).read_to_end(&mut bytes)?;
        if bytes.is_empty() {
            break;
        }
        let part = Part { sha256: digest(&bytes), length: bytes.len() as u64 };
        listened = tell(Found::Piece { part, bytes });
    }
    Ok(())
}

/// Works on the items, each on one of several threads, and takes here what they tell.
fn on_threads<I: Sync, T: Send>(
    items: &[I],
    work: impl Fn(&I, Tell<'_, T>) -> Result<(), VaultError> + Sync,
    mut take: impl FnMut(T) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let (sender, receiver) = sync_channel(threads);
        for _ in 0..threads.min(items.len()) {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
                let mut listened = true;
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let worked = work(item, &mut |told| {
                        listened = sender.send(Ok(told)).is_ok();
                        listened
                    });
                    if let Err(error) = worked {
                        listened = sender.send(Err(error)).is_ok();
                    }
                    if !listened {
                        return;
                    }
                }
            });
        }
        // Only the threads keep it open; when they end, so does the loop, and when the loop ends, they do.
        drop(sender);
        receiver.into_iter().try_for_each(|told| take(told?))
    })
}
