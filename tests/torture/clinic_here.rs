//! The clinic that is tormented: how it is founded, entered, and worked in.

use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use clinic::views::*;
use clinic::{Error, Session, Workstation, analysis, backup, entry, image, lesion, patient, report};
use domain::image::ImageKind;
use domain::lesion::{BodySite, Laterality, LesionDetails};
use domain::patient::PatientDetails;
use domain::report::SignatureMeaning;
use domain::{AnalysisId, ImageId, LesionId, PatientId};
use support::{EMAIL, PASSWORD, World, details, signed_in};
use vault::KdfPolicy;

/// Inside the folder of a torture.
pub const CLINIC: &str = "clinic";
pub const BACKUPS: &str = "backups";

const PATIENCE: Duration = Duration::from_secs(120);

pub fn models() -> PathBuf {
    support::root().join("models")
}

pub fn workstation(folder: &Path, models: &Path) -> Arc<Workstation> {
    let workstation = Workstation::new(folder.join(CLINIC), models.to_path_buf());
    Arc::new(workstation.with_kdf(KdfPolicy::for_tests()))
}

/// A clinic with one patient, one lesion, one reading and a folder for backups.
pub fn found(folder: &Path) -> Result<(), Error> {
    let workstation = workstation(folder, &models());
    let (session, _) = entry::found(&workstation, &World::founding())?;
    let backups = folder.join(BACKUPS);
    std::fs::create_dir_all(&backups).map_err(|_| clinic::ErrorCode::StorageFailed)?;
    backup::choose_folder(&session, &backups)?;
    let lesion = adds_lesion(&session, registers(&session, "Lindenhoff")?)?;
    let image = imports(&session, lesion, &small(1))?.0;
    reads(&session, image)?;
    entry::lock(&session)
}

pub fn enter(folder: &Path, models: &Path) -> Result<Session, Error> {
    signed_in(&workstation(folder, models), EMAIL, PASSWORD)
}

/// A photograph that no other number gives.
pub fn small(number: u64) -> Vec<u8> {
    use vision::phantom::{Phantom, PhantomSpec};
    let spec = PhantomSpec { width: 420, height: 320, seed: number, ..PhantomSpec::default() };
    Phantom::render(&spec).to_jpeg(88)
}

pub fn registers(session: &Session, family_name: &str) -> Result<PatientId, Error> {
    let details = PatientDetails { family_name: family_name.into(), ..details() };
    Ok(patient::create(session, PatientCreateRequest { details })?.patient.id)
}

pub fn adds_lesion(session: &Session, patient_id: PatientId) -> Result<LesionId, Error> {
    let details = LesionDetails {
        label: "L1".into(),
        site: BodySite::Back,
        laterality: Laterality::Left,
        note: String::new(),
    };
    Ok(lesion::create(session, LesionCreateRequest { patient_id, details, place: None })?.lesion.id)
}

/// The photograph and the hash it is stored under.
pub fn imports(session: &Session, lesion_id: LesionId, bytes: &[u8]) -> Result<(ImageId, String), Error> {
    let request = ImageImportRequest { lesion_id, kind: ImageKind::Dermoscopic };
    let image = image::import(session, &request, bytes)?.image;
    Ok((image.id, image.sha256.to_string()))
}

pub fn reads(session: &Session, image: ImageId) -> Result<AnalysisId, Error> {
    let (sender, updates) = mpsc::channel();
    let request = AnalysisStartRequest { image_ids: vec![image] };
    let mut last = analysis::start(session, &request, move |job| drop(sender.send(job.clone())))?;
    while !last.state.is_finished() {
        last = updates.recv_timeout(PATIENCE).map_err(|_| clinic::ErrorCode::Internal)?;
    }
    match (last.analysis_id, last.error) {
        (Some(id), _) => Ok(id),
        (None, Some(error)) => Err(error),
        (None, None) => Err(clinic::ErrorCode::Internal.into()),
    }
}

pub fn drafts(session: &Session, analysis_id: AnalysisId) -> Result<domain::report::ReportRecord, Error> {
    report::create(
        session,
        ReportCreateRequest { analysis_id, conclusion: "Excision planned.".into(), proposal: None },
    )
}

pub fn signs(session: &Session, draft: &domain::report::ReportRecord) -> Result<(), Error> {
    let request = ReportSignRequest {
        id: draft.id,
        version: draft.version,
        meaning: SignatureMeaning::Author,
        paper: PaperSize::A4,
        password: PASSWORD.into(),
        code: None,
    };
    report::sign(session, &request).map(drop)
}

pub fn backs_up(session: &Session) -> Result<domain::BackupId, Error> {
    let run = backup::finish(session, backup::begin(session)?.go(|_| {}))?;
    match (run.problem, run.backup_id) {
        (None, Some(id)) => Ok(id),
        (Some(error), _) => Err(error),
        (None, None) => Err(clinic::ErrorCode::BackupFailed.into()),
    }
}
