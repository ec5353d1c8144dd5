//! The open database, and the two ways to work with it.

use std::cell::Cell;
use std::ops::Deref;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{Actor, Clock};
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, TransactionBehavior};
use vault::Secret;

use crate::audit::chain::{Chain, ChainReport, Head};
use crate::audit::witness::Heard;
use crate::error::RecordsError;
use crate::integrity::Integrity;
use crate::migrations::MIGRATIONS;

/// The records of one clinic. Shared freely between threads; one transaction runs at a time.
pub struct Store {
    inner: Mutex<Inner>,
    clock: Arc<dyn Clock>,
}

struct Inner {
    connection: Connection,
    chain: Chain,
    handed_over: bool,
}

/// The records go on somewhere else. Dropped without [`HandOver::keep`], they are written here again.
pub struct HandOver<'a> {
    store: &'a Store,
    kept: bool,
}

impl HandOver<'_> {
    pub fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for HandOver<'_> {
    fn drop(&mut self) {
        self.store.lock().handed_over = self.kept;
    }
}

impl Store {
    /// Takes over an open database, brings its schema to today's, and compares the end of the audit
    /// chain with its anchor, the file `audit.head` in the database's folder. A chain that was cut does
    /// not keep the clinic from working: the next write records the gap, and
    /// [`Store::verify_chain`] reports it from then on.
    ///
    /// # Errors
    /// [`RecordsError::NewerSchema`], [`RecordsError::Damaged`], [`RecordsError::StorageFull`],
    /// [`RecordsError::Storage`] (also for a database that is not a file).
    pub fn open(
        mut connection: Connection,
        audit_key: Secret,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, RecordsError> {
        let folder = connection
            .path()
            .and_then(|path| Path::new(path).parent())
            .filter(|folder| folder.is_dir())
            .ok_or(RecordsError::Storage(-1))?
            .to_owned();
        MIGRATIONS.to_latest(&mut connection)?;
        let chain = Chain::open(&connection, &folder, audit_key)?;
        Ok(Self { inner: Mutex::new(Inner { connection, chain, handed_over: false }), clock })
    }

    /// The same for a copy that has not taken the place of the records yet: the anchor stays with those, so that a
    /// copy that is given up leaves no gap behind.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_beside(
        connection: Connection,
        audit_key: Secret,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, RecordsError> {
        let store = Self::open(connection, audit_key, clock)?;
        store.lock().chain.stand_beside();
        Ok(store)
    }

    /// Runs read-only work on one consistent state. What a person gets to see of a patient is read
    /// through [`Store::write`] instead, because the reading itself is recorded.
    ///
    /// # Errors
    /// Whatever `work` returns, and failures of the database.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&Reading<'_>) -> Result<T, RecordsError>,
    ) -> Result<T, RecordsError> {
        let mut inner = self.lock();
        let tx = inner.connection.transaction()?;
        let result = work(&Reading { connection: &tx });
        tx.rollback()?;
        result
    }

    /// Runs work in one transaction in the name of `actor`: all of it is kept, or none.
    ///
    /// # Errors
    /// Whatever `work` returns, [`RecordsError::Unaudited`] when it changed rows without an audit row,
    /// [`RecordsError::WorkUnderWay`] once the records are handed over, [`RecordsError::StorageFull`], and failures of
    /// the database. Nothing was changed then.
    pub fn write<T>(
        &self,
        actor: &Actor,
        work: impl FnOnce(&Writing<'_>) -> Result<T, RecordsError>,
    ) -> Result<T, RecordsError> {
        let now = whole_micros(self.clock.now());
        let today = self.clock.today();
        let mut inner = self.lock();
        let Inner { connection, chain, handed_over } = &mut *inner;
        if *handed_over {
            return Err(RecordsError::WorkUnderWay);
        }
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let before = tx.total_changes();
        let writing = Writing {
            reading: Reading { connection: &tx },
            actor: *actor,
            now,
            today,
            head: Cell::new(Head::of(&tx)?),
            chain,
        };
        let first = writing.head.get();
        chain.record_findings(&writing)?;
        let value = work(&writing)?;
        let last = writing.head.get();
        if last == first && tx.total_changes() != before {
            return Err(RecordsError::Unaudited);
        }
        tx.commit()?;
        chain.anchor(last);
        Ok(value)
    }

    /// Lends the connection for copying the whole database. No transaction runs meanwhile.
    pub fn lend<T>(&self, work: impl FnOnce(&Connection) -> T) -> T {
        work(&self.lock().connection)
    }

    /// Lends the connection for copying the whole database to where the records go on. From then on nothing is written
    /// here, unless the answer is dropped without being kept.
    ///
    /// # Errors
    /// Those of `work`; nothing is handed over then.
    pub fn hand_over<T, E>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<(T, HandOver<'_>), E> {
        let mut inner = self.lock();
        let copy = work(&inner.connection)?;
        inner.handed_over = true;
        drop(inner);
        Ok((copy, HandOver { store: self, kept: false }))
    }

    /// Cleans the pages of the database that erased rows were in, and the log beside it. Does nothing where no
    /// erasure is waiting for it; when it fails or is cut short, the next call starts again.
    ///
    /// # Errors
    /// [`RecordsError::StorageFull`]: the database is written anew, which takes its size once more.
    pub fn clean_traces(&self) -> Result<(), RecordsError> {
        crate::rights::clean_traces(&self.lock().connection)
    }

    /// Recomputes every hash of the audit chain and compares its end with the anchor.
    ///
    /// # Errors
    /// Failures of the database. What is wrong with the chain is in the report.
    pub fn verify_chain(&self) -> Result<ChainReport, RecordsError> {
        let mut inner = self.lock();
        let Inner { connection, chain, .. } = &mut *inner;
        let tx = connection.transaction()?;
        chain.verify(&tx)
    }

    /// Looks at every page of the database. No transaction runs meanwhile.
    ///
    /// # Errors
    /// Failures of the database; [`RecordsError::Damaged`] for damage that keeps it from being looked at.
    pub fn check_integrity(&self) -> Result<Integrity, RecordsError> {
        crate::integrity::check(&self.lock().connection)
    }

    /// Where the audit chain ends now, for a witness outside the folder; sealed with a key derived from
    /// the audit key, and nothing in it is secret.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn testimony(&self) -> Result<Vec<u8>, RecordsError> {
        let mut inner = self.lock();
        let Inner { connection, chain, .. } = &mut *inner;
        let tx = connection.transaction()?;
        chain.testimony(&tx)
    }

    /// Compares what a witness remembers with the chain. Records that were put back are recorded in the
    /// name of `actor`, once for each remembered row, and [`Store::verify_chain`] reports it from then on.
    ///
    /// # Errors
    /// Failures of the database. A rollback that could not be recorded is reported all the same, and the
    /// next write records it.
    pub fn hear_witness(&self, actor: &Actor, testimony: &[u8]) -> Result<Heard, RecordsError> {
        let mut inner = self.lock();
        let Inner { connection, chain, .. } = &mut *inner;
        let tx = connection.transaction()?;
        let heard = chain.hear(&tx, testimony)?;
        tx.rollback()?;
        let waiting = chain.has_findings();
        drop(inner);
        if heard == Heard::RolledBack && waiting {
            self.write(actor, |_| Ok(()))?;
        }
        Ok(heard)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic in someone's work rolled its transaction back; the connection is still good.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A consistent state to read from.
pub struct Reading<'a> {
    connection: &'a Connection,
}

impl<'a> Reading<'a> {
    pub(crate) const fn connection(&self) -> &'a Connection {
        self.connection
    }
}

/// A running write in someone's name. Everything that reads also works on it.
pub struct Writing<'a> {
    reading: Reading<'a>,
    actor: Actor,
    now: Timestamp,
    today: Date,
    head: Cell<Head>,
    chain: &'a Chain,
}

impl<'a> Deref for Writing<'a> {
    type Target = Reading<'a>;

    fn deref(&self) -> &Self::Target {
        &self.reading
    }
}

impl Writing<'_> {
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The moment of the transaction, in whole microseconds as it is stored.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// The day of the transaction in the workstation's time zone.
    #[must_use]
    pub const fn today(&self) -> Date {
        self.today
    }

    pub(crate) const fn head(&self) -> &Cell<Head> {
        &self.head
    }

    pub(crate) const fn chain(&self) -> &Chain {
        self.chain
    }
}

fn whole_micros(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{FixedClock, Role, UserId};

    #[test]
    fn a_change_without_an_audit_row_is_undone() {
        let folder = tempfile::tempdir().unwrap();
        let connection =
            vault::create_database_at(&folder.path().join("clinic.db"), &Secret::from_bytes(&[1; 32]))
                .unwrap();
        let clock = Arc::new(FixedClock::new(Timestamp::UNIX_EPOCH));
        let store = Store::open(connection, Secret::from_bytes(&[2; 32]), clock).unwrap();
        let actor = Actor { user: UserId::fresh(), role: Role::Administrator };
        let sneak = |tx: &Writing<'_>| crate::counters::next(tx, "patient");
        assert_eq!(store.write(&actor, sneak), Err(RecordsError::Unaudited));
        let kept = store.write(&actor, |tx| {
            let number = crate::counters::next(tx, "patient")?;
            crate::audit::record(tx, crate::audit::AuditEntry::new(domain::audit::AuditAction::SignedIn))?;
            Ok(number)
        });
        assert_eq!(kept, Ok(1));
    }
}
