//! How large a pixel of a photograph is: one scale a photograph, or none. What was measured stays in pixels, so
//! that another scale changes every millimetre and nothing else. Earlier scales are in the audit trail.

use domain::ImageId;
use domain::audit::AuditAction;
use domain::scale::{ImageScale, NewScale, PixelScale};
use rusqlite::{OptionalExtension, Row, params};
use serde_json::{Value, json};

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::images;
use crate::row::{Columns, id_text, micros, word};
use crate::store::{Reading, Writing};

/// After `imaging_devices`.
pub(crate) const SCHEMA: &str = "
CREATE TABLE image_scales (
    image_id    TEXT PRIMARY KEY NOT NULL REFERENCES images (id),
    um_per_px_x REAL NOT NULL CHECK (um_per_px_x BETWEEN 0.1 AND 10000),
    um_per_px_y REAL NOT NULL CHECK (um_per_px_y BETWEEN 0.1 AND 10000),
    source      TEXT NOT NULL CHECK (source IN ('dicom', 'device', 'ruler')),
    device_id   TEXT REFERENCES imaging_devices (id),
    error_share REAL CHECK (error_share >= 0),
    set_by      TEXT NOT NULL REFERENCES users (id),
    set_at      INTEGER NOT NULL,
    CHECK ((source = 'device') = (device_id IS NOT NULL))
) STRICT;
";

/// Gives a photograph its scale, in the place of an earlier one.
///
/// # Errors
/// [`RecordsError::NotFound`] for an unknown photograph or one that was deleted.
pub fn set(tx: &Writing<'_>, image: ImageId, new: &NewScale) -> Result<ImageScale, RecordsError> {
    crate::deletions::image_stands(tx, image)?;
    let old = get(tx, image)?;
    tx.connection()
        .prepare_cached(
            "INSERT INTO image_scales (image_id, um_per_px_x, um_per_px_y, source, device_id, error_share, set_by,
                                       set_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (image_id) DO UPDATE SET
                 um_per_px_x = excluded.um_per_px_x, um_per_px_y = excluded.um_per_px_y,
                 source = excluded.source, device_id = excluded.device_id,
                 error_share = excluded.error_share, set_by = excluded.set_by, set_at = excluded.set_at",
        )?
        .execute(params![
            id_text(&image),
            new.scale.um_per_px_x,
            new.scale.um_per_px_y,
            word(&new.source),
            new.device.as_ref().map(id_text),
            new.error,
            id_text(&tx.actor().user),
            micros(tx.now()),
        ])?;
    let set = get(tx, image)?.ok_or(RecordsError::NotFound)?;
    let entry = AuditEntry::new(AuditAction::ImageScaleSet).on(image).of_patient(patient(tx, image)?);
    audit::record(tx, entry.with(changes(old.as_ref(), Some(&set))))?;
    Ok(set)
}

/// Takes the scale away: the photograph is uncalibrated again.
///
/// # Errors
/// [`RecordsError::NotFound`] where there is none.
pub fn remove(tx: &Writing<'_>, image: ImageId) -> Result<(), RecordsError> {
    crate::deletions::image_stands(tx, image)?;
    let old = get(tx, image)?.ok_or(RecordsError::NotFound)?;
    tx.connection()
        .prepare_cached("DELETE FROM image_scales WHERE image_id = ?1")?
        .execute([id_text(&image)])?;
    let entry = AuditEntry::new(AuditAction::ImageScaleRemoved).on(image).of_patient(patient(tx, image)?);
    audit::record(tx, entry.with(changes(Some(&old), None)))?;
    Ok(())
}

/// The photograph's scale; nothing means that it is uncalibrated.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn get(tx: &Reading<'_>, image: ImageId) -> Result<Option<ImageScale>, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM image_scales WHERE image_id = ?1")?;
    Ok(query.query_row([id_text(&image)], from_row).optional()?)
}

fn patient(tx: &Reading<'_>, image: ImageId) -> Result<domain::PatientId, RecordsError> {
    Ok(images::get(tx, image)?.patient_id)
}

fn changes(old: Option<&ImageScale>, new: Option<&ImageScale>) -> Value {
    let told = |scale: Option<&ImageScale>| {
        scale.map_or(Value::Null, |scale| {
            json!({
                "um_per_px": [scale.scale.um_per_px_x, scale.scale.um_per_px_y],
                "source": scale.source,
                "device": scale.device_id,
            })
        })
    };
    json!({ "changed": { "scale": [told(old), told(new)] } })
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<ImageScale> {
    Ok(ImageScale {
        image_id: row.parsed("image_id")?,
        scale: PixelScale { um_per_px_x: row.get("um_per_px_x")?, um_per_px_y: row.get("um_per_px_y")? },
        source: row.word("source")?,
        device_id: row.parsed_or_none("device_id")?,
        error: row.get("error_share")?,
        set_by: row.parsed("set_by")?,
        set_at: row.time("set_at")?,
    })
}
