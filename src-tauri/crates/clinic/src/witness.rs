//! The machine's own memory of where the audit trail ended, kept in the operating system's keyring.
//!
//! The keyring is asked after sign-in, on a thread of its own, and told at sign-in and at the end of a
//! session; nobody at the door waits for it. What it remembers is replaced only by a session that has
//! heard it: otherwise a quick lock would wipe out the evidence.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;

use domain::{Actor, ClinicId};
use records::audit::witness::Heard;
use vault::device::{DeviceKeyring, Recalled};

use crate::session::{Office, Session};

/// How far a session has got with the keyring.
#[derive(Default)]
pub(crate) struct Watch {
    stage: Mutex<Stage>,
    changed: Condvar,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    /// Nobody was asked, or there was no answer.
    #[default]
    Unheard,
    Asked,
    Heard,
}

impl Watch {
    /// Waits until the keyring has answered or was given up.
    pub fn wait(&self) {
        let waiting = |stage: &mut Stage| *stage == Stage::Asked;
        drop(self.changed.wait_while(self.stage(), waiting).unwrap_or_else(PoisonError::into_inner));
    }

    fn set(&self, stage: Stage) {
        *self.stage() = stage;
        self.changed.notify_all();
    }

    fn stage(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks the keyring and returns at once.
pub(crate) fn ask(session: &Session) {
    let keyring = session.workstation().keyring().clone();
    if !keyring.may_be_there() {
        return;
    }
    let asking = Asking {
        watch: Arc::clone(session.watch()),
        office: Arc::downgrade(session.office()),
        keyring,
        actor: session.actor(),
        name: name(session.office().clinic.id),
        stage: Stage::Unheard,
    };
    asking.watch.set(Stage::Asked);
    // Where no thread can be had, dropping it says that nothing was heard.
    drop(thread::Builder::new().name("witness".into()).spawn(move || asking.run()));
}

/// Tells the keyring where the trail ends, without waiting for it.
pub(crate) fn tell(session: &Session) {
    let heard = *session.watch().stage() == Stage::Heard;
    if heard {
        tell_of(session.office(), session.workstation().keyring());
    }
}

/// One question. It holds the clinic open only for the moment of comparing.
struct Asking {
    watch: Arc<Watch>,
    office: Weak<Office>,
    keyring: DeviceKeyring,
    actor: Actor,
    name: String,
    stage: Stage,
}

impl Asking {
    fn run(mut self) {
        let remembered = match self.keyring.recall(&self.name) {
            Recalled::Silent => return,
            Recalled::Nothing => None,
            Recalled::Found(testimony) => Some(testimony),
        };
        let Some(office) = self.office.upgrade() else { return };
        match remembered.map(|testimony| office.store.hear_witness(&self.actor, &testimony)) {
            Some(Ok(Heard::RolledBack)) => tracing::warn!("the records are older than the keyring remembers"),
            Some(Ok(Heard::Agrees | Heard::Ignored)) | None => {}
            Some(Err(error)) => {
                tracing::warn!(%error, "the memory of the keyring could not be compared");
                return;
            }
        }
        tell_of(&office, &self.keyring);
        self.stage = Stage::Heard;
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        self.watch.set(self.stage);
    }
}

fn tell_of(office: &Office, keyring: &DeviceKeyring) {
    match office.store.testimony() {
        Ok(testimony) => keyring.keep(&name(office.clinic.id), testimony),
        Err(error) => tracing::warn!(%error, "the keyring was not told of the end of the trail"),
    }
}

fn name(clinic: ClinicId) -> String {
    format!("audit-head:{clinic}")
}
