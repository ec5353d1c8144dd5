//! Retention holds: while one stands, a patient's record is not erased.

use domain::audit::AuditAction;
use domain::hold::{HoldDetails, RetentionHold};
use domain::{HoldId, PatientId};
use jiff::civil::Date;
use rusqlite::{OptionalExtension, Row, params};
use serde_json::json;

use crate::audit::{self, AuditEntry, changed};
use crate::error::RecordsError;
use crate::patients;
use crate::row::{Columns, id_text, micros};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE retention_holds (
    id         TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    patient_id TEXT NOT NULL REFERENCES patients (id),
    reason     TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    until      TEXT CHECK (length(until) = 10),
    set_by     TEXT NOT NULL REFERENCES users (id),
    set_at     INTEGER NOT NULL,
    lifted_by  TEXT REFERENCES users (id),
    lifted_at  INTEGER,
    CHECK ((lifted_by IS NULL) = (lifted_at IS NULL))
) STRICT;
CREATE INDEX retention_holds_by_patient ON retention_holds (patient_id) WHERE lifted_at IS NULL;
";

/// Sets a hold in the place of any that stands, without a moment between. The details are validated before
/// ([`HoldDetails::validate`]).
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Merged`].
pub fn set(
    tx: &Writing<'_>,
    patient: PatientId,
    details: &HoldDetails,
) -> Result<RetentionHold, RecordsError> {
    patients::must_exist(tx, patient)?;
    let old = in_force(tx, patient, tx.today())?;
    end_all(tx, patient)?;
    let id = HoldId::fresh();
    tx.connection().execute(
        "INSERT INTO retention_holds (id, patient_id, reason, until, set_by, set_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            id_text(&id),
            id_text(&patient),
            details.reason,
            details.until.map(|day| day.to_string()),
            id_text(&tx.actor().user),
            micros(tx.now()),
        ],
    )?;
    let changes = match &old {
        Some(old) => changed(&old.details, details),
        None => json!({ "reason": [null, details.reason], "until": [null, details.until] }),
    };
    let entry = AuditEntry::new(AuditAction::RetentionHoldSet).on(patient);
    audit::record(tx, entry.with(json!({ "changed": changes })))?;
    in_force(tx, patient, tx.today())?.ok_or(RecordsError::NotFound)
}

/// Lifts whatever hold stands.
///
/// # Errors
/// [`RecordsError::NotFound`] where none stands.
pub fn lift(tx: &Writing<'_>, patient: PatientId) -> Result<(), RecordsError> {
    let hold = in_force(tx, patient, tx.today())?.ok_or(RecordsError::NotFound)?;
    end_all(tx, patient)?;
    let entry = AuditEntry::new(AuditAction::RetentionHoldLifted).on(patient);
    let was =
        json!({ "changed": { "reason": [hold.details.reason, null], "until": [hold.details.until, null] } });
    audit::record(tx, entry.with(was))?;
    Ok(())
}

/// The hold that stands on a day; of several, as a merge may bring them together, the one that stands longest.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn in_force(
    tx: &Reading<'_>,
    patient: PatientId,
    today: Date,
) -> Result<Option<RetentionHold>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT * FROM retention_holds
         WHERE patient_id = ?1 AND lifted_at IS NULL AND (until IS NULL OR until >= ?2)
         ORDER BY until IS NULL DESC, until DESC, set_at LIMIT 1",
    )?;
    Ok(query.query_row(params![id_text(&patient), today.to_string()], from_row).optional()?)
}

fn end_all(tx: &Writing<'_>, patient: PatientId) -> Result<(), RecordsError> {
    tx.connection()
        .prepare_cached(
            "UPDATE retention_holds SET lifted_by = ?2, lifted_at = ?3 WHERE patient_id = ?1 AND lifted_at IS NULL",
        )?
        .execute(params![id_text(&patient), id_text(&tx.actor().user), micros(tx.now())])?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<RetentionHold> {
    Ok(RetentionHold {
        id: row.parsed("id")?,
        patient_id: row.parsed("patient_id")?,
        details: HoldDetails { reason: row.text("reason")?, until: row.parsed_or_none("until")? },
        set_by: row.parsed("set_by")?,
        set_at: row.time("set_at")?,
    })
}
