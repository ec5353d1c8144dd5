//! Between the window and the use cases: finds the session, moves the work off the window's thread.

use std::sync::{Arc, Mutex, PoisonError};

use clinic::events::Event;
use clinic::views::{AppStatus, RecoverySheetView, SessionView, Stage};
use clinic::{Error, ErrorCode, Result, Session, Workstation};

/// Who sits at this desk, if anyone. There is one window and one session at a time.
pub struct Desk {
    pub workstation: Arc<Workstation>,
    session: Mutex<Option<Arc<Session>>>,
    /// Held from first run until its receipt is confirmed or the session ends.
    sheet: Mutex<Option<RecoverySheetView>>,
}

impl Desk {
    #[must_use]
    pub fn new(workstation: Arc<Workstation>) -> Self {
        Self { workstation, session: Mutex::new(None), sheet: Mutex::new(None) }
    }

    /// The live session; one left idle too long is locked here and now.
    ///
    /// # Errors
    /// `session_required` or `session_locked`.
    pub fn session(&self) -> Result<Arc<Session>> {
        let session = lock(&self.session).clone().ok_or(ErrorCode::SessionRequired)?;
        if session.is_stale() {
            self.lock_now()?;
            return Err(ErrorCode::SessionLocked.into());
        }
        Ok(session)
    }

    pub fn seat(&self, session: Session) -> SessionView {
        let view = session.view();
        *lock(&self.session) = Some(Arc::new(session));
        view
    }

    /// Ends the session with the audit row of a lock and tells the window.
    ///
    /// # Errors
    /// When the audit row cannot be written; the session is gone all the same.
    pub fn lock_now(&self) -> Result<()> {
        let ended = lock(&self.session).take();
        *lock(&self.sheet) = None;
        let Some(session) = ended else { return Ok(()) };
        self.workstation.events().emit(&Event::SessionLocked);
        clinic::entry::lock(&session)
    }

    /// # Errors
    /// When the audit row cannot be written; the session is gone all the same.
    pub fn sign_out(&self) -> Result<()> {
        let ended = lock(&self.session).take();
        *lock(&self.sheet) = None;
        ended.map_or(Ok(()), |session| clinic::entry::sign_out(&session))
    }

    pub fn hold_sheet(&self, sheet: RecoverySheetView) {
        *lock(&self.sheet) = Some(sheet);
    }

    pub fn drop_sheet(&self) {
        *lock(&self.sheet) = None;
    }

    /// # Errors
    /// `not_found` once it was confirmed or the session has ended.
    pub fn sheet(&self) -> Result<RecoverySheetView> {
        lock(&self.sheet).clone().ok_or_else(|| ErrorCode::NotFound.into())
    }

    #[must_use]
    pub fn status(&self) -> AppStatus {
        let session = self.session().ok();
        AppStatus {
            stage: match &session {
                Some(_) => Stage::SignedIn,
                None if self.workstation.is_founded() => Stage::SignIn,
                None => Stage::FirstRun,
            },
            session: session.map(|s| s.view()),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            password_min_length: u32::try_from(clinic::password::MIN_LENGTH).unwrap_or(u32::MAX),
        }
    }

    /// Runs a use case for the live session on a worker thread.
    ///
    /// # Errors
    /// The session's or the use case's.
    pub async fn signed_in<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Arc<Session>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let session = self.session()?;
        session.touch();
        off_thread(move || work(&session)).await
    }
}

/// Key derivation and disk work must not hold up the window.
///
/// # Errors
/// The work's own, or `internal` when it panicked.
pub async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::new(ErrorCode::Internal))?
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
