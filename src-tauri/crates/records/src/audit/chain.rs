//! The chain itself: `hash = HMAC-SHA-256(audit key, all fields and the previous row's hash)`.
//!
//! The anchor is written after the commit. So the table may run ahead of it, by the commit a power cut
//! fell into; every such row carries a good keyed hash, and nobody without the key can make one. The
//! table is never behind the anchor, and agrees with it at the anchored row; otherwise rows were cut.

use std::path::Path;

use domain::audit::AuditAction;
use hmac::{Hmac, KeyInit, Mac};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::json;
use sha2::Sha256;
use vault::{Secret, canonical_bytes};

use super::anchor::{Anchor, Anchored};
use super::{AuditEntry, record};
use crate::error::RecordsError;
use crate::store::Writing;

const LABEL: &str = "lentigo audit row v1";
type Hash = [u8; 32];

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
}

/// Outcome of a full check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainReport {
    pub rows: u64,
    pub problems: Vec<ChainProblem>,
}

impl ChainReport {
    #[must_use]
    pub const fn is_intact(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Key, anchor, and what was found wrong when the clinic was opened.
pub(crate) struct Chain {
    key: Secret,
    anchor: Anchor,
    generation: u64,
    breach: Option<ChainProblem>,
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
        let mut chain = Self { key, anchor, generation, breach };
        if anchored == Anchored::Missing && head.seq == 0 {
            // Before the first row, so that a missing anchor always means something later.
            chain.anchor.write(1, head)?;
            chain.generation = 1;
        }
        Ok(chain)
    }

    /// Puts a breach found at the opening into the chain, ahead of the first new row.
    pub fn record_breach(&self, tx: &Writing<'_>) -> Result<(), RecordsError> {
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
        if self.anchor.write(self.generation + 1, head).is_ok() {
            self.generation += 1;
        }
        self.breach = None;
    }

    pub fn verify(&self, connection: &Connection) -> Result<ChainReport, RecordsError> {
        let mut problems = Vec::new();
        let mut last = Head::default();
        let mut rows = 0;
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
            if self.mac(&stored).verify_slice(&hash).is_err() {
                problems.push(ChainProblem::RowAltered { seq });
            } else if stored.action == AuditAction::AuditGapFound.code() {
                problems.push(ChainProblem::GapRecorded { seq });
            }
            last = Head { seq, hash };
        }
        let now = compare(connection, self.anchor.read()?, last)?;
        problems.extend(now.or_else(|| self.breach.clone()));
        Ok(ChainReport { rows, problems })
    }

    fn mac(&self, row: &StoredRow) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.expose())
            .unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
        mac.update(&canonical(row));
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
    if noted.seq == 0 {
        return Ok(None);
    }
    let hash: Option<Hash> = connection
        .prepare_cached("SELECT hash FROM audit_rows WHERE seq = ?1")?
        .query_row([noted.seq], |row| row.get(0))
        .optional()?;
    Ok((hash != Some(noted.hash)).then_some(ChainProblem::AnchorDisagrees { seq: noted.seq }))
}

/// The fields and the hash, or nothing where a column does not even have its type.
fn read_stored(row: &Row<'_>) -> Option<(StoredRow, Hash)> {
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

fn canonical(row: &StoredRow) -> Vec<u8> {
    // An absent field and an empty one are told apart by a leading byte.
    let optional = |text: &Option<String>| match text {
        None => vec![0],
        Some(text) => [&[1], text.as_bytes()].concat(),
    };
    canonical_bytes(
        LABEL,
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
