//! Records of elsewhere come into the clinic: opened, held against the registry without writing anything, then
//! imported row by row.
//!
//! A row is one person. It goes in whole or not at all, and importing a source a second time changes nothing: what
//! is here already is recognised. A source lives in the session and goes with it; nothing of it is written down
//! but what is imported.

mod archive;
mod clinic_export;
mod fhir;
mod folder;
mod judging;
mod listing;
mod old_record;
mod photographs;
mod row;
mod source;
mod state;
mod work;

use std::path::Path;

use domain::audit::AuditAction;
use records::audit::{self, AuditEntry};
use serde_json::json;
use zeroize::Zeroizing;

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::session::Session;
use crate::views::{
    ImportDecideRequest, ImportKind, ImportMapping, ImportOpenRequest, ImportOutcome, ImportProgress,
    ImportRows, ImportRowsRequest, ImportView,
};

pub(crate) use state::Imports;

use source::Source;
use state::{Migration, Turn};

#[cfg(feature = "fuzzing")]
pub use fhir::fuzzed as fuzzed_bundle;
#[cfg(feature = "fuzzing")]
pub use folder::fuzzed as fuzzed_table;

/// Longest page of rows.
const MOST_ROWS: u32 = 200;

/// A source that was asked for and has no place yet.
pub struct OpenPermit {
    kind: ImportKind,
    passphrase: Option<Zeroizing<String>>,
}

impl OpenPermit {
    /// Whether a folder is to be chosen rather than a file.
    #[must_use]
    pub const fn asks_for_folder(&self) -> bool {
        matches!(self.kind, ImportKind::Folder)
    }

    /// Name and endings of the files to choose from.
    #[must_use]
    pub const fn files(&self) -> (&'static str, &'static [&'static str]) {
        match self.kind {
            ImportKind::Fhir => ("FHIR", &["json", "zip"]),
            _ => ("ZIP, JSON", &["zip", "json"]),
        }
    }
}

/// Checks who asks, before a place is chosen.
///
/// # Errors
/// `not_permitted`; `busy` while an import runs.
pub fn prepare(session: &Session, request: &ImportOpenRequest) -> Result<OpenPermit> {
    session.authorise(Command::ImportOpen)?;
    session.sealed()?;
    session.imports().must_rest()?;
    let passphrase = request.passphrase.as_ref().map(|typed| Zeroizing::new(typed.expose().to_owned()));
    Ok(OpenPermit { kind: request.kind, passphrase })
}

/// Reads a source, in the place of one that is open.
///
/// # Errors
/// `import_unreadable` with the reason, `passphrase_wrong`, `file_gone`, `file_denied`, `busy`.
pub fn open(session: &Session, permit: OpenPermit, path: &Path) -> Result<ImportView> {
    session.authorise(Command::ImportOpen)?;
    let today = session.workstation().clock().today();
    let source = Source::open(permit.kind, path, permit.passphrase, today)?;
    session.imports().put(Migration::of(source))?;
    Ok(session.imports().view())
}

/// How far the import of this session is.
///
/// # Errors
/// `not_permitted`.
pub fn read(session: &Session) -> Result<ImportView> {
    session.authorise(Command::ImportRead)?;
    Ok(session.imports().view())
}

/// The dry run: every row is held against the registry, and nothing of it is written. `mapping` says what the
/// columns of a folder mean; the other sources say it themselves.
///
/// # Errors
/// `not_found` where nothing is open; `invalid_input` for a mapping without the columns of names and birth, and
/// without an order of dates where they leave it open; `busy`.
pub fn plan(session: &Session, mapping: &ImportMapping) -> Result<ImportView> {
    let actor = session.authorise(Command::ImportPlan)?;
    let imports = session.imports();
    let mut turn = imports.take()?;
    let migration = turn.migration();
    migration.map(mapping)?;
    judge(session, migration)?;
    let outcomes = migration.outcomes();
    let entry = AuditEntry::new(AuditAction::ImportPlanned).with(json!({
        "kind": migration.kind(), "rows": migration.rows.len(), "outcomes": outcomes,
    }));
    session.store().write(&actor, |tx| audit::record(tx, entry))?;
    drop(turn);
    Ok(imports.view())
}

fn judge(session: &Session, migration: &mut Migration) -> Result<()> {
    let today = session.workstation().clock().today();
    let rows = session.store().read(|tx| judging::judged(tx, migration, today))?;
    migration.judged(rows);
    Ok(())
}

/// A stretch of the rows of the dry run, or of what became of them.
///
/// # Errors
/// `not_found` before a dry run, `busy` while an import runs.
pub fn rows(session: &Session, request: &ImportRowsRequest) -> Result<ImportRows> {
    session.authorise(Command::ImportRows)?;
    let mut turn = session.imports().take()?;
    Ok(listing::page(turn.migration(), request, request.limit.clamp(1, MOST_ROWS)))
}

/// Decides a doubtful row, or all of them.
///
/// # Errors
/// `not_found` for a row that is not there, `invalid_input` for one that is not doubtful, `busy`.
pub fn decide(session: &Session, request: &ImportDecideRequest) -> Result<ImportView> {
    session.authorise(Command::ImportDecide)?;
    let mut turn = session.imports().take()?;
    let rows = &mut turn.migration().rows;
    match request.index {
        None => rows.iter_mut().for_each(|row| _ = row.decide(request.decision)),
        Some(index) => {
            let row = rows.get_mut(index as usize).ok_or(ErrorCode::NotFound)?;
            if !row.decide(request.decision) {
                return Err(ErrorCode::InvalidInput.into());
            }
        }
    }
    drop(turn);
    Ok(session.imports().view())
}

/// Imports what the dry run found, after comparing once more: the registry may have changed since. It ends with
/// the session. `progress` hears of every row.
///
/// # Errors
/// `not_found` before a dry run; `busy`; `storage_full` and `storage_failed` where the disk fails, which leaves what
/// was done.
pub fn run(session: &Session, progress: impl Fn(ImportProgress)) -> Result<ImportView> {
    let actor = session.authorise(Command::ImportStart)?;
    session.sealed()?;
    let mut turn = session.imports().begin()?;
    let migration = turn.migration();
    judge(session, migration)?;
    let started = AuditEntry::new(AuditAction::ImportStarted)
        .with(json!({ "kind": migration.kind(), "rows": migration.rows.len() }));
    session.store().write(&actor, |tx| audit::record(tx, started))?;
    let ended = work::through(session, &mut turn, &progress);
    let results = turn.migration().results();
    let entry = AuditEntry::new(AuditAction::ImportEnded).with(json!({ "results": results }));
    // The trail tells of the end also where the work ended with an error, unless the session has ended.
    let told = session.store().write(&actor, |tx| audit::record(tx, entry));
    drop(turn);
    ended?;
    told?;
    Ok(session.imports().view())
}

/// Ends the import under way after the row it is at; what is in stays.
///
/// # Errors
/// `not_permitted`.
pub fn cancel(session: &Session) -> Result<()> {
    session.authorise(Command::ImportCancel)?;
    session.imports().cancel();
    Ok(())
}

/// Forgets the source.
///
/// # Errors
/// `busy` while an import runs.
pub fn close(session: &Session) -> Result<ImportView> {
    session.authorise(Command::ImportClose)?;
    session.imports().forget()?;
    Ok(session.imports().view())
}

/// Whether there is a result to save, before a place is asked for.
///
/// # Errors
/// `not_found` where nothing was imported.
pub fn prepare_result(session: &Session) -> Result<&'static str> {
    session.authorise(Command::ImportResultSave)?;
    let mut turn = session.imports().take()?;
    if turn.migration().ended { Ok("import-result.csv") } else { Err(ErrorCode::NotFound.into()) }
}

/// Writes what became of every row as CSV.
///
/// # Errors
/// `not_found`, `storage_full`, `storage_failed`.
pub fn save_result(session: &Session, path: &Path) -> Result<()> {
    session.authorise(Command::ImportResultSave)?;
    let csv = Zeroizing::new(listing::as_csv(session.imports().take()?.migration())?);
    crate::export::write(path, &csv)
}

fn unreadable(reason: &str) -> Error {
    Error::with(ErrorCode::ImportUnreadable, json!({ "reason": reason }))
}

/// Whether a row goes in, and how, once a person has decided what was doubtful.
fn settled(row: &row::Row) -> Option<ImportOutcome> {
    use crate::views::ImportDecision as D;
    match (row.outcome, row.decision) {
        (ImportOutcome::Refused, _) => None,
        (ImportOutcome::Doubtful, Some(D::New)) => Some(ImportOutcome::New),
        (ImportOutcome::Doubtful, Some(D::Same)) => Some(ImportOutcome::Same),
        (ImportOutcome::Doubtful, _) => None,
        (outcome, _) => Some(outcome),
    }
}

impl Turn<'_> {
    fn is_called_off(&self, session: &Session) -> bool {
        self.cancelled() || session.has_ended() || session.is_stale()
    }
}
