//! Work that a workstation does one at a time, and that somebody can stop.

use std::sync::{Mutex, PoisonError};

use crate::jobs::Cancel;

/// The place for the one piece of work.
#[derive(Default)]
pub(crate) struct Exclusive(Mutex<Option<Cancel>>);

/// The work under way; the place is free again when it is dropped.
pub(crate) struct Underway<'a> {
    pub cancel: Cancel,
    place: &'a Exclusive,
}

impl Exclusive {
    /// Nothing while other work is under way.
    pub fn begin(&self) -> Option<Underway<'_>> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.is_some() {
            return None;
        }
        let cancel = held.insert(Cancel::default()).clone();
        Some(Underway { cancel, place: self })
    }

    pub fn is_under_way(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    pub fn cancel(&self) {
        if let Some(cancel) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            cancel.request();
        }
    }
}

impl Drop for Underway<'_> {
    fn drop(&mut self) {
        *self.place.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
