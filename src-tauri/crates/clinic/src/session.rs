//! A session: somebody who signed in, with the records and keys they may use.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::clinic::Clinic;
use domain::user::{User, UserState};
use domain::{Actor, PatientId, Role, SessionId};
use jiff::SignedDuration;
use records::{Store, users};
use vault::{SealedStore, Unlocked, Vault};

use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::letterhead;
use crate::migration::Imports;
use crate::models::PickedFiles;
use crate::report::OpenPack;
use crate::settings;
use crate::similar::archive::Archive;
use crate::since::Since;
use crate::tiles::TileCache;
use crate::views::{Draft, Duty, Password, SessionView};
use crate::witness::Watch;
use crate::workstation::Workstation;

/// However busy, a session ends after this long.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(24);
const DRAFT_KEY: usize = 120;
const DRAFT_BYTES: usize = 64 * 1024;
const MAX_DRAFTS: usize = 32;

/// Exists only after sign-in; a use case without one does not compile.
pub struct Session {
    id: SessionId,
    user: Mutex<User>,
    keys: Unlocked,
    office: Arc<Office>,
    signed_in: Since,
    touched: Mutex<Since>,
    idle_lock: SignedDuration,
    second_factor: AtomicBool,
    duty: Mutex<Option<Duty>>,
    drafts: Mutex<BTreeMap<String, serde_json::Value>>,
    watch: Arc<Watch>,
    tiles: TileCache,
    archive: Arc<Archive>,
    ended: AtomicBool,
    /// Reports of others that are looked at.
    pack: Mutex<Option<OpenPack>>,
    imports: Imports,
    /// Files of a model that were chosen and not added yet.
    picked: Mutex<Option<PickedFiles>>,
}

/// An opened clinic. Jobs keep it open until they end, even when the session locks meanwhile.
pub(crate) struct Office {
    pub workstation: Arc<Workstation>,
    pub clinic: Clinic,
    pub store: Store,
    /// Absent for roles whose key slot holds no key to photographs.
    pub sealed: Option<SealedStore>,
    /// Signed reports as they are handed out, which every role opens that may hand them out.
    pub handouts: SealedStore,
}

impl Office {
    pub fn sealed(&self) -> Result<&SealedStore> {
        self.sealed.as_ref().ok_or_else(|| ErrorCode::NotPermitted.into())
    }
}

/// What is known of somebody at the moment they come in.
pub(crate) struct Arrival {
    pub id: SessionId,
    pub user: User,
    pub keys: Unlocked,
    pub office: Office,
    pub second_factor: bool,
    pub duty: Option<Duty>,
    pub idle_lock: SignedDuration,
    pub drafts: BTreeMap<String, serde_json::Value>,
}

impl Session {
    pub(crate) fn begin(arrival: Arrival) -> Self {
        let now = Since::now(&**arrival.office.workstation.clock());
        Self {
            id: arrival.id,
            user: Mutex::new(arrival.user),
            keys: arrival.keys,
            office: Arc::new(arrival.office),
            signed_in: now,
            touched: Mutex::new(now),
            idle_lock: arrival.idle_lock,
            second_factor: AtomicBool::new(arrival.second_factor),
            duty: Mutex::new(arrival.duty),
            drafts: Mutex::new(arrival.drafts),
            watch: Arc::default(),
            tiles: TileCache::default(),
            archive: Arc::default(),
            ended: AtomicBool::new(false),
            pack: Mutex::default(),
            imports: Imports::default(),
            picked: Mutex::default(),
        }
    }

    #[must_use]
    pub const fn id(&self) -> SessionId {
        self.id
    }

    #[must_use]
    pub fn user(&self) -> User {
        lock(&self.user).clone()
    }

    pub(crate) fn set_user(&self, user: User) {
        *lock(&self.user) = user;
    }

    pub(crate) const fn keys(&self) -> &Unlocked {
        &self.keys
    }

    pub(crate) const fn office(&self) -> &Arc<Office> {
        &self.office
    }

    pub(crate) const fn watch(&self) -> &Arc<Watch> {
        &self.watch
    }

    /// Like cases in memory.
    pub(crate) const fn archive(&self) -> &Arc<Archive> {
        &self.archive
    }

    /// It was locked or signed out; who still holds it begins nothing new, and nobody's data is sent on after it.
    pub(crate) fn end(&self) {
        self.ended.store(true, Ordering::Release);
        self.workstation().transfers().cancel();
        self.workstation().backups().cancel();
        self.workstation().drafting().cancel();
        self.workstation().comparing().cancel();
        self.imports.cancel();
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// The share pack that is open; another one takes its place.
    pub(crate) fn with_pack<T>(&self, work: impl FnOnce(&mut Option<OpenPack>) -> T) -> T {
        work(&mut lock(&self.pack))
    }

    /// The files of a model that were chosen last.
    pub(crate) fn with_picked<T>(&self, work: impl FnOnce(&mut Option<PickedFiles>) -> T) -> T {
        work(&mut lock(&self.picked))
    }

    /// Records of elsewhere on their way in.
    pub(crate) const fn imports(&self) -> &Imports {
        &self.imports
    }

    pub(crate) const fn tiles(&self) -> &TileCache {
        &self.tiles
    }

    pub(crate) fn store(&self) -> &Store {
        &self.office.store
    }

    pub(crate) fn workstation(&self) -> &Arc<Workstation> {
        &self.office.workstation
    }

    pub(crate) fn sealed(&self) -> Result<&SealedStore> {
        self.office.sealed()
    }

    pub(crate) fn handouts(&self) -> &SealedStore {
        &self.office.handouts
    }

    pub(crate) fn actor(&self) -> Actor {
        Actor { user: self.keys.user_id, role: self.keys.role }
    }

    pub(crate) fn has_second_factor(&self) -> bool {
        self.second_factor.load(Ordering::Acquire)
    }

    pub(crate) fn set_second_factor(&self, set: bool) {
        self.second_factor.store(set, Ordering::Release);
    }

    pub(crate) fn duty_is_done(&self) {
        *lock(&self.duty) = None;
    }

    /// The one door of every use case: the command table decides.
    ///
    /// # Errors
    /// `not_permitted`, also while a duty waits; `session_locked` when it was idle too long.
    pub fn authorise(&self, command: Command) -> Result<Actor> {
        self.check_live()?;
        if lock(&self.duty).is_some() && !command.serves_a_duty() {
            return Err(ErrorCode::NotPermitted.into());
        }
        if !command.access().allows(Some(self.keys.role)) {
            return Err(ErrorCode::NotPermitted.into());
        }
        Ok(self.actor())
    }

    pub(crate) fn check_live(&self) -> Result<()> {
        if self.has_ended() || self.is_stale() { Err(ErrorCode::SessionLocked.into()) } else { Ok(()) }
    }

    /// Whether the password typed again is the one of whoever is signed in. Failures count like those
    /// at the door.
    pub(crate) fn check_password(&self, password: &Password) -> Result<()> {
        let email = self.user().details.email;
        crate::sign_in::prove(self.workstation(), &email, || {
            Vault::unlock(self.workstation().folder(), &email, password.expose(), self.workstation().kdf())
                .map(|_| ())
        })
    }

    /// Somebody is at the keyboard.
    pub fn touch(&self) {
        *lock(&self.touched) = Since::now(&**self.workstation().clock());
    }

    /// Left alone too long, or open longer than any session may be.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        let clock = &**self.workstation().clock();
        lock(&self.touched).is_past(clock, self.idle_lock) || self.signed_in.is_past(clock, LONGEST)
    }

    /// Keeps typed text against a lock; null forgets it.
    ///
    /// # Errors
    /// `invalid_input` for a key over 120 characters, a body over 64 KiB or a 33rd draft.
    pub fn keep_draft(&self, draft: Draft) -> Result<()> {
        self.authorise(Command::DraftKeep)?;
        let mut drafts = lock(&self.drafts);
        if draft.body.is_null() {
            drafts.remove(&draft.key);
            return Ok(());
        }
        let room = drafts.len() < MAX_DRAFTS || drafts.contains_key(&draft.key);
        if draft.key.chars().count() > DRAFT_KEY || draft.body.to_string().len() > DRAFT_BYTES || !room {
            return Err(ErrorCode::InvalidInput.into());
        }
        drafts.insert(draft.key, draft.body);
        Ok(())
    }

    /// # Errors
    /// `session_locked`.
    pub fn drafts(&self) -> Result<Vec<Draft>> {
        self.authorise(Command::DraftList)?;
        Ok(self.typed())
    }

    /// Drops typed text that speaks of these patients.
    pub(crate) fn forget_typed(&self, patients: &[PatientId]) {
        let ids: Vec<String> = patients.iter().map(ToString::to_string).collect();
        let mut drafts = lock(&self.drafts);
        drafts.retain(|key, body| {
            let body = body.to_string();
            !ids.iter().any(|id| key.contains(id) || body.contains(id))
        });
    }

    pub(crate) fn typed(&self) -> Vec<Draft> {
        let drafts = lock(&self.drafts);
        drafts.iter().map(|(key, body)| Draft { key: key.clone(), body: body.clone() }).collect()
    }

    #[must_use]
    pub fn view(&self) -> SessionView {
        let user = self.user();
        SessionView {
            user_id: user.id,
            user_name: user.details.full_name,
            email: user.details.email,
            role: self.keys.role,
            language: user.language,
            clinic_name: self.office.clinic.name.clone(),
            signed_in_at: self.signed_in.clock,
            idle_lock_seconds: u32::try_from(self.idle_lock.as_secs()).unwrap_or(u32::MAX),
            duty: *lock(&self.duty),
            second_factor: self.has_second_factor(),
            waiting: self.waiting(),
            model: settings::model_status(self),
            paper: letterhead::paper(self),
        }
    }

    /// What an administrator has to look at.
    fn waiting(&self) -> u32 {
        if self.keys.role != Role::Administrator {
            return 0;
        }
        let counted = self.store().read(|tx| {
            let registered = users::all(tx)?.iter().filter(|u| u.state == UserState::Unverified).count();
            Ok(registered + records::break_glass::waiting(tx)?.len())
        });
        counted.ok().and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.archive.finish();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
