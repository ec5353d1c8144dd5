//! Making a backup.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::FileId;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use records::backups::{self, BackupRun, BackupRunKind};
use records::files;
use records::{Reading, RecordsError};
use serde_json::json;
use vault::{BackupDraft, BackupMade, BackupSet, DraftOrigin};

use super::{PAUSE, backup_error, failed, place, plan, refuse_inside, view, watch};
use crate::commands::Command;
use crate::error::Result;
use crate::events::Subject;
use crate::jobs::Cancel;
use crate::session::Session;
use crate::views::{BackupProgress, BackupRunView};
use crate::workstation::Workstation;

/// A backup that was begun: it holds no key that opens anything.
pub struct BackupWork {
    workstation: Arc<Workstation>,
    cancel: Cancel,
    draft: BackupDraft,
    folder: PathBuf,
    clinic: domain::ClinicId,
    newest_kept: u32,
    zone: TimeZone,
    /// A backup was made there before, so that an empty folder is one whose drive is missing.
    expected: bool,
    /// The last try-out found damage: nothing that lies there is believed.
    thorough: bool,
    /// Sealed files that the records named at the beginning.
    named: HashSet<FileId>,
    began_at: Timestamp,
}

/// What came of it, to be noted by a session ([`finish`]).
pub struct Finished {
    folder: PathBuf,
    began_at: Timestamp,
    named: HashSet<FileId>,
    result: Result<BackupMade>,
}

impl Drop for BackupWork {
    fn drop(&mut self) {
        self.workstation.backups().end();
    }
}

/// Begins a backup by hand into the chosen folder.
///
/// # Errors
/// `backup_failed` with the reasons `not_set_up` and `busy`; `busy` while the keys are changed; `record_damaged` when
/// the clinic's own database is; `storage_full` of the clinic's disk.
pub fn begin(session: &Session) -> Result<BackupWork> {
    session.authorise(Command::BackupStart)?;
    let place = session.store().read(place)?.ok_or_else(|| failed("not_set_up"))?;
    let expected = session
        .store()
        .read(|tx| backups::has_reached(tx, &place.folder.display().to_string(), place.chosen_at))?;
    prepare(session, place.folder, expected)
}

/// The same into another folder, which stays no one's setting.
///
/// # Errors
/// As [`begin`]; `backup_failed` with the reasons `inside` and `folder_missing`.
pub fn begin_into(session: &Session, folder: &Path) -> Result<BackupWork> {
    session.authorise(Command::BackupStart)?;
    prepare(session, refuse_inside(session.workstation().folder(), folder)?, false)
}

/// Begins the backup that is planned, whoever is signed in; nothing when none is due. One that failed is tried
/// again after an hour.
///
/// # Errors
/// As [`begin`]; what is wrong with the clinic itself is noted as the backup's failure.
pub fn begin_planned(session: &Session) -> Result<Option<BackupWork>> {
    session.check_live()?;
    let clock = session.workstation().clock();
    let now = clock.now();
    let due = session.store().read(|tx| {
        let last_good = backups::last_good(tx, BackupRunKind::Backup)?.map(|run| run.began_at);
        let last = backups::last(tx, BackupRunKind::Backup)?;
        let failed_lately = last.is_some_and(|run| {
            run.problem.is_some() && run.ended_at <= now && now.duration_since(run.ended_at) < PAUSE
        });
        let due = !failed_lately && plan(tx)?.is_due(last_good, &now.to_zoned(clock.zone()));
        Ok(if due { place(tx)? } else { None })
    })?;
    let Some(place) = due.filter(|_| !session.workstation().backups().is_running()) else { return Ok(None) };
    let folder = place.folder.display().to_string();
    let expected = session.store().read(|tx| backups::has_reached(tx, &folder, place.chosen_at))?;
    match prepare(session, place.folder, expected) {
        Ok(work) => Ok(Some(work)),
        Err(error) => {
            let run = BackupRun { problem: Some(json!(error)), ..empty(&folder, now, clock.now()) };
            session.store().write(&session.actor(), |tx| backups::add(tx, &run))?;
            Err(error)
        }
    }
}

fn prepare(session: &Session, folder: PathBuf, expected: bool) -> Result<BackupWork> {
    let workstation = Arc::clone(session.workstation());
    let cancel = workstation.backups().begin()?;
    let drafted = draft(session);
    if drafted.is_err() {
        workstation.backups().end();
    }
    let Drafted { draft, named, newest_kept, thorough, made_at } = drafted?;
    let (clinic, zone) = (session.office().clinic.id, workstation.clock().zone());
    Ok(BackupWork {
        workstation,
        cancel,
        draft,
        folder,
        clinic,
        newest_kept,
        zone,
        expected,
        thorough,
        named,
        began_at: made_at,
    })
}

struct Drafted {
    draft: BackupDraft,
    named: HashSet<FileId>,
    newest_kept: u32,
    thorough: bool,
    made_at: Timestamp,
}

fn draft(session: &Session) -> Result<Drafted> {
    let workstation = session.workstation();
    let made_at = workstation.clock().now();
    let (named, newest_kept, thorough) =
        session.store().read(|tx| Ok((files::known(tx)?, plan(tx)?.newest_kept, found_damage(tx)?)))?;
    let origin =
        DraftOrigin { clinic: session.office().clinic.id, program: env!("CARGO_PKG_VERSION"), made_at };
    let draft = session
        .store()
        .lend(|connection| BackupDraft::begin(workstation.folder(), session.keys(), connection, origin))?;
    Ok(Drafted { draft, named, newest_kept, thorough, made_at })
}

/// Whether a drill failed that no good backup has followed.
fn found_damage(tx: &Reading<'_>) -> std::result::Result<bool, RecordsError> {
    let drill = backups::last(tx, BackupRunKind::Drill)?.filter(|drill| drill.problem.is_some());
    let good = backups::last_good(tx, BackupRunKind::Backup)?;
    Ok(drill.is_some_and(|drill| good.is_none_or(|good| good.began_at < drill.ended_at)))
}

impl BackupWork {
    /// Copies, flushes and reads back. It needs no session, and ends with the one that began it.
    #[must_use]
    pub fn go(mut self, progress: impl Fn(&BackupProgress)) -> Finished {
        let result = self.made(&progress);
        Finished {
            folder: std::mem::take(&mut self.folder),
            began_at: self.began_at,
            named: std::mem::take(&mut self.named),
            result,
        }
    }

    fn made(&self, progress: &dyn Fn(&BackupProgress)) -> Result<BackupMade> {
        let trouble = |error| backup_error(&self.folder, error);
        let set = BackupSet::of(&self.folder, self.clinic);
        if self.expected && !set.exists() {
            return Err(failed("folder_missing"));
        }
        let open = set.enter(self.clinic).map_err(trouble)?;
        let made =
            open.make(&self.draft, self.thorough, &mut watch(&self.cancel, progress)).map_err(trouble)?;
        let cleared = open.keep_only(|generations| {
            let made: Vec<_> = generations.iter().map(|one| (one.id, one.made_at)).collect();
            domain::backup::kept(&made, self.newest_kept, &self.zone)
        });
        if let Err(error) = cleared {
            tracing::warn!(%error, "old backups stay until the next one");
        }
        Ok(made)
    }
}

/// Notes what came of a backup. One that was stopped is nothing to note.
///
/// # Errors
/// The backup's own, after it was noted; `storage_full`.
pub fn finish(session: &Session, finished: Finished) -> Result<BackupRunView> {
    let Finished { folder, began_at, named, result } = finished;
    if let Err(error) = &result
        && error.details["reason"] == "cancelled"
    {
        return Err(error.clone());
    }
    let now = session.workstation().clock().now();
    let folder = folder.display().to_string();
    let mut run = empty(&folder, began_at, now);
    match &result {
        Ok(made) => {
            // What the records name at both ends and the backup lacks, the clinic has lost.
            let still = session.store().read(files::known)?;
            let missing = named.intersection(&still).filter(|file| !made.sealed.contains(*file)).count();
            run.backup = Some(made.generation.id);
            run.files = made.generation.files;
            run.bytes = made.generation.bytes;
            run.written = made.bytes_written;
            run.missing = missing as u64;
        }
        Err(error) => run.problem = Some(json!(error)),
    }
    session.store().write(&session.actor(), |tx| backups::add(tx, &run))?;
    session.workstation().events().changed(Subject::Backup, "");
    result.map(|_| view(run))
}

fn empty(folder: &str, began_at: Timestamp, ended_at: Timestamp) -> BackupRun {
    BackupRun {
        kind: BackupRunKind::Backup,
        backup: None,
        folder: folder.to_owned(),
        began_at,
        ended_at,
        problem: None,
        files: 0,
        bytes: 0,
        written: 0,
        missing: 0,
        photographs: 0,
    }
}
