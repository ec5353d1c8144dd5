//! Finished analyses and the sealed files of their explanations. An analysis never changes.

use domain::analysis::Analysis;
use domain::audit::AuditAction;
use domain::{AnalysisId, ImageId, LesionId, PatientId, UserId};
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::files::{self, SealedFile};
use crate::outlines::{self, DrawnOutline};
use crate::row::{Columns, id_text, json, micros, word};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE analyses (
    id            TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    patient_id    TEXT NOT NULL REFERENCES patients (id),
    lesion_id     TEXT NOT NULL,
    analysed_at   INTEGER NOT NULL,
    gate          TEXT NOT NULL,
    band          TEXT NOT NULL CHECK (band IN ('benign', 'suspicious', 'malignant')),
    urgency       TEXT NOT NULL CHECK (urgency IN ('routine', 'appointment', 'immediate')),
    label_code    TEXT,
    malignant_sum REAL NOT NULL CHECK (malignant_sum BETWEEN 0 AND 1.000001),
    model_name    TEXT NOT NULL,
    model_version TEXT NOT NULL,
    model_sha256  TEXT NOT NULL CHECK (length(model_sha256) = 64),
    content       TEXT NOT NULL CHECK (json_valid(content)),
    UNIQUE (id, patient_id),
    FOREIGN KEY (lesion_id, patient_id) REFERENCES lesions (id, patient_id)
) STRICT;
CREATE INDEX analyses_by_lesion ON analyses (lesion_id, analysed_at);
CREATE INDEX analyses_by_patient ON analyses (patient_id, analysed_at);
CREATE INDEX analyses_by_band ON analyses (band, analysed_at);
CREATE TABLE analysis_images (
    analysis_id TEXT NOT NULL REFERENCES analyses (id),
    position    INTEGER NOT NULL CHECK (position BETWEEN 0 AND 2),
    image_id    TEXT NOT NULL REFERENCES images (id),
    PRIMARY KEY (analysis_id, position),
    UNIQUE (analysis_id, image_id)
) STRICT;
CREATE INDEX analysis_images_by_image ON analysis_images (image_id);
CREATE TABLE analysis_files (
    analysis_id TEXT NOT NULL,
    image_id    TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('heatmap', 'overlay')),
    class_code  TEXT NOT NULL,
    file_id     TEXT NOT NULL UNIQUE REFERENCES sealed_files (id),
    PRIMARY KEY (analysis_id, image_id, kind, class_code),
    FOREIGN KEY (analysis_id, image_id) REFERENCES analysis_images (analysis_id, image_id)
) STRICT;
";

/// The two pictures that explain a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExplanationKind {
    Heatmap,
    Overlay,
}

impl ExplanationKind {
    /// The purpose word its file is sealed with.
    #[must_use]
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Heatmap => "heatmap",
            Self::Overlay => "overlay",
        }
    }
}

/// One explaining picture: of which image, for which class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplanationFile {
    pub image_id: ImageId,
    pub kind: ExplanationKind,
    pub class_code: String,
    pub file: SealedFile,
}

/// Records a finished analysis without outlines, as [`insert_outlined`] does.
///
/// # Errors
/// As [`insert_outlined`].
pub fn insert(
    tx: &Writing<'_>,
    analysis: &Analysis,
    explanations: &[ExplanationFile],
) -> Result<(), RecordsError> {
    insert_outlined(tx, analysis, explanations, &[])
}

/// Records a finished analysis whose files are on the disk already. Ending its job belongs into the same
/// transaction.
///
/// # Errors
/// [`RecordsError::Conflict`] for an identity already used; [`RecordsError::NotFound`] when an image is
/// not the lesion's or the lesion not the patient's; [`RecordsError::Storage`] for more than three images
/// and for pictures of images that are not the analysis's.
pub fn insert_outlined(
    tx: &Writing<'_>,
    analysis: &Analysis,
    explanations: &[ExplanationFile],
    outlines: &[DrawnOutline],
) -> Result<(), RecordsError> {
    for image in &analysis.image_ids {
        crate::deletions::image_stands(tx, *image)?;
        let image = crate::images::get(tx, *image)?;
        if image.lesion_id != analysis.lesion_id || image.patient_id != analysis.patient_id {
            return Err(RecordsError::NotFound);
        }
    }
    insert_row(tx, analysis)?;
    for (position, image) in analysis.image_ids.iter().enumerate() {
        tx.connection().execute(
            "INSERT INTO analysis_images (analysis_id, position, image_id) VALUES (?1, ?2, ?3)",
            params![id_text(&analysis.id), i64::try_from(position).unwrap_or(i64::MAX), id_text(image)],
        )?;
    }
    for explanation in explanations {
        files::insert(tx, &explanation.file)?;
        tx.connection().execute(
            "INSERT INTO analysis_files (analysis_id, image_id, kind, class_code, file_id)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                id_text(&analysis.id),
                id_text(&explanation.image_id),
                explanation.kind.purpose(),
                explanation.class_code,
                id_text(&explanation.file.id),
            ],
        )?;
    }
    for drawn in outlines {
        outlines::insert(tx, analysis.id, drawn)?;
    }
    let entry =
        AuditEntry::new(AuditAction::AnalysisCompleted).on(analysis.id).of_patient(analysis.patient_id);
    let mut details = json!({
        "lesion": analysis.lesion_id,
        "images": analysis.image_ids,
        "model": analysis.model.sha256,
    });
    if let Some(drawn) = outlines.first() {
        let finding = &drawn.outline.finding;
        details["outline_method"] = json!(finding.method);
        details["outline_model"] = json!(finding.model.as_ref().map(|model| &model.sha256));
    }
    audit::record(tx, entry.with(details))?;
    Ok(())
}

fn insert_row(tx: &Writing<'_>, analysis: &Analysis) -> Result<(), RecordsError> {
    let assessment = &analysis.assessment;
    tx.connection().execute(
        "INSERT INTO analyses (id, patient_id, lesion_id, analysed_at, gate, band, urgency, label_code,
                               malignant_sum, model_name, model_version, model_sha256, content,
                               asked_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        params![
            id_text(&analysis.id),
            id_text(&analysis.patient_id),
            id_text(&analysis.lesion_id),
            micros(analysis.analysed_at),
            word(&assessment.gate),
            word(&assessment.band),
            word(&assessment.urgency),
            assessment.label.as_ref().map(|label| &label.code),
            assessment.malignant_sum,
            analysis.model.name,
            analysis.model.version,
            analysis.model.sha256,
            json(analysis),
            id_text(&tx.actor().user),
        ],
    )?;
    Ok(())
}

/// # Errors
/// [`RecordsError::NotFound`].
pub fn get(tx: &Reading<'_>, id: AnalysisId) -> Result<Analysis, RecordsError> {
    let mut query =
        tx.connection().prepare_cached("SELECT content, patient_id FROM analyses WHERE id = ?1")?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

/// The analysis as a person is about to see it; recorded as a read.
///
/// # Errors
/// [`RecordsError::NotFound`], also for a reading that was deleted.
pub fn read(tx: &Writing<'_>, id: AnalysisId) -> Result<Analysis, RecordsError> {
    crate::deletions::reading_stands(tx, id)?;
    let analysis = get(tx, id)?;
    crate::safety_net::note_opened(tx, id)?;
    audit::record(tx, AuditEntry::new(AuditAction::AnalysisRead).on(id).of_patient(analysis.patient_id))?;
    Ok(analysis)
}

/// The lesion's analyses, newest first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn of_lesion(tx: &Reading<'_>, lesion: LesionId) -> Result<Vec<Analysis>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT content, patient_id FROM analyses WHERE lesion_id = ?1 AND deletion IS NULL ORDER BY analysed_at DESC, id DESC",
    )?;
    let analyses = query.query_map([id_text(&lesion)], from_row)?.collect::<Result<_, _>>()?;
    Ok(analyses)
}

/// The patient's analyses, newest first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn of_patient(tx: &Reading<'_>, patient: PatientId) -> Result<Vec<Analysis>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT content, patient_id FROM analyses WHERE patient_id = ?1 AND deletion IS NULL ORDER BY analysed_at DESC, id DESC",
    )?;
    let analyses = query.query_map([id_text(&patient)], from_row)?.collect::<Result<_, _>>()?;
    Ok(analyses)
}

/// The explaining pictures of an analysis.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn explanations(tx: &Reading<'_>, id: AnalysisId) -> Result<Vec<ExplanationFile>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT image_id, kind, class_code, file_id, version, wrapped_key
         FROM analysis_files JOIN sealed_files ON sealed_files.id = file_id
         WHERE analysis_id = ?1 ORDER BY image_id, class_code, kind",
    )?;
    let files = query
        .query_map([id_text(&id)], |row| {
            Ok(ExplanationFile {
                image_id: row.parsed("image_id")?,
                kind: row.word("kind")?,
                class_code: row.text("class_code")?,
                file: files::from_row(row)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(files)
}

/// Whose analysis it is.
///
/// # Errors
/// [`RecordsError::NotFound`].
pub fn patient_of(tx: &Reading<'_>, id: AnalysisId) -> Result<PatientId, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT patient_id FROM analyses WHERE id = ?1")?;
    Ok(query.query_row([id_text(&id)], |row| row.parsed("patient_id"))?)
}

/// An explaining picture that a person is about to see; recorded as a read, for an overlay shows the
/// photograph.
///
/// # Errors
/// [`RecordsError::NotFound`].
pub fn read_explanation(
    tx: &Writing<'_>,
    id: AnalysisId,
    image: ImageId,
    kind: ExplanationKind,
    class_code: &str,
) -> Result<SealedFile, RecordsError> {
    crate::deletions::reading_stands(tx, id)?;
    let found = explanations(tx, id)?
        .into_iter()
        .find(|f| f.image_id == image && f.kind == kind && f.class_code == class_code)
        .ok_or(RecordsError::NotFound)?;
    let entry = AuditEntry::new(AuditAction::AnalysisRead).on(id).of_patient(patient_of(tx, id)?);
    audit::record(tx, entry.with(json!({ "picture": kind, "class": class_code, "image": image })))?;
    Ok(found.file)
}

/// Who asked for the analysis; nothing in records from before that was kept.
///
/// # Errors
/// [`RecordsError::NotFound`].
pub fn asked_by(tx: &Reading<'_>, id: AnalysisId) -> Result<Option<UserId>, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT asked_by FROM analyses WHERE id = ?1")?;
    Ok(query.query_row([id_text(&id)], |row| row.parsed_or_none("asked_by"))?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Analysis> {
    // After a merge of records the column knows better whose it is than what was written then.
    Ok(Analysis { patient_id: row.parsed("patient_id")?, ..row.json("content")? })
}
