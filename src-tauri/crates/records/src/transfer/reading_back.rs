//! Whether what was written can be read by everything that will read it.

use domain::PatientId;
use domain::patient::Patient;

use crate::error::RecordsError;
use crate::store::Writing;
use crate::{
    analyses, biopsies, case_notes, checklists, decisions, feedback, holds, image_marks, image_scales,
    images, impressions, lesions, origins, outlines, patients, recalls, referrals, visits,
};

/// Reads everything that arrived of a patient.
///
/// # Errors
/// [`RecordsError::Damaged`] for what does not read, or breaks the rules that people's entries are held to.
pub(super) fn legible(tx: &Writing<'_>, id: PatientId) -> Result<Patient, RecordsError> {
    let patient = patients::get(tx, id)?;
    fits(&patient.details.validate(tx.today()))?;
    for lesion in lesions::of_patient(tx, id)? {
        fits(&lesion.details.validate())?;
        checklists::of_lesion(tx, lesion.id)?;
        for decision in decisions::of_lesion(tx, lesion.id)? {
            referrals::of_decision(tx, decision.id)?;
        }
    }
    for image in images::of_patient(tx, id)? {
        if image.sha256.bytes().any(|b| !matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(RecordsError::Damaged);
        }
        image_scales::get(tx, image.id)?;
        image_marks::of_image(tx, image.id)?;
        origins::of_image(tx, image.id)?;
    }
    for analysis in analyses::of_patient(tx, id)? {
        if lesions::get(tx, analysis.lesion_id)?.patient_id != id {
            return Err(RecordsError::Damaged);
        }
        outlines::of_analysis(tx, analysis.id)?;
        impressions::of_analysis(tx, analysis.id)?;
        feedback::of_analysis(tx, analysis.id)?;
    }
    for recall in recalls::of_patient(tx, id)? {
        recalls::contacts(tx, recall.id)?;
    }
    for biopsy in biopsies::of_patient(tx, id)? {
        biopsies::editions(tx, biopsy.id)?;
    }
    visits::of_patient(tx, id)?;
    case_notes::of_patient(tx, id)?;
    holds::in_force(tx, id, tx.today())?;
    Ok(patient)
}

fn fits<E>(judged: &Result<(), E>) -> Result<(), RecordsError> {
    if judged.is_ok() { Ok(()) } else { Err(RecordsError::Damaged) }
}
