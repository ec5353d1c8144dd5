//! The end of a patient's record.
//!
//! Every row that tells of the person goes, and with the rows the wrapped keys of the photographs: a file that
//! is still there afterwards is noise. The audit trail keeps who did what to which record and when; what those
//! rows say beyond that is blanked ([`crate::audit::erased`]). The number of the record stays issued.

use domain::audit::AuditAction;
use domain::erasure::ErasureReason;
use domain::{FileId, PatientId};
use rusqlite::params;
use serde_json::json;

use crate::audit::{self, AuditEntry, erased};
use crate::error::RecordsError;
use crate::holds;
use crate::patients::{self, Departed};
use crate::row::micros;
use crate::store::{Reading, Writing};

use super::personal::{FILES, PERSONAL};

/// What is left to do outside the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// The record and those that were merged into it.
    pub patients: Vec<PatientId>,
    /// Files without a key; they are to be removed.
    pub files: Vec<FileId>,
}

/// Erases a patient, together with the records that were merged into this one. When the transaction is kept,
/// [`crate::Store::clean_traces`] takes what is left in freed pages.
///
/// # Errors
/// [`RecordsError::NotFound`]; [`RecordsError::Merged`] for a record that another one stands for;
/// [`RecordsError::OnHold`]; [`RecordsError::WorkUnderWay`] while an analysis runs.
pub fn erase(tx: &Writing<'_>, patient: PatientId, reason: ErasureReason) -> Result<Erased, RecordsError> {
    let departed = patients::departing(tx, patient)?;
    for record in &departed.patients {
        if holds::in_force(tx, *record, tx.today())?.is_some() {
            return Err(RecordsError::OnHold);
        }
        patients::no_work_under_way(tx, *record)?;
    }
    // Until the pages are cleaned, nothing that is deleted may stay legible in them.
    tx.connection().pragma_update(None, "secure_delete", "ON")?;
    tx.connection().pragma_update(None, "defer_foreign_keys", true)?;
    let here = text_of(&departed.patients);
    let others = text_of(&departed.unmerged);
    let files = files_of(tx, &here)?;
    // What is signed is locked against everything else.
    tx.connection().execute("INSERT INTO open_locks (one) VALUES (1)", [])?;
    let mut rows = 0;
    for table in PERSONAL {
        rows += tx
            .connection()
            .prepare(&format!("DELETE FROM {} WHERE {}", table.table, table.condition()))?
            .execute([&here])?;
    }
    tx.connection().execute("DELETE FROM open_locks", [])?;
    rows += tx
        .connection()
        .prepare("DELETE FROM sealed_files WHERE id IN (SELECT value FROM json_each(?1))")?
        .execute([text_of(&files)])?;
    patients::forget(tx, &departed)?;
    tx.connection()
        .prepare("INSERT OR IGNORE INTO traces_due (erased_at) VALUES (?1)")?
        .execute([micros(tx.now())])?;
    let said = json!({ "reason": reason, "rows": rows, "files": files.len() });
    let Departed { patients, .. } = departed;
    for record in &patients {
        audit::record(tx, AuditEntry::new(AuditAction::PatientErased).on(*record).with(said.clone()))?;
    }
    erased::blank(tx, &here, &others)?;
    Ok(Erased { patients, files })
}

fn files_of(tx: &Reading<'_>, here: &str) -> Result<Vec<FileId>, RecordsError> {
    let mut files = Vec::new();
    for (table, column) in FILES {
        let Some(personal) = PERSONAL.iter().find(|personal| personal.table == *table) else { continue };
        let sql =
            format!("SELECT {column} FROM {table} WHERE {column} IS NOT NULL AND ({})", personal.condition());
        let mut query = tx.connection().prepare(&sql)?;
        let found = query.query_map(params![here], |row| row.get::<_, String>(0))?;
        for file in found {
            let file: FileId = file?.parse().map_err(|_| RecordsError::Damaged)?;
            // A photograph of the front desk keeps the file when it is given to a lesion.
            if !files.contains(&file) {
                files.push(file);
            }
        }
    }
    Ok(files)
}

fn text_of<T: serde::Serialize>(ids: &[T]) -> String {
    json!(ids).to_string()
}
