//! A session: somebody who signed in, with the records and keys they may use.

use std::sync::{Arc, Mutex, PoisonError};

use domain::clinic::Clinic;
use domain::user::User;
use domain::{Actor, SessionId};
use jiff::{SignedDuration, Timestamp};
use records::Store;
use vault::SealedStore;

use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::views::SessionView;
use crate::workstation::Workstation;

/// Without a touch for this long the session locks.
pub const IDLE_LOCK: SignedDuration = SignedDuration::from_mins(10);
/// However busy, a session ends after this long.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(24);

/// Exists only after sign-in; a use case without one does not compile.
pub struct Session {
    id: SessionId,
    user: User,
    office: Arc<Office>,
    signed_in_at: Timestamp,
    touched_at: Mutex<Timestamp>,
}

/// An opened clinic. Jobs keep it open until they end, even when the session locks meanwhile.
pub(crate) struct Office {
    pub workstation: Arc<Workstation>,
    pub clinic: Clinic,
    pub store: Store,
    /// Absent for roles whose key slot holds no key to photographs.
    pub sealed: Option<SealedStore>,
}

impl Office {
    pub fn sealed(&self) -> Result<&SealedStore> {
        self.sealed.as_ref().ok_or_else(|| ErrorCode::NotPermitted.into())
    }
}

impl Session {
    pub(crate) fn begin(user: User, office: Office) -> Self {
        let now = office.workstation.clock().now();
        Self {
            id: SessionId::fresh(),
            user,
            office: Arc::new(office),
            signed_in_at: now,
            touched_at: Mutex::new(now),
        }
    }

    #[must_use]
    pub const fn id(&self) -> SessionId {
        self.id
    }

    #[must_use]
    pub const fn user(&self) -> &User {
        &self.user
    }

    pub(crate) const fn office(&self) -> &Arc<Office> {
        &self.office
    }

    pub(crate) fn store(&self) -> &Store {
        &self.office.store
    }

    pub(crate) fn workstation(&self) -> &Workstation {
        &self.office.workstation
    }

    pub(crate) fn sealed(&self) -> Result<&SealedStore> {
        self.office.sealed()
    }

    pub(crate) const fn actor(&self) -> Actor {
        Actor { user: self.user.id, role: self.user.role }
    }

    /// The one door of every use case: the command table decides.
    ///
    /// # Errors
    /// `not_permitted`; `session_locked` when it was idle too long.
    pub fn authorise(&self, command: Command) -> Result<Actor> {
        if self.is_stale() {
            return Err(ErrorCode::SessionLocked.into());
        }
        if !command.access().allows(Some(self.user.role)) {
            return Err(ErrorCode::NotPermitted.into());
        }
        Ok(self.actor())
    }

    /// Somebody is at the keyboard.
    pub fn touch(&self) {
        *self.touched_at.lock().unwrap_or_else(PoisonError::into_inner) = self.workstation().clock().now();
    }

    /// Left alone too long, or open longer than any session may be. A clock set back counts as neither.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        let now = self.workstation().clock().now();
        let touched = *self.touched_at.lock().unwrap_or_else(PoisonError::into_inner);
        now.duration_since(touched) >= IDLE_LOCK || now.duration_since(self.signed_in_at) >= LONGEST
    }

    #[must_use]
    pub fn view(&self) -> SessionView {
        SessionView {
            user_name: self.user.details.full_name.clone(),
            email: self.user.details.email.clone(),
            role: self.user.role,
            clinic_name: self.office.clinic.name.clone(),
            signed_in_at: self.signed_in_at,
            idle_lock_seconds: u32::try_from(IDLE_LOCK.as_secs()).unwrap_or(u32::MAX),
            model: self.workstation().model().status(),
        }
    }
}
