//! A disk that keeps only what it was told to keep: the state of a folder after a power cut.
//!
//! The model is the strict reading of POSIX: a file's content is there once the file was flushed, a name once its
//! folder was. What was not flushed is there in part: any of the pending writes, each whole or cut at a sector, and
//! the pending changes of names as far as the journal got.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use support::tampering::Random;

use crate::recording::Event;

const SECTOR: u64 = 512;

/// What a flush is worth.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Flush {
    Keeps,
    /// The control: the disk says yes and does nothing.
    Lies,
}

#[derive(Clone)]
enum Pending {
    Write { offset: u64, bytes: Vec<u8> },
    Truncate(u64),
}

#[derive(Clone)]
enum Naming {
    Link { path: PathBuf, inode: u64 },
    Rename { from: PathBuf, to: PathBuf },
    Unlink(PathBuf),
    Folder(PathBuf),
}

impl Naming {
    fn is_in(&self, folder: &Path) -> bool {
        let lies = |path: &Path| path.parent() == Some(folder);
        match self {
            Self::Link { path, .. } | Self::Unlink(path) | Self::Folder(path) => lies(path),
            Self::Rename { from, to } => lies(from) || lies(to),
        }
    }

    fn apply(&self, names: &mut Names) {
        match self {
            Self::Link { path, inode } => drop(names.files.insert(path.clone(), *inode)),
            Self::Rename { from, to } => names.rename(from, to),
            Self::Unlink(path) => {
                names.files.remove(path);
                names.folders.remove(path);
            }
            Self::Folder(path) => drop(names.folders.insert(path.clone())),
        }
    }
}

#[derive(Clone, Default)]
struct Names {
    files: BTreeMap<PathBuf, u64>,
    folders: BTreeSet<PathBuf>,
}

impl Names {
    fn rename(&mut self, from: &Path, to: &Path) {
        if let Some(inode) = self.files.remove(from) {
            self.files.insert(to.to_path_buf(), inode);
            return;
        }
        let moved = |path: &Path| path.strip_prefix(from).ok().map(|rest| to.join(rest));
        let files = std::mem::take(&mut self.files);
        self.files = files.into_iter().map(|(path, inode)| (moved(&path).unwrap_or(path), inode)).collect();
        let folders = std::mem::take(&mut self.folders);
        self.folders = folders.into_iter().map(|path| moved(&path).unwrap_or(path)).collect();
    }
}

#[derive(Clone)]
pub struct Disk {
    root: PathBuf,
    flush: Flush,
    content: HashMap<u64, Vec<u8>>,
    pending: HashMap<u64, Vec<Pending>>,
    kept: Names,
    seen: Names,
    naming: Vec<Naming>,
    listing: Vec<(PathBuf, u64)>,
    /// File systems give the number of a removed file to a new one; here every file has its own.
    renumbered: HashMap<u64, u64>,
}

impl Disk {
    /// The folder as it lies there now, every byte of it kept.
    pub fn of(root: &Path, flush: Flush) -> io::Result<Self> {
        let root = root.canonicalize()?;
        let (mut names, mut content) = (Names::default(), HashMap::new());
        for path in everything_below(&root)? {
            if path.is_dir() {
                names.folders.insert(path);
            } else if !is_transient(&path) {
                let inode = path.metadata()?.ino();
                content.insert(inode, fs::read(&path)?);
                names.files.insert(path, inode);
            }
        }
        Ok(Self {
            root,
            flush,
            content,
            pending: HashMap::new(),
            kept: names.clone(),
            seen: names,
            naming: vec![],
            listing: vec![],
            renumbered: HashMap::new(),
        })
    }

    pub fn happens(&mut self, event: &Event) {
        match event {
            Event::Write { inode, offset, bytes } => {
                self.change(*inode, Pending::Write { offset: *offset, bytes: bytes.clone() });
            }
            Event::Truncate { inode, length } => self.change(*inode, Pending::Truncate(*length)),
            Event::Create { inode, path } => self.create(*inode, path),
            Event::Rename { from, to } => self.name(Naming::Rename { from: from.clone(), to: to.clone() }),
            Event::Unlink { path } => self.name(Naming::Unlink(path.clone())),
            Event::Folder { path } => self.name(Naming::Folder(path.clone())),
            Event::Listing { inode, path } => self.listing.push((path.clone(), self.number(*inode))),
            Event::Sync { inode, folder: None } => self.flush_file(*inode),
            Event::Sync { folder: Some(folder), .. } => self.flush_folder(folder),
            Event::Said(_) => {}
        }
    }

    fn number(&self, inode: u64) -> u64 {
        self.renumbered.get(&inode).copied().unwrap_or(inode)
    }

    fn create(&mut self, inode: u64, path: &Path) {
        let number = u64::MAX - self.content.len() as u64;
        self.renumbered.insert(inode, number);
        self.content.insert(number, vec![]);
        self.name(Naming::Link { path: path.to_path_buf(), inode: number });
    }

    fn change(&mut self, inode: u64, change: Pending) {
        self.pending.entry(self.number(inode)).or_default().push(change);
    }

    fn name(&mut self, change: Naming) {
        change.apply(&mut self.seen);
        self.naming.push(change);
    }

    fn flush_file(&mut self, inode: u64) {
        if self.flush == Flush::Lies {
            return;
        }
        let number = self.number(inode);
        let content = self.content.entry(number).or_default();
        for change in self.pending.remove(&number).unwrap_or_default() {
            apply(content, &change);
        }
    }

    /// The listing tells of renames that went past the recorder.
    fn flush_folder(&mut self, folder: &Path) {
        for (path, inode) in std::mem::take(&mut self.listing) {
            if self.seen.files.get(&path) == Some(&inode) || is_transient(&path) {
                continue;
            }
            match self.seen.files.iter().find(|(_, known)| **known == inode).map(|(from, _)| from.clone()) {
                Some(from) => self.name(Naming::Rename { from, to: path }),
                None => self.name(Naming::Link { path, inode }),
            }
        }
        if self.flush == Flush::Lies {
            return;
        }
        let (flushed, waiting) = std::mem::take(&mut self.naming).into_iter().partition(|n| n.is_in(folder));
        self.naming = waiting;
        let flushed: Vec<Naming> = flushed;
        flushed.iter().for_each(|naming| naming.apply(&mut self.kept));
    }

    /// Writes what a power cut at this moment leaves into an empty folder.
    pub fn cut(&self, into: &Path, random: &mut Random) -> io::Result<()> {
        let mut names = self.kept.clone();
        let journalled = random.below(self.naming.len() as u64 + 1) as usize;
        self.naming[..journalled].iter().for_each(|naming| naming.apply(&mut names));
        let place = |path: &Path| path.strip_prefix(&self.root).map(|rest| into.join(rest)).ok();
        for folder in names.folders.iter().filter_map(|folder| place(folder)) {
            fs::create_dir_all(folder)?;
        }
        for (path, inode) in &names.files {
            let Some(path) = place(path) else { continue };
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(path, self.left(*inode, random))?;
        }
        Ok(())
    }

    fn left(&self, inode: u64, random: &mut Random) -> Vec<u8> {
        let mut content = self.content.get(&inode).cloned().unwrap_or_default();
        for change in self.pending.get(&inode).into_iter().flatten() {
            match (random.below(3), change) {
                (0, _) => {}
                (1, Pending::Write { offset, bytes }) => {
                    let sectors = (bytes.len() as u64).div_ceil(SECTOR);
                    let torn = (random.below(sectors + 1) * SECTOR).min(bytes.len() as u64) as usize;
                    apply(&mut content, &Pending::Write { offset: *offset, bytes: bytes[..torn].to_vec() });
                }
                _ => apply(&mut content, change),
            }
        }
        content
    }
}

fn apply(content: &mut Vec<u8>, change: &Pending) {
    match change {
        Pending::Truncate(length) => content.resize(*length as usize, 0),
        Pending::Write { offset, bytes } => {
            let (from, to) = (*offset as usize, *offset as usize + bytes.len());
            if content.len() < to {
                content.resize(to, 0);
            }
            content[from..to].copy_from_slice(bytes);
        }
    }
}

/// SQLite's shared index is made anew at every start.
fn is_transient(path: &Path) -> bool {
    path.to_string_lossy().ends_with("-shm")
}

fn everything_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut all = vec![];
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            all.extend(everything_below(&path)?);
        }
        all.push(path);
    }
    Ok(all)
}
