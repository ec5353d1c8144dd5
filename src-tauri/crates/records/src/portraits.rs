//! The portrait of a patient: a small picture of the face by which a person on the screen is known again.
//!
//! It stands in the encrypted database and not among the sealed photographs, for the desk is to see it too.
//! A new portrait takes the place of the old one, whose picture is gone then; the row stays.

use domain::PatientId;
use domain::audit::AuditAction;
use rusqlite::{OptionalExtension, params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::patients;
use crate::row::{id_text, micros};
use crate::store::{Reading, Writing};

/// Largest picture, in bytes.
pub const MOST_BYTES: usize = 65_536;

pub(crate) const SCHEMA: &str = "
CREATE TABLE portraits (
    row        INTEGER PRIMARY KEY AUTOINCREMENT,
    patient_id TEXT NOT NULL REFERENCES patients (id),
    jpeg       BLOB CHECK (length(jpeg) BETWEEN 1 AND 65536),
    set_by     TEXT NOT NULL REFERENCES users (id),
    set_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX portraits_by_patient ON portraits (patient_id, row) WHERE jpeg IS NOT NULL;
";

/// Keeps a portrait in the place of any that is there. Answers which edition it is.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Merged`], [`RecordsError::Storage`] for a picture over
/// [`MOST_BYTES`].
pub fn set(tx: &Writing<'_>, patient: PatientId, jpeg: &[u8]) -> Result<i64, RecordsError> {
    patients::must_exist(tx, patient)?;
    let old = edition(tx, patient)?;
    forget(tx, patient)?;
    let new: i64 = tx
        .connection()
        .prepare_cached(
            "INSERT INTO portraits (patient_id, jpeg, set_by, set_at) VALUES (?1, ?2, ?3, ?4) RETURNING row",
        )?
        .query_row(params![id_text(&patient), jpeg, id_text(&tx.actor().user), micros(tx.now())], |row| {
            row.get(0)
        })?;
    let details = json!({ "changed": { "portrait": [old.is_some(), true] }, "bytes": jpeg.len() });
    audit::record(tx, AuditEntry::new(AuditAction::PortraitSet).on(patient).with(details))?;
    Ok(new)
}

/// Takes the portrait away; its picture is gone.
///
/// # Errors
/// [`RecordsError::NotFound`] where there is none.
pub fn remove(tx: &Writing<'_>, patient: PatientId) -> Result<(), RecordsError> {
    if edition(tx, patient)?.is_none() {
        return Err(RecordsError::NotFound);
    }
    forget(tx, patient)?;
    let details = json!({ "changed": { "portrait": [true, false] } });
    audit::record(tx, AuditEntry::new(AuditAction::PortraitRemoved).on(patient).with(details))?;
    Ok(())
}

/// Which edition of the portrait there is: another number, another picture.
///
/// # Errors
/// [`RecordsError::Storage`].
pub fn edition(tx: &Reading<'_>, patient: PatientId) -> Result<Option<i64>, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT max(row) FROM portraits WHERE patient_id = ?1 AND jpeg IS NOT NULL")?;
    Ok(query.query_row([id_text(&patient)], |row| row.get(0))?)
}

/// The picture, a JPEG. The page that shows it is recorded as a read of the patient.
///
/// # Errors
/// [`RecordsError::NotFound`] where there is none.
pub fn jpeg(tx: &Reading<'_>, patient: PatientId) -> Result<Vec<u8>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT jpeg FROM portraits WHERE patient_id = ?1 AND jpeg IS NOT NULL ORDER BY row DESC LIMIT 1",
    )?;
    let found = query.query_row([id_text(&patient)], |row| row.get(0)).optional()?;
    found.ok_or(RecordsError::NotFound)
}

fn forget(tx: &Writing<'_>, patient: PatientId) -> Result<(), RecordsError> {
    tx.connection()
        .prepare_cached("UPDATE portraits SET jpeg = NULL WHERE patient_id = ?1 AND jpeg IS NOT NULL")?
        .execute([id_text(&patient)])?;
    Ok(())
}
