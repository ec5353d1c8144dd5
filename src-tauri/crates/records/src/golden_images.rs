//! Photographs that the clinic holds versions of the classifier against: those whose lesion has histology.

use std::collections::BTreeMap;

use domain::audit::AuditAction;
use domain::morphology::Behaviour;
use domain::{ImageId, LesionId, PatientId};
use jiff::Timestamp;
use rusqlite::params;
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros};
use crate::store::{Reading, Writing};
use crate::{biopsies, images};

/// Most photographs of the golden set.
pub const MOST: usize = 500;

pub(crate) const SCHEMA: &str = "
CREATE TABLE golden_images (
    image_id   TEXT PRIMARY KEY NOT NULL REFERENCES images (id),
    true_class TEXT NOT NULL CHECK (length(true_class) BETWEEN 1 AND 80),
    marked_by  TEXT NOT NULL REFERENCES users (id),
    marked_at  INTEGER NOT NULL
) STRICT;
";

/// A photograph of the golden set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoldenImage {
    pub image_id: ImageId,
    pub patient_id: PatientId,
    /// Code of the class that histology found.
    pub true_class: String,
    /// The patient agrees to photographs and to models that look at them.
    pub consent: bool,
}

/// A photograph that could be marked, or is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub image_id: ImageId,
    pub patient_id: PatientId,
    pub imported_at: Timestamp,
    /// Code of ICD-O-3, where the pathologist gave one.
    pub morphology: Option<String>,
    pub behaviour: Behaviour,
    pub true_class: Option<String>,
}

/// The golden set in the order of marking.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn list(tx: &Reading<'_>) -> Result<Vec<GoldenImage>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT image_id, images.patient_id, true_class FROM golden_images JOIN images ON images.id = image_id
         WHERE images.deletion IS NULL ORDER BY marked_at, image_id",
    )?;
    let rows = query.query_map([], |row| {
        Ok((row.parsed("image_id")?, row.parsed::<PatientId>("patient_id")?, row.text("true_class")?))
    })?;
    let rows: Vec<(ImageId, PatientId, String)> = rows.collect::<Result<_, _>>()?;
    let golden = rows.into_iter().map(|(image_id, patient_id, true_class)| {
        let details = crate::patients::get(tx, patient_id)?.details;
        let consent = details.photo_consent && details.ai_consent;
        Ok(GoldenImage { image_id, patient_id, true_class, consent })
    });
    golden.collect()
}

/// Photographs of lesions with histology, those marked first; the reading of them is in the trail.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`], [`RecordsError::StorageFull`].
pub fn candidates(tx: &Writing<'_>) -> Result<Vec<Candidate>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT images.id, images.patient_id, lesion_id, imported_at, true_class
         FROM images JOIN patients ON patients.id = images.patient_id
             LEFT JOIN golden_images ON image_id = images.id
         WHERE images.deletion IS NULL AND merged_into IS NULL AND kind = 'dermoscopic' AND EXISTS (
             SELECT 1 FROM biopsies JOIN histologies ON biopsy_id = biopsies.id
             WHERE biopsies.lesion_id = images.lesion_id AND withdrawn_at IS NULL)
         ORDER BY true_class IS NULL, marked_at, imported_at DESC, images.id LIMIT ?1",
    )?;
    let rows = query.query_map([MOST as u32], |row| {
        let candidate = Candidate {
            image_id: row.parsed("id")?,
            patient_id: row.parsed("patient_id")?,
            imported_at: row.time("imported_at")?,
            morphology: None,
            behaviour: Behaviour::Uncertain,
            true_class: row.get("true_class")?,
        };
        Ok((candidate, row.parsed::<LesionId>("lesion_id")?))
    })?;
    let mut found = Vec::new();
    for row in rows {
        let (mut candidate, lesion) = row?;
        let Some(finding) = biopsies::finding_of_lesion(tx, lesion)? else { continue };
        candidate.morphology = finding.morphology;
        candidate.behaviour = finding.behaviour;
        found.push(candidate);
    }
    note(tx, found.iter().map(|candidate| candidate.patient_id), "person")?;
    Ok(found)
}

/// Records that versions of the classifier read the golden set.
///
/// # Errors
/// [`RecordsError::StorageFull`], [`RecordsError::Storage`].
pub fn read_by_machine(tx: &Writing<'_>, golden: &[GoldenImage]) -> Result<(), RecordsError> {
    note(tx, golden.iter().filter(|image| image.consent).map(|image| image.patient_id), "model")
}

/// A row for each patient.
fn note(
    tx: &Writing<'_>,
    patients: impl Iterator<Item = PatientId>,
    reader: &str,
) -> Result<(), RecordsError> {
    let mut photographs: BTreeMap<PatientId, u32> = BTreeMap::new();
    for patient in patients {
        *photographs.entry(patient).or_default() += 1;
    }
    for (patient, count) in photographs {
        let entry = AuditEntry::new(AuditAction::GoldenSetRead).of_patient(patient);
        audit::record(tx, entry.with(json!({ "photographs": count, "by": reader })))?;
    }
    Ok(())
}

/// Takes a photograph into the golden set, or says another class of it.
///
/// # Errors
/// [`RecordsError::NotFound`] for one that was deleted or has no histology; [`RecordsError::Conflict`] for one more
/// than [`MOST`].
pub fn mark(tx: &Writing<'_>, image: ImageId, true_class: &str) -> Result<(), RecordsError> {
    crate::deletions::image_stands(tx, image)?;
    let record = images::get(tx, image)?;
    biopsies::finding_of_lesion(tx, record.lesion_id)?.ok_or(RecordsError::NotFound)?;
    let there = list(tx)?;
    if there.len() >= MOST && !there.iter().any(|golden| golden.image_id == image) {
        return Err(RecordsError::Conflict);
    }
    tx.connection().execute(
        "INSERT INTO golden_images (image_id, true_class, marked_by, marked_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (image_id) DO UPDATE SET true_class = ?2",
        params![id_text(&image), true_class, id_text(&tx.actor().user), micros(tx.now())],
    )?;
    let entry = AuditEntry::new(AuditAction::GoldenImageMarked).on(image).of_patient(record.patient_id);
    audit::record(tx, entry.with(json!({ "class": true_class }))).map(drop)
}

/// Takes a photograph out of the golden set.
///
/// # Errors
/// [`RecordsError::NotFound`] for one that is not in it.
pub fn unmark(tx: &Writing<'_>, image: ImageId) -> Result<(), RecordsError> {
    let patient = images::get(tx, image)?.patient_id;
    let gone = tx.connection().execute("DELETE FROM golden_images WHERE image_id = ?1", [id_text(&image)])?;
    if gone == 0 {
        return Err(RecordsError::NotFound);
    }
    let entry = AuditEntry::new(AuditAction::GoldenImageUnmarked).on(image).of_patient(patient);
    audit::record(tx, entry).map(drop)
}
