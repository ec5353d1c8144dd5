//! Photographs of a patient that were taken in before a lesion was chosen.
//!
//! One that waits is a row with sealed files, like an image; assigning it makes an image of it, which takes
//! over the files. Where it came from goes with it ([`crate::origins`]).

use domain::audit::AuditAction;
use domain::image::{ImageKind, ImageRecord};
use domain::tray::TrayPhoto;
use domain::{FileId, PatientId, TrayPhotoId, VisitId};
use rusqlite::{Row, params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::files::{self, SealedFile};
use crate::images::{self, Rendition};
use crate::origins;
use crate::row::{Columns, id_text, json as text_of, micros, word};
use crate::store::{Reading, Writing};

/// The index on the front desk's photographs finds the same content with any patient.
pub(crate) const SCHEMA: &str = "
CREATE TABLE tray_photos (
    id          TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    patient_id  TEXT NOT NULL REFERENCES patients (id),
    kind        TEXT NOT NULL CHECK (kind IN ('dermoscopic', 'clinical', 'overview')),
    kind_chosen INTEGER NOT NULL CHECK (kind_chosen IN (0, 1)),
    format      TEXT NOT NULL,
    width       INTEGER NOT NULL CHECK (width > 0),
    height      INTEGER NOT NULL CHECK (height > 0),
    sha256      TEXT NOT NULL CHECK (length(sha256) = 64),
    bytes       INTEGER NOT NULL CHECK (bytes > 0),
    quality     TEXT NOT NULL CHECK (json_valid(quality)),
    origin      TEXT NOT NULL CHECK (json_valid(origin)),
    added_at    INTEGER NOT NULL,
    added_by    TEXT NOT NULL REFERENCES users (id),
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'assigned', 'discarded')),
    image_id    TEXT REFERENCES images (id),
    CHECK ((image_id IS NOT NULL) = (state = 'assigned'))
) STRICT;
CREATE INDEX tray_photos_waiting ON tray_photos (patient_id, added_at) WHERE state = 'waiting';
CREATE INDEX tray_photos_by_content ON tray_photos (sha256) WHERE state = 'waiting';
CREATE INDEX desk_photos_by_content ON desk_photos (sha256) WHERE state = 'waiting';
CREATE TABLE tray_photo_files (
    photo_id  TEXT NOT NULL REFERENCES tray_photos (id),
    rendition TEXT NOT NULL CHECK (rendition IN ('original', 'display', 'thumbnail')),
    file_id   TEXT NOT NULL UNIQUE REFERENCES sealed_files (id),
    PRIMARY KEY (photo_id, rendition)
) STRICT;
";

/// Records a photograph whose files are on the disk already.
///
/// # Errors
/// [`RecordsError::NotFound`] for an unknown patient, [`RecordsError::Merged`].
pub fn add(
    tx: &Writing<'_>,
    photo: &TrayPhoto,
    renditions: &[(Rendition, SealedFile)],
) -> Result<(), RecordsError> {
    crate::patients::must_exist(tx, photo.patient_id)?;
    tx.connection()
        .prepare_cached(
            "INSERT INTO tray_photos (id, patient_id, kind, kind_chosen, format, width, height, sha256, bytes,
                 quality, origin, added_at, added_by, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 'waiting')",
        )?
        .execute(params![
            id_text(&photo.id),
            id_text(&photo.patient_id),
            word(&photo.kind),
            photo.kind_chosen,
            word(&photo.format),
            photo.width,
            photo.height,
            photo.sha256,
            photo.bytes,
            text_of(&photo.quality),
            text_of(&photo.origin),
            micros(photo.added_at),
            id_text(&tx.actor().user),
        ])?;
    for (rendition, file) in renditions {
        files::insert(tx, file)?;
        tx.connection()
            .prepare_cached(
                "INSERT INTO tray_photo_files (photo_id, rendition, file_id) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![id_text(&photo.id), rendition.purpose(), id_text(&file.id)])?;
    }
    let entry = AuditEntry::new(AuditAction::TrayPhotoAdded).on(photo.id).of_patient(photo.patient_id);
    let about = json!({ "bytes": photo.bytes, "sha256": photo.sha256, "source": photo.origin.source });
    audit::record(tx, entry.with(about))?;
    Ok(())
}

/// A photograph that still waits.
///
/// # Errors
/// [`RecordsError::NotFound`], also when it was assigned or discarded.
pub fn get(tx: &Reading<'_>, id: TrayPhotoId) -> Result<TrayPhoto, RecordsError> {
    let mut query =
        tx.connection().prepare_cached("SELECT * FROM tray_photos WHERE id = ?1 AND state = 'waiting'")?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

/// What waits of a patient, oldest first, as a person is about to see it; recorded as a read where there is
/// anything.
///
/// # Errors
/// [`RecordsError::NotFound`] for an unknown patient.
pub fn list(tx: &Writing<'_>, patient: PatientId) -> Result<Vec<TrayPhoto>, RecordsError> {
    crate::patients::standing(tx, patient)?;
    let mut query = tx.connection().prepare_cached(
        "SELECT * FROM tray_photos WHERE patient_id = ?1 AND state = 'waiting' ORDER BY added_at, id",
    )?;
    let photos: Vec<TrayPhoto> = query.query_map([id_text(&patient)], from_row)?.collect::<Result<_, _>>()?;
    if !photos.is_empty() {
        let entry = AuditEntry::new(AuditAction::TrayListed).of_patient(patient);
        audit::record(tx, entry.with(json!({ "count": photos.len() })))?;
    }
    Ok(photos)
}

/// The sealed file of a rendition. For thumbnails on lists; a person looking at a photograph goes through
/// [`read_file`].
///
/// # Errors
/// [`RecordsError::NotFound`].
pub fn file(tx: &Reading<'_>, id: TrayPhotoId, rendition: Rendition) -> Result<SealedFile, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT file_id, version, wrapped_key FROM tray_photo_files
             JOIN sealed_files ON sealed_files.id = file_id WHERE photo_id = ?1 AND rendition = ?2",
    )?;
    Ok(query.query_row(params![id_text(&id), rendition.purpose()], files::from_row)?)
}

/// The sealed file of a rendition that a person is about to see; recorded as a read.
///
/// # Errors
/// [`RecordsError::NotFound`].
pub fn read_file(
    tx: &Writing<'_>,
    id: TrayPhotoId,
    rendition: Rendition,
) -> Result<SealedFile, RecordsError> {
    let patient = get(tx, id)?.patient_id;
    let file = file(tx, id, rendition)?;
    let entry = AuditEntry::new(AuditAction::ImageRead).on(id).of_patient(patient);
    audit::record(tx, entry.with(json!({ "rendition": rendition })))?;
    Ok(file)
}

/// A person says what kind it is.
///
/// # Errors
/// [`RecordsError::NotFound`] when it does not wait.
pub fn choose_kind(tx: &Writing<'_>, id: TrayPhotoId, kind: ImageKind) -> Result<TrayPhoto, RecordsError> {
    let old = get(tx, id)?;
    tx.connection()
        .prepare_cached("UPDATE tray_photos SET kind = ?2, kind_chosen = 1 WHERE id = ?1")?
        .execute(params![id_text(&id), word(&kind)])?;
    let entry = AuditEntry::new(AuditAction::TrayPhotoChanged).on(id).of_patient(old.patient_id);
    audit::record(tx, entry.with(json!({ "changed": { "kind": [old.kind, kind] } })))?;
    get(tx, id)
}

/// Gives a photograph to a lesion, and to a visit where one is named: from now on its files are those of the
/// image.
///
/// # Errors
/// [`RecordsError::NotFound`] when it does not wait, or lesion or visit are unknown or another patient's.
pub fn assign(
    tx: &Writing<'_>,
    id: TrayPhotoId,
    image: &ImageRecord,
    visit: Option<VisitId>,
) -> Result<(), RecordsError> {
    let photo = get(tx, id)?;
    if photo.patient_id != image.patient_id {
        return Err(RecordsError::NotFound);
    }
    images::insert(tx, image, &[])?;
    origins::keep(tx, image, &photo.origin, visit)?;
    let (photo_key, image_key) = (id_text(&id), id_text(&image.id));
    tx.connection()
        .prepare_cached(
            "INSERT INTO image_files (image_id, rendition, file_id)
             SELECT ?2, rendition, file_id FROM tray_photo_files WHERE photo_id = ?1",
        )?
        .execute([&photo_key, &image_key])?;
    tx.connection()
        .prepare_cached("DELETE FROM tray_photo_files WHERE photo_id = ?1")?
        .execute([&photo_key])?;
    tx.connection()
        .prepare_cached("UPDATE tray_photos SET state = 'assigned', image_id = ?2 WHERE id = ?1")?
        .execute([&photo_key, &image_key])?;
    let entry = AuditEntry::new(AuditAction::TrayPhotoAssigned).on(id).of_patient(image.patient_id);
    let about = json!({ "image": image.id, "lesion": image.lesion_id, "visit": visit });
    audit::record(tx, entry.with(about))?;
    Ok(())
}

/// Takes a photograph that does not belong here out of the record. Its files are returned: they are to be
/// removed once this is kept, and their keys are gone in any case.
///
/// # Errors
/// [`RecordsError::NotFound`] when it does not wait.
pub fn discard(tx: &Writing<'_>, id: TrayPhotoId, reason: &str) -> Result<Vec<FileId>, RecordsError> {
    let photo = get(tx, id)?;
    let key = id_text(&id);
    let mut query =
        tx.connection().prepare_cached("SELECT file_id FROM tray_photo_files WHERE photo_id = ?1")?;
    let files: Vec<FileId> =
        query.query_map([&key], |row| row.parsed("file_id"))?.collect::<Result<_, _>>()?;
    tx.connection().execute("DELETE FROM tray_photo_files WHERE photo_id = ?1", [&key])?;
    for file in &files {
        tx.connection().execute("DELETE FROM sealed_files WHERE id = ?1", [id_text(file)])?;
    }
    tx.connection().execute("UPDATE tray_photos SET state = 'discarded' WHERE id = ?1", [&key])?;
    let entry = AuditEntry::new(AuditAction::TrayPhotoDiscarded).on(id).of_patient(photo.patient_id);
    audit::record(tx, entry.with(json!({ "reason": reason, "sha256": photo.sha256 })))?;
    Ok(files)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<TrayPhoto> {
    Ok(TrayPhoto {
        id: row.parsed("id")?,
        patient_id: row.parsed("patient_id")?,
        kind: row.word("kind")?,
        kind_chosen: row.get("kind_chosen")?,
        format: row.word("format")?,
        width: row.get("width")?,
        height: row.get("height")?,
        sha256: row.text("sha256")?,
        bytes: row.get("bytes")?,
        quality: row.json("quality")?,
        origin: row.json("origin")?,
        added_at: row.time("added_at")?,
    })
}
