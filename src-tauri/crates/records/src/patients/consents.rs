//! The history of a patient's consents. The newest entry of a kind counts.

use domain::PatientId;
use domain::audit::AuditAction;
use domain::consent::{ConsentEntry, ConsentKind};
use domain::patient::Patient;
use rusqlite::params;
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros, word};
use crate::store::{Reading, Writing};

/// Records that a consent was given or withdrawn now. The version of the patient rises, so that a form
/// filled before cannot give back what was withdrawn.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Merged`].
pub fn record_consent(
    tx: &Writing<'_>,
    patient: PatientId,
    kind: ConsentKind,
    given: bool,
    note: &str,
) -> Result<Patient, RecordsError> {
    super::must_exist(tx, patient)?;
    let was = current(tx, patient, kind)?;
    enter(tx, patient, kind, given, note)?;
    tx.connection()
        .prepare_cached("UPDATE patients SET version = version + 1 WHERE id = ?1")?
        .execute([id_text(&patient)])?;
    let details = json!({ "consent": kind, "changed": { "given": [was, given] } });
    audit::record(tx, AuditEntry::new(AuditAction::ConsentRecorded).on(patient).with(details))?;
    super::get(tx, patient)
}

/// Every giving and withdrawing, newest first; recorded as a read.
///
/// # Errors
/// [`RecordsError::NotFound`].
pub fn read_consents(tx: &Writing<'_>, patient: PatientId) -> Result<Vec<ConsentEntry>, RecordsError> {
    super::get(tx, patient)?;
    let mut query = tx.connection().prepare_cached(
        "SELECT kind, given, changed_at, changed_by, note FROM consents WHERE patient_id = ?1 ORDER BY row DESC",
    )?;
    let entries = query.query_map([id_text(&patient)], |row| {
        Ok(ConsentEntry {
            kind: row.word("kind")?,
            given: row.get("given")?,
            at: row.time("changed_at")?,
            by: row.parsed("changed_by")?,
            note: row.text("note")?,
        })
    })?;
    let entries: Vec<_> = entries.collect::<Result<_, _>>()?;
    audit::record(tx, AuditEntry::new(AuditAction::ConsentsRead).on(patient))?;
    Ok(entries)
}

/// Whether a consent stands.
pub(super) fn current(tx: &Reading<'_>, patient: PatientId, kind: ConsentKind) -> Result<bool, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT coalesce((SELECT given FROM consents WHERE patient_id = ?1 AND kind = ?2
                          ORDER BY row DESC LIMIT 1), 0)",
    )?;
    Ok(query.query_row(params![id_text(&patient), word(&kind)], |row| row.get(0))?)
}

/// Appends an entry and gives its row.
pub(super) fn enter(
    tx: &Writing<'_>,
    patient: PatientId,
    kind: ConsentKind,
    given: bool,
    note: &str,
) -> Result<i64, RecordsError> {
    tx.connection()
        .prepare_cached(
            "INSERT INTO consents (patient_id, kind, given, changed_at, changed_by, note)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            id_text(&patient),
            word(&kind),
            given,
            micros(tx.now()),
            id_text(&tx.actor().user),
            note
        ])?;
    Ok(tx.connection().last_insert_rowid())
}
