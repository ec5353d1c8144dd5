//! What people do in a clinic, one step each, with the clinic's own answer.

use std::sync::mpsc;
use std::time::Duration;

use clinic::views::*;
use clinic::{Error, Session, analysis, image, lesion, patient};
use domain::image::ImageKind;
use domain::lesion::{BodySite, Laterality, LesionDetails};
use domain::patient::PatientDetails;
use domain::{ImageId, LesionId, PatientId};
use sha2::{Digest, Sha256};

use crate::world::details;

/// The longest silence of a job that is at work.
const PATIENCE: Duration = Duration::from_secs(60);

/// # Errors
/// What the registration says.
pub fn registers(session: &Session, family_name: &str) -> Result<PatientId, Error> {
    let details = PatientDetails { family_name: family_name.into(), ..details() };
    Ok(patient::create(session, PatientCreateRequest { details })?.patient.id)
}

/// # Errors
/// What the body map says.
pub fn adds_lesion(session: &Session, patient_id: PatientId) -> Result<LesionId, Error> {
    let details = LesionDetails {
        label: "L1".into(),
        site: BodySite::Back,
        laterality: Laterality::Left,
        note: String::new(),
    };
    Ok(lesion::create(session, LesionCreateRequest { patient_id, details, place: None })?.lesion.id)
}

/// # Errors
/// What the import says.
pub fn imports(session: &Session, lesion_id: LesionId, bytes: &[u8]) -> Result<ImageImported, Error> {
    let request = ImageImportRequest { lesion_id, kind: ImageKind::Dermoscopic };
    image::import(session, &request, bytes)
}

/// Starts an analysis and follows it to its end, or to where it waits in the queue without anybody at work.
///
/// # Errors
/// What the start says; a job that fails comes back as its last view.
///
/// # Panics
/// When a job neither ends nor says anything.
pub fn analyses(session: &Session, image_ids: &[ImageId]) -> Result<Vec<JobView>, Error> {
    let (sender, updates) = mpsc::channel();
    let request = AnalysisStartRequest { image_ids: image_ids.to_vec() };
    let first = analysis::start(session, &request, move |job| drop(sender.send(job.clone())))?;
    let mut seen = vec![first];
    while seen.last().is_some_and(|job| !job.state.is_finished()) {
        match updates.recv_timeout(PATIENCE) {
            Ok(job) => seen.push(job),
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("a job that says nothing: {seen:?}"),
        }
    }
    Ok(seen)
}

/// SHA-256 in hexadecimal, as records keep it.
#[must_use]
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
