//! The chain itself: `hash = HMAC-SHA-256(audit key, all fields and the previous row's hash)`.
//!
//! The anchor is written after the commit. So the table may run ahead of it, by the commit a power cut
//! fell into; every such row carries a good keyed hash, and nobody without the key can make one. The
//! table is never behind the anchor, and agrees with it at the anchored row; otherwise rows were cut.

use std::collections::HashSet;
use std::path::Path;

use domain::audit::AuditAction;
use hmac::{Hmac, KeyInit, Mac};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::json;
use sha2::Sha256;
use vault::{Secret, canonical_bytes};

use super::anchor::{Anchor, Anchored};
use super::erased;
use super::witness::{self, Heard, Rollback};
use super::{AuditEntry, record};
use crate::clinics;
use crate::error::RecordsError;
use crate::store::Writing;

const LABEL: &str = "lentigo audit row v1";
pub(super) type Hash = [u8; 32];

/// The last row of the chain; number 0 and a hash of zeros before the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    pub seq: u64,
    pub hash: Hash,
}

impl Head {
    pub fn of(connection: &Connection) -> Result<Self, RecordsError> {
        let head = connection
            .prepare_cached("SELECT seq, hash FROM audit_rows ORDER BY seq DESC LIMIT 1")?
            .query_row([], |row| Ok(Self { seq: row.get(0)?, hash: row.get(1)? }))
            .optional()?;
        Ok(head.unwrap_or_default())
    }
}

/// A row as its columns hold it.
pub(crate) struct StoredRow {
    pub seq: u64,
    pub id: String,
    pub at: i64,
    pub actor: String,
    pub role: String,
    pub action: String,
    pub subject_kind: Option<String>,
    pub subject_id: Option<String>,
    pub patient_id: Option<String>,
    pub details: String,
    pub previous: Hash,
}

/// One thing that is wrong with the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChainProblem {
    /// The row is not what was written.
    RowAltered { seq: u64 },
    /// Rows after `after` and before `before` are gone.
    RowsMissing { after: u64, before: u64 },
    /// The row does not continue the one before it.
    OrderBroken { seq: u64 },
    /// The chain ends before the anchored row.
    TailCut { anchored: u64, found: u64 },
    /// The anchored row is another one than it was.
    AnchorDisagrees { seq: u64 },
    /// There are rows and no anchor, or one that was not written with this clinic's key.
    AnchorLost,
    /// An earlier session found the chain cut, and this row says so.
    GapRecorded { seq: u64 },
    /// A witness outside the folder remembers a row that is not there. No row says so yet.
    RolledBack { remembered: u64, found: u64 },
    /// A session found that the records had been put back, and this row says so.
    RollbackRecorded { seq: u64 },
}

/// Outcome of a full check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainReport {
    pub rows: u64,
    /// Rows whose details went with an erased patient.
    pub blanked: u64,
    pub problems: Vec<ChainProblem>,
}

impl ChainReport {
    #[must_use]
    pub const fn is_intact(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Key, anchor, and what was found wrong since the clinic was opened and no row says yet.
pub(crate) struct Chain {
    key: Secret,
    anchor: Anchor,
    generation: u64,
    breach: Option<ChainProblem>,
    rollback: Option<Rollback>,
    /// Where the chain ended at the opening.
    opened_at: u64,
    /// The anchor is left to another table.
    beside: bool,
}

impl Chain {
    pub fn open(connection: &Connection, folder: &Path, key: Secret) -> Result<Self, RecordsError> {
        let anchor = Anchor::new(folder, &key);
        let head = Head::of(connection)?;
        let anchored = anchor.read()?;
        let breach = compare(connection, anchored, head)?;
        let generation = match anchored {
            Anchored::At { generation, .. } => generation,
            Anchored::Missing | Anchored::Unreadable => 0,
        };
        let mut chain =
            Self { key, anchor, generation, breach, rollback: None, opened_at: head.seq, beside: false };
        if anchored == Anchored::Missing && head.seq == 0 {
            // Before the first row, so that a missing anchor always means something later.
            chain.anchor.write(1, head)?;
            chain.generation = 1;
        }
        Ok(chain)
    }

    /// The table is of a copy, whose end is not the one that counts yet.
    pub const fn stand_beside(&mut self) {
        self.beside = true;
    }

    /// Puts what was found wrong into the chain, ahead of the next new row.
    pub fn record_findings(&self, tx: &Writing<'_>) -> Result<(), RecordsError> {
        self.record_breach(tx)?;
        let Some(rollback) = self.rollback else { return Ok(()) };
        let entry = AuditEntry::new(AuditAction::AuditRolledBack).with(rollback.details());
        record(tx, entry).map(|_| ())
    }

    fn record_breach(&self, tx: &Writing<'_>) -> Result<(), RecordsError> {
        let details = match &self.breach {
            None => return Ok(()),
            Some(ChainProblem::TailCut { anchored, found }) => {
                json!({ "anchored": anchored, "found": found })
            }
            Some(ChainProblem::AnchorDisagrees { seq }) => json!({ "disagrees_at": seq }),
            Some(_) => json!({ "anchor": "lost" }),
        };
        record(tx, AuditEntry::new(AuditAction::AuditGapFound).with(details)).map(|_| ())
    }

    /// Notes the new end after a commit. A failure is not the caller's: the rows are kept, the table may be
    /// ahead of the anchor, and the next commit notes its own end.
    pub fn anchor(&mut self, head: Head) {
        if self.beside {
            return;
        }
        if self.anchor.write(self.generation + 1, head).is_ok() {
            self.generation += 1;
        }
        self.breach = None;
        self.rollback = None;
    }

    /// Where the chain ends now, for a witness outside the folder.
    pub fn testimony(&self, connection: &Connection) -> Result<Vec<u8>, RecordsError> {
        let clinic = clinics::of(connection)?.id;
        Ok(witness::testimony(&self.key, clinic, Head::of(connection)?))
    }

    /// Compares what a witness remembers. A rollback that no row tells of yet waits for
    /// [`Chain::record_findings`].
    pub fn hear(&mut self, connection: &Connection, testimony: &[u8]) -> Result<Heard, RecordsError> {
        let clinic = clinics::of(connection)?.id;
        let Some(remembered) = witness::remembered(&self.key, clinic, testimony) else {
            return Ok(Heard::Ignored);
        };
        if contains(connection, remembered)? {
            return Ok(Heard::Agrees);
        }
        let rollback = Rollback { remembered, found: self.opened_at };
        if !rollback.is_recorded(connection)? {
            self.rollback = Some(rollback);
        }
        Ok(Heard::RolledBack)
    }

    pub const fn has_findings(&self) -> bool {
        self.breach.is_some() || self.rollback.is_some()
    }

    pub fn verify(&self, connection: &Connection) -> Result<ChainReport, RecordsError> {
        let mut problems = Vec::new();
        let mut last = Head::default();
        let mut rows = 0;
        let mut blanked = 0;
        let seals = erased::seals(connection)?;
        let mut erasures = HashSet::new();
        let mut statement = connection.prepare("SELECT * FROM audit_rows ORDER BY seq")?;
        let mut cursor = statement.query([])?;
        while let Some(row) = cursor.next()? {
            rows += 1;
            let seq: u64 = row.get("seq")?;
            let Some((stored, hash)) = read_stored(row) else {
                problems.push(ChainProblem::RowAltered { seq });
                last = Head { seq, hash: row.get("hash").unwrap_or_default() };
                continue;
            };
            if seq != last.seq + 1 {
                problems.push(ChainProblem::RowsMissing { after: last.seq, before: seq });
            } else if stored.previous != last.hash {
                problems.push(ChainProblem::OrderBroken { seq });
            }
            if let Some(seal) = seals.get(&seq) {
                blanked += 1;
                if !seal.is_good(self, &stored, &hash) {
                    problems.push(ChainProblem::RowAltered { seq });
                }
            } else if self.mac(&stored).verify_slice(&hash).is_err() {
                problems.push(ChainProblem::RowAltered { seq });
            } else if stored.action == AuditAction::PatientErased.code() {
                erasures.insert(seq);
            } else if stored.action == AuditAction::AuditGapFound.code() {
                problems.push(ChainProblem::GapRecorded { seq });
            } else if stored.action == AuditAction::AuditRolledBack.code() {
                problems.push(ChainProblem::RollbackRecorded { seq });
            }
            last = Head { seq, hash };
        }
        // Nothing is blanked without a row that says so.
        let unexplained = seals.iter().filter(|(_, seal)| !erasures.contains(&seal.erased_by));
        problems.extend(unexplained.map(|(&seq, _)| seq).min().map(|seq| ChainProblem::RowAltered { seq }));
        let now = compare(connection, self.anchor.read()?, last)?;
        problems.extend(now.or_else(|| self.breach.clone()));
        problems.extend(self.rollback.map(|rollback| ChainProblem::RolledBack {
            remembered: rollback.remembered.seq,
            found: rollback.found,
        }));
        Ok(ChainReport { rows, blanked, problems })
    }

    pub(super) fn mac(&self, row: &StoredRow) -> Hmac<Sha256> {
        self.labelled(LABEL, row)
    }

    /// A keyed hash over all fields, which one with another label never equals.
    pub(super) fn labelled(&self, label: &str, row: &StoredRow) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.expose())
            .unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
        mac.update(&canonical(label, row));
        mac
    }
}

/// Inserts a row behind the head and returns the new head.
pub(crate) fn append(tx: &Writing<'_>, row: &StoredRow) -> Result<Head, RecordsError> {
    let hash: Hash = tx.chain().mac(row).finalize().into_bytes().into();
    tx.connection()
        .prepare_cached(
            "INSERT INTO audit_rows (seq, id, at, actor, role, action, subject_kind, subject_id, patient_id,
                                     details, previous, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            row.seq,
            row.id,
            row.at,
            row.actor,
            row.role,
            row.action,
            row.subject_kind,
            row.subject_id,
            row.patient_id,
            row.details,
            row.previous,
            hash,
        ])?;
    Ok(Head { seq: row.seq, hash })
}

fn compare(
    connection: &Connection,
    anchored: Anchored,
    head: Head,
) -> Result<Option<ChainProblem>, RecordsError> {
    let Anchored::At { head: noted, .. } = anchored else {
        let harmless = anchored == Anchored::Missing && head.seq == 0;
        return Ok((!harmless).then_some(ChainProblem::AnchorLost));
    };
    if noted.seq > head.seq {
        return Ok(Some(ChainProblem::TailCut { anchored: noted.seq, found: head.seq }));
    }
    let agrees = contains(connection, noted)?;
    Ok((!agrees).then_some(ChainProblem::AnchorDisagrees { seq: noted.seq }))
}

/// Whether the chain has this row; the place before the first row is in every chain.
fn contains(connection: &Connection, head: Head) -> Result<bool, RecordsError> {
    if head.seq == 0 {
        return Ok(true);
    }
    let hash: Option<Hash> = connection
        .prepare_cached("SELECT hash FROM audit_rows WHERE seq = ?1")?
        .query_row([head.seq], |row| row.get(0))
        .optional()?;
    Ok(hash == Some(head.hash))
}

/// The fields and the hash, or nothing where a column does not even have its type.
pub(super) fn read_stored(row: &Row<'_>) -> Option<(StoredRow, Hash)> {
    let stored = StoredRow {
        seq: row.get("seq").ok()?,
        id: row.get("id").ok()?,
        at: row.get("at").ok()?,
        actor: row.get("actor").ok()?,
        role: row.get("role").ok()?,
        action: row.get("action").ok()?,
        subject_kind: row.get("subject_kind").ok()?,
        subject_id: row.get("subject_id").ok()?,
        patient_id: row.get("patient_id").ok()?,
        details: row.get("details").ok()?,
        previous: row.get("previous").ok()?,
    };
    Some((stored, row.get("hash").ok()?))
}

fn canonical(label: &str, row: &StoredRow) -> Vec<u8> {
    // An absent field and an empty one are told apart by a leading byte.
    let optional = |text: &Option<String>| match text {
        None => vec![0],
        Some(text) => [&[1], text.as_bytes()].concat(),
    };
    canonical_bytes(
        label,
        &[
            &row.seq.to_be_bytes(),
            row.id.as_bytes(),
            &row.at.to_be_bytes(),
            row.actor.as_bytes(),
            row.role.as_bytes(),
            row.action.as_bytes(),
            &optional(&row.subject_kind),
            &optional(&row.subject_id),
            &optional(&row.patient_id),
            row.details.as_bytes(),
            &row.previous,
        ],
    )
}
