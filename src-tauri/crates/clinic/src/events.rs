//! What changed, told to whoever listens. The framework of the window is not known here.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    Patient,
    Lesion,
    Image,
    Job,
    /// A batch of jobs, also when one of its jobs begins or ends.
    Batch,
    Analysis,
    Report,
    Visit,
    /// Photographs that wait for a lesion; the id is the patient's.
    Tray,
    /// Recalls, biopsies or notes; the id is the patient's.
    FollowUp,
    /// What came of a backup; there is no id.
    Backup,
    /// A pass over derived data; there is no id.
    Derived,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    RecordChanged { what: Subject, id: String },
    SessionLocked,
}

type Listener = Arc<dyn Fn(&Event) + Send + Sync>;

/// Listeners are called on the thread that made the change; they must be quick.
#[derive(Clone, Default)]
pub struct Events(Arc<Mutex<Vec<Listener>>>);

impl Events {
    pub fn listen(&self, listener: impl Fn(&Event) + Send + Sync + 'static) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::new(listener));
    }

    pub fn emit(&self, event: &Event) {
        let listeners = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for listener in listeners {
            listener(event);
        }
    }

    pub(crate) fn changed(&self, what: Subject, id: impl ToString) {
        self.emit(&Event::RecordChanged { what, id: id.to_string() });
    }
}
