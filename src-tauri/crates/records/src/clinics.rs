//! The clinic's own row. A database holds one clinic.

use domain::ClinicId;
use domain::audit::AuditAction;
use domain::clinic::Clinic;
use rusqlite::{Connection, params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE clinics (
    only       INTEGER PRIMARY KEY CHECK (only = 1),
    id         TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
    name       TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    created_at INTEGER NOT NULL
) STRICT;
";

/// Names the clinic of a new database.
///
/// # Errors
/// [`RecordsError::Conflict`] when it has been named already.
pub fn create(tx: &Writing<'_>, id: ClinicId, name: &str) -> Result<Clinic, RecordsError> {
    tx.connection().execute(
        "INSERT INTO clinics (only, id, name, created_at) VALUES (1, ?1, ?2, ?3)",
        params![id_text(&id), name, micros(tx.now())],
    )?;
    audit::record(tx, AuditEntry::new(AuditAction::ClinicCreated).on(id))?;
    Ok(Clinic { id, name: name.to_owned(), created_at: tx.now() })
}

/// # Errors
/// [`RecordsError::NotFound`] while the first run is not finished.
pub fn get(tx: &Reading<'_>) -> Result<Clinic, RecordsError> {
    of(tx.connection())
}

pub(crate) fn of(connection: &Connection) -> Result<Clinic, RecordsError> {
    let clinic = connection.query_row("SELECT id, name, created_at FROM clinics", [], |row| {
        Ok(Clinic { id: row.parsed("id")?, name: row.text("name")?, created_at: row.time("created_at")? })
    })?;
    Ok(clinic)
}

/// # Errors
/// [`RecordsError::NotFound`] while the first run is not finished.
pub fn rename(tx: &Writing<'_>, name: &str) -> Result<Clinic, RecordsError> {
    tx.connection().execute("UPDATE clinics SET name = ?1", [name])?;
    let clinic = get(tx)?;
    let entry = AuditEntry::new(AuditAction::ClinicChanged).on(clinic.id);
    audit::record(tx, entry.with(json!({ "fields": ["name"] })))?;
    Ok(clinic)
}
