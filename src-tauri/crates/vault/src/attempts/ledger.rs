//! What the file of failed sign-ins holds, and its rules.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Admission, Door, LOCKED_FOR, MOST_FAILURES};
use crate::error::VaultError;
use crate::layout;
use crate::moment::Moment;
use crate::twin;

const SCHEMA: u32 = 1;
/// So many names that nobody has are remembered.
const MOST_UNKNOWN: usize = 256;
const MOST_REFUSALS: usize = 1000;

type Digest = [u8; 32];

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ledger {
    schema: u32,
    counters: Vec<Counter>,
    /// Set when file and copy were lost to damage: until it has run down, everybody without a counter of
    /// their own is locked.
    everybody: Option<Lock>,
    pub refusals: Vec<Waiting>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Counter {
    #[serde(with = "hex::serde")]
    login: Digest,
    failures: u32,
    lock: Option<Lock>,
}

/// What is left of a lock, as last seen. What passed since is taken off at every look that is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lock {
    remaining_ms: u64,
    wall: Timestamp,
    #[serde(with = "hex::serde")]
    boot: [u8; 16],
    since_boot_ms: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Waiting {
    #[serde(with = "hex::serde")]
    pub login: Digest,
    pub at: Timestamp,
    pub locked: bool,
}

impl Lock {
    fn new(remaining: Duration, now: &Moment) -> Self {
        Self {
            remaining_ms: milliseconds(remaining),
            wall: now.wall,
            boot: now.boot,
            since_boot_ms: milliseconds(now.since_boot),
        }
    }

    fn remaining(&self, now: &Moment) -> Duration {
        let since_boot = Duration::from_millis(self.since_boot_ms);
        let seen = Moment { wall: self.wall, boot: self.boot, since_boot };
        // A file can ask for no longer lock than the program makes.
        Duration::from_millis(self.remaining_ms).min(LOCKED_FOR).saturating_sub(now.since(&seen))
    }
}

impl Ledger {
    const fn empty() -> Self {
        Self { schema: SCHEMA, counters: Vec::new(), everybody: None, refusals: Vec::new() }
    }

    /// The file, or its copy where the file is lost or damaged. Neither is a clinic without failures; both
    /// damaged, or one damaged and the other gone, is one where everybody has just been locked.
    pub fn load(folder: &Path, now: &Moment) -> Result<Self, VaultError> {
        let read = |name: &str| twin::read::<Self>(&folder.join(name), SCHEMA);
        match (read(layout::ATTEMPTS), read(layout::ATTEMPTS_COPY)) {
            (Ok(ledger), _) | (Err(_), Ok(ledger)) => Ok(ledger),
            (Err(VaultError::FileMissing), Err(VaultError::FileMissing)) => Ok(Self::empty()),
            (Err(VaultError::NewerFormat), _) | (_, Err(VaultError::NewerFormat)) => {
                Err(VaultError::NewerFormat)
            }
            (Err(error @ VaultError::Storage(_)), _) | (_, Err(error @ VaultError::Storage(_))) => Err(error),
            _ => {
                let fresh = Self { everybody: Some(Lock::new(LOCKED_FOR, now)), ..Self::empty() };
                // The hour has to begin now even if nobody tries to sign in before the next look.
                fresh.store(folder)?;
                Ok(fresh)
            }
        }
    }

    pub fn store(&self, folder: &Path) -> Result<(), VaultError> {
        twin::write(&folder.join(layout::ATTEMPTS), self)?;
        twin::write(&folder.join(layout::ATTEMPTS_COPY), self)
    }

    pub fn begin(&mut self, login: Digest, now: &Moment, known: impl Fn(&Digest) -> bool) -> Admission {
        self.settle(now);
        let own = self.counters.iter().any(|counter| counter.login == login);
        let mut counter = self.take(login);
        let everybody = self.everybody.as_ref().filter(|_| !own);
        let admission = match counter.lock.as_ref().or(everybody) {
            Some(lock) => Admission::Locked { remaining: lock.remaining(now) },
            None => Admission::Go,
        };
        if admission == Admission::Go {
            counter.failures += 1;
            if counter.failures >= MOST_FAILURES {
                counter.lock = Some(Lock::new(LOCKED_FOR, now));
            }
        }
        let locked = counter.lock.is_some() || admission != Admission::Go;
        if self.refusals.len() >= MOST_REFUSALS {
            self.refusals.remove(0);
        }
        self.refusals.push(Waiting { login, at: now.wall, locked });
        if admission == Admission::Go || counter.lock.is_some() {
            self.counters.push(counter);
        }
        self.forget_unknown(known);
        admission
    }

    /// Sets a counter back. A try that was right takes its own refusal along.
    pub fn forgive(&mut self, login: Digest, right: bool) {
        if right && let Some(at) = self.refusals.iter().rposition(|r| r.login == login) {
            self.refusals.remove(at);
        }
        self.take(login);
        if self.everybody.is_some() {
            self.counters.push(Counter { login, failures: 0, lock: None });
        }
    }

    /// Takes one try back that was admitted, with the lock that it brought about.
    pub fn take_back(&mut self, login: Digest) {
        if let Some(at) = self.refusals.iter().rposition(|refusal| refusal.login == login) {
            self.refusals.remove(at);
        }
        let failures = self.take(login).failures.saturating_sub(1);
        if failures > 0 || self.everybody.is_some() {
            self.counters.push(Counter { login, failures, lock: None });
        }
    }

    pub fn state(&self, login: Digest, now: &Moment) -> Door {
        let counter = self.counters.iter().find(|c| c.login == login);
        let lock = match counter {
            Some(counter) => counter.lock.as_ref(),
            None => self.everybody.as_ref(),
        };
        let locked_for = lock.map_or(Duration::ZERO, |lock| lock.remaining(now));
        let over = lock.is_some() && locked_for.is_zero();
        let failures = counter.filter(|_| !over).map_or(0, |c| c.failures);
        Door { failures, locked_for }
    }

    /// Takes what passed off every lock, and ends those that have run down.
    fn settle(&mut self, now: &Moment) {
        let left = |lock: &Lock| Some(lock.remaining(now)).filter(|left| !left.is_zero());
        self.everybody = self.everybody.take().and_then(|lock| left(&lock)).map(|rest| Lock::new(rest, now));
        let everybody = self.everybody.is_some();
        self.counters.retain_mut(|counter| {
            if let Some(lock) = counter.lock.take() {
                counter.lock = left(&lock).map(|rest| Lock::new(rest, now));
                if counter.lock.is_none() {
                    counter.failures = 0;
                }
            }
            counter.failures > 0 || everybody
        });
    }

    fn take(&mut self, login: Digest) -> Counter {
        match self.counters.iter().position(|counter| counter.login == login) {
            Some(at) => self.counters.remove(at),
            None => Counter { login, failures: 0, lock: None },
        }
    }

    fn forget_unknown(&mut self, known: impl Fn(&Digest) -> bool) {
        let unknown = self.counters.iter().filter(|c| !known(&c.login)).count();
        let mut surplus = unknown.saturating_sub(MOST_UNKNOWN);
        // Counters stand in the order of their last try.
        self.counters.retain(|counter| {
            let forget = surplus > 0 && !known(&counter.login);
            surplus -= usize::from(forget);
            !forget
        });
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
