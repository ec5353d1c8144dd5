//! Outlines and measures of analyses: one row an image, written with its analysis and never changed.

use domain::audit::AuditAction;
use domain::outline::LesionOutline;
use domain::{AnalysisId, ImageId};
use rusqlite::{Row, params};
use serde_json::json;

use crate::analyses;
use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::files::{self, SealedFile};
use crate::row::{Columns, id_text, json, word};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE analysis_outlines (
    analysis_id   TEXT NOT NULL,
    image_id      TEXT NOT NULL,
    method        TEXT NOT NULL CHECK (method IN ('learned', 'classical')),
    model_name    TEXT,
    model_version TEXT,
    model_sha256  TEXT CHECK (length(model_sha256) = 64),
    missing       TEXT,
    area_px       INTEGER CHECK (area_px > 0),
    diameter_px   REAL CHECK (diameter_px > 0),
    mm_per_px     REAL CHECK (mm_per_px > 0),
    file_id       TEXT UNIQUE REFERENCES sealed_files (id),
    content       TEXT NOT NULL CHECK (json_valid(content)),
    PRIMARY KEY (analysis_id, image_id),
    FOREIGN KEY (analysis_id, image_id) REFERENCES analysis_images (analysis_id, image_id),
    CHECK (method = 'learned' OR model_sha256 IS NULL),
    CHECK ((model_name IS NULL) = (model_sha256 IS NULL) AND (model_version IS NULL) = (model_sha256 IS NULL)),
    CHECK ((missing IS NULL) = (area_px IS NOT NULL) AND (missing IS NULL) = (diameter_px IS NOT NULL)),
    CHECK ((missing IS NULL) = (file_id IS NOT NULL))
) STRICT;
";

/// The purpose word the picture of an outline is sealed with.
pub const PURPOSE: &str = "outline";

/// An outline and the picture of it, which there is exactly where there are measures.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawnOutline {
    pub outline: LesionOutline,
    pub picture: Option<SealedFile>,
}

/// Part of the write of its analysis, which adds the audit row.
pub(crate) fn insert(tx: &Writing<'_>, id: AnalysisId, drawn: &DrawnOutline) -> Result<(), RecordsError> {
    if let Some(file) = &drawn.picture {
        files::insert(tx, file)?;
    }
    let finding = &drawn.outline.finding;
    let measures = finding.measured().map(|lesion| &lesion.measures);
    tx.connection().execute(
        "INSERT INTO analysis_outlines (analysis_id, image_id, method, model_name, model_version,
             model_sha256, missing, area_px, diameter_px, mm_per_px, file_id, content)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        params![
            id_text(&id),
            id_text(&drawn.outline.image_id),
            word(&finding.method),
            finding.model.as_ref().map(|model| &model.name),
            finding.model.as_ref().map(|model| &model.version),
            finding.model.as_ref().map(|model| &model.sha256),
            finding.missing().as_ref().map(word),
            measures.map(|m| i64::try_from(m.size.area_px).unwrap_or(i64::MAX)),
            measures.map(|m| m.size.feret_px),
            measures.and_then(|m| m.mm_per_px),
            drawn.picture.as_ref().map(|file| id_text(&file.id)),
            json(&drawn.outline),
        ],
    )?;
    Ok(())
}

/// The outlines of an analysis in the order of its images; none for one from before they were kept.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn of_analysis(tx: &Reading<'_>, id: AnalysisId) -> Result<Vec<LesionOutline>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT content FROM analysis_outlines JOIN analysis_images USING (analysis_id, image_id)
         WHERE analysis_id = ?1 ORDER BY position",
    )?;
    let outlines = query.query_map([id_text(&id)], from_row)?.collect::<Result<_, _>>()?;
    Ok(outlines)
}

/// The picture of an outline that a person is about to see; recorded as a read.
///
/// # Errors
/// [`RecordsError::NotFound`] where the lesion was not found, too.
pub fn read_picture(tx: &Writing<'_>, id: AnalysisId, image: ImageId) -> Result<SealedFile, RecordsError> {
    crate::deletions::reading_stands(tx, id)?;
    let mut query = tx.connection().prepare_cached(
        "SELECT file_id, version, wrapped_key
         FROM analysis_outlines JOIN sealed_files ON sealed_files.id = file_id
         WHERE analysis_id = ?1 AND image_id = ?2",
    )?;
    let file = query.query_row([id_text(&id), id_text(&image)], files::from_row)?;
    let patient = analyses::patient_of(tx, id)?;
    let entry = AuditEntry::new(AuditAction::AnalysisRead).on(id).of_patient(patient);
    audit::record(tx, entry.with(json!({ "picture": PURPOSE, "image": image })))?;
    Ok(file)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<LesionOutline> {
    row.json("content")
}
