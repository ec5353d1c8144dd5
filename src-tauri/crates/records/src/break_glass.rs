//! Emergency looks: somebody whose role does not include results asks to see those of one patient.

use domain::audit::AuditAction;
use domain::{BreakGlassId, PatientId, UserId};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::patients;
use crate::row::{Columns, id_text, micros};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE break_glass (
    id          TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    user_id     TEXT NOT NULL REFERENCES users (id),
    patient_id  TEXT NOT NULL REFERENCES patients (id),
    reason      TEXT NOT NULL CHECK (length(reason) BETWEEN 10 AND 500),
    opened_at   INTEGER NOT NULL,
    until       INTEGER NOT NULL CHECK (until > opened_at AND until <= opened_at + 3600000000),
    uses        INTEGER NOT NULL DEFAULT 0,
    reviewed_by TEXT REFERENCES users (id),
    reviewed_at INTEGER,
    review_note TEXT CHECK (length(review_note) <= 500),
    CHECK ((reviewed_by IS NULL) = (reviewed_at IS NULL))
) STRICT;
CREATE INDEX break_glass_by_user ON break_glass (user_id, patient_id, until);
";

pub(crate) const ENDED_EARLY: &str = "
ALTER TABLE break_glass ADD COLUMN ended_at INTEGER CHECK (ended_at BETWEEN opened_at AND until);
";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakGlass {
    pub id: BreakGlassId,
    pub user_id: UserId,
    pub patient_id: PatientId,
    pub reason: String,
    pub opened_at: Timestamp,
    /// When it ends, or would have ended by itself.
    pub until: Timestamp,
    /// When whoever opened it ended it before its time.
    pub ended_at: Option<Timestamp>,
    pub uses: u32,
    pub reviewed_by: Option<UserId>,
    pub reviewed_at: Option<Timestamp>,
    pub review_note: Option<String>,
}

/// Opens an emergency look of whoever acts.
///
/// # Errors
/// [`RecordsError::NotFound`] for the patient, [`RecordsError::Storage`] for a reason or time over its limit.
pub fn open(
    tx: &Writing<'_>,
    patient: PatientId,
    reason: &str,
    until: Timestamp,
) -> Result<BreakGlass, RecordsError> {
    patients::must_exist(tx, patient)?;
    let id = BreakGlassId::fresh();
    tx.connection().execute(
        "INSERT INTO break_glass (id, user_id, patient_id, reason, opened_at, until) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            id_text(&id),
            id_text(&tx.actor().user),
            id_text(&patient),
            reason,
            micros(tx.now()),
            micros(until)
        ],
    )?;
    let details = json!({ "reason": reason, "until": until });
    audit::record(tx, AuditEntry::new(AuditAction::BreakGlassOpened).of_patient(patient).with(details))?;
    get(tx, id)
}

/// # Errors
/// [`RecordsError::NotFound`].
pub fn get(tx: &Reading<'_>, id: BreakGlassId) -> Result<BreakGlass, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM break_glass WHERE id = ?1")?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

/// Uses an emergency look of whoever acts that is open now; false when there is none.
///
/// # Errors
/// [`RecordsError::StorageFull`], [`RecordsError::Storage`].
pub fn note_use(tx: &Writing<'_>, patient: PatientId) -> Result<bool, RecordsError> {
    let id: Option<String> = tx
        .connection()
        .prepare_cached(
            "UPDATE break_glass SET uses = uses + 1 WHERE id = (
                 SELECT id FROM break_glass WHERE user_id = ?1 AND patient_id = ?2 AND until > ?3
                     AND opened_at <= ?3 AND ended_at IS NULL ORDER BY until DESC LIMIT 1)
             RETURNING id",
        )?
        .query_row(params![id_text(&tx.actor().user), id_text(&patient), micros(tx.now())], |row| row.get(0))
        .optional()?;
    let Some(id) = id else { return Ok(false) };
    let entry = AuditEntry::new(AuditAction::BreakGlassUsed).of_patient(patient);
    audit::record(tx, entry.with(json!({ "emergency": id })))?;
    Ok(true)
}

/// When the emergency look of whoever acts at this patient ends; nothing when none is open now.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn open_until(tx: &Writing<'_>, patient: PatientId) -> Result<Option<Timestamp>, RecordsError> {
    Ok(running(tx, patient)?.into_iter().map(|look| look.until).max())
}

/// Ends the emergency looks of whoever acts at this patient before their time.
///
/// # Errors
/// [`RecordsError::NotFound`] when none is open.
pub fn end(tx: &Writing<'_>, patient: PatientId) -> Result<(), RecordsError> {
    let looks = running(tx, patient)?;
    if looks.is_empty() {
        return Err(RecordsError::NotFound);
    }
    for look in looks {
        tx.connection().execute(
            "UPDATE break_glass SET ended_at = ?2 WHERE id = ?1",
            params![id_text(&look.id), micros(tx.now())],
        )?;
        let details = json!({ "emergency": look.id, "until": look.until });
        audit::record(tx, AuditEntry::new(AuditAction::BreakGlassEnded).of_patient(patient).with(details))?;
    }
    Ok(())
}

fn running(tx: &Writing<'_>, patient: PatientId) -> Result<Vec<BreakGlass>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT * FROM break_glass WHERE user_id = ?1 AND patient_id = ?2 AND until > ?3
             AND opened_at <= ?3 AND ended_at IS NULL",
    )?;
    let asked = params![id_text(&tx.actor().user), id_text(&patient), micros(tx.now())];
    let rows = query.query_map(asked, from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Those nobody reviewed yet, oldest first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn waiting(tx: &Reading<'_>) -> Result<Vec<BreakGlass>, RecordsError> {
    all_where(tx, "WHERE reviewed_at IS NULL ORDER BY opened_at")
}

/// All, those not reviewed first, then newest first; at most 500.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn list(tx: &Reading<'_>) -> Result<Vec<BreakGlass>, RecordsError> {
    all_where(tx, "ORDER BY reviewed_at IS NOT NULL, opened_at DESC LIMIT 500")
}

/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] when it was reviewed already.
pub fn review(tx: &Writing<'_>, id: BreakGlassId, note: &str) -> Result<BreakGlass, RecordsError> {
    let old = get(tx, id)?;
    if old.reviewed_at.is_some() {
        return Err(RecordsError::Conflict);
    }
    tx.connection().execute(
        "UPDATE break_glass SET reviewed_by = ?2, reviewed_at = ?3, review_note = ?4 WHERE id = ?1",
        params![id_text(&id), id_text(&tx.actor().user), micros(tx.now()), note],
    )?;
    let entry = AuditEntry::new(AuditAction::BreakGlassReviewed).of_patient(old.patient_id);
    audit::record(tx, entry.with(json!({ "emergency": id, "note": note })))?;
    get(tx, id)
}

fn all_where(tx: &Reading<'_>, rest: &str) -> Result<Vec<BreakGlass>, RecordsError> {
    let mut query = tx.connection().prepare_cached(&format!("SELECT * FROM break_glass {rest}"))?;
    let rows = query.query_map([], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<BreakGlass> {
    let reviewed_by = match row.get::<_, Option<String>>("reviewed_by")? {
        Some(_) => Some(row.parsed("reviewed_by")?),
        None => None,
    };
    Ok(BreakGlass {
        id: row.parsed("id")?,
        user_id: row.parsed("user_id")?,
        patient_id: row.parsed("patient_id")?,
        reason: row.text("reason")?,
        opened_at: row.time("opened_at")?,
        until: row.time("until")?,
        ended_at: row.time_or_none("ended_at")?,
        uses: row.get("uses")?,
        reviewed_by,
        reviewed_at: row.time_or_none("reviewed_at")?,
        review_note: row.get("review_note")?,
    })
}
