//! The directory of clinicians: who signs, with licence number and the picture of a signature.

use domain::audit::AuditAction;
use domain::{ClinicianId, UserId};
use rusqlite::{Row, params};
use serde::Serialize;
use serde_json::json;

use crate::audit::{self, AuditEntry, changed};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE clinicians (
    id             TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    full_name      TEXT NOT NULL CHECK (length(full_name) BETWEEN 1 AND 100),
    licence_number TEXT NOT NULL CHECK (length(licence_number) <= 40),
    user_id        TEXT REFERENCES users (id),
    signature      BLOB CHECK (length(signature) <= 262144),
    added_at       INTEGER NOT NULL,
    removed_at     INTEGER
) STRICT;
CREATE UNIQUE INDEX clinicians_by_user ON clinicians (user_id) WHERE removed_at IS NULL;
";

/// An entry of the directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clinician {
    pub id: ClinicianId,
    pub full_name: String,
    pub licence_number: String,
    pub user_id: Option<UserId>,
    pub has_signature: bool,
}

const COLUMNS: &str = "SELECT id, full_name, licence_number, user_id, signature IS NOT NULL AS has_signature
    FROM clinicians WHERE removed_at IS NULL";

/// By name.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn list(tx: &Reading<'_>) -> Result<Vec<Clinician>, RecordsError> {
    let mut query = tx.connection().prepare_cached(&format!("{COLUMNS} ORDER BY full_name, id"))?;
    let rows = query.query_map([], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// # Errors
/// [`RecordsError::NotFound`], also for an entry that was removed.
pub fn get(tx: &Reading<'_>, id: ClinicianId) -> Result<Clinician, RecordsError> {
    let mut query = tx.connection().prepare_cached(&format!("{COLUMNS} AND id = ?1"))?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

/// # Errors
/// [`RecordsError::Conflict`] when the user has an entry already.
pub fn add(
    tx: &Writing<'_>,
    full_name: &str,
    licence_number: &str,
    user: Option<UserId>,
) -> Result<Clinician, RecordsError> {
    let id = ClinicianId::fresh();
    tx.connection().execute(
        "INSERT INTO clinicians (id, full_name, licence_number, user_id, added_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![id_text(&id), full_name, licence_number, user.as_ref().map(id_text), micros(tx.now())],
    )?;
    let added = get(tx, id)?;
    let entry = AuditEntry::new(AuditAction::ClinicianAdded).on(id);
    audit::record(tx, entry.with(json!({ "changed": { "full_name": [null, full_name] } })))?;
    Ok(added)
}

/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] when the user has another entry.
pub fn change(
    tx: &Writing<'_>,
    id: ClinicianId,
    full_name: &str,
    licence_number: &str,
    user: Option<UserId>,
) -> Result<Clinician, RecordsError> {
    let old = get(tx, id)?;
    tx.connection().execute(
        "UPDATE clinicians SET full_name = ?2, licence_number = ?3, user_id = ?4 WHERE id = ?1",
        params![id_text(&id), full_name, licence_number, user.as_ref().map(id_text)],
    )?;
    let new = get(tx, id)?;
    let entry = AuditEntry::new(AuditAction::ClinicianChanged).on(id);
    audit::record(tx, entry.with(json!({ "changed": changed(&old, &new) })))?;
    Ok(new)
}

/// Stores the picture of a signature, a PNG of at most 256 KiB.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Storage`] for a larger picture.
pub fn set_signature(tx: &Writing<'_>, id: ClinicianId, png: &[u8]) -> Result<Clinician, RecordsError> {
    let old = get(tx, id)?;
    tx.connection()
        .execute("UPDATE clinicians SET signature = ?2 WHERE id = ?1", params![id_text(&id), png])?;
    let details = json!({ "changed": { "signature": [old.has_signature, true] }, "bytes": png.len() });
    audit::record(tx, AuditEntry::new(AuditAction::ClinicianChanged).on(id).with(details))?;
    get(tx, id)
}

/// # Errors
/// [`RecordsError::NotFound`] for an entry without one.
pub fn signature(tx: &Reading<'_>, id: ClinicianId) -> Result<Vec<u8>, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT signature FROM clinicians WHERE id = ?1 AND signature IS NOT NULL")?;
    Ok(query.query_row([id_text(&id)], |row| row.get(0))?)
}

/// Takes an entry out of the directory; reports that name it keep their copy.
///
/// # Errors
/// [`RecordsError::NotFound`].
pub fn remove(tx: &Writing<'_>, id: ClinicianId) -> Result<(), RecordsError> {
    get(tx, id)?;
    tx.connection().execute(
        "UPDATE clinicians SET removed_at = ?2 WHERE id = ?1",
        params![id_text(&id), micros(tx.now())],
    )?;
    audit::record(tx, AuditEntry::new(AuditAction::ClinicianRemoved).on(id))?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Clinician> {
    let user_id = match row.get::<_, Option<String>>("user_id")? {
        Some(_) => Some(row.parsed("user_id")?),
        None => None,
    };
    Ok(Clinician {
        id: row.parsed("id")?,
        full_name: row.text("full_name")?,
        licence_number: row.text("licence_number")?,
        user_id,
        has_signature: row.get("has_signature")?,
    })
}
