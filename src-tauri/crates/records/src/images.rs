//! Photographs of lesions: what is known of them, and the sealed files that hold their pixels.

use domain::audit::AuditAction;
use domain::image::ImageRecord;
use domain::{ImageId, LesionId, PatientId};
use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::files::{self, SealedFile};
use crate::row::{Columns, id_text, json, micros, word};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE images (
    id          TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    patient_id  TEXT NOT NULL REFERENCES patients (id),
    lesion_id   TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('dermoscopic', 'clinical', 'overview')),
    format      TEXT NOT NULL,
    width       INTEGER NOT NULL CHECK (width > 0),
    height      INTEGER NOT NULL CHECK (height > 0),
    sha256      TEXT NOT NULL CHECK (length(sha256) = 64),
    bytes       INTEGER NOT NULL CHECK (bytes > 0),
    quality     TEXT NOT NULL CHECK (json_valid(quality)),
    imported_at INTEGER NOT NULL,
    UNIQUE (id, patient_id),
    FOREIGN KEY (lesion_id, patient_id) REFERENCES lesions (id, patient_id)
) STRICT;
CREATE INDEX images_by_lesion ON images (lesion_id, imported_at);
CREATE INDEX images_by_patient ON images (patient_id, imported_at);
CREATE INDEX images_by_content ON images (sha256);
CREATE TABLE image_files (
    image_id  TEXT NOT NULL REFERENCES images (id),
    rendition TEXT NOT NULL CHECK (rendition IN ('original', 'display', 'thumbnail')),
    file_id   TEXT NOT NULL UNIQUE REFERENCES sealed_files (id),
    PRIMARY KEY (image_id, rendition)
) STRICT;
";

/// The forms in which a photograph is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rendition {
    /// The file as it was imported.
    Original,
    /// Upright sRGB for the viewer.
    Display,
    Thumbnail,
}

impl Rendition {
    /// The purpose word its file is sealed with.
    #[must_use]
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Display => "display",
            Self::Thumbnail => "thumbnail",
        }
    }
}

/// Records an imported photograph whose files are on the disk already.
///
/// # Errors
/// [`RecordsError::Conflict`] for an identity already used; [`RecordsError::NotFound`] when the lesion is unknown or
/// another patient's.
pub fn insert(
    tx: &Writing<'_>,
    image: &ImageRecord,
    renditions: &[(Rendition, SealedFile)],
) -> Result<(), RecordsError> {
    if crate::lesions::get(tx, image.lesion_id)?.patient_id != image.patient_id {
        return Err(RecordsError::NotFound);
    }
    tx.connection().execute(
        "INSERT INTO images (id, patient_id, lesion_id, kind, format, width, height, sha256, bytes, quality,
                             imported_at, imported_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        params![
            id_text(&image.id),
            id_text(&image.patient_id),
            id_text(&image.lesion_id),
            word(&image.kind),
            word(&image.format),
            image.width,
            image.height,
            image.sha256,
            image.bytes,
            json(&image.quality),
            micros(image.imported_at),
            id_text(&tx.actor().user),
        ],
    )?;
    for (rendition, file) in renditions {
        files::insert(tx, file)?;
        tx.connection().execute(
            "INSERT INTO image_files (image_id, rendition, file_id) VALUES (?1, ?2, ?3)",
            params![id_text(&image.id), rendition.purpose(), id_text(&file.id)],
        )?;
    }
    let entry = AuditEntry::new(AuditAction::ImageImported).on(image.id).of_patient(image.patient_id);
    audit::record(tx, entry.with(json!({ "bytes": image.bytes, "sha256": image.sha256 })))?;
    Ok(())
}

/// # Errors
/// [`RecordsError::NotFound`].
pub fn get(tx: &Reading<'_>, id: ImageId) -> Result<ImageRecord, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM images WHERE id = ?1")?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

/// The lesion's photographs, oldest first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn of_lesion(tx: &Reading<'_>, lesion: LesionId) -> Result<Vec<ImageRecord>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT * FROM images WHERE lesion_id = ?1 AND deletion IS NULL ORDER BY imported_at, id",
    )?;
    let images = query.query_map([id_text(&lesion)], from_row)?.collect::<Result<_, _>>()?;
    Ok(images)
}

/// All of the patient's photographs, oldest first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn of_patient(tx: &Reading<'_>, patient: PatientId) -> Result<Vec<ImageRecord>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT * FROM images WHERE patient_id = ?1 AND deletion IS NULL ORDER BY imported_at, id",
    )?;
    let images = query.query_map([id_text(&patient)], from_row)?.collect::<Result<_, _>>()?;
    Ok(images)
}

/// A photograph of this patient with the same content (SHA-256 in lower-case hex), if there is one.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn same_content(
    tx: &Reading<'_>,
    patient: PatientId,
    sha256: &str,
) -> Result<Option<ImageRecord>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT * FROM images WHERE sha256 = ?1 AND patient_id = ?2 AND deletion IS NULL ORDER BY imported_at LIMIT 1",
    )?;
    Ok(query.query_row(params![sha256, id_text(&patient)], from_row).optional()?)
}

/// The sealed file of a rendition. For thumbnails on lists and for work that records itself; a person
/// looking at a photograph goes through [`read_file`].
///
/// # Errors
/// [`RecordsError::NotFound`].
pub fn file(tx: &Reading<'_>, id: ImageId, rendition: Rendition) -> Result<SealedFile, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT file_id, version, wrapped_key FROM image_files JOIN sealed_files ON sealed_files.id = file_id
         WHERE image_id = ?1 AND rendition = ?2",
    )?;
    Ok(query.query_row(params![id_text(&id), rendition.purpose()], files::from_row)?)
}

/// The sealed file of a rendition that a person is about to see; recorded as a read.
///
/// # Errors
/// [`RecordsError::NotFound`], also for a photograph that was deleted.
pub fn read_file(tx: &Writing<'_>, id: ImageId, rendition: Rendition) -> Result<SealedFile, RecordsError> {
    crate::deletions::image_stands(tx, id)?;
    let file = file(tx, id, rendition)?;
    let entry = AuditEntry::new(AuditAction::ImageRead).on(id).of_patient(get(tx, id)?.patient_id);
    audit::record(tx, entry.with(json!({ "rendition": rendition })))?;
    Ok(file)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<ImageRecord> {
    Ok(ImageRecord {
        id: row.parsed("id")?,
        patient_id: row.parsed("patient_id")?,
        lesion_id: row.parsed("lesion_id")?,
        kind: row.word("kind")?,
        format: row.word("format")?,
        width: row.get("width")?,
        height: row.get("height")?,
        sha256: row.text("sha256")?,
        bytes: row.get("bytes")?,
        quality: row.json("quality")?,
        imported_at: row.time("imported_at")?,
    })
}
