//! The thread of a pass: step by step, as long as the session lasts.

use std::cell::{Cell, RefCell};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::{Duration, Instant};

use domain::derived::{DerivedKind, DerivedState};
use domain::{Actor, ImageId};
use records::RecordsError;
use records::derived::{self, DerivedRun, Made};
use records::files::SealedFile;
use serde_json::json;
use vault::VaultError;
use vision::{Classifier, DecodeLimits, Photograph};

use super::{changed, directions, heatmaps, pictures};
use crate::error::{Error, ErrorCode, Result};
use crate::examination::open_original;
use crate::models::stored;
use crate::session::{Office, Session};
use crate::settings;
use crate::similar::archive::Archive;

/// The first screen comes first.
const START: Duration = Duration::from_secs(2);
/// Analyses that somebody waits for go before.
const PAUSE: Duration = Duration::from_millis(500);
/// Others come in between two steps.
const BREATH: Duration = Duration::from_millis(5);
/// A step ends with the photograph or reading that it is at after this long.
const STEP: Duration = Duration::from_millis(250);

/// A pass that finds nothing to make takes note of its place this often: every note is a row of the audit trail.
const NOTE: Duration = Duration::from_secs(5);

/// Goes on with the pass that an earlier session left open.
pub(crate) fn resume(session: &Session) {
    let open = session.store().read(derived::open);
    if session.sealed().is_ok() && open.is_ok_and(|open| open.is_some()) {
        spawn(session, START);
    }
}

pub(super) fn begin(session: &Session) {
    spawn(session, Duration::ZERO);
}

fn spawn(session: &Session, delay: Duration) {
    let pass = Pass {
        archive: Arc::downgrade(session.archive()),
        office: Arc::downgrade(session.office()),
        actor: session.actor(),
        ahead: RefCell::new(None),
        noted: Cell::new(Instant::now()),
    };
    // Where no thread can be had, the pass goes on at the next sign-in.
    let run = move || {
        thread::sleep(delay);
        pass.run();
    };
    drop(thread::Builder::new().name("derived".into()).spawn(run));
}

/// The classifier, unless there is none or the clinic has switched readings off.
pub(super) fn model_in_use(office: &Office) -> Result<Option<Arc<Classifier>>> {
    let allowed = office.store.read(settings::analyses)?;
    Ok(if allowed { stored::in_use(office).ok() } else { None })
}

struct Pass {
    /// It is closed when the session ends, and held still while keys are changed.
    archive: Weak<Archive>,
    office: Weak<Office>,
    actor: Actor,
    /// The pass where it is, while its row is behind.
    ahead: RefCell<Option<DerivedRun>>,
    /// When its row was last up to date.
    noted: Cell<Instant>,
}

enum Step {
    More,
    Wait,
    Done,
}

/// Where a step works.
pub(super) struct Site<'a> {
    pub office: &'a Office,
    pub model: Option<&'a Classifier>,
    archive: &'a Archive,
    began: Instant,
}

impl Pass {
    fn run(self) {
        loop {
            match self.step() {
                Step::More => thread::sleep(BREATH),
                Step::Wait => thread::sleep(PAUSE),
                Step::Done => break,
            }
        }
    }

    fn step(&self) -> Step {
        let (Some(archive), Some(office)) = (self.archive.upgrade(), self.office.upgrade()) else {
            return Step::Done;
        };
        let _still = archive.still();
        if archive.is_closed() {
            return Step::Done;
        }
        if office.workstation.jobs().any_running() {
            return Step::Wait;
        }
        let step = match self.go_on(&archive, &office) {
            Ok(true) => Step::More,
            Ok(false) => Step::Done,
            Err(error) => {
                self.fail(&office, &error);
                Step::Done
            }
        };
        changed(&office);
        step
    }

    /// False when nothing is left to do, or the session ends.
    fn go_on(&self, archive: &Archive, office: &Office) -> Result<bool> {
        let Some(stored) = office.store.read(derived::open)? else { return Ok(false) };
        let ahead = self.ahead.take().filter(|ahead| ahead.row == stored.row);
        let mut run = ahead.unwrap_or(stored);
        let model = model_in_use(office)?;
        adopt(&mut run, model.as_deref());
        let site = Site { office, model: model.as_deref(), archive, began: Instant::now() };
        let mut made = Made::default();
        let through = match run.kind {
            DerivedKind::Pictures => pictures::step(&site, &mut run, &mut made),
            DerivedKind::Heatmaps => heatmaps::step(&site, &mut run, &mut made),
            DerivedKind::Directions => directions::step(&site, &mut run, &mut made),
        };
        let through = match through {
            Ok(through) => through,
            Err(error) => {
                discard(office, made.files());
                // The session ended in the middle of it: the pass stays open.
                return if archive.is_closed() { Ok(false) } else { Err(error) };
            }
        };
        let next = if through { run.kind.next() } else { Some(run.kind) };
        if through {
            run.after.clear();
            run.kind = next.unwrap_or(run.kind);
        }
        if next.is_some() && made.is_empty() && self.noted.get().elapsed() < NOTE {
            self.ahead.replace(Some(run));
            return Ok(true);
        }
        let noted = office.store.write(&self.actor, |tx| {
            let idle = derived::advance(tx, &run, &made, next.is_none())?;
            if next.is_none() {
                derived::end(tx, run.row, DerivedState::Finished, None)?;
            }
            Ok(idle)
        });
        match noted {
            Ok(idle) => {
                self.noted.set(Instant::now());
                discard(office, idle);
                Ok(next.is_some())
            }
            Err(error) => {
                discard(office, made.files());
                // Somebody cancelled it meanwhile.
                if error == RecordsError::Conflict { Ok(false) } else { Err(error.into()) }
            }
        }
    }

    fn fail(&self, office: &Office, error: &Error) {
        tracing::warn!(%error, "a pass over derived data ended");
        let ended = office.store.write(&self.actor, |tx| match derived::open(tx)? {
            Some(run) => derived::end(tx, run.row, DerivedState::Failed, Some(&json!(error))).map(drop),
            None => Ok(()),
        });
        if let Err(error) = ended {
            tracing::warn!(%error, "the end of a pass over derived data was not recorded");
        }
    }
}

/// What was found of another model does not hold any more; pictures do.
fn adopt(run: &mut DerivedRun, model: Option<&Classifier>) {
    let model = model.map(|model| model.identity().sha256.clone());
    if run.model == model {
        return;
    }
    run.model = model;
    if run.kind != DerivedKind::Pictures {
        run.kind = DerivedKind::Heatmaps;
        run.after.clear();
        run.tally.forget_models();
    }
}

impl Site<'_> {
    /// The step has lasted long enough.
    pub fn is_due(&self) -> bool {
        self.began.elapsed() >= STEP
    }

    pub fn is_closed(&self) -> bool {
        self.archive.is_closed()
    }

    /// # Errors
    /// `session_locked` when the session has ended.
    pub fn go_on(&self) -> Result<()> {
        if self.is_closed() { Err(ErrorCode::SessionLocked.into()) } else { Ok(()) }
    }

    /// Whether a sealed file is there and whole.
    pub fn opens(&self, file: &SealedFile, purpose: &str) -> Result<bool> {
        match self.office.sealed()?.open_file(file.id, file.version, purpose, &file.key) {
            Ok(_) => Ok(true),
            Err(VaultError::FileMissing | VaultError::Damaged) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The photograph as it came in; nothing where it cannot be opened any more, which says so itself when somebody
    /// looks at it.
    pub fn photograph(&self, image: ImageId) -> Result<Option<Photograph>> {
        let opened = open_original(self.office, image)
            .and_then(|bytes| Ok(vision::decode(&bytes, &DecodeLimits::default())?));
        opened.map_or_else(unless_lost, |photo| Ok(Some(photo)))
    }
}

/// Nothing for what is wrong with one photograph; the error for what is wrong with the disk.
pub(super) fn unless_lost<T>(error: Error) -> Result<Option<T>> {
    match error.code {
        ErrorCode::StorageFailed | ErrorCode::StorageFull | ErrorCode::NotPermitted => Err(error),
        _ => Ok(None),
    }
}

fn discard(office: &Office, files: impl IntoIterator<Item = domain::FileId>) {
    if let Ok(sealed) = office.sealed() {
        for file in files {
            // What this misses the next start sweeps.
            let _ = sealed.discard(file);
        }
    }
}
