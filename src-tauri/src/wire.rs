//! Between the window and the use cases: finds the session, moves the work off the window's thread.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use clinic::events::Event;
use clinic::patient_view::PatientVisit;
use clinic::sign_in::{Challenge, Entered};
use clinic::views::{
    ActivationView, AppStatus, PatientSlipView, RecoveryCodesView, RecoverySheetView, SecondFactorRequest,
    SelfTestView, SessionView, SignInAnswer, Stage, SupportBundleView,
};
use clinic::{Error, ErrorCode, Result, Session, Workstation, backup, password, sign_in};
use domain::SessionId;

/// Something shown once that may be printed until the next one is shown or the session ends.
#[derive(Clone)]
pub enum Printable {
    RecoveryCodes(RecoveryCodesView),
    Activation(ActivationView),
    PatientSlip(PatientSlipView),
    SelfTest(SelfTestView),
    SupportBundle(SupportBundleView),
}

/// Who sits at this desk, if anyone. There is one window, and one person at a time.
pub struct Desk {
    pub workstation: Arc<Workstation>,
    session: Mutex<Option<Arc<Session>>>,
    /// A right password that waits for its second factor.
    challenge: Mutex<Option<Box<Challenge>>>,
    visit: Mutex<Option<Arc<PatientVisit>>>,
    /// Held until its receipt is confirmed or the session ends.
    sheet: Mutex<Option<RecoverySheetView>>,
    printable: Mutex<Option<Printable>>,
}

impl Desk {
    #[must_use]
    pub fn new(workstation: Arc<Workstation>) -> Self {
        Self {
            workstation,
            session: Mutex::default(),
            challenge: Mutex::default(),
            visit: Mutex::default(),
            sheet: Mutex::default(),
            printable: Mutex::default(),
        }
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
        self.clear();
        *lock(&self.session) = Some(Arc::new(session));
        view
    }

    /// Seats the session that takes the place of `before`, whose keys are old.
    ///
    /// # Errors
    /// `session_locked` when that one was locked meanwhile; the new one ends with it.
    pub fn renew(&self, before: SessionId, session: Session) -> Result<()> {
        let mut held = lock(&self.session);
        if held.as_ref().is_some_and(|held| held.id() == before) {
            *held = Some(Arc::new(session));
            return Ok(());
        }
        drop(held);
        clinic::entry::lock(&session)?;
        Err(ErrorCode::SessionLocked.into())
    }

    /// Seats whoever needs no second factor, and holds the others' challenge.
    pub fn enter(&self, entered: Entered) -> SignInAnswer {
        match entered {
            Entered::Session(session) => SignInAnswer::SignedIn { session: Box::new(self.seat(*session)) },
            Entered::Challenge(challenge) => {
                *lock(&self.challenge) = Some(challenge);
                SignInAnswer::SecondFactor
            }
        }
    }

    /// # Errors
    /// `sign_in_expired` when nothing waits for a code, otherwise those of [`sign_in::answer`].
    pub fn answer(&self, request: &SecondFactorRequest) -> Result<SessionView> {
        let challenge = lock(&self.challenge).take().ok_or(ErrorCode::SignInExpired)?;
        match sign_in::answer(challenge, request) {
            Ok(session) => Ok(self.seat(session)),
            Err((again, error)) => {
                *lock(&self.challenge) = again;
                Err(error)
            }
        }
    }

    pub fn abandon(&self) {
        *lock(&self.challenge) = None;
    }

    /// A password whose second factor never came opens nothing and holds no key.
    pub fn forget_challenge(&self) {
        lock(&self.challenge).take_if(|challenge| challenge.is_over());
    }

    pub fn receive(&self, visit: PatientVisit) -> Arc<PatientVisit> {
        self.clear();
        let visit = Arc::new(visit);
        *lock(&self.visit) = Some(Arc::clone(&visit));
        visit
    }

    /// The patient's open record; it ends by itself.
    ///
    /// # Errors
    /// `session_required` when there is none or its time is over.
    pub fn visit(&self) -> Result<Arc<PatientVisit>> {
        let mut held = lock(&self.visit);
        if held.as_ref().is_some_and(|visit| visit.is_over()) {
            *held = None;
            drop(held);
            self.workstation.events().emit(&Event::SessionLocked);
            return Err(ErrorCode::SessionRequired.into());
        }
        held.clone().ok_or_else(|| ErrorCode::SessionRequired.into())
    }

    pub fn end_visit(&self) {
        *lock(&self.visit) = None;
    }

    /// Nothing of whoever sat here before is kept.
    fn clear(&self) {
        *lock(&self.session) = None;
        *lock(&self.challenge) = None;
        *lock(&self.visit) = None;
        *lock(&self.sheet) = None;
        *lock(&self.printable) = None;
    }

    /// Ends the session with the audit row of a lock and tells the window.
    ///
    /// # Errors
    /// When the audit row cannot be written; the session is gone all the same.
    pub fn lock_now(&self) -> Result<()> {
        let ended = lock(&self.session).take();
        self.clear();
        let Some(session) = ended else { return Ok(()) };
        self.workstation.events().emit(&Event::SessionLocked);
        clinic::entry::lock(&session)
    }

    /// # Errors
    /// When the audit row cannot be written; the session is gone all the same.
    pub fn sign_out(&self) -> Result<()> {
        let ended = lock(&self.session).take();
        self.clear();
        ended.map_or(Ok(()), |session| clinic::entry::sign_out(&session))
    }

    /// Makes the backup that is planned, while somebody is signed in. Its keys are not held meanwhile.
    pub fn back_up_if_due(&self) {
        let Ok(session) = self.session() else { return };
        let begun = backup::begin_planned(&session);
        drop(session);
        let noted = match begun {
            Ok(None) => return,
            Ok(Some(work)) => {
                let finished = work.go(|_| {});
                self.session().and_then(|session| backup::finish(&session, finished)).map(|_| ())
            }
            Err(error) => Err(error),
        };
        if let Err(error) = noted {
            tracing::warn!(code = ?error.code, "the planned backup was not made");
        }
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

    pub fn show_once(&self, printable: Printable) {
        *lock(&self.printable) = Some(printable);
    }

    /// # Errors
    /// `not_found` when nothing was shown since sign-in.
    pub fn shown(&self) -> Result<Printable> {
        lock(&self.printable).clone().ok_or_else(|| ErrorCode::NotFound.into())
    }

    #[must_use]
    pub fn status(&self) -> AppStatus {
        let session = self.session().ok();
        AppStatus {
            stage: match &session {
                Some(_) => Stage::SignedIn,
                None if self.visit().is_ok() => Stage::PatientView,
                None if lock(&self.challenge).is_some() => Stage::SecondFactor,
                None if self.workstation.is_founded() => Stage::SignIn,
                None => Stage::FirstRun,
            },
            session: session.map(|s| s.view()),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            password_min_length: u32::try_from(password::MIN_LENGTH).unwrap_or(u32::MAX),
            password_min_length_with_factor: u32::try_from(password::MIN_LENGTH_WITH_FACTOR)
                .unwrap_or(u32::MAX),
        }
    }

    /// Runs a use case for the live session on a worker thread. What the page asks of its own accord is no sign of a
    /// person: `session_touch` alone is.
    ///
    /// # Errors
    /// The session's or the use case's.
    pub async fn signed_in<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Arc<Session>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let session = self.session()?;
        let done = off_thread(move || work(&session)).await;
        if let Err(error) = &done {
            tracing::info!(code = ?error.code, "refused");
        }
        done
    }
}

/// Key derivation and disk work must not hold up the window.
///
/// # Errors
/// The work's own, or `internal` when it panicked.
pub async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    // One type of task for all of them: a type each was a good part of the program.
    let work: Box<dyn FnOnce() -> Box<dyn Any + Send> + Send> = Box::new(move || Box::new(work()));
    let done = tokio::task::spawn_blocking(work).await.map_err(|_| Error::new(ErrorCode::Internal))?;
    done.downcast().map_or_else(|_| Err(ErrorCode::Internal.into()), |done| *done)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
