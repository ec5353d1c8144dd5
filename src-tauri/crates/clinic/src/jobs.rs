//! Work under way in this process: who is running, who was asked to stop, how many at once.
//!
//! The queue itself is the table of jobs in `records`; this is only what a restart forgets.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use domain::JobId;

use crate::session::Office;
use crate::views::JobView;

/// One analysis keeps a core busy; more than this would be felt in the window.
pub const MOST_AT_ONCE: usize = 2;

/// A request to stop that the work looks at between its steps.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    pub fn request(&self) {
        self.0.store(true, Ordering::Release);
    }

    #[must_use]
    pub fn is_requested(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Hears every change of a job, on the worker's thread.
pub(crate) type Progress = Box<dyn Fn(&JobView) + Send>;

#[derive(Clone, Default)]
pub struct Jobs(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// Held while a job is chosen, so that two workers do not choose the same.
    choosing: Mutex<()>,
}

#[derive(Default)]
struct State {
    entries: HashMap<JobId, Entry>,
    /// The clinic that the next job is worked on in; nothing while there is nothing to do.
    office: Option<Arc<Office>>,
    workers: usize,
    most: usize,
    /// Rises with every call to work, so that a worker about to leave notices one.
    calls: u64,
}

struct Entry {
    cancel: Cancel,
    view: JobView,
    progress: Option<Progress>,
    under_way: bool,
}

/// A worker's turn: where it works, and which call it answers.
pub(crate) struct Turn {
    pub office: Arc<Office>,
    call: u64,
}

/// What a job that begins was waiting with.
pub(crate) struct Begun {
    pub cancel: Cancel,
    pub progress: Option<Progress>,
}

impl Jobs {
    /// Keeps a waiting job's view and whoever wants to hear of it.
    pub(crate) fn expect(&self, view: JobView, progress: Progress) {
        let entry = Entry { cancel: Cancel::default(), progress: Some(progress), under_way: false, view };
        self.lock().entries.insert(entry.view.id, entry);
    }

    /// Calls for work in an office, by at most `most` workers, each of which runs `worker` on a thread of its
    /// own. Those at work already go on there with their next job.
    /// `wanted` is asked while nobody can be dismissed: a session that ended meanwhile leaves no keys here.
    pub(crate) fn call(
        &self,
        office: &Arc<Office>,
        most: usize,
        worker: fn(&Jobs),
        wanted: impl FnOnce() -> bool,
    ) {
        let mut state = self.lock();
        if !wanted() {
            return;
        }
        state.office = Some(Arc::clone(office));
        state.most = most.clamp(1, MOST_AT_ONCE);
        state.calls += 1;
        while state.workers < state.most {
            state.workers += 1;
            let seat = Seat { jobs: self.clone(), left: AtomicBool::new(false) };
            std::thread::spawn(move || {
                worker(&seat.jobs);
                seat.left.store(true, Ordering::Release);
            });
        }
    }

    /// What a worker does next. Nothing when it is one too many or was sent away: it has left then.
    pub(crate) fn turn(&self) -> Option<Turn> {
        let mut state = self.lock();
        match &state.office {
            Some(office) if state.workers <= state.most => {
                Some(Turn { office: Arc::clone(office), call: state.calls })
            }
            _ => {
                state.leave();
                None
            }
        }
    }

    /// A worker found nothing to do. True when it has left; false when there was a call meanwhile.
    pub(crate) fn rest(&self, turn: &Turn) -> bool {
        let mut state = self.lock();
        let nothing_new = state.calls == turn.call;
        if nothing_new {
            state.leave();
        }
        nothing_new
    }

    /// Nobody begins anything new until the next call.
    pub(crate) fn dismiss(&self) {
        self.lock().office = None;
    }

    /// Waits until everybody who was dismissed has left, but no longer than this; says whether they have. The
    /// program must not end under somebody who reads the records.
    pub fn settle(&self, longest: Duration) -> bool {
        let end = Instant::now() + longest;
        while self.any_running() {
            if Instant::now() >= end {
                return false;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        true
    }

    /// Chooses a job: nobody else does so at the same time.
    pub(crate) fn choosing(&self) -> MutexGuard<'_, ()> {
        self.0.choosing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A job is under way from here on.
    pub(crate) fn begin(&self, view: JobView) -> Begun {
        let mut state = self.lock();
        let (cancel, progress) = match state.entries.remove(&view.id) {
            Some(entry) => (entry.cancel, entry.progress),
            None => (Cancel::default(), None),
        };
        let entry = Entry { cancel: cancel.clone(), progress: None, under_way: true, view };
        state.entries.insert(entry.view.id, entry);
        Begun { cancel, progress }
    }

    /// A job has ended, or waits again.
    pub(crate) fn end(&self, id: JobId) {
        self.lock().entries.remove(&id);
    }

    /// A job ended while it waited: whoever listens hears of it.
    pub(crate) fn ended_waiting(&self, view: &JobView) {
        let entry = self.lock().entries.remove(&view.id);
        if let Some(progress) = entry.and_then(|entry| entry.progress) {
            progress(view);
        }
    }

    /// Keeps the latest view of a running job for whoever asks.
    pub(crate) fn note(&self, view: &JobView) {
        if let Some(entry) = self.lock().entries.get_mut(&view.id) {
            entry.view = view.clone();
        }
    }

    /// The latest view of a job that runs or is waited for in this process.
    #[must_use]
    pub fn view(&self, id: JobId) -> Option<JobView> {
        self.lock().entries.get(&id).map(|entry| entry.view.clone())
    }

    /// The jobs somebody works on.
    pub(crate) fn under_way(&self) -> Vec<JobId> {
        self.lock().entries.iter().filter(|(_, entry)| entry.under_way).map(|(id, _)| *id).collect()
    }

    /// Whether anybody is at work in this process.
    pub(crate) fn any_running(&self) -> bool {
        self.lock().workers > 0
    }

    /// Asks a job to stop. False when nobody works on it here.
    pub(crate) fn cancel(&self, id: JobId) -> bool {
        self.lock().entries.get(&id).filter(|entry| entry.under_way).is_some_and(|entry| {
            entry.cancel.request();
            true
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn leave(&mut self) {
        self.workers -= 1;
        if self.workers == 0 {
            // The keys of the clinic are not held longer than they are needed.
            self.office = None;
        }
    }
}

/// A worker's place, free again even when its work panicked.
struct Seat {
    jobs: Jobs,
    left: AtomicBool,
}

impl Drop for Seat {
    fn drop(&mut self) {
        if !self.left.load(Ordering::Acquire) {
            self.jobs.lock().leave();
        }
    }
}
