//! The operating system's keyring, as a helper that may be absent.
//!
//! No key and no data depend on it. A locked keyring with nobody to ask for its password blocks for ever,
//! so all calls of a [`DeviceKeyring`] run one after another on a thread of its own, and nobody waits for
//! an answer longer than [`ANSWER_WITHIN`].

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use keyring_core::{CredentialStore, Entry, Error};

/// A keyring that has not answered after this time is treated as absent.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(3);
const SERVICE: &str = "org.lentigo.workstation";

/// What the keyring has under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recalled {
    Found(Vec<u8>),
    /// It answered, and there is nothing.
    Nothing,
    /// There is no keyring, it refused, or it did not answer in time.
    Silent,
}

/// A keyring, or none. Copies share it and its thread.
#[derive(Clone)]
pub struct DeviceKeyring(Option<Arc<Lane>>);

struct Lane {
    source: Source,
    jobs: OnceLock<Option<Sender<Job>>>,
    /// Values handed over that the keyring has not taken yet.
    unsaved: Arc<AtomicUsize>,
}

type Job = Box<dyn FnOnce(&Source) + Send>;

#[derive(Clone)]
enum Source {
    System,
    Given(Arc<CredentialStore>),
}

impl Source {
    fn entry(&self, name: &str) -> Result<Entry, Error> {
        match self {
            Self::System => keyring::Entry::new(SERVICE, name).map(|entry| entry.inner),
            Self::Given(store) => store.build(SERVICE, name, None),
        }
    }
}

impl DeviceKeyring {
    /// Asks nobody, remembers nothing.
    #[must_use]
    pub const fn none() -> Self {
        Self(None)
    }

    /// Keychain, Credential Manager or Secret Service. Nothing is asked yet.
    #[must_use]
    pub fn system() -> Self {
        Self::over(Source::System)
    }

    /// Another store of the keyring library.
    #[must_use]
    pub fn in_store(store: Arc<CredentialStore>) -> Self {
        Self::over(Source::Given(store))
    }

    fn over(source: Source) -> Self {
        Self(Some(Arc::new(Lane { source, jobs: OnceLock::new(), unsaved: Arc::default() })))
    }

    /// False for [`DeviceKeyring::none`]. Whether one answers is known only after asking.
    #[must_use]
    pub const fn may_be_there(&self) -> bool {
        self.0.is_some()
    }

    /// What was kept under a name. Waits for [`ANSWER_WITHIN`] at most.
    #[must_use]
    pub fn recall(&self, name: &str) -> Recalled {
        let name = name.to_owned();
        let read = move |source: &Source| match source.entry(&name).and_then(|entry| entry.get_secret()) {
            Ok(bytes) => Recalled::Found(bytes),
            Err(Error::NoEntry) => Recalled::Nothing,
            Err(_) => Recalled::Silent,
        };
        self.0.as_ref().and_then(|lane| lane.ask(read)).unwrap_or(Recalled::Silent)
    }

    /// Keeps a value under a name, in place of the one before. Does not wait, and nobody learns when the
    /// keyring refuses.
    pub fn keep(&self, name: &str, value: Vec<u8>) {
        let Some(lane) = &self.0 else { return };
        let (name, unsaved) = (name.to_owned(), Arc::clone(&lane.unsaved));
        unsaved.fetch_add(1, Ordering::AcqRel);
        let sent = lane.send(Box::new(move |source| {
            let kept = source.entry(&name).and_then(|entry| entry.set_secret(&value));
            unsaved.fetch_sub(1, Ordering::AcqRel);
            drop(kept);
        }));
        if !sent {
            lane.unsaved.fetch_sub(1, Ordering::AcqRel);
        }
    }

    /// Waits until the keyring has taken what it was given, for [`ANSWER_WITHIN`] at most; for the end of
    /// the program. False when it has not.
    #[must_use]
    pub fn settle(&self) -> bool {
        let Some(lane) = &self.0 else { return true };
        lane.unsaved.load(Ordering::Acquire) == 0 || lane.ask(|_| ()).is_some()
    }
}

impl fmt::Debug for DeviceKeyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.may_be_there() { "DeviceKeyring" } else { "DeviceKeyring(none)" })
    }
}

impl Lane {
    fn ask<T: Send + 'static>(&self, work: impl FnOnce(&Source) -> T + Send + 'static) -> Option<T> {
        let (answer, answered) = mpsc::channel();
        let job = move |source: &Source| {
            // Nobody listens any more when the answer came too late.
            answer.send(work(source)).ok();
        };
        self.send(Box::new(job)).then(|| answered.recv_timeout(ANSWER_WITHIN).ok()).flatten()
    }

    /// False when the thread could not be started or has ended.
    fn send(&self, job: Job) -> bool {
        let jobs = self.jobs.get_or_init(|| {
            let (jobs, coming) = mpsc::channel::<Job>();
            let source = self.source.clone();
            // Ends with the last copy of the keyring; a call that hangs is left behind with it.
            let work = move || coming.into_iter().for_each(|job| job(&source));
            thread::Builder::new().name("keyring".into()).spawn(work).ok().map(|_| jobs)
        });
        jobs.as_ref().is_some_and(|jobs| jobs.send(job).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyring_core::mock;
    use std::time::Instant;

    fn kept(keyring: &DeviceKeyring, value: &[u8]) -> Recalled {
        keyring.keep("self-test", value.to_vec());
        assert!(keyring.settle());
        keyring.recall("self-test")
    }

    #[test]
    fn what_is_kept_is_recalled_until_it_is_replaced() {
        let keyring = DeviceKeyring::in_store(mock::Store::new().unwrap());
        assert_eq!(keyring.recall("self-test"), Recalled::Nothing);
        for value in [&b"first"[..], &[0, 255, 7]] {
            assert_eq!(kept(&keyring, value), Recalled::Found(value.to_vec()));
        }
        assert_eq!(keyring.recall("other"), Recalled::Nothing);
    }

    #[test]
    fn a_keyring_that_refuses_is_silent_and_that_is_all() {
        let store = mock::Store::new().unwrap();
        let keyring = DeviceKeyring::in_store(store.clone());
        kept(&keyring, b"kept");
        let refuse = || {
            let entry = Source::Given(store.clone()).entry("self-test").unwrap();
            let error = Error::NoStorageAccess("locked".into());
            entry.as_any().downcast_ref::<mock::Cred>().unwrap().set_error(error);
        };
        refuse();
        assert_eq!(keyring.recall("self-test"), Recalled::Silent);
        refuse();
        assert_eq!(kept(&keyring, b"lost"), Recalled::Found(b"kept".to_vec()));
    }

    #[test]
    fn a_keyring_that_hangs_is_given_up_in_time() {
        let keyring = DeviceKeyring::in_store(mock::Store::new().unwrap());
        let (open, gate) = mpsc::channel::<()>();
        let hang = Box::new(move |_: &Source| {
            let _ = gate.recv();
        });
        assert!(keyring.0.as_ref().unwrap().send(hang));
        let began = Instant::now();
        keyring.keep("self-test", b"late".to_vec());
        assert!(began.elapsed() < ANSWER_WITHIN, "keeping does not wait");
        assert_eq!(keyring.recall("self-test"), Recalled::Silent);
        assert!(!keyring.settle());
        drop(open);
        assert!(keyring.settle());
        assert_eq!(keyring.recall("self-test"), Recalled::Found(b"late".to_vec()));
    }

    #[test]
    fn none_is_silent_and_settled() {
        let none = DeviceKeyring::none();
        none.keep("self-test", b"lost".to_vec());
        assert!(none.settle() && none.recall("self-test") == Recalled::Silent);
    }

    #[test]
    fn the_keyring_of_this_machine_keeps_a_value_or_does_not() {
        // There may be none, or a locked one that answers and then refuses; neither gives anything back.
        let keyring = DeviceKeyring::system();
        keyring.keep("self-test", b"self-test".to_vec());
        let _ = keyring.settle();
        if let Recalled::Found(value) = keyring.recall("self-test") {
            assert_eq!(value, b"self-test");
            Source::System.entry("self-test").unwrap().delete_credential().unwrap();
            assert_eq!(keyring.recall("self-test"), Recalled::Nothing);
        }
    }
}
