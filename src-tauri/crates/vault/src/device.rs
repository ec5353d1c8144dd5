//! The operating system's keyring, as a helper that may be absent.
//!
//! A locked keyring with nobody to ask for its password blocks for ever, so every call runs on a thread
//! of its own and is given up after [`ANSWER_WITHIN`]. No key depends on an answer.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use keyring::{Entry, Error};
use zeroize::Zeroizing;

use crate::secret::Secret;

/// A keyring that has not answered after this time is treated as absent.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(3);
const SERVICE: &str = "org.lentigo.workstation";

/// How the keyring answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceKeyring {
    Present,
    /// There is none, or it refused.
    Absent,
    TimedOut,
}

/// Whether there is a keyring that answers in time. Nothing is written.
#[must_use]
pub fn probe() -> DeviceKeyring {
    match in_time(ANSWER_WITHIN, || read("probe")) {
        Some(Ok(_)) => DeviceKeyring::Present,
        Some(Err(())) => DeviceKeyring::Absent,
        None => DeviceKeyring::TimedOut,
    }
}

/// A 256-bit secret of this machine, kept in the keyring under a name.
#[derive(Clone, Debug)]
pub struct DeviceSecret {
    name: String,
}

impl DeviceSecret {
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned() }
    }

    /// The stored secret; nothing when there is none or no keyring answers in time.
    #[must_use]
    pub fn get(&self) -> Option<Secret> {
        let name = self.name.clone();
        let bytes = in_time(ANSWER_WITHIN, move || read(&name))?.ok()??;
        bytes.as_slice().try_into().ok().map(Secret::from_bytes)
    }

    /// Stores the secret; false when no keyring took it in time.
    #[must_use]
    pub fn put(&self, secret: &Secret) -> bool {
        let (name, secret) = (self.name.clone(), secret.clone());
        in_time(ANSWER_WITHIN, move || {
            Entry::new(SERVICE, &name).and_then(|entry| entry.set_secret(secret.expose())).is_ok()
        })
        .unwrap_or(false)
    }
}

/// An answering keyring without the entry is `Ok(None)`.
fn read(name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, ()> {
    match Entry::new(SERVICE, name).and_then(|entry| entry.get_secret()) {
        Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
        Err(Error::NoEntry) => Ok(None),
        Err(_) => Err(()),
    }
}

/// Runs `ask` on its own thread; nothing when it takes too long. The thread is then left behind: it
/// waits on another process and cannot be stopped.
fn in_time<T: Send + 'static>(limit: Duration, ask: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (answer, answered) = mpsc::channel();
    let spawned = thread::Builder::new().name("keyring".into()).spawn(move || {
        // Nobody listens any more when the answer came too late.
        answer.send(ask()).ok();
    });
    spawned.ok()?;
    answered.recv_timeout(limit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn a_keyring_that_hangs_is_given_up_in_time() {
        let began = Instant::now();
        let answer = in_time(Duration::from_millis(50), || thread::sleep(Duration::from_secs(30)));
        assert!(answer.is_none() && began.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn every_call_answers_in_time_with_or_without_a_keyring() {
        let began = Instant::now();
        let state = probe();
        assert!(began.elapsed() < ANSWER_WITHIN + Duration::from_secs(1));
        let secret = Secret::from_bytes(&[5; 32]);
        let entry = DeviceSecret::named("self-test");
        let kept = entry.put(&secret);
        match state {
            DeviceKeyring::Present if kept => {
                assert_eq!(entry.get().map(|s| *s.expose()), Some(*secret.expose()));
            }
            _ => assert!(!kept || entry.get().is_some()),
        }
    }
}
