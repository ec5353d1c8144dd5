//! What came of backups and of trying them out.

use domain::audit::AuditAction;
use domain::{BackupId, FileId};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::files::{self, SealedFile};
use crate::images::Rendition;
use crate::row::{Columns, id_text, micros, word};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE backup_runs (
    row         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT NOT NULL CHECK (kind IN ('backup', 'drill')),
    backup_id   TEXT CHECK (length(backup_id) = 36),
    folder      TEXT NOT NULL,
    began_at    INTEGER NOT NULL,
    ended_at    INTEGER NOT NULL,
    problem     TEXT CHECK (json_valid(problem)),
    files       INTEGER NOT NULL,
    bytes       INTEGER NOT NULL,
    written     INTEGER NOT NULL,
    missing     INTEGER NOT NULL,
    photographs INTEGER NOT NULL,
    CHECK (problem IS NOT NULL OR backup_id IS NOT NULL)
) STRICT;
CREATE INDEX backup_runs_by_kind ON backup_runs (kind, row);
";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackupRunKind {
    Backup,
    /// A backup was restored aside, opened, and taken away again.
    Drill,
}

/// One backup, or one trying out of a backup, that came to an end.
#[derive(Clone, Debug, PartialEq)]
pub struct BackupRun {
    pub kind: BackupRunKind,
    /// Nothing when it failed before there was one.
    pub backup: Option<BackupId>,
    /// The folder that was chosen for backups.
    pub folder: String,
    pub began_at: Timestamp,
    pub ended_at: Timestamp,
    /// An error of the border as JSON; nothing when all is well.
    pub problem: Option<Value>,
    pub files: u64,
    pub bytes: u64,
    /// Bytes that were new, of a backup.
    pub written: u64,
    /// Sealed files that the clinic itself lacks, of a backup.
    pub missing: u64,
    /// Photographs that were opened, of a drill.
    pub photographs: u64,
}

/// Keeps what came of it.
///
/// # Errors
/// [`RecordsError::StorageFull`], [`RecordsError::Storage`].
pub fn add(tx: &Writing<'_>, run: &BackupRun) -> Result<(), RecordsError> {
    tx.connection().execute(
        "INSERT INTO backup_runs (kind, backup_id, folder, began_at, ended_at, problem, files, bytes, written,
                                  missing, photographs)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            word(&run.kind),
            run.backup.as_ref().map(id_text),
            run.folder,
            micros(run.began_at),
            micros(run.ended_at),
            run.problem.as_ref().map(Value::to_string),
            run.files,
            run.bytes,
            run.written,
            run.missing,
            run.photographs,
        ],
    )?;
    let action = match run.kind {
        BackupRunKind::Backup => AuditAction::BackupMade,
        BackupRunKind::Drill => AuditAction::BackupDrilled,
    };
    let reason =
        run.problem.as_ref().map(|problem| problem["details"].get("reason").unwrap_or(&problem["code"]));
    let details = json!({
        "backup": run.backup, "files": run.files, "bytes": run.bytes, "written": run.written,
        "missing": run.missing, "photographs": run.photographs, "problem": reason,
    });
    audit::record(tx, AuditEntry::new(action).with(details))?;
    Ok(())
}

/// The last run of a kind, whatever came of it.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn last(tx: &Reading<'_>, kind: BackupRunKind) -> Result<Option<BackupRun>, RecordsError> {
    newest(tx, kind, "TRUE")
}

/// The last run of a kind that went well.
///
/// # Errors
/// As [`last`].
pub fn last_good(tx: &Reading<'_>, kind: BackupRunKind) -> Result<Option<BackupRun>, RecordsError> {
    newest(tx, kind, "problem IS NULL")
}

/// Whether a backup into this folder went well since a moment.
///
/// # Errors
/// As [`last`].
pub fn has_reached(tx: &Reading<'_>, folder: &str, since: Timestamp) -> Result<bool, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM backup_runs
             WHERE kind = 'backup' AND problem IS NULL AND folder = ?1 AND began_at >= ?2)",
    )?;
    Ok(query.query_row(params![folder, micros(since)], |row| row.get(0))?)
}

/// Some originals of photographs, drawn by lot, to be opened for a try.
///
/// # Errors
/// As [`last`].
pub fn sample(tx: &Reading<'_>, most: u32) -> Result<Vec<SealedFile>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT file_id, version, wrapped_key FROM image_files
         JOIN sealed_files ON sealed_files.id = file_id
         WHERE rendition = ?1 ORDER BY random() LIMIT ?2",
    )?;
    let files = query.query_map(params![Rendition::Original.purpose(), most], files::from_row)?;
    Ok(files.collect::<Result<_, _>>()?)
}

/// Names the clinic's way out of a backup in its own trail.
///
/// # Errors
/// [`RecordsError::StorageFull`], [`RecordsError::Storage`].
pub fn restored(
    tx: &Writing<'_>,
    backup: BackupId,
    made_at: Timestamp,
    lost: &[FileId],
) -> Result<(), RecordsError> {
    let details = json!({ "backup": backup, "made_at": made_at, "lost": lost });
    audit::record(tx, AuditEntry::new(AuditAction::BackupRestored).with(details))?;
    Ok(())
}

fn newest(tx: &Reading<'_>, kind: BackupRunKind, condition: &str) -> Result<Option<BackupRun>, RecordsError> {
    let sql = format!("SELECT * FROM backup_runs WHERE kind = ?1 AND {condition} ORDER BY row DESC LIMIT 1");
    Ok(tx.connection().prepare_cached(&sql)?.query_row([word(&kind)], from_row).optional()?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<BackupRun> {
    let has_problem = row.get::<_, Option<String>>("problem")?.is_some();
    Ok(BackupRun {
        kind: row.word("kind")?,
        backup: row.parsed_or_none("backup_id")?,
        folder: row.text("folder")?,
        began_at: row.time("began_at")?,
        ended_at: row.time("ended_at")?,
        problem: has_problem.then(|| row.json("problem")).transpose()?,
        files: row.get("files")?,
        bytes: row.get("bytes")?,
        written: row.get("written")?,
        missing: row.get("missing")?,
        photographs: row.get("photographs")?,
    })
}
