//! What was measured by hand in photographs. Points never change; a measurement is taken away and may come back.

use domain::audit::AuditAction;
use domain::mark::{ImageMark, MarkEntry};
use domain::{ImageId, ImageMarkId};
use rusqlite::{Row, params};
use serde_json::{Value, json};

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::images;
use crate::row::{Columns, id_text, json as text_of, micros, word};
use crate::store::{Reading, Writing};

/// Most measurements of one photograph.
pub const MOST_MARKS: usize = 50;

pub(crate) const SCHEMA: &str = "
CREATE TABLE image_marks (
    id         TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    image_id   TEXT NOT NULL REFERENCES images (id),
    kind       TEXT NOT NULL CHECK (kind IN ('line', 'ellipse', 'polygon')),
    points     TEXT NOT NULL CHECK (json_valid(points)),
    label      TEXT NOT NULL CHECK (length(label) <= 80),
    author     TEXT NOT NULL REFERENCES users (id),
    made_at    INTEGER NOT NULL,
    deleted_by TEXT REFERENCES users (id),
    deleted_at INTEGER,
    CHECK ((deleted_by IS NULL) = (deleted_at IS NULL))
) STRICT;
CREATE INDEX image_marks_by_image ON image_marks (image_id, made_at);
CREATE TRIGGER image_marks_are_not_redrawn BEFORE UPDATE OF image_id, kind, points, author, made_at ON image_marks
    BEGIN SELECT RAISE(ABORT, 'measurements are not redrawn'); END;
";

/// Adds a measurement in the actor's name. The entry is validated before.
///
/// # Errors
/// [`RecordsError::NotFound`] for an unknown photograph or one that was deleted; [`RecordsError::Conflict`] for
/// one more than [`MOST_MARKS`].
pub fn add(tx: &Writing<'_>, image: ImageId, entry: &MarkEntry) -> Result<ImageMark, RecordsError> {
    crate::deletions::image_stands(tx, image)?;
    if of_image(tx, image)?.len() >= MOST_MARKS {
        return Err(RecordsError::Conflict);
    }
    let id = ImageMarkId::fresh();
    tx.connection()
        .prepare_cached(
            "INSERT INTO image_marks (id, image_id, kind, points, label, author, made_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            id_text(&id),
            id_text(&image),
            word(&entry.kind),
            text_of(&entry.points),
            entry.label,
            id_text(&tx.actor().user),
            micros(tx.now()),
        ])?;
    tell(tx, AuditAction::ImageMarkAdded, id, image, json!({ "kind": entry.kind, "label": entry.label }))?;
    get(tx, id)
}

/// Gives a measurement another label, which is validated before.
///
/// # Errors
/// [`RecordsError::NotFound`], also for one that was taken away.
pub fn relabel(tx: &Writing<'_>, id: ImageMarkId, label: &str) -> Result<ImageMark, RecordsError> {
    let old = get(tx, id)?;
    crate::deletions::image_stands(tx, old.image_id)?;
    tx.connection()
        .prepare_cached("UPDATE image_marks SET label = ?2 WHERE id = ?1")?
        .execute(params![id_text(&id), label])?;
    let details = json!({ "changed": { "label": [old.entry.label, label] } });
    tell(tx, AuditAction::ImageMarkChanged, id, old.image_id, details)?;
    get(tx, id)
}

/// Takes a measurement off the picture.
///
/// # Errors
/// [`RecordsError::NotFound`], also for one that was taken away already.
pub fn delete(tx: &Writing<'_>, id: ImageMarkId) -> Result<ImageMark, RecordsError> {
    let old = get(tx, id)?;
    crate::deletions::image_stands(tx, old.image_id)?;
    tx.connection()
        .prepare_cached("UPDATE image_marks SET deleted_by = ?2, deleted_at = ?3 WHERE id = ?1")?
        .execute(params![id_text(&id), id_text(&tx.actor().user), micros(tx.now())])?;
    tell(tx, AuditAction::ImageMarkDeleted, id, old.image_id, json!({ "label": old.entry.label }))?;
    Ok(old)
}

/// Brings back what was taken away.
///
/// # Errors
/// [`RecordsError::NotFound`]; [`RecordsError::Conflict`] for one that stands, or one more than [`MOST_MARKS`].
pub fn restore(tx: &Writing<'_>, id: ImageMarkId) -> Result<ImageMark, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT image_id, deleted_at IS NOT NULL AS gone FROM image_marks WHERE id = ?1")?;
    let (image, gone): (ImageId, bool) =
        query.query_row([id_text(&id)], |row| Ok((row.parsed("image_id")?, row.get("gone")?)))?;
    crate::deletions::image_stands(tx, image)?;
    if !gone || of_image(tx, image)?.len() >= MOST_MARKS {
        return Err(RecordsError::Conflict);
    }
    tx.connection()
        .prepare_cached("UPDATE image_marks SET deleted_by = NULL, deleted_at = NULL WHERE id = ?1")?
        .execute([id_text(&id)])?;
    tell(tx, AuditAction::ImageMarkRestored, id, image, json!({}))?;
    get(tx, id)
}

/// # Errors
/// [`RecordsError::NotFound`], also for one that was taken away.
pub fn get(tx: &Reading<'_>, id: ImageMarkId) -> Result<ImageMark, RecordsError> {
    let mut query =
        tx.connection().prepare_cached("SELECT * FROM image_marks WHERE id = ?1 AND deleted_at IS NULL")?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

/// The measurements of a photograph, oldest first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn of_image(tx: &Reading<'_>, image: ImageId) -> Result<Vec<ImageMark>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT * FROM image_marks WHERE image_id = ?1 AND deleted_at IS NULL ORDER BY made_at, id",
    )?;
    let marks = query.query_map([id_text(&image)], from_row)?.collect::<Result<_, _>>()?;
    Ok(marks)
}

fn tell(
    tx: &Writing<'_>,
    action: AuditAction,
    id: ImageMarkId,
    image: ImageId,
    mut details: Value,
) -> Result<(), RecordsError> {
    details["mark"] = json!(id);
    let patient = images::get(tx, image)?.patient_id;
    audit::record(tx, AuditEntry::new(action).on(image).of_patient(patient).with(details)).map(drop)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<ImageMark> {
    Ok(ImageMark {
        id: row.parsed("id")?,
        image_id: row.parsed("image_id")?,
        entry: MarkEntry { kind: row.word("kind")?, points: row.json("points")?, label: row.text("label")? },
        author: row.parsed("author")?,
        made_at: row.time("made_at")?,
    })
}
