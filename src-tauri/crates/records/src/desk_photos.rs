//! Photographs that the front desk took in with a visit, until a clinician gives them to a lesion.
//!
//! Their files are sealed where nobody at the desk can open them again: as deposits of the vault, until
//! somebody with the clinical key comes in and takes their keys over ([`deposits`], [`adopt`]).

use domain::audit::AuditAction;
use domain::desk_photo::DeskPhoto;
use domain::image::ImageRecord;
use domain::{DeskPhotoId, FileId, PatientId, VisitId};
use rusqlite::{OptionalExtension, Row, params};
use serde_json::json;
use vault::{DepositedKey, WrappedKey};

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::files::{self, SealedFile};
use crate::images::{self, Rendition};
use crate::row::{Columns, id_text, json as text_of, micros, word};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE desk_photos (
    id         TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    visit_id   TEXT NOT NULL REFERENCES visits (id),
    patient_id TEXT NOT NULL REFERENCES patients (id),
    format     TEXT NOT NULL,
    width      INTEGER NOT NULL CHECK (width > 0),
    height     INTEGER NOT NULL CHECK (height > 0),
    sha256     TEXT NOT NULL CHECK (length(sha256) = 64),
    bytes      INTEGER NOT NULL CHECK (bytes > 0),
    quality    TEXT NOT NULL CHECK (json_valid(quality)),
    added_at   INTEGER NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'assigned', 'discarded')),
    image_id   TEXT REFERENCES images (id),
    CHECK ((image_id IS NOT NULL) = (state = 'assigned'))
) STRICT;
CREATE INDEX desk_photos_by_visit ON desk_photos (visit_id, added_at);
CREATE INDEX desk_photos_waiting ON desk_photos (patient_id, added_at) WHERE state = 'waiting';
CREATE TABLE desk_photo_files (
    photo_id      TEXT NOT NULL REFERENCES desk_photos (id),
    rendition     TEXT NOT NULL CHECK (rendition IN ('original', 'display', 'thumbnail')),
    file_id       TEXT NOT NULL UNIQUE CHECK (length(file_id) = 36),
    version       INTEGER NOT NULL CHECK (version >= 0),
    deposited_key BLOB CHECK (length(deposited_key) = 80),
    PRIMARY KEY (photo_id, rendition)
) STRICT;
CREATE INDEX desk_photo_files_deposited ON desk_photo_files (file_id) WHERE deposited_key IS NOT NULL;
";

/// How the key of a file is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileKey {
    /// Left by somebody without the clinical key.
    Deposited(DepositedKey),
    Wrapped(WrappedKey),
}

/// One file of a photograph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskFile {
    pub rendition: Rendition,
    pub id: FileId,
    pub version: u32,
    pub key: FileKey,
}

/// A file whose key waits to be taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deposit {
    pub rendition: Rendition,
    pub id: FileId,
    pub version: u32,
    pub key: DepositedKey,
}

/// A photograph that waits.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    pub photo: DeskPhoto,
    /// Its keys were taken over. What stays deposited was sealed to keys that are gone.
    pub opens: bool,
}

/// Records a photograph whose files are on the disk already.
///
/// # Errors
/// [`RecordsError::NotFound`] when the visit is unknown or another patient's.
pub fn add(tx: &Writing<'_>, photo: &DeskPhoto, files: &[DeskFile]) -> Result<(), RecordsError> {
    if crate::visits::get(tx, photo.visit_id)?.patient_id != photo.patient_id {
        return Err(RecordsError::NotFound);
    }
    tx.connection().execute(
        "INSERT INTO desk_photos (id, visit_id, patient_id, format, width, height, sha256, bytes, quality,
             added_at, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'waiting')",
        params![
            id_text(&photo.id),
            id_text(&photo.visit_id),
            id_text(&photo.patient_id),
            word(&photo.format),
            photo.width,
            photo.height,
            photo.sha256,
            photo.bytes,
            text_of(&photo.quality),
            micros(photo.added_at),
        ],
    )?;
    for file in files {
        let deposited = match &file.key {
            FileKey::Deposited(key) => Some(key.as_bytes()),
            FileKey::Wrapped(key) => {
                files::insert(tx, &SealedFile { id: file.id, version: file.version, key: key.clone() })?;
                None
            }
        };
        tx.connection().execute(
            "INSERT INTO desk_photo_files (photo_id, rendition, file_id, version, deposited_key)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                id_text(&photo.id),
                file.rendition.purpose(),
                id_text(&file.id),
                file.version,
                deposited.map(|key| &key[..])
            ],
        )?;
    }
    let entry = AuditEntry::new(AuditAction::DeskPhotoAdded).on(photo.id).of_patient(photo.patient_id);
    audit::record(
        tx,
        entry.with(json!({ "visit": photo.visit_id, "bytes": photo.bytes, "sha256": photo.sha256 })),
    )?;
    Ok(())
}

/// A photograph of this visit with the same content (SHA-256 in lower-case hex) that was not discarded.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn same_content(
    tx: &Reading<'_>,
    visit: VisitId,
    sha256: &str,
) -> Result<Option<DeskPhoto>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT * FROM desk_photos WHERE visit_id = ?1 AND sha256 = ?2 AND state <> 'discarded' LIMIT 1",
    )?;
    Ok(query.query_row(params![id_text(&visit), sha256], from_row).optional()?)
}

/// A photograph that still waits.
///
/// # Errors
/// [`RecordsError::NotFound`], also when it was assigned or discarded.
pub fn get(tx: &Reading<'_>, id: DeskPhotoId) -> Result<DeskPhoto, RecordsError> {
    let mut query =
        tx.connection().prepare_cached("SELECT * FROM desk_photos WHERE id = ?1 AND state = 'waiting'")?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

/// How many photographs wait with a visit.
///
/// # Errors
/// [`RecordsError::Storage`].
pub fn waiting_with(tx: &Reading<'_>, visit: VisitId) -> Result<u32, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT count(*) FROM desk_photos WHERE visit_id = ?1 AND state = 'waiting'")?;
    Ok(query.query_row([id_text(&visit)], |row| row.get(0))?)
}

/// What waits of a patient, oldest first, as a person is about to see it; recorded as a read where there is
/// anything.
///
/// # Errors
/// [`RecordsError::NotFound`] for an unknown patient.
pub fn list(tx: &Writing<'_>, patient: PatientId) -> Result<Vec<Waiting>, RecordsError> {
    // Of a merged record nothing waits any more: it moved to the one that stays.
    crate::patients::standing(tx, patient)?;
    let mut query = tx.connection().prepare_cached(
        "SELECT desk_photos.*,
             NOT EXISTS (SELECT 1 FROM desk_photo_files WHERE photo_id = desk_photos.id AND deposited_key IS NOT NULL) AS opens
         FROM desk_photos WHERE patient_id = ?1 AND state = 'waiting' ORDER BY added_at, id",
    )?;
    let waiting: Vec<Waiting> = query
        .query_map([id_text(&patient)], |row| {
            Ok(Waiting { photo: from_row(row)?, opens: row.get("opens")? })
        })?
        .collect::<Result<_, _>>()?;
    if !waiting.is_empty() {
        let entry = AuditEntry::new(AuditAction::DeskPhotosListed).of_patient(patient);
        audit::record(tx, entry.with(json!({ "count": waiting.len() })))?;
    }
    Ok(waiting)
}

/// Every file whose key waits to be taken over.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn deposits(tx: &Reading<'_>) -> Result<Vec<Deposit>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT file_id, version, rendition, deposited_key FROM desk_photo_files
         WHERE deposited_key IS NOT NULL ORDER BY file_id",
    )?;
    let files = query.query_map([], |row| {
        let key: Vec<u8> = row.get("deposited_key")?;
        Ok(Deposit {
            rendition: row.word("rendition")?,
            id: row.parsed("file_id")?,
            version: row.get("version")?,
            key: DepositedKey::try_from(key.as_slice())
                .map_err(|_| crate::row::unreadable(rusqlite::types::Type::Blob))?,
        })
    })?;
    Ok(files.collect::<Result<_, _>>()?)
}

/// Keeps the keys that were taken over in place of the deposited ones.
///
/// # Errors
/// [`RecordsError::Conflict`] for a file that was taken over already.
pub fn adopt(tx: &Writing<'_>, taken: &[SealedFile]) -> Result<(), RecordsError> {
    for file in taken {
        files::insert(tx, file)?;
        tx.connection()
            .prepare_cached("UPDATE desk_photo_files SET deposited_key = NULL WHERE file_id = ?1")?
            .execute([id_text(&file.id)])?;
    }
    let entry = AuditEntry::new(AuditAction::DeskPhotosOpened);
    audit::record(tx, entry.with(json!({ "files": taken.len() })))?;
    Ok(())
}

/// The sealed file of a rendition. For thumbnails on lists; a person looking at a photograph goes through
/// [`read_file`].
///
/// # Errors
/// [`RecordsError::NotFound`], also while nobody took its key over.
pub fn file(tx: &Reading<'_>, id: DeskPhotoId, rendition: Rendition) -> Result<SealedFile, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT file_id, sealed_files.version, wrapped_key
         FROM desk_photo_files JOIN sealed_files ON sealed_files.id = file_id
         WHERE photo_id = ?1 AND rendition = ?2",
    )?;
    Ok(query.query_row(params![id_text(&id), rendition.purpose()], files::from_row)?)
}

/// The sealed file of a rendition that a person is about to see; recorded as a read.
///
/// # Errors
/// [`RecordsError::NotFound`].
pub fn read_file(
    tx: &Writing<'_>,
    id: DeskPhotoId,
    rendition: Rendition,
) -> Result<SealedFile, RecordsError> {
    let patient = get(tx, id)?.patient_id;
    let file = file(tx, id, rendition)?;
    let entry = AuditEntry::new(AuditAction::ImageRead).on(id).of_patient(patient);
    audit::record(tx, entry.with(json!({ "rendition": rendition })))?;
    Ok(file)
}

/// Gives a photograph to a lesion: from now on its files are those of the image.
///
/// # Errors
/// [`RecordsError::NotFound`] when it does not wait, or the lesion is unknown or another patient's;
/// [`RecordsError::Conflict`] while nobody took its keys over.
pub fn assign(tx: &Writing<'_>, id: DeskPhotoId, image: &ImageRecord) -> Result<(), RecordsError> {
    let photo = get(tx, id)?;
    if photo.patient_id != image.patient_id {
        return Err(RecordsError::NotFound);
    }
    images::insert(tx, image, &[])?;
    let moved = tx.connection().execute(
        "INSERT INTO image_files (image_id, rendition, file_id)
         SELECT ?2, rendition, file_id FROM desk_photo_files WHERE photo_id = ?1 AND deposited_key IS NULL",
        params![id_text(&id), id_text(&image.id)],
    )?;
    let gone = tx.connection().execute("DELETE FROM desk_photo_files WHERE photo_id = ?1", [id_text(&id)])?;
    if moved == 0 || moved != gone {
        return Err(RecordsError::Conflict);
    }
    tx.connection().execute(
        "UPDATE desk_photos SET state = 'assigned', image_id = ?2 WHERE id = ?1",
        params![id_text(&id), id_text(&image.id)],
    )?;
    let entry = AuditEntry::new(AuditAction::DeskPhotoAssigned).on(id).of_patient(image.patient_id);
    audit::record(tx, entry.with(json!({ "image": image.id, "lesion": image.lesion_id })))?;
    Ok(())
}

/// Takes a photograph that does not belong here out of the record. Its files are returned: they are to be
/// removed once this is kept, and their keys are gone in any case.
///
/// # Errors
/// [`RecordsError::NotFound`] when it does not wait.
pub fn discard(tx: &Writing<'_>, id: DeskPhotoId, reason: &str) -> Result<Vec<FileId>, RecordsError> {
    let photo = get(tx, id)?;
    let mut query =
        tx.connection().prepare_cached("SELECT file_id FROM desk_photo_files WHERE photo_id = ?1")?;
    let files: Vec<FileId> =
        query.query_map([id_text(&id)], |row| row.parsed("file_id"))?.collect::<Result<_, _>>()?;
    tx.connection().execute("DELETE FROM desk_photo_files WHERE photo_id = ?1", [id_text(&id)])?;
    for file in &files {
        tx.connection().execute("DELETE FROM sealed_files WHERE id = ?1", [id_text(file)])?;
    }
    tx.connection().execute("UPDATE desk_photos SET state = 'discarded' WHERE id = ?1", [id_text(&id)])?;
    let entry = AuditEntry::new(AuditAction::DeskPhotoDiscarded).on(id).of_patient(photo.patient_id);
    audit::record(tx, entry.with(json!({ "reason": reason, "sha256": photo.sha256 })))?;
    Ok(files)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<DeskPhoto> {
    Ok(DeskPhoto {
        id: row.parsed("id")?,
        patient_id: row.parsed("patient_id")?,
        visit_id: row.parsed("visit_id")?,
        format: row.word("format")?,
        width: row.get("width")?,
        height: row.get("height")?,
        sha256: row.text("sha256")?,
        bytes: row.get("bytes")?,
        quality: row.json("quality")?,
        added_at: row.time("added_at")?,
    })
}
