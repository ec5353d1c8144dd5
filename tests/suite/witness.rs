//! The keyring as a witness of the audit trail: an older copy of the whole folder, put back; and
//! keyrings that are absent, refuse or hang.

use std::any::Any;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use clinic::views::{AuditVerification, PasswordAgainRequest, PatientCreateRequest};
use clinic::{DeviceKeyring, Session, Workstation, audit_trail, entry, keys, patient};
use keyring_core::api::{CredentialApi, CredentialStoreApi};
use keyring_core::{Credential, CredentialStore, Entry, Error, mock};
use support::{EMAIL, PASSWORD, World, details, root, signed_in};
use vault::KdfPolicy;
use vault::device::ANSWER_WITHIN;

/// A clinic folder, a copy of it from earlier, and the keyring of the machine.
struct Machine {
    folder: tempfile::TempDir,
    keyring: DeviceKeyring,
}

impl Machine {
    fn with(store: Arc<CredentialStore>) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), keyring: DeviceKeyring::in_store(store) }
    }

    fn clinic(&self) -> PathBuf {
        self.folder.path().join("clinic")
    }

    fn backup(&self) -> PathBuf {
        self.folder.path().join("backup")
    }

    /// Each use starts the program anew.
    fn workstation(&self) -> Arc<Workstation> {
        let workstation = Workstation::new(self.clinic(), root().join("models"));
        Arc::new(workstation.with_kdf(KdfPolicy::for_tests()).with_keyring(self.keyring.clone()))
    }

    fn founded(&self) -> Session {
        entry::found(&self.workstation(), &World::founding()).unwrap().0
    }

    fn signed_in(&self) -> Session {
        signed_in(&self.workstation(), EMAIL, PASSWORD).unwrap()
    }

    /// Locks and ends the program, not before the keyring was heard.
    fn leaves(&self, session: Session) {
        verified(&session);
        entry::lock(&session).unwrap();
        drop(session);
        assert!(self.keyring.settle());
    }

    fn backs_up(&self) {
        copy(&self.clinic(), &self.backup());
    }

    fn puts_the_backup_back(&self) {
        std::fs::remove_dir_all(self.clinic()).unwrap();
        copy(&self.backup(), &self.clinic());
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() { copy(&entry.path(), &to) } else { drop(std::fs::copy(entry.path(), to)) }
    }
}

/// Waits for the keyring and checks the trail.
fn verified(session: &Session) -> AuditVerification {
    audit_trail::verify(session).unwrap()
}

fn works(session: &Session) {
    patient::create(session, PatientCreateRequest { details: details() }).unwrap();
}

fn fault(verdict: &AuditVerification) -> Option<&str> {
    verdict.fault.as_deref()
}

fn rolled_back_rows(session: &Session) -> usize {
    let request = serde_json::from_value(serde_json::json!({
        "filter": { "from": null, "to": null, "actor": null, "actions": ["audit_rolled_back"], "patient_id": null },
        "before": null, "limit": 100,
    }));
    audit_trail::search(session, &request.unwrap()).unwrap().rows.len()
}

#[test]
fn an_older_copy_of_the_whole_folder_is_noticed() {
    let machine = Machine::with(mock::Store::new().unwrap());
    machine.leaves(machine.founded());
    machine.backs_up();
    let session = machine.signed_in();
    assert!(verified(&session).intact);
    works(&session);
    machine.leaves(session);

    machine.puts_the_backup_back();
    let session = machine.signed_in();
    let verdict = verified(&session);
    assert_eq!((verdict.intact, fault(&verdict)), (false, Some("rolled_back")), "{verdict:?}");
    let row = verdict.first_fault;
    works(&session);
    machine.leaves(session);

    // Once is enough, and it stays on record.
    for _ in 0..2 {
        let session = machine.signed_in();
        let verdict = verified(&session);
        assert_eq!((fault(&verdict), verdict.first_fault), (Some("rolled_back"), row));
        assert_eq!(rolled_back_rows(&session), 1);
        machine.leaves(session);
    }

    // On another machine nobody remembers anything.
    machine.puts_the_backup_back();
    let elsewhere = Machine { folder: machine.folder, ..Machine::with(mock::Store::new().unwrap()) };
    assert!(verified(&elsewhere.signed_in()).intact);
}

#[test]
fn a_session_that_never_heard_the_keyring_does_not_overwrite_its_memory() {
    let store = mock::Store::new().unwrap();
    let machine = Machine::with(store.clone());
    machine.leaves(machine.founded());
    machine.backs_up();
    let session = machine.signed_in();
    assert!(verified(&session).intact);
    works(&session);
    machine.leaves(session);
    machine.puts_the_backup_back();
    let credential = store.search(&HashMap::from([("user", "audit-head:")])).unwrap().remove(0);
    let refuse = Error::NoStorageAccess("locked".into());
    credential.as_any().downcast_ref::<mock::Cred>().unwrap().set_error(refuse);
    let session = machine.signed_in();
    assert!(verified(&session).intact, "nobody could know");
    machine.leaves(session);
    let session = machine.signed_in();
    assert_eq!(fault(&verified(&session)), Some("rolled_back"));
}

#[test]
fn what_is_unreadable_is_ignored_and_replaced() {
    let store = mock::Store::new().unwrap();
    let machine = Machine::with(store.clone());
    machine.leaves(machine.founded());
    let credential = store.search(&HashMap::from([("user", "audit-head:")])).unwrap().remove(0);
    credential.set_secret(b"nonsense").unwrap();
    let session = machine.signed_in();
    assert!(verified(&session).intact);
    machine.leaves(session);
    assert_ne!(credential.get_secret().unwrap(), b"nonsense");
}

#[test]
fn new_keys_are_no_rollback() {
    let machine = Machine::with(mock::Store::new().unwrap());
    let session = machine.founded();
    works(&session);
    let (renewed, _) = keys::change(&session, &PasswordAgainRequest { password: PASSWORD.into() }).unwrap();
    drop(session);
    machine.leaves(renewed);
    let session = machine.signed_in();
    assert!(verified(&session).intact);
}

/// A keyring that waits for a person who never comes.
#[derive(Debug)]
struct Hanging {
    asked: Mutex<Sender<()>>,
    gate: Arc<Mutex<Receiver<()>>>,
}

#[derive(Debug)]
struct Stuck(Arc<Mutex<Receiver<()>>>);

impl CredentialStoreApi for Hanging {
    fn vendor(&self) -> String {
        "hanging".into()
    }

    fn id(&self) -> String {
        "hanging".into()
    }

    fn build(&self, _: &str, _: &str, _: Option<&HashMap<&str, &str>>) -> keyring_core::Result<Entry> {
        let _ = self.asked.lock().unwrap().send(());
        Ok(Entry::new_with_credential(Arc::new(Stuck(Arc::clone(&self.gate)))))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Stuck {
    fn hang(&self) -> Error {
        let _ = self.0.lock().unwrap().recv();
        Error::NoEntry
    }
}

impl CredentialApi for Stuck {
    fn set_secret(&self, _: &[u8]) -> keyring_core::Result<()> {
        Err(self.hang())
    }

    fn get_secret(&self) -> keyring_core::Result<Vec<u8>> {
        Err(self.hang())
    }

    fn delete_credential(&self) -> keyring_core::Result<()> {
        Err(self.hang())
    }

    fn get_credential(&self) -> keyring_core::Result<Option<Arc<Credential>>> {
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        None
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[test]
fn a_keyring_that_hangs_holds_up_neither_the_door_nor_the_lock() {
    let (asked, questions) = mpsc::channel();
    let (gate, closed) = mpsc::channel::<()>();
    let machine =
        Machine::with(Arc::new(Hanging { asked: Mutex::new(asked), gate: Arc::new(Mutex::new(closed)) }));
    let founding = Instant::now();
    let session = machine.founded();
    // The question is out and stays unanswered until the gate opens at the end of this test: whatever
    // returns before did not wait for it.
    questions.recv_timeout(Duration::from_secs(30)).unwrap();
    works(&session);
    let locking = Instant::now();
    entry::lock(&session).unwrap();
    assert!(locking.elapsed() < ANSWER_WITHIN, "the lock took {:?}", locking.elapsed());
    drop(session);

    let entering = Instant::now();
    let session = machine.signed_in();
    assert!(entering.elapsed() < ANSWER_WITHIN, "the door took {:?}", entering.elapsed());
    // Only the check of the trail waits, and gives up.
    assert!(verified(&session).intact);
    assert!(founding.elapsed() < ANSWER_WITHIN * 4);
    entry::sign_out(&session).unwrap();
    drop(gate);
}

#[test]
fn without_a_keyring_all_is_as_ever() {
    let folder = tempfile::tempdir().unwrap();
    let workstation = Workstation::new(folder.path().join("clinic"), root().join("models"));
    let workstation =
        Arc::new(workstation.with_kdf(KdfPolicy::for_tests()).with_keyring(DeviceKeyring::none()));
    let (session, _) = entry::found(&workstation, &World::founding()).unwrap();
    works(&session);
    assert!(verified(&session).intact);
    entry::lock(&session).unwrap();
}
