//! Lesions of a patient.

use domain::audit::AuditAction;
use domain::lesion::{Lesion, LesionDetails};
use domain::{LesionId, PatientId};
use rusqlite::{Row, params};

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros, word};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE lesions (
    id         TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    patient_id TEXT NOT NULL REFERENCES patients (id),
    label      TEXT NOT NULL CHECK (length(label) BETWEEN 1 AND 60),
    site       TEXT NOT NULL,
    laterality TEXT NOT NULL CHECK (laterality IN ('left', 'right', 'midline', 'not_applicable')),
    note       TEXT NOT NULL CHECK (length(note) <= 2000),
    created_at INTEGER NOT NULL,
    UNIQUE (id, patient_id)
) STRICT;
CREATE INDEX lesions_by_patient ON lesions (patient_id, created_at);
";

/// # Errors
/// [`RecordsError::NotFound`] for an unknown patient.
pub fn add(tx: &Writing<'_>, patient_id: PatientId, details: &LesionDetails) -> Result<Lesion, RecordsError> {
    crate::patients::must_exist(tx, patient_id)?;
    let id = LesionId::fresh();
    tx.connection().execute(
        "INSERT INTO lesions (id, patient_id, label, site, laterality, note, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            id_text(&id),
            id_text(&patient_id),
            details.label,
            word(&details.site),
            word(&details.laterality),
            details.note,
            micros(tx.now()),
        ],
    )?;
    audit::record(tx, AuditEntry::new(AuditAction::LesionAdded).on(id).of_patient(patient_id))?;
    Ok(Lesion { id, patient_id, details: details.clone(), created_at: tx.now() })
}

/// # Errors
/// [`RecordsError::NotFound`].
pub fn get(tx: &Reading<'_>, id: LesionId) -> Result<Lesion, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM lesions WHERE id = ?1")?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

/// The patient's lesions, oldest first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn of_patient(tx: &Reading<'_>, patient: PatientId) -> Result<Vec<Lesion>, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT * FROM lesions WHERE patient_id = ?1 ORDER BY created_at, id")?;
    let lesions = query.query_map([id_text(&patient)], from_row)?.collect::<Result<_, _>>()?;
    Ok(lesions)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Lesion> {
    Ok(Lesion {
        id: row.parsed("id")?,
        patient_id: row.parsed("patient_id")?,
        details: LesionDetails {
            label: row.text("label")?,
            site: row.word("site")?,
            laterality: row.word("laterality")?,
            note: row.text("note")?,
        },
        created_at: row.time("created_at")?,
    })
}
