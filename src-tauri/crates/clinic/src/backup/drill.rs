//! Trying out a backup: it is read whole, restored aside, opened, and taken away again. The clinic is not touched.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use records::Store;
use records::backups::{self, BackupRun, BackupRunKind};
use records::images::Rendition;
use serde_json::json;
use vault::{BackupProof, BackupSet, Examined, OpenedBackup, SealedStore, layout};

use super::{backup_error, failed, place, view, watch};
use crate::audit_trail;
use crate::commands::Command;
use crate::entry::clear;
use crate::error::{Error, ErrorCode, Result};
use crate::jobs::Cancel;
use crate::session::Session;
use crate::views::{BackupProgress, BackupRequest, BackupRunView};

/// Inside the clinic's own folder: nothing of it belongs anywhere else.
pub(super) const FOLDER: &str = ".drill";
/// So many photographs, drawn by lot, are restored and opened.
const SAMPLE: u32 = 25;

/// Proves a backup: every byte is read and compared, the key slots open, the database is restored aside and checked,
/// its audit trail is recomputed, and some photographs are opened. What came of it is noted.
///
/// # Errors
/// `backup_failed` with the reason, after it was noted: `damaged` with the number of files, also where the trail or
/// a photograph in the backup is; `storage_full` when the clinic's disk has no room for the records once more.
pub fn drill(
    session: &Session,
    request: &BackupRequest,
    progress: impl Fn(&BackupProgress),
) -> Result<BackupRunView> {
    session.authorise(Command::BackupDrill)?;
    let place = session.store().read(place)?.ok_or_else(|| failed("not_set_up"))?;
    let workstation = session.workstation();
    let began_at = workstation.clock().now();
    let cancel = workstation.backups().begin()?;
    let set = BackupSet::of(&place.folder, session.office().clinic.id);
    let aside = workstation.folder().join(FOLDER);
    let drill = Drill { session, place: &place.folder, aside: &aside, cancel: &cancel };
    let found = drill.run(&set, request, &progress);
    let cleared = clear(&aside);
    workstation.backups().end();
    let run = noted(session, request, &place.folder, began_at, &found);
    if let Some(run) = &run {
        session.store().write(&session.actor(), |tx| backups::add(tx, run))?;
    }
    cleared?;
    found?;
    run.map(view).ok_or_else(|| failed("cancelled"))
}

/// What was found; nothing to note of a drill that was stopped.
fn noted(
    session: &Session,
    request: &BackupRequest,
    folder: &Path,
    began_at: Timestamp,
    found: &Result<Proven>,
) -> Option<BackupRun> {
    let stopped = found.as_ref().is_err_and(|error| error.details["reason"] == "cancelled");
    let proven = found.as_ref().ok();
    (!stopped).then(|| BackupRun {
        kind: BackupRunKind::Drill,
        backup: Some(request.id),
        folder: folder.display().to_string(),
        began_at,
        ended_at: session.workstation().clock().now(),
        problem: found.as_ref().err().map(|error| json!(error)),
        files: proven.map_or(0, |proven| proven.files),
        bytes: proven.map_or(0, |proven| proven.bytes),
        written: 0,
        missing: 0,
        photographs: proven.map_or(0, |proven| proven.photographs),
    })
}

struct Drill<'a> {
    session: &'a Session,
    place: &'a Path,
    aside: &'a Path,
    cancel: &'a Cancel,
}

struct Proven {
    files: u64,
    bytes: u64,
    photographs: u64,
}

impl Drill<'_> {
    fn run(
        &self,
        set: &BackupSet,
        request: &BackupRequest,
        progress: &dyn Fn(&BackupProgress),
    ) -> Result<Proven> {
        clear(self.aside)?;
        let trouble = |error| backup_error(self.place, error);
        let mut watch = watch(self.cancel, progress);
        let opened = set.open(request.id, &BackupProof::Keys(self.session.keys())).map_err(trouble)?;
        let Examined { files, bytes, damaged } = opened.examine(&mut watch).map_err(trouble)?;
        if !damaged.is_empty() {
            return Err(damage(damaged.len()));
        }
        let records = |path: &str| layout::sealed_file_of(path).is_none();
        opened.place(self.aside, records, &mut watch).map_err(trouble)?;
        let store = self.records(&opened)?;
        let sample = store.read(|tx| backups::sample(tx, SAMPLE))?;
        let drawn: HashSet<String> = sample.iter().map(|file| layout::sealed_file(file.id)).collect();
        opened.place(self.aside, |path| drawn.contains(path), &mut watch).map_err(trouble)?;
        let key = opened.keys().clinical_key.as_ref().ok_or(ErrorCode::NotPermitted)?;
        let sealed = SealedStore::open(self.aside, key)?;
        let purpose = Rendition::Original.purpose();
        let unreadable = sample
            .iter()
            .filter(|file| sealed.open_file(file.id, file.version, purpose, &file.key).is_err())
            .count();
        if unreadable > 0 {
            return Err(damage(unreadable));
        }
        Ok(Proven { files, bytes, photographs: sample.len() as u64 })
    }

    /// Opens the restored records, and with them their audit trail.
    fn records(&self, opened: &OpenedBackup) -> Result<Store> {
        let connection = vault::open_database(self.aside, opened.keys())?;
        vault::check_database(&connection).map_err(|error| backup_error(self.place, error))?;
        let clock = Arc::clone(self.session.workstation().clock());
        let store = Store::open(connection, opened.keys().audit_key.clone(), clock)?;
        if audit_trail::has_unrecorded_fault(&store.verify_chain()?) {
            return Err(damage(1));
        }
        Ok(store)
    }
}

fn damage(files: usize) -> Error {
    Error::with(ErrorCode::BackupFailed, json!({ "reason": "damaged", "files": files }))
}
