//! Those who worked at the other clinic, its directory, and its cameras: what the rows of patients name.

use std::collections::BTreeMap;

use domain::ClinicianId;
use domain::audit::AuditAction;
use rusqlite::params;
use serde_json::{Value, json};

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::micros;
use crate::store::{Reading, Writing};
use crate::tables::{TableRow, signature_path};

use super::admission::contradiction;

/// No account comes along: the names do, so that what somebody wrote goes on saying who wrote it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Staff {
    accounts: Vec<TableRow>,
    clinicians: Vec<TableRow>,
    devices: Vec<TableRow>,
}

impl Staff {
    pub(super) fn taken_from(tables: &mut BTreeMap<String, Vec<TableRow>>) -> Self {
        let mut take = |name: &str| tables.remove(name).unwrap_or_default();
        Self { accounts: take("accounts"), clinicians: take("clinicians"), devices: take("imaging_devices") }
    }
}

impl Staff {
    /// Entries of the directory, each with the place of its signature in an export that holds it.
    pub fn signatures(&self) -> impl Iterator<Item = (ClinicianId, String)> {
        let ids =
            self.clinicians.iter().filter_map(|row| row.get("id")?.as_str()?.parse::<ClinicianId>().ok());
        ids.map(|id| (id, signature_path(&id.to_string())))
    }
}

/// Enters whoever is not known here: as somebody who has left, without a sign-in, a key or an address.
///
/// # Errors
/// [`RecordsError::Damaged`] for rows that no export writes, [`RecordsError::Storage`].
pub fn admit_staff(tx: &Writing<'_>, staff: &Staff) -> Result<(), RecordsError> {
    admitted(tx, staff).map_err(contradiction)
}

fn admitted(tx: &Writing<'_>, staff: &Staff) -> Result<(), RecordsError> {
    let mut names = 0;
    for account in &staff.accounts {
        let id = identity(account)?;
        if is_known(tx, "users", &id)? {
            continue;
        }
        tx.connection().execute(
            "INSERT INTO users (id, full_name, email, email_key, role, state, created_at)
             VALUES (?1, ?2, ?3, ?3, ?4, 'deleted', ?5)",
            params![
                id,
                text(account, "full_name")?,
                format!("{id}@elsewhere.invalid"),
                text(account, "role")?,
                micros(tx.now())
            ],
        )?;
        names += 1;
    }
    let mut entries = 0;
    for clinician in &staff.clinicians {
        let id = identity(clinician)?;
        if !is_known(tx, "clinicians", &id)? {
            enter_clinician(tx, &id, clinician)?;
            entries += 1;
        }
    }
    let mut cameras = 0;
    for device in &staff.devices {
        let id = identity(device)?;
        if !is_known(tx, "imaging_devices", &id)? {
            enter_device(tx, &id, device)?;
            cameras += 1;
        }
    }
    if names + entries + cameras > 0 {
        let said = json!({ "names": names, "clinicians": entries, "devices": cameras });
        audit::record(tx, AuditEntry::new(AuditAction::StaffNamesImported).with(said))?;
    }
    Ok(())
}

/// Whose account stands in the directory already keeps that entry.
fn enter_clinician(tx: &Writing<'_>, id: &str, row: &TableRow) -> Result<(), RecordsError> {
    tx.connection().execute(
        "INSERT INTO clinicians (id, full_name, licence_number, user_id, added_at, removed_at)
         VALUES (?1, ?2, ?3,
             (SELECT id FROM users WHERE id = ?4
                 AND NOT EXISTS (SELECT 1 FROM clinicians WHERE user_id = ?4 AND removed_at IS NULL)), ?5, ?6)",
        params![
            id,
            text(row, "full_name")?,
            text(row, "licence_number")?,
            row.get("user_id").and_then(Value::as_str),
            moment(row, "added_at")?.ok_or(RecordsError::Damaged)?,
            moment(row, "removed_at")?,
        ],
    )?;
    Ok(())
}

/// A camera whose name is in use here comes as one that was taken away: the scales that name it stay right.
fn enter_device(tx: &Writing<'_>, id: &str, row: &TableRow) -> Result<(), RecordsError> {
    tx.connection().execute(
        "INSERT INTO imaging_devices (id, name, make, model, image_width, um_per_px, added_at, removed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, coalesce(?8,
             (SELECT ?9 FROM imaging_devices WHERE name = ?2 AND removed_at IS NULL)))",
        params![
            id,
            text(row, "name")?,
            text(row, "make")?,
            text(row, "model")?,
            row.get("image_width").and_then(Value::as_i64).ok_or(RecordsError::Damaged)?,
            row.get("um_per_px").and_then(Value::as_f64).ok_or(RecordsError::Damaged)?,
            moment(row, "added_at")?.ok_or(RecordsError::Damaged)?,
            moment(row, "removed_at")?,
            micros(tx.now()),
        ],
    )?;
    Ok(())
}

fn is_known(tx: &Reading<'_>, table: &str, id: &str) -> Result<bool, RecordsError> {
    let mut query = tx.connection().prepare_cached(&format!("SELECT 1 FROM {table} WHERE id = ?1"))?;
    Ok(query.exists([id])?)
}

fn identity(row: &TableRow) -> Result<String, RecordsError> {
    // Whatever kind of identity it is, it is written as they all are.
    let id: domain::UserId = text(row, "id")?.parse().map_err(|_| RecordsError::Damaged)?;
    Ok(id.to_string())
}

fn text<'a>(row: &'a TableRow, column: &str) -> Result<&'a str, RecordsError> {
    row.get(column).and_then(Value::as_str).ok_or(RecordsError::Damaged)
}

fn moment(row: &TableRow, column: &str) -> Result<Option<i64>, RecordsError> {
    match row.get(column) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(micros(text.parse().map_err(|_| RecordsError::Damaged)?))),
        Some(_) => Err(RecordsError::Damaged),
    }
}
