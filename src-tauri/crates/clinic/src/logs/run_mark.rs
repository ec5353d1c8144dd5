//! Whether the last run ended in order: a file that a run makes at its start and removes at its end.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

const NAME: &str = "running";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LastRun {
    /// It took its mark away, or there was none.
    InOrder,
    /// It was killed, crashed, or the machine lost power.
    CutShort,
    /// Nobody looked, as on the command line.
    #[default]
    Unknown,
}

/// Held while the program runs.
pub struct RunMark {
    path: PathBuf,
    /// Locked; a mark that nobody locks is a leftover.
    _file: File,
}

impl RunMark {
    /// Leaves a mark. A second program at the same time leaves none and says nothing of the first.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn leave(folder: &Path) -> io::Result<(Option<Self>, LastRun)> {
        let path = folder.join(NAME);
        let was_there = path.exists();
        let file = File::options().create(true).truncate(false).write(true).open(&path)?;
        match file.try_lock() {
            Ok(()) => {
                let last = if was_there { LastRun::CutShort } else { LastRun::InOrder };
                Ok((Some(Self { path, _file: file }), last))
            }
            Err(TryLockError::WouldBlock) => Ok((None, LastRun::Unknown)),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// The run ends in order.
    pub fn remove(self) {
        // What stays says wrongly that the run was cut short, which is the safe side.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_that_nobody_holds_tells_of_a_run_that_was_cut_short() {
        let folder = tempfile::tempdir().unwrap();
        let leave = || RunMark::leave(folder.path()).unwrap();
        let (first, last) = leave();
        assert_eq!(last, LastRun::InOrder);
        let (second, beside) = leave();
        assert!(second.is_none() && beside == LastRun::Unknown, "the first one still runs");
        drop(first);
        let (third, last) = leave();
        assert_eq!(last, LastRun::CutShort);
        third.unwrap().remove();
        assert_eq!(leave().1, LastRun::InOrder);
    }
}
