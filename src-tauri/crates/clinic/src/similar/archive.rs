//! The clinic's directions in memory: there while a clinician's session lasts, wiped at its end.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::Duration;

use domain::{Actor, ImageId};
use records::embeddings::{self, ImageDirection};
use vision::similar::SimilarityIndex;
use vision::{Classifier, Embedding};

use crate::error::{ErrorCode, Result};
use crate::examination::open_original;
use crate::models::stored;
use crate::session::{Office, Session};

/// Rows of one read: the records are not kept from others for longer than some milliseconds.
const CHUNK: u32 = 4_096;
/// Photographs of one step of the pass over older readings.
const STEP: u32 = 4;
/// The first screen comes first.
const START: Duration = Duration::from_secs(2);
/// Analyses that somebody waits for go before.
const PAUSE: Duration = Duration::from_millis(500);

#[derive(Default)]
pub(crate) struct Archive {
    state: Mutex<State>,
    /// Held during a step of the pass over older readings.
    step: Mutex<()>,
}

#[derive(Default)]
struct State {
    loaded: Option<Loaded>,
    closed: bool,
    filling: bool,
}

struct Loaded {
    model: String,
    index: SimilarityIndex,
    images: Vec<ImageId>,
    last_row: i64,
    removals: i64,
}

/// Photographs by their distance, nearest first.
pub(crate) struct Neighbours {
    pub near: Vec<(ImageId, f32)>,
    /// How many were compared.
    pub compared: usize,
}

impl Archive {
    /// The photographs nearest to any of the questions, after what is new in the records was read.
    ///
    /// # Errors
    /// `session_locked` once it is closed; `record_damaged`, `storage_failed`.
    pub fn nearest(
        &self,
        office: &Office,
        model: &str,
        questions: &[Embedding],
        count: usize,
    ) -> Result<Neighbours> {
        let mut state = self.lock();
        let loaded = state.refreshed(office, model)?;
        let found = loaded.index.nearest(questions, count);
        let near = found.into_iter().map(|(place, distance)| (loaded.images[place], distance)).collect();
        Ok(Neighbours { near, compared: loaded.index.len() })
    }

    /// Whether older readings are still being added.
    pub fn is_filling(&self) -> bool {
        self.lock().filling
    }

    /// The session has ended.
    pub fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Wipes what is in memory; it is read again when it is asked for.
    pub fn forget(&self) {
        self.lock().loaded = None;
    }

    /// Wipes it for good.
    pub fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.loaded = None;
    }

    /// The same, and waits for the photograph that is looked at in the background: nobody reads the records
    /// afterwards, while the program ends or the keys are let go.
    pub fn finish(&self) {
        self.close();
        drop(self.still());
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nothing is added to the records as long as the answer is held.
    pub fn still(&self) -> MutexGuard<'_, ()> {
        self.step.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn refreshed(&mut self, office: &Office, model: &str) -> Result<&Loaded> {
        if self.closed {
            return Err(ErrorCode::SessionLocked.into());
        }
        let removals = office.store.read(embeddings::removals)?;
        let mut loaded = match self.loaded.take() {
            Some(loaded) if loaded.model == model && loaded.removals == removals => loaded,
            _ => Loaded::new(model, removals),
        };
        loaded.catch_up(office)?;
        Ok(self.loaded.insert(loaded))
    }
}

impl Loaded {
    fn new(model: &str, removals: i64) -> Self {
        let index = SimilarityIndex::new(0, 0);
        Self { model: model.to_owned(), index, images: Vec::new(), last_row: 0, removals }
    }

    fn catch_up(&mut self, office: &Office) -> Result<()> {
        loop {
            let rows = office.store.read(|tx| embeddings::since(tx, &self.model, self.last_row, CHUNK))?;
            let full = rows.len() == CHUNK as usize;
            for (row, ImageDirection { image_id, bytes }) in rows {
                self.last_row = row;
                let Some(embedding) = Embedding::from_bytes(&bytes) else { continue };
                if self.index.is_empty() {
                    self.index = SimilarityIndex::new(embedding.size(), 0);
                }
                if self.index.push(&embedding).is_ok() {
                    self.images.push(image_id);
                }
            }
            if !full {
                return Ok(());
            }
        }
    }
}

/// The direction of a stored photograph in the classifier in use; nothing where it has none.
pub(crate) fn direction(
    office: &Office,
    classifier: &Classifier,
    image_id: ImageId,
) -> Result<Option<ImageDirection>> {
    let photo = vision::decode(&open_original(office, image_id)?, &vision::DecodeLimits::default())?;
    let embedding = classifier.embed(&photo)?;
    Ok(embedding.map(|embedding| ImageDirection { image_id, bytes: embedding.to_bytes() }))
}

/// Reads the archive in the background and adds the readings that have no direction yet. It holds the clinic
/// open only for a step at a time and ends with the session.
pub(crate) fn prepare(session: &Session) {
    if session.sealed().is_err() {
        return;
    }
    let pass = Pass {
        archive: Arc::downgrade(session.archive()),
        office: Arc::downgrade(session.office()),
        actor: session.actor(),
        after: None,
    };
    pass.say(true);
    // Where no thread can be had, the first question reads it.
    if thread::Builder::new().name("archive".into()).spawn(move || pass.run()).is_err() {
        session.archive().lock().filling = false;
    }
}

struct Pass {
    archive: Weak<Archive>,
    office: Weak<Office>,
    actor: Actor,
    after: Option<ImageId>,
}

enum Step {
    More,
    Wait,
    Done,
}

impl Pass {
    fn run(mut self) {
        thread::sleep(START);
        loop {
            match self.step() {
                Step::More => {}
                Step::Wait => thread::sleep(PAUSE),
                Step::Done => break,
            }
        }
        self.say(false);
    }

    fn say(&self, filling: bool) {
        if let Some(archive) = self.archive.upgrade() {
            archive.lock().filling = filling;
        }
    }

    fn step(&mut self) -> Step {
        let (Some(archive), Some(office)) = (self.archive.upgrade(), self.office.upgrade()) else {
            return Step::Done;
        };
        let _still = archive.still();
        if archive.lock().closed {
            return Step::Done;
        }
        if office.workstation.jobs().any_running() {
            return Step::Wait;
        }
        match self.fill(&archive, &office) {
            Ok(true) => Step::More,
            Ok(false) => Step::Done,
            Err(error) => {
                tracing::warn!(%error, "older readings were not added to the archive of like cases");
                Step::Done
            }
        }
    }

    /// False when nothing is left to do.
    fn fill(&mut self, archive: &Archive, office: &Office) -> Result<bool> {
        let classifier = stored::in_use(office)?;
        let model = classifier.identity().sha256.as_str();
        let missing = office.store.read(|tx| embeddings::missing(tx, model, self.after, STEP))?;
        let Some(last) = missing.last() else {
            archive.lock().refreshed(office, model)?;
            return Ok(false);
        };
        self.after = Some(*last);
        let mut found = Vec::new();
        for image in &missing {
            if archive.lock().closed {
                return Ok(false);
            }
            match direction(office, &classifier, *image) {
                Ok(direction) => found.extend(direction),
                // A damaged photograph says so when somebody opens it.
                Err(error) => tracing::warn!(%error, "a photograph has no place among like cases"),
            }
        }
        if !found.is_empty() {
            office.store.write(&self.actor, |tx| embeddings::fill(tx, model, &found))?;
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn finishing_waits_for_the_step_under_way() {
        let archive = Arc::new(Archive::default());
        let done = Arc::new(AtomicBool::new(false));
        let (begun, waiting) = std::sync::mpsc::channel();
        let step = {
            let (archive, done) = (Arc::clone(&archive), Arc::clone(&done));
            thread::spawn(move || {
                let _still = archive.still();
                begun.send(()).unwrap();
                thread::sleep(Duration::from_millis(100));
                done.store(true, Ordering::SeqCst);
            })
        };
        waiting.recv().unwrap();
        archive.finish();
        assert!(done.load(Ordering::SeqCst) && archive.lock().closed);
        step.join().unwrap();
    }
}
