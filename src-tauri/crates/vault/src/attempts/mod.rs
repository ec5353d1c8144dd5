//! Counting failed sign-ins before any key is known.
//!
//! A failure is on the disk before the password is looked at, so that ending the program wins nothing. The
//! file holds digests of sign-in names only, and names that nobody has are counted like the others.

mod ledger;

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::UserId;
use jiff::Timestamp;

use crate::error::VaultError;
use crate::moment::Moment;
use crate::slots::KeySlots;
use ledger::Ledger;

/// So many failures in a row lock an account.
pub(crate) const MOST_FAILURES: u32 = 5;
/// How long a lock lasts.
pub(crate) const LOCKED_FOR: Duration = Duration::from_secs(60 * 60);

/// One change at a time: each reads the whole file and writes it again.
static TURN: Mutex<()> = Mutex::new(());

/// Whether a try may be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// The try counts as failed until [`Attempts::succeeded`] says otherwise.
    Go,
    /// Refuse it whatever the password is, after the same work.
    Locked { remaining: Duration },
}

/// How an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Door {
    /// Failures in a row, 0 to 5.
    pub failures: u32,
    /// Zero when it is not locked.
    pub locked_for: Duration,
}

/// A failed sign-in that is not in the audit trail yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Nobody for a name that no account has.
    pub user: Option<UserId>,
    pub at: Timestamp,
    /// The account was locked already, or this failure locked it.
    pub locked: bool,
}

/// The failed sign-ins of one clinic folder.
#[derive(Debug)]
pub struct Attempts;

impl Attempts {
    /// Counts a try as failed, on the disk, before it is judged. The fifth failure in a row locks the
    /// account for an hour that really passes; tries meanwhile do not make it longer.
    ///
    /// # Errors
    /// [`VaultError::StorageFull`], [`VaultError::Storage`]: do not judge the try. And those of reading
    /// the key slots.
    pub fn begin(folder: &Path, login: &str, now: Moment) -> Result<Admission, VaultError> {
        let slots = KeySlots::load(folder)?;
        let login = slots.login_digest(login);
        let known = |digest: &[u8; 32]| slots.slots.iter().any(|slot| slot.login == *digest);
        change(folder, now, |ledger| ledger.begin(login, &now, known))
    }

    /// The try was right: the account's counter is back to nothing.
    ///
    /// # Errors
    /// As [`Attempts::begin`].
    pub fn succeeded(folder: &Path, login: &str) -> Result<(), VaultError> {
        let login = KeySlots::load(folder)?.login_digest(login);
        change(folder, Moment::now(), |ledger| ledger.forgive(login, true))
    }

    /// The try says nothing of whoever made it: the password was right, and what it opens is not for this program. It
    /// is taken back as if it had not been made.
    ///
    /// # Errors
    /// As [`Attempts::begin`].
    pub fn withdrawn(folder: &Path, login: &str) -> Result<(), VaultError> {
        let login = KeySlots::load(folder)?.login_digest(login);
        change(folder, Moment::now(), |ledger| ledger.take_back(login))
    }

    /// An administrator ends the lock. The failures stay to be reported.
    ///
    /// # Errors
    /// As [`Attempts::begin`].
    pub fn unlock(folder: &Path, login: &str) -> Result<(), VaultError> {
        let login = KeySlots::load(folder)?.login_digest(login);
        change(folder, Moment::now(), |ledger| ledger.forgive(login, false))
    }

    /// How an account stands. Nothing is counted.
    ///
    /// # Errors
    /// As [`Attempts::begin`].
    pub fn state(folder: &Path, login: &str, now: Moment) -> Result<Door, VaultError> {
        let login = KeySlots::load(folder)?.login_digest(login);
        look(folder, now, |ledger| ledger.state(login, &now))
    }

    /// Failed tries that are not in the audit trail yet, oldest first; the newest thousand at most.
    ///
    /// # Errors
    /// As [`Attempts::begin`].
    pub fn unreported(folder: &Path) -> Result<Vec<Refusal>, VaultError> {
        let slots = KeySlots::load(folder)?;
        let user = |digest: [u8; 32]| slots.slots.iter().find(|s| s.login == digest).map(|s| s.id);
        look(folder, Moment::now(), |ledger| {
            let waiting = ledger.refusals.iter();
            waiting.map(|r| Refusal { user: user(r.login), at: r.at, locked: r.locked }).collect()
        })
    }

    /// The first `count` of [`Attempts::unreported`] are in the audit trail now.
    ///
    /// # Errors
    /// [`VaultError::StorageFull`], [`VaultError::Storage`].
    pub fn reported(folder: &Path, count: usize) -> Result<(), VaultError> {
        change(folder, Moment::now(), |ledger| {
            ledger.refusals.drain(..count.min(ledger.refusals.len()));
        })
    }
}

fn change<T>(folder: &Path, now: Moment, change: impl FnOnce(&mut Ledger) -> T) -> Result<T, VaultError> {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut ledger = Ledger::load(folder, &now)?;
    let answer = change(&mut ledger);
    ledger.store(folder)?;
    Ok(answer)
}

fn look<T>(folder: &Path, now: Moment, look: impl FnOnce(&Ledger) -> T) -> Result<T, VaultError> {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(look(&Ledger::load(folder, &now)?))
}
