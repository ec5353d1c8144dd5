//! A folder into which a tethered device puts its photographs.
//!
//! It is looked at whenever the window asks, and compared with the last look: notifications of the system do not
//! come over network shares, which is where such folders lie. A file is offered when it is new since the folder is
//! watched and its size and time stood still between two looks.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use domain::PatientId;
use jiff::{SignedDuration, Timestamp};

use super::files::{Found, Walk, name_below};
use crate::views::{OfferedFile, WatchedFile};

/// Devices put their photographs into folders by day at most.
const DEEPEST: usize = 4;
const MOST_FILES: usize = 20_000;
/// Longer without a look, and nobody knows for whom a new file was taken.
const CONTINUOUS: SignedDuration = SignedDuration::from_secs(10);
/// A file that did not change for this long is complete.
const STEADY: SignedDuration = SignedDuration::from_millis(900);

pub(super) fn list(folder: &Path) -> io::Result<Walk> {
    Walk::through(folder, DEEPEST, MOST_FILES)
}

#[derive(Default)]
pub(super) struct Watched {
    folder: Option<PathBuf>,
    /// Files stay known when they go, so that a share which comes back offers nothing old.
    known: HashMap<PathBuf, Known>,
    next: u32,
    /// Whose page was open at the last look, and when.
    last: Option<(PatientId, Timestamp)>,
}

struct Known {
    bytes: u64,
    modified: Option<SystemTime>,
    state: State,
}

enum State {
    /// Nothing to offer: it was there before, was taken in, or was not wanted.
    Settled,
    /// New, unchanged since; of the patient whose page was open all the while.
    Growing(Timestamp, Option<PatientId>),
    Offered(Offer),
}

struct Offer {
    key: u32,
    at: Timestamp,
    /// Nobody where no page was open when it came.
    patient: Option<PatientId>,
    /// It was there at the last look.
    here: bool,
}

impl Watched {
    pub fn begun(folder: &Path, found: &[Found]) -> Self {
        let known = found.iter().map(|file| (file.path.clone(), Known::of(file, State::Settled))).collect();
        Self { folder: Some(folder.to_path_buf()), known, next: 0, last: None }
    }

    /// Takes in what a look found.
    pub fn compare(&mut self, folder: &Path, found: &[Found], now: Timestamp, patient: PatientId) {
        if self.folder.as_deref() != Some(folder) {
            *self = Self::begun(folder, found);
            return;
        }
        let watched_on =
            |(of, at): &(PatientId, Timestamp)| *of == patient && now.duration_since(*at) <= CONTINUOUS;
        let owner = self.last.as_ref().is_some_and(watched_on).then_some(patient);
        self.last = Some((patient, now));
        for known in self.known.values_mut() {
            if let State::Offered(offer) = &mut known.state {
                offer.here = false;
            }
        }
        for file in found {
            let Some(known) = self.known.get_mut(&file.path) else {
                self.known.insert(file.path.clone(), Known::of(file, State::Growing(now, owner)));
                continue;
            };
            if (known.bytes, known.modified) != (file.bytes, file.modified) {
                // Some devices write every photograph under the same name.
                *known = Known::of(file, State::Growing(now, owner));
                continue;
            }
            match &mut known.state {
                State::Growing(since, owner) if file.bytes > 0 && now.duration_since(*since) >= STEADY => {
                    let offer = Offer { key: self.next, at: now, patient: *owner, here: true };
                    known.state = State::Offered(offer);
                    self.next += 1;
                }
                State::Offered(offer) => offer.here = true,
                _ => {}
            }
        }
    }

    /// What can be taken in, oldest first.
    pub fn offered(&self, patient: PatientId) -> Vec<WatchedFile> {
        let folder = self.folder.as_deref().unwrap_or(Path::new(""));
        let mut files: Vec<WatchedFile> = self
            .offers()
            .filter(|(_, _, offer)| offer.here)
            .map(|(path, known, offer)| WatchedFile {
                file: OfferedFile { key: offer.key, name: name_below(folder, path), bytes: known.bytes },
                seen_at: offer.at,
                before_this_patient: offer.patient != Some(patient),
            })
            .collect();
        files.sort_by_key(|file| file.file.key);
        files
    }

    /// A file that is offered, as it was at the last look.
    pub fn found(&self, key: u32) -> Option<Found> {
        self.offers().find(|(_, _, offer)| offer.key == key).map(|(path, known, _)| Found {
            path: path.clone(),
            bytes: known.bytes,
            modified: known.modified,
        })
    }

    pub fn done(&mut self, keys: &[u32]) {
        for known in self.known.values_mut() {
            if matches!(&known.state, State::Offered(offer) if keys.contains(&offer.key)) {
                known.state = State::Settled;
            }
        }
    }

    fn offers(&self) -> impl Iterator<Item = (&PathBuf, &Known, &Offer)> {
        self.known.iter().filter_map(|(path, known)| match &known.state {
            State::Offered(offer) => Some((path, known, offer)),
            _ => None,
        })
    }
}

impl Known {
    fn of(file: &Found, state: State) -> Self {
        Self { bytes: file.bytes, modified: file.modified, state }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOLDER: &str = "/device";

    fn file(name: &str, bytes: u64) -> Found {
        Found { path: Path::new(FOLDER).join(name), bytes, modified: None }
    }

    fn second(count: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + count).unwrap()
    }

    fn names(watched: &Watched, patient: PatientId) -> Vec<(String, bool)> {
        watched.offered(patient).into_iter().map(|f| (f.file.name, f.before_this_patient)).collect()
    }

    #[test]
    fn only_what_is_new_and_complete_is_offered() {
        let (patient, next) = (PatientId::fresh(), PatientId::fresh());
        let mut watched = Watched::default();
        let mut look = |found: &[Found], at, who| {
            watched.compare(Path::new(FOLDER), found, second(at), who);
            names(&watched, who)
        };
        let old = file("old.jpg", 10);
        assert!(look(std::slice::from_ref(&old), 0, patient).is_empty());
        // It grows, stands still, is offered; an empty one never is.
        assert!(look(&[old.clone(), file("new.jpg", 5)], 2, patient).is_empty());
        assert!(look(&[old.clone(), file("new.jpg", 9), file("empty.jpg", 0)], 4, patient).is_empty());
        let whole = [old.clone(), file("new.jpg", 9), file("empty.jpg", 0)];
        assert_eq!(look(&whole, 6, patient), [("new.jpg".to_owned(), false)]);
        // It came while somebody else was open.
        assert_eq!(look(&whole, 8, next), [("new.jpg".to_owned(), true)]);
        // Away and back: nothing old is new.
        assert!(look(&[], 10, patient).is_empty());
        assert_eq!(look(&whole, 12, patient), [("new.jpg".to_owned(), false)]);
        let key = watched.offered(patient)[0].file.key;
        assert_eq!(watched.found(key), Some(file("new.jpg", 9)));
        watched.done(&[key]);
        assert!(names(&watched, patient).is_empty() && watched.found(key).is_none());
        // The same name with another photograph is new again.
        let again = [old, file("new.jpg", 11)];
        watched.compare(Path::new(FOLDER), &again, second(14), patient);
        watched.compare(Path::new(FOLDER), &again, second(16), patient);
        assert_eq!(names(&watched, patient), [("new.jpg".to_owned(), false)]);

        // Nobody looked for a while: it may be of somebody whose page was not open.
        let unseen = [file("unseen.jpg", 7)];
        for at in [60, 62] {
            watched.compare(Path::new(FOLDER), &unseen, second(at), patient);
        }
        assert_eq!(names(&watched, patient), [("unseen.jpg".to_owned(), true)]);
    }
}
