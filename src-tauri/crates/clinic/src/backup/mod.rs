//! Backups: where they go, when they are made, how the clinic stands with them.
//!
//! A backup needs a session for the moment in which the database is copied beside itself ([`begin`]); the rest goes on
//! without its keys ([`BackupWork::go`]), and a session takes note of what came of it ([`finish`]). When the session
//! ends, so does the work; the next one goes on where it was.

mod drill;
mod restore;
mod work;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::backup::{BackupPlan, BackupRhythm, BackupStanding};
use domain::{BackupId, ClinicId};
use jiff::{SignedDuration, Timestamp};
use records::backups::{self, BackupRun, BackupRunKind};
use records::settings::{self, Shown};
use records::{Reading, RecordsError};
use serde::{Deserialize, Serialize};
use serde_json::json;
use vault::{BackupDraft, BackupSet, BackupStep, Generation, VaultError};

pub use drill::drill;
pub use restore::{look, refuse_founded, restore, stop_restoring};
pub use work::{BackupWork, Finished, begin, begin_into, begin_planned, finish};

use crate::commands::Command;
use crate::entry::clear;
use crate::error::{Error, ErrorCode, Result};
use crate::jobs::Cancel;
use crate::session::Session;
use crate::views::{self, BackupEntry, BackupListView, BackupProgress, BackupRunView, BackupView};
use crate::workstation::Workstation;

const PLACE: &str = "backup.place";
const PLAN: &str = "backup.plan";
/// After a planned backup failed, the next try waits.
const PAUSE: SignedDuration = SignedDuration::from_hours(1);
/// A window cannot show more.
const BETWEEN_REPORTS: Duration = Duration::from_millis(80);

/// Where backups go.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Place {
    folder: PathBuf,
    chosen_at: Timestamp,
}

/// The one backup, drill or restore of this workstation, and what was found to restore from.
#[derive(Default)]
pub(crate) struct Backups {
    running: Mutex<Option<Cancel>>,
    found: Mutex<Vec<(BackupSet, Generation)>>,
}

impl Backups {
    /// # Errors
    /// `backup_failed` with the reason `busy`.
    fn begin(&self) -> Result<Cancel> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if running.is_some() {
            return Err(failed("busy"));
        }
        Ok(running.insert(Cancel::default()).clone())
    }

    fn end(&self) {
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn is_running(&self) -> bool {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Backups that may be restored; earlier ones are forgotten.
    fn remember(&self, found: Vec<(BackupSet, Generation)>) {
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = found;
    }

    fn found(&self, id: BackupId) -> Option<(BackupSet, Generation)> {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.iter().find(|(_, generation)| generation.id == id).cloned()
    }

    pub(crate) fn cancel(&self) {
        if let Some(cancel) = &*self.running.lock().unwrap_or_else(PoisonError::into_inner) {
            cancel.request();
        }
    }
}

/// # Errors
/// `not_permitted`.
pub fn read(session: &Session) -> Result<BackupView> {
    session.authorise(Command::BackupRead)?;
    let now = session.workstation().clock().now();
    let running = session.workstation().backups().is_running();
    Ok(session.store().read(|tx| {
        let (plan, last) = (plan(tx)?, backups::last(tx, BackupRunKind::Backup)?);
        let last_good = backups::last_good(tx, BackupRunKind::Backup)?;
        let failed_at = last.as_ref().filter(|run| run.problem.is_some()).map(|run| run.ended_at);
        Ok(BackupView {
            folder: place(tx)?.map(|place| place.folder.display().to_string()),
            standing: plan.standing(last_good.as_ref().map(|run| run.began_at), failed_at, now),
            plan,
            last: last.map(view),
            last_good: last_good.map(view),
            last_drill: backups::last(tx, BackupRunKind::Drill)?.map(view),
            running,
        })
    })?)
}

/// How the clinic stands with its backups, and since when there is a good one; for the self-test.
///
/// # Errors
/// `storage_failed`, `record_damaged`.
pub(crate) fn standing(session: &Session) -> Result<(BackupStanding, Option<Timestamp>)> {
    let now = session.workstation().clock().now();
    Ok(session.store().read(|tx| {
        let good = backups::last_good(tx, BackupRunKind::Backup)?.map(|run| run.began_at);
        let last = backups::last(tx, BackupRunKind::Backup)?;
        let failed_at = last.filter(|run| run.problem.is_some()).map(|run| run.ended_at);
        Ok((plan(tx)?.standing(good, failed_at, now), good))
    })?)
}

/// # Errors
/// `invalid_input` with the fields.
pub fn change_plan(session: &Session, request: &BackupPlan) -> Result<BackupView> {
    let actor = session.authorise(Command::BackupPlanUpdate)?;
    request.validate()?;
    session.store().write(&actor, |tx| settings::set(tx, PLAN, request, Shown::Value))?;
    read(session)
}

/// Backups go to this folder from now on. Nothing is written there yet.
///
/// # Errors
/// `backup_failed` with the reason `inside` for a folder in the clinic's own, `folder_missing`.
pub fn choose_folder(session: &Session, folder: &Path) -> Result<BackupView> {
    let actor = session.authorise(Command::BackupFolderChoose)?;
    let workstation = session.workstation();
    let folder = refuse_inside(workstation.folder(), folder)?;
    let place = Place { folder, chosen_at: workstation.clock().now() };
    session.store().write(&actor, |tx| settings::set(tx, PLACE, &place, Shown::Value))?;
    read(session)
}

/// Where the clinic's backups lie, to be looked at without a session: a drive may take its time.
pub struct BackupShelf {
    folder: PathBuf,
    clinic: ClinicId,
    clinic_folder: PathBuf,
}

/// # Errors
/// `not_permitted`; `backup_failed` with the reason `not_set_up`.
pub fn shelf(session: &Session) -> Result<BackupShelf> {
    session.authorise(Command::BackupList)?;
    let place = session.store().read(place)?.ok_or_else(|| failed("not_set_up"))?;
    let clinic_folder = session.workstation().folder().to_owned();
    Ok(BackupShelf { folder: place.folder, clinic: session.office().clinic.id, clinic_folder })
}

impl BackupShelf {
    /// The backups that lie there.
    ///
    /// # Errors
    /// `backup_failed` with the reasons `folder_missing`, `folder_denied`, `storage`; `newer_version`.
    pub fn list(&self) -> Result<BackupListView> {
        let trouble = |error| backup_error(&self.folder, error);
        fs::metadata(&self.folder).map_err(|error| trouble(error.into()))?;
        let newest = records::newest_schema()?;
        let generations = BackupSet::of(&self.folder, self.clinic).generations().map_err(trouble)?;
        Ok(BackupListView {
            backups: generations.iter().map(|generation| entry(generation, newest)).collect(),
            same_disk: same_disk(&self.clinic_folder, &self.folder),
        })
    }
}

/// Stops the backup or the drill that is under way.
///
/// # Errors
/// `not_permitted`.
pub fn cancel(session: &Session) -> Result<()> {
    session.authorise(Command::BackupCancel)?;
    session.workstation().backups().cancel();
    Ok(())
}

/// Removes copies of the records that a backup or a drill left which did not come to its end.
pub(crate) fn clear_leftovers(workstation: &Workstation) -> Result<()> {
    if workstation.backups().is_running() {
        return Ok(());
    }
    clear(&workstation.folder().join(drill::FOLDER))?;
    Ok(BackupDraft::remove_leftovers(workstation.folder())?)
}

fn plan(tx: &Reading<'_>) -> std::result::Result<BackupPlan, RecordsError> {
    Ok(settings::get(tx, PLAN)?.unwrap_or_default())
}

pub(crate) fn is_planned(tx: &Reading<'_>) -> std::result::Result<bool, RecordsError> {
    Ok(plan(tx)?.rhythm != BackupRhythm::Off)
}

fn place(tx: &Reading<'_>) -> std::result::Result<Option<Place>, RecordsError> {
    settings::get(tx, PLACE)
}

fn view(run: BackupRun) -> BackupRunView {
    BackupRunView {
        backup_id: run.backup,
        began_at: run.began_at,
        ended_at: run.ended_at,
        problem: run
            .problem
            .map(|problem| serde_json::from_value(problem).unwrap_or_else(|_| failed("storage"))),
        files: run.files,
        bytes: run.bytes,
        written: run.written,
        missing: run.missing,
        photographs: run.photographs,
    }
}

fn entry(generation: &Generation, newest_schema: u32) -> BackupEntry {
    BackupEntry {
        id: generation.id,
        made_at: generation.made_at,
        program: generation.program.clone(),
        files: generation.files,
        bytes: generation.bytes,
        newer: generation.database_schema > newest_schema,
    }
}

fn failed(reason: &str) -> Error {
    Error::with(ErrorCode::BackupFailed, json!({ "reason": reason }))
}

/// What went wrong with a folder that backups lie in.
fn backup_error(folder: &Path, error: VaultError) -> Error {
    use std::io::ErrorKind as K;
    let reason = match &error {
        VaultError::NewerFormat => return ErrorCode::NewerVersion.into(),
        VaultError::InvalidCredentials | VaultError::RecoveryCodeMistyped | VaultError::KeyNotHeld => {
            return error.into();
        }
        VaultError::Cancelled => "cancelled",
        VaultError::BackupRunning => "busy",
        VaultError::OtherClinic => "other_clinic",
        // Whatever a drive says while it is pulled out.
        _ if !folder.is_dir() => "folder_missing",
        VaultError::FileMissing => "folder_missing",
        VaultError::StorageFull => "folder_full",
        VaultError::Damaged | VaultError::KeySlotsDamaged => "damaged",
        VaultError::Storage(K::PermissionDenied | K::ReadOnlyFilesystem) => "folder_denied",
        _ => "storage",
    };
    tracing::warn!(%error, reason, "backup");
    failed(reason)
}

/// The folder's own path, unless it lies in the clinic's folder: what destroys one would destroy both.
fn refuse_inside(clinic: &Path, folder: &Path) -> Result<PathBuf> {
    let folder = fs::canonicalize(folder).map_err(|error| backup_error(folder, error.into()))?;
    if fs::canonicalize(clinic).is_ok_and(|clinic| folder.starts_with(clinic)) {
        return Err(failed("inside"));
    }
    Ok(folder)
}

fn same_disk(a: &Path, b: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let disk = |path: &Path| fs::metadata(path).ok().map(|known| known.dev());
        disk(a).is_some_and(|a| disk(b) == Some(a))
    }
    #[cfg(not(unix))]
    {
        a.components().next() == b.components().next()
    }
}

/// Tells of progress now and then, and passes on the wish to stop.
fn watch<'a>(
    cancel: &'a Cancel,
    progress: &'a dyn Fn(&BackupProgress),
) -> impl FnMut(BackupStep, u64, u64) -> bool + 'a {
    let mut told: Option<(BackupStep, Instant)> = None;
    move |step, done, of| {
        let pause =
            told.is_some_and(|(last, at)| last == step && at.elapsed() < BETWEEN_REPORTS && done < of);
        if !pause {
            told = Some((step, Instant::now()));
            let work = match step {
                BackupStep::Copying => views::BackupWork::Copying,
                BackupStep::Checking => views::BackupWork::Checking,
                BackupStep::Restoring => views::BackupWork::Restoring,
            };
            progress(&BackupProgress { work, done, of });
        }
        !cancel.is_requested()
    }
}
