//! Directions of photographs in a classifier's features, by which like cases are found.
//!
//! One row for each photograph and model. It is written with the reading that looked at the photograph, or later
//! for readings from before; it goes when no reading of the photograph stands on the lists any more, and a
//! deletion that is undone has it made again.

use domain::analysis::Analysis;
use domain::audit::AuditAction;
use domain::{AnalysisId, DeletionId, ImageId, LesionId, PatientId};
use rusqlite::{OptionalExtension, params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE image_embeddings (
    row          INTEGER PRIMARY KEY AUTOINCREMENT,
    image_id     TEXT NOT NULL REFERENCES images (id),
    model_sha256 TEXT NOT NULL CHECK (length(model_sha256) = 64),
    direction    BLOB NOT NULL CHECK (length(direction) BETWEEN 1 AND 65536),
    made_at      INTEGER NOT NULL,
    UNIQUE (image_id, model_sha256)
) STRICT;
CREATE INDEX image_embeddings_by_model ON image_embeddings (model_sha256, row);
CREATE TABLE embedding_removals (
    one   INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
    total INTEGER NOT NULL
) STRICT;
INSERT INTO embedding_removals (one, total) VALUES (1, 0);
CREATE TRIGGER image_embeddings_removed AFTER DELETE ON image_embeddings BEGIN
    UPDATE embedding_removals SET total = total + 1;
END;
";

/// Photographs that should have a direction in the model `?1` and have none.
const MISSING: &str = "deletion IS NULL
    AND (SELECT given FROM consents WHERE patient_id = images.patient_id AND kind = 'ai'
         ORDER BY row DESC LIMIT 1) = 1
    AND EXISTS (SELECT 1 FROM analysis_images JOIN analyses ON analyses.id = analysis_id
                WHERE image_id = images.id AND analyses.deletion IS NULL)
    AND NOT EXISTS (SELECT 1 FROM image_embeddings WHERE image_id = images.id AND model_sha256 = ?1)";

/// A photograph's direction: one byte a feature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageDirection {
    pub image_id: ImageId,
    pub bytes: Vec<u8>,
}

/// Where a photograph belongs, and the newest reading of it that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case {
    pub image_id: ImageId,
    pub analysis_id: AnalysisId,
    pub lesion_id: LesionId,
    pub patient_id: PatientId,
}

/// Keeps directions of one model; one that is there already stays. Those of a reading are part of the write of
/// it, which adds the audit row.
///
/// # Errors
/// [`RecordsError::StorageFull`], [`RecordsError::Storage`] also for an unknown photograph.
pub fn keep(tx: &Writing<'_>, model: &str, directions: &[ImageDirection]) -> Result<usize, RecordsError> {
    let mut insert = tx.connection().prepare_cached(
        "INSERT INTO image_embeddings (image_id, model_sha256, direction, made_at)
         VALUES (?1, ?2, ?3, ?4) ON CONFLICT (image_id, model_sha256) DO NOTHING",
    )?;
    let mut kept = 0;
    for ImageDirection { image_id, bytes } in directions {
        kept += insert.execute(params![id_text(image_id), model, bytes, micros(tx.now())])?;
    }
    Ok(kept)
}

/// Keeps directions that were missing, with an audit row of its own. A photograph that was deleted meanwhile
/// is passed over.
///
/// # Errors
/// As [`keep`].
pub fn fill(tx: &Writing<'_>, model: &str, directions: &[ImageDirection]) -> Result<usize, RecordsError> {
    let mut standing = Vec::with_capacity(directions.len());
    for direction in directions {
        if case(tx, direction.image_id)?.is_some() {
            standing.push(direction.clone());
        }
    }
    let kept = keep(tx, model, &standing)?;
    if kept > 0 {
        let details = json!({ "photographs": kept, "model": model });
        audit::record(tx, AuditEntry::new(AuditAction::EmbeddingsFilled).with(details))?;
    }
    Ok(kept)
}

/// The reading that like cases are asked for.
///
/// # Errors
/// [`RecordsError::NotFound`], also for a reading that was deleted.
pub fn question(tx: &Reading<'_>, id: AnalysisId) -> Result<Analysis, RecordsError> {
    crate::deletions::reading_stands(tx, id)?;
    crate::analyses::get(tx, id)
}

/// Photographs with a standing reading, of patients who agree to models, and no direction in this model, in the
/// order of their identities, from behind `after` on.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn missing(
    tx: &Reading<'_>,
    model: &str,
    after: Option<ImageId>,
    limit: u32,
) -> Result<Vec<ImageId>, RecordsError> {
    let sql = format!("SELECT id FROM images WHERE id > ?2 AND {MISSING} ORDER BY id LIMIT ?3");
    let mut query = tx.connection().prepare_cached(&sql)?;
    let after = after.as_ref().map(id_text).unwrap_or_default();
    let images =
        query.query_map(params![model, after, limit], |row| row.parsed("id"))?.collect::<Result<_, _>>()?;
    Ok(images)
}

/// How many photographs [`missing`] goes through.
///
/// # Errors
/// [`RecordsError::Storage`].
pub fn count_missing(tx: &Reading<'_>, model: &str) -> Result<u32, RecordsError> {
    let sql = format!("SELECT count(*) FROM images WHERE {MISSING}");
    Ok(tx.connection().prepare_cached(&sql)?.query_row([model], |row| row.get(0))?)
}

/// Directions of a model that were kept behind `row`, in that order, at most `limit`, each with its row.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn since(
    tx: &Reading<'_>,
    model: &str,
    row: i64,
    limit: u32,
) -> Result<Vec<(i64, ImageDirection)>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT row, image_id, direction FROM image_embeddings
         WHERE row > ?1 AND model_sha256 = ?2 ORDER BY row LIMIT ?3",
    )?;
    let found = query
        .query_map(params![row, model, limit], |row| {
            let direction =
                ImageDirection { image_id: row.parsed("image_id")?, bytes: row.get("direction")? };
            Ok((row.get("row")?, direction))
        })?
        .collect::<Result<_, _>>()?;
    Ok(found)
}

/// How many directions were ever removed: when it has grown, what was read before may hold some of them.
///
/// # Errors
/// [`RecordsError::Storage`].
pub fn removals(tx: &Reading<'_>) -> Result<i64, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT total FROM embedding_removals")?;
    Ok(query.query_row([], |row| row.get(0))?)
}

/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn of_image(tx: &Reading<'_>, model: &str, image: ImageId) -> Result<Option<Vec<u8>>, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT direction FROM image_embeddings WHERE image_id = ?1 AND model_sha256 = ?2")?;
    Ok(query.query_row(params![id_text(&image), model], |row| row.get(0)).optional()?)
}

/// The newest standing reading of a photograph that stands, with whose it is.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn case(tx: &Reading<'_>, image: ImageId) -> Result<Option<Case>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT analyses.id AS analysis_id, images.lesion_id, images.patient_id
         FROM analysis_images JOIN analyses ON analyses.id = analysis_id JOIN images ON images.id = image_id
         WHERE image_id = ?1 AND analyses.deletion IS NULL AND images.deletion IS NULL
         ORDER BY analysed_at DESC, analyses.id DESC LIMIT 1",
    )?;
    let found = query.query_row([id_text(&image)], |row| {
        Ok(Case {
            image_id: image,
            analysis_id: row.parsed("analysis_id")?,
            lesion_id: row.parsed("lesion_id")?,
            patient_id: row.parsed("patient_id")?,
        })
    });
    Ok(found.optional()?)
}

/// Records that like cases were looked for, and for each patient whose case was shown that it was.
///
/// # Errors
/// [`RecordsError::StorageFull`], [`RecordsError::Storage`].
pub fn searched(
    tx: &Writing<'_>,
    analysis: AnalysisId,
    patient: PatientId,
    shown: &[Case],
) -> Result<(), RecordsError> {
    let entry = AuditEntry::new(AuditAction::SimilarSearched).on(analysis).of_patient(patient);
    audit::record(tx, entry.with(json!({ "shown": shown.len() })))?;
    for case in shown {
        let entry =
            AuditEntry::new(AuditAction::SimilarShown).on(case.analysis_id).of_patient(case.patient_id);
        audit::record(tx, entry.with(json!({ "image": case.image_id })))?;
    }
    Ok(())
}

/// Records that somebody opens a case that was shown without a name, and says whose it is.
///
/// # Errors
/// [`RecordsError::NotFound`] for a reading or photograph that does not stand.
pub fn opened(tx: &Writing<'_>, from: AnalysisId, image: ImageId) -> Result<Case, RecordsError> {
    question(tx, from)?;
    let case = case(tx, image)?.ok_or(RecordsError::NotFound)?;
    let entry = AuditEntry::new(AuditAction::SimilarOpened).on(case.analysis_id).of_patient(case.patient_id);
    audit::record(tx, entry.with(json!({ "from": from, "image": image })))?;
    Ok(case)
}

/// Forgets the directions of photographs that a deletion hid, or whose last reading it hid.
pub(crate) fn forget_hidden(tx: &Writing<'_>, deletion: DeletionId) -> Result<(), RecordsError> {
    tx.connection()
        .prepare_cached(
            "DELETE FROM image_embeddings WHERE image_id IN (
                 SELECT id FROM images WHERE deletion = ?1
                 UNION SELECT image_id FROM analysis_images JOIN analyses ON analyses.id = analysis_id
                       WHERE analyses.deletion = ?1)
               AND NOT EXISTS (
                 SELECT 1 FROM analysis_images JOIN analyses ON analyses.id = analysis_id
                     JOIN images ON images.id = analysis_images.image_id
                 WHERE analysis_images.image_id = image_embeddings.image_id
                   AND analyses.deletion IS NULL AND images.deletion IS NULL)",
        )?
        .execute([id_text(&deletion)])?;
    Ok(())
}
