//! The clinic that is tormented: how it is founded, entered, and worked in.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use clinic::views::*;
use clinic::{Error, ErrorCode, Session, Workstation, backup, entry, report};
use domain::report::{ReportRecord, SignatureMeaning};
use domain::{AnalysisId, ImageId};
use support::doing::analyses;
pub use support::doing::{adds_lesion, imports, registers};
use support::{EMAIL, PASSWORD, World, signed_in};
use vault::KdfPolicy;

/// Inside the folder of a torture.
pub const CLINIC: &str = "clinic";
pub const BACKUPS: &str = "backups";

pub fn models() -> PathBuf {
    support::root().join("models")
}

pub fn workstation(folder: &Path, models: &Path) -> Arc<Workstation> {
    let workstation = Workstation::new(folder.join(CLINIC), models.to_path_buf());
    Arc::new(workstation.with_kdf(KdfPolicy::for_tests()))
}

/// A clinic with one patient, one lesion, one reading and a folder for backups, at rest.
pub fn found(folder: &Path) -> Result<(), Error> {
    let workstation = workstation(folder, &models());
    let (session, _) = entry::found(&workstation, &World::founding())?;
    let backups = folder.join(BACKUPS);
    std::fs::create_dir_all(&backups).map_err(|_| ErrorCode::StorageFailed)?;
    backup::choose_folder(&session, &backups)?;
    let lesion = adds_lesion(&session, registers(&session, "Lindenhoff")?)?;
    let image = imports(&session, lesion, &small(1))?.image.id;
    reads(&session, image)?;
    entry::lock(&session)?;
    drop((session, workstation));
    rests(&folder.join(CLINIC))
}

/// Waits for the worker that ends after the session: whoever looks at the files before may see the log emptied
/// and the pages not yet there, and in a folder that is filled anew the old connection would take away the new log.
pub fn rests(clinic: &Path) -> Result<(), Error> {
    const PATIENCE: Duration = Duration::from_secs(10);
    let begun = Instant::now();
    while holds_a_log(clinic)? {
        if begun.elapsed() > PATIENCE {
            return Err(ErrorCode::ClinicInUse.into());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// SQLite removes the log and its index when the last connection closes, after the pages are flushed.
fn holds_a_log(clinic: &Path) -> Result<bool, Error> {
    for entry in std::fs::read_dir(clinic)? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        // What an interrupted backup left begins with a point and is swept later.
        if !name.starts_with('.') && (name.ends_with("-wal") || name.ends_with("-shm")) {
            return Ok(true);
        }
    }
    Ok(false)
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

/// # Errors
/// What the start or the job says; `interrupted` where it waits in the queue for the next call to work.
pub fn reads(session: &Session, image: ImageId) -> Result<AnalysisId, Error> {
    let last = analyses(session, &[image])?.pop();
    match last.map(|job| (job.analysis_id, job.error)) {
        Some((Some(id), _)) => Ok(id),
        Some((None, Some(error))) => Err(error),
        _ => Err(ErrorCode::Interrupted.into()),
    }
}

pub fn drafts(session: &Session, analysis_id: AnalysisId) -> Result<ReportRecord, Error> {
    report::create(
        session,
        ReportCreateRequest { analysis_id, conclusion: "Excision planned.".into(), proposal: None },
    )
}

pub fn signs(session: &Session, draft: &ReportRecord) -> Result<(), Error> {
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
        (None, None) => Err(ErrorCode::BackupFailed.into()),
    }
}
