//! Cameras and dermatoscopes of the clinic whose pictures have a known scale.

use domain::ImagingDeviceId;
use domain::audit::AuditAction;
use domain::scale::DeviceProfile;
use rusqlite::{Row, params};
use serde_json::json;

use crate::audit::{self, AuditEntry, changed};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE imaging_devices (
    id          TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    name        TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    make        TEXT NOT NULL CHECK (length(make) <= 80),
    model       TEXT NOT NULL CHECK (length(model) <= 80),
    image_width INTEGER NOT NULL CHECK (image_width > 0),
    um_per_px   REAL NOT NULL CHECK (um_per_px BETWEEN 0.1 AND 10000),
    added_at    INTEGER NOT NULL,
    removed_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX imaging_devices_by_name ON imaging_devices (name) WHERE removed_at IS NULL;
";

/// A device with its profile.
#[derive(Clone, Debug, PartialEq)]
pub struct ImagingDevice {
    pub id: ImagingDeviceId,
    pub profile: DeviceProfile,
}

/// Those in use, by name.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn list(tx: &Reading<'_>) -> Result<Vec<ImagingDevice>, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT * FROM imaging_devices WHERE removed_at IS NULL ORDER BY name, id")?;
    let devices = query.query_map([], from_row)?.collect::<Result<_, _>>()?;
    Ok(devices)
}

/// # Errors
/// [`RecordsError::NotFound`], also for a device that was taken away.
pub fn get(tx: &Reading<'_>, id: ImagingDeviceId) -> Result<ImagingDevice, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT * FROM imaging_devices WHERE id = ?1 AND removed_at IS NULL")?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

/// The name of a device, also of one that was taken away: scales go on naming it.
///
/// # Errors
/// [`RecordsError::NotFound`].
pub fn name(tx: &Reading<'_>, id: ImagingDeviceId) -> Result<String, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT name FROM imaging_devices WHERE id = ?1")?;
    Ok(query.query_row([id_text(&id)], |row| row.text("name"))?)
}

/// Adds a device. The profile is validated before.
///
/// # Errors
/// [`RecordsError::Conflict`] when another device has the name.
pub fn add(tx: &Writing<'_>, profile: &DeviceProfile) -> Result<ImagingDevice, RecordsError> {
    let id = ImagingDeviceId::fresh();
    tx.connection().execute(
        "INSERT INTO imaging_devices (id, name, make, model, image_width, um_per_px, added_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            id_text(&id),
            profile.name,
            profile.make,
            profile.model,
            profile.image_width,
            profile.um_per_px,
            micros(tx.now()),
        ],
    )?;
    let details = json!({ "device": id, "changed": { "profile": [null, profile] } });
    audit::record(tx, AuditEntry::new(AuditAction::ImagingDeviceAdded).with(details))?;
    get(tx, id)
}

/// Changes a profile. Scales that were set by it stay as they are.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] when another device has the name.
pub fn change(
    tx: &Writing<'_>,
    id: ImagingDeviceId,
    profile: &DeviceProfile,
) -> Result<ImagingDevice, RecordsError> {
    let old = get(tx, id)?;
    tx.connection().execute(
        "UPDATE imaging_devices SET name = ?2, make = ?3, model = ?4, image_width = ?5, um_per_px = ?6
         WHERE id = ?1",
        params![
            id_text(&id),
            profile.name,
            profile.make,
            profile.model,
            profile.image_width,
            profile.um_per_px,
        ],
    )?;
    let details = json!({ "device": id, "changed": changed(&old.profile, profile) });
    audit::record(tx, AuditEntry::new(AuditAction::ImagingDeviceChanged).with(details))?;
    get(tx, id)
}

/// Takes a device off the list.
///
/// # Errors
/// [`RecordsError::NotFound`].
pub fn remove(tx: &Writing<'_>, id: ImagingDeviceId) -> Result<(), RecordsError> {
    let old = get(tx, id)?;
    tx.connection().execute(
        "UPDATE imaging_devices SET removed_at = ?2 WHERE id = ?1",
        params![id_text(&id), micros(tx.now())],
    )?;
    let details = json!({ "device": id, "name": old.profile.name });
    audit::record(tx, AuditEntry::new(AuditAction::ImagingDeviceRemoved).with(details))?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<ImagingDevice> {
    Ok(ImagingDevice {
        id: row.parsed("id")?,
        profile: DeviceProfile {
            name: row.text("name")?,
            make: row.text("make")?,
            model: row.text("model")?,
            image_width: row.get("image_width")?,
            um_per_px: row.get("um_per_px")?,
        },
    })
}
