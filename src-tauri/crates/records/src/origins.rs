//! Where stored photographs came from, whether the same is stored already, and how one that was put wrongly is
//! put right.

use domain::audit::AuditAction;
use domain::image::{ImageKind, ImageRecord};
use domain::tray::PhotoOrigin;
use domain::{ImageId, LesionId, PatientId, TrayPhotoId, VisitId};
use jiff::civil::Date;
use rusqlite::{OptionalExtension, params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, json as text_of, word};
use crate::store::{Reading, Writing};
use crate::{deletions, images, lesions, visits};

pub(crate) const SCHEMA: &str = "
CREATE TABLE image_origins (
    image_id   TEXT PRIMARY KEY NOT NULL,
    patient_id TEXT NOT NULL,
    visit_id   TEXT REFERENCES visits (id),
    origin     TEXT NOT NULL CHECK (json_valid(origin)),
    FOREIGN KEY (image_id, patient_id) REFERENCES images (id, patient_id)
) STRICT;
CREATE INDEX image_origins_by_visit ON image_origins (visit_id) WHERE visit_id IS NOT NULL;
CREATE INDEX image_origins_by_patient ON image_origins (patient_id);
";

/// Where the same content is stored with a patient.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    Image(Box<ImageRecord>),
    Tray(TrayPhotoId),
    /// It waits with a visit, taken in by the front desk.
    Desk,
}

/// Keeps the origin of an image that was just recorded; its audit row is that of the image.
///
/// # Errors
/// [`RecordsError::NotFound`] when the visit is unknown or another patient's.
pub fn keep(
    tx: &Writing<'_>,
    image: &ImageRecord,
    origin: &PhotoOrigin,
    visit: Option<VisitId>,
) -> Result<(), RecordsError> {
    if let Some(visit) = visit
        && visits::get(tx, visit)?.patient_id != image.patient_id
    {
        return Err(RecordsError::NotFound);
    }
    tx.connection()
        .prepare_cached(
            "INSERT INTO image_origins (image_id, patient_id, visit_id, origin) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![
            id_text(&image.id),
            id_text(&image.patient_id),
            visit.as_ref().map(id_text),
            text_of(origin),
        ])?;
    Ok(())
}

/// Where an image came from and the visit it belongs to; nothing for one from before this was kept.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn of_image(
    tx: &Reading<'_>,
    image: ImageId,
) -> Result<Option<(PhotoOrigin, Option<VisitId>)>, RecordsError> {
    let mut query =
        tx.connection().prepare_cached("SELECT origin, visit_id FROM image_origins WHERE image_id = ?1")?;
    let found =
        query.query_row([id_text(&image)], |row| Ok((row.json("origin")?, row.parsed_or_none("visit_id")?)));
    Ok(found.optional()?)
}

/// The day on which an image was taken, where that is known.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn taken_on(tx: &Reading<'_>, image: ImageId) -> Result<Option<Date>, RecordsError> {
    Ok(of_image(tx, image)?.and_then(|(origin, _)| origin.taken_on))
}

/// Where the patient has the same content already, or the same picture of the same DICOM instance.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn known(
    tx: &Reading<'_>,
    patient: PatientId,
    sha256: &str,
    instance: Option<(&str, u32)>,
) -> Result<Option<Known>, RecordsError> {
    if let Some(image) = images::same_content(tx, patient, sha256)? {
        return Ok(Some(Known::Image(Box::new(image))));
    }
    let (uid, frame) = instance.unzip();
    let mut query = tx.connection().prepare_cached(
        "SELECT image_id FROM image_origins JOIN images ON images.id = image_id
         WHERE image_origins.patient_id = ?1 AND deletion IS NULL
           AND json_extract(origin, '$.dicom.sop_instance_uid') = ?2
           AND json_extract(origin, '$.dicom.frame') = ?3 LIMIT 1",
    )?;
    let image: Option<ImageId> =
        query.query_row(params![id_text(&patient), uid, frame], |row| row.parsed("image_id")).optional()?;
    if let Some(image) = image {
        return Ok(Some(Known::Image(Box::new(images::get(tx, image)?))));
    }
    let mut query = tx.connection().prepare_cached(
        "SELECT id FROM tray_photos WHERE patient_id = ?1 AND state = 'waiting'
           AND (sha256 = ?2 OR (json_extract(origin, '$.dicom.sop_instance_uid') = ?3
               AND json_extract(origin, '$.dicom.frame') = ?4)) LIMIT 1",
    )?;
    let tray = query.query_row(params![id_text(&patient), sha256, uid, frame], |row| row.parsed("id"));
    if let Some(photo) = tray.optional()? {
        return Ok(Some(Known::Tray(photo)));
    }
    let mut query = tx.connection().prepare_cached(
        "SELECT 1 FROM desk_photos WHERE patient_id = ?1 AND sha256 = ?2 AND state = 'waiting'",
    )?;
    Ok(query.exists([id_text(&patient), sha256.to_owned()])?.then_some(Known::Desk))
}

/// Whether the same content is stored for anybody else. Who that is stays untold.
///
/// # Errors
/// [`RecordsError::Storage`].
pub fn stored_for_another(tx: &Reading<'_>, patient: PatientId, sha256: &str) -> Result<bool, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT 1 FROM images WHERE sha256 = ?1 AND patient_id <> ?2 AND deletion IS NULL
         UNION ALL SELECT 1 FROM tray_photos WHERE sha256 = ?1 AND patient_id <> ?2 AND state = 'waiting'
         UNION ALL SELECT 1 FROM desk_photos WHERE sha256 = ?1 AND patient_id <> ?2 AND state = 'waiting'",
    )?;
    Ok(query.exists(params![sha256, id_text(&patient)])?)
}

/// How many readings that stand look at a photograph.
///
/// # Errors
/// [`RecordsError::Storage`].
pub fn readings_of(tx: &Reading<'_>, image: ImageId) -> Result<u32, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT count(*) FROM analysis_images JOIN analyses ON analyses.id = analysis_id
         WHERE image_id = ?1 AND deletion IS NULL",
    )?;
    Ok(query.query_row([id_text(&image)], |row| row.get(0))?)
}

/// Puts a photograph to another lesion of the same patient. Readings that look at it stay with the lesion they
/// were made for; the trail then says why.
///
/// # Errors
/// [`RecordsError::NotFound`] when one is unknown, deleted or another patient's; [`RecordsError::Conflict`] when
/// the photograph is the lesion's already or shows the site of a specimen; [`RecordsError::WorkUnderWay`] while an
/// analysis of it waits or runs.
pub fn relocate(
    tx: &Writing<'_>,
    id: ImageId,
    lesion: LesionId,
    reason: &str,
) -> Result<ImageRecord, RecordsError> {
    deletions::image_stands(tx, id)?;
    let old = images::get(tx, id)?;
    if lesions::get(tx, lesion)?.patient_id != old.patient_id {
        return Err(RecordsError::NotFound);
    }
    if old.lesion_id == lesion || deletions::shows_a_specimen(tx, id)? {
        return Err(RecordsError::Conflict);
    }
    let mut under_way = tx.connection().prepare_cached(
        "SELECT 1 FROM jobs, json_each(jobs.request, '$.image_ids') AS wanted
         WHERE finished_at IS NULL AND wanted.value = ?1",
    )?;
    if under_way.exists([id_text(&id)])? {
        return Err(RecordsError::WorkUnderWay);
    }
    tx.connection()
        .prepare_cached("UPDATE images SET lesion_id = ?2 WHERE id = ?1")?
        .execute([id_text(&id), id_text(&lesion)])?;
    let about = json!({
        "changed": { "lesion_id": [old.lesion_id, lesion] },
        "reason": reason,
        "readings": readings_of(tx, id)?,
    });
    let entry = AuditEntry::new(AuditAction::PhotographMoved).on(id).of_patient(old.patient_id);
    audit::record(tx, entry.with(about))?;
    images::get(tx, id)
}

/// A person says what kind a photograph is.
///
/// # Errors
/// [`RecordsError::NotFound`], also for a photograph that was deleted.
pub fn change_kind(tx: &Writing<'_>, id: ImageId, kind: ImageKind) -> Result<ImageRecord, RecordsError> {
    deletions::image_stands(tx, id)?;
    let old = images::get(tx, id)?;
    tx.connection()
        .prepare_cached("UPDATE images SET kind = ?2 WHERE id = ?1")?
        .execute([id_text(&id), word(&kind)])?;
    let entry = AuditEntry::new(AuditAction::PhotographKindChanged).on(id).of_patient(old.patient_id);
    audit::record(tx, entry.with(json!({ "changed": { "kind": [old.kind, kind] } })))?;
    images::get(tx, id)
}
