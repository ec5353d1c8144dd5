//! Pairs of photographs that were compared: registration or refusal, and the change that was measured. A row
//! never changes; a pair that is compared anew gets another one, and the newest counts.

use domain::audit::AuditAction;
use domain::comparison::{Alignment, Comparison};
use domain::{ImageId, PatientId};
use rusqlite::{OptionalExtension, Row, params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::deletions::image_stands;
use crate::error::RecordsError;
use crate::images;
use crate::row::{Columns, id_text, json as text_of, micros, word};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE comparisons (
    id          TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    patient_id  TEXT NOT NULL REFERENCES patients (id),
    earlier_id  TEXT NOT NULL,
    later_id    TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('registered', 'refused')),
    refusal     TEXT,
    residual_px REAL CHECK (residual_px >= 0),
    version     INTEGER NOT NULL CHECK (version >= 1),
    content     TEXT NOT NULL CHECK (json_valid(content)),
    author      TEXT NOT NULL REFERENCES users (id),
    compared_at INTEGER NOT NULL,
    CHECK (earlier_id <> later_id),
    CHECK ((state = 'refused') = (refusal IS NOT NULL) AND (state = 'registered') = (residual_px IS NOT NULL)),
    FOREIGN KEY (earlier_id, patient_id) REFERENCES images (id, patient_id),
    FOREIGN KEY (later_id, patient_id) REFERENCES images (id, patient_id)
) STRICT;
CREATE INDEX comparisons_by_pair ON comparisons (earlier_id, later_id, compared_at);
CREATE INDEX comparisons_by_later ON comparisons (later_id);
CREATE INDEX comparisons_by_patient ON comparisons (patient_id);
CREATE TRIGGER comparisons_are_not_edited
    BEFORE UPDATE OF earlier_id, later_id, state, refusal, content, author, compared_at ON comparisons
    BEGIN SELECT RAISE(ABORT, 'comparisons are not edited'); END;
";

/// Records a comparison.
///
/// # Errors
/// [`RecordsError::NotFound`] for a photograph that is unknown, was deleted, or is another patient's or
/// lesion's than the other.
pub fn insert(tx: &Writing<'_>, comparison: &Comparison) -> Result<(), RecordsError> {
    must_be_of(tx, comparison.patient_id, comparison.earlier_id, comparison.later_id)?;
    let (refusal, residual) = match &comparison.alignment {
        Alignment::Registered { registration } => (None, Some(registration.residual_px)),
        Alignment::Refused { reason } => (Some(word(reason)), None),
    };
    let state = if refusal.is_some() { "refused" } else { "registered" };
    tx.connection()
        .prepare_cached(
            "INSERT INTO comparisons (id, patient_id, earlier_id, later_id, state, refusal, residual_px, version,
                                      content, author, compared_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            id_text(&comparison.id),
            id_text(&comparison.patient_id),
            id_text(&comparison.earlier_id),
            id_text(&comparison.later_id),
            state,
            refusal,
            residual,
            comparison.version,
            text_of(comparison),
            id_text(&comparison.author),
            micros(comparison.compared_at),
        ])?;
    let details = json!({
        "earlier": comparison.earlier_id, "later": comparison.later_id, "state": state, "reason": refusal,
    });
    let entry = AuditEntry::new(AuditAction::ComparisonMade).on(comparison.id);
    audit::record(tx, entry.of_patient(comparison.patient_id).with(details))?;
    Ok(())
}

/// The newest comparison of a pair, recorded as a read.
///
/// # Errors
/// [`RecordsError::NotFound`] for a photograph that is unknown or was deleted; [`RecordsError::Damaged`].
pub fn read(tx: &Writing<'_>, earlier: ImageId, later: ImageId) -> Result<Option<Comparison>, RecordsError> {
    let found = of_pair(tx, earlier, later)?;
    if let Some(comparison) = &found {
        let entry = AuditEntry::new(AuditAction::ComparisonRead).on(comparison.id);
        let details = json!({ "earlier": earlier, "later": later });
        audit::record(tx, entry.of_patient(comparison.patient_id).with(details))?;
    }
    Ok(found)
}

/// The newest comparison of a pair, for work that records itself.
///
/// # Errors
/// [`RecordsError::NotFound`] for a photograph that is unknown or was deleted; [`RecordsError::Damaged`].
pub fn of_pair(
    tx: &Reading<'_>,
    earlier: ImageId,
    later: ImageId,
) -> Result<Option<Comparison>, RecordsError> {
    image_stands(tx, earlier)?;
    image_stands(tx, later)?;
    let mut query = tx.connection().prepare_cached(
        "SELECT content, patient_id FROM comparisons WHERE earlier_id = ?1 AND later_id = ?2
         ORDER BY compared_at DESC, id DESC LIMIT 1",
    )?;
    Ok(query.query_row(params![id_text(&earlier), id_text(&later)], from_row).optional()?)
}

/// The newest comparison with one of these photographs as the later one, for work that records itself. The earlier
/// photograph was not deleted.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn newest_with(tx: &Reading<'_>, later: &[ImageId]) -> Result<Option<Comparison>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT comparisons.content, comparisons.patient_id FROM comparisons
         JOIN images ON images.id = comparisons.earlier_id AND images.deletion IS NULL
         WHERE comparisons.later_id IN (SELECT value FROM json_each(?1))
         ORDER BY comparisons.compared_at DESC, comparisons.id DESC LIMIT 1",
    )?;
    Ok(query.query_row([text_of(&later)], from_row).optional()?)
}

fn must_be_of(
    tx: &Reading<'_>,
    patient: PatientId,
    earlier: ImageId,
    later: ImageId,
) -> Result<(), RecordsError> {
    image_stands(tx, earlier)?;
    image_stands(tx, later)?;
    let (before, after) = (images::get(tx, earlier)?, images::get(tx, later)?);
    let fits =
        before.patient_id == patient && after.patient_id == patient && before.lesion_id == after.lesion_id;
    if fits { Ok(()) } else { Err(RecordsError::NotFound) }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Comparison> {
    let comparison: Comparison = row.json("content")?;
    // A merge may have given the row another patient since.
    Ok(Comparison { patient_id: row.parsed("patient_id")?, ..comparison })
}
