//! Work under way in this process: who is running, who was asked to stop, how many at once.
//!
//! The durable side of a job is its row in `records`; this is only what a restart forgets.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use domain::JobId;

use crate::views::JobView;

/// One analysis keeps a core busy; more than this would be felt in the window.
const AT_ONCE: usize = 2;

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

#[derive(Clone, Default)]
pub struct Jobs(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    room: Condvar,
}

#[derive(Default)]
struct State {
    entries: HashMap<JobId, Entry>,
    busy: usize,
}

struct Entry {
    cancel: Cancel,
    view: JobView,
}

impl Jobs {
    /// Starts `work` on its own thread as soon as there is room. It is given its cancel request.
    pub(crate) fn start(&self, view: JobView, work: impl FnOnce(&Cancel) + Send + 'static) {
        let id = view.id;
        let cancel = Cancel::default();
        self.lock().entries.insert(id, Entry { cancel: cancel.clone(), view });
        let jobs = self.clone();
        std::thread::spawn(move || {
            let _seat = jobs.take_seat(id);
            work(&cancel);
        });
    }

    /// Keeps the latest view of a running job for whoever asks.
    pub(crate) fn note(&self, view: &JobView) {
        if let Some(entry) = self.lock().entries.get_mut(&view.id) {
            entry.view = view.clone();
        }
    }

    /// The latest view of a job that runs or waits in this process.
    #[must_use]
    pub fn view(&self, id: JobId) -> Option<JobView> {
        self.lock().entries.get(&id).map(|entry| entry.view.clone())
    }

    /// Whether anything runs or waits in this process.
    pub(crate) fn any_running(&self) -> bool {
        !self.lock().entries.is_empty()
    }

    /// Asks a job to stop. False when it does not run here.
    pub(crate) fn cancel(&self, id: JobId) -> bool {
        self.lock().entries.get(&id).is_some_and(|entry| {
            entry.cancel.request();
            true
        })
    }

    fn take_seat(&self, id: JobId) -> Seat {
        let mut state = self.lock();
        while state.busy >= AT_ONCE {
            state = self.0.room.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.busy += 1;
        drop(state);
        Seat { jobs: self.clone(), id }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Given back when the work ends, however it ends.
struct Seat {
    jobs: Jobs,
    id: JobId,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut state = self.jobs.lock();
        state.busy -= 1;
        state.entries.remove(&self.id);
        drop(state);
        self.jobs.0.room.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::LesionId;
    use domain::job::{AnalysisStep, JobState};
    use std::sync::mpsc;
    use std::time::Duration;

    fn view() -> JobView {
        JobView {
            id: JobId::fresh(),
            lesion_id: LesionId::fresh(),
            image_ids: vec![],
            state: JobState::Pending,
            step: AnalysisStep::Queued,
            fraction: 0.0,
            analysis_id: None,
            error: None,
            created_at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_third_job_waits_for_a_seat_and_a_panic_gives_one_back() {
        let jobs = Jobs::default();
        let (started, starts) = mpsc::channel();
        let (release, gate) = mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        for i in 0..3 {
            let (started, gate) = (started.clone(), Arc::clone(&gate));
            jobs.start(view(), move |_| {
                started.send(i).unwrap();
                gate.lock().unwrap_or_else(PoisonError::into_inner).recv().unwrap();
                panic!("even so the seat is free again");
            });
        }
        let wait = Duration::from_secs(5);
        starts.recv_timeout(wait).unwrap();
        starts.recv_timeout(wait).unwrap();
        assert!(starts.recv_timeout(Duration::from_millis(100)).is_err());
        release.send(()).unwrap();
        starts.recv_timeout(wait).unwrap();
    }

    #[test]
    fn a_cancel_reaches_the_work() {
        let jobs = Jobs::default();
        let (seen, told) = mpsc::channel();
        let view = view();
        let id = view.id;
        jobs.start(view, move |cancel| {
            while !cancel.is_requested() {
                std::thread::sleep(Duration::from_millis(1));
            }
            seen.send(()).unwrap();
        });
        assert!(jobs.cancel(id));
        told.recv_timeout(Duration::from_secs(5)).unwrap();
        assert!(!jobs.cancel(JobId::fresh()));
    }
}
