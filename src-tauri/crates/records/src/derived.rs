//! Passes over derived data: where each is, what it found, and what it made anew.
//!
//! A pass is a row, and where it is stands in it: what was made and how far the pass came are one transaction, so
//! that a pass that was interrupted goes on where it was and makes nothing twice.

use domain::audit::AuditAction;
use domain::derived::{DerivedKind, DerivedPurpose, DerivedState, DerivedTally};
use domain::{AnalysisId, FileId, ImageId, UserId};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};
use serde_json::{Value, json};

use crate::analyses::ExplanationFile;
use crate::audit::{self, AuditEntry};
use crate::embeddings::{self, ImageDirection};
use crate::error::RecordsError;
use crate::files::{self, SealedFile};
use crate::images::Rendition;
use crate::row::{Columns, id_text, json as json_text, micros, word};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE derived_runs (
    row          INTEGER PRIMARY KEY AUTOINCREMENT,
    purpose      TEXT NOT NULL CHECK (purpose IN ('look', 'make')),
    state        TEXT NOT NULL CHECK (state IN ('running', 'finished', 'cancelled', 'failed')),
    problem      TEXT CHECK (json_valid(problem)),
    kind         TEXT NOT NULL CHECK (kind IN ('pictures', 'heatmaps', 'directions')),
    after_id     TEXT NOT NULL,
    model_sha256 TEXT CHECK (length(model_sha256) = 64),
    total        INTEGER NOT NULL CHECK (total >= 0),
    tally        TEXT NOT NULL CHECK (json_valid(tally)),
    asked_by     TEXT NOT NULL REFERENCES users (id),
    began_at     INTEGER NOT NULL,
    ended_at     INTEGER,
    CHECK ((ended_at IS NULL) = (state = 'running')),
    CHECK ((problem IS NOT NULL) = (state = 'failed'))
) STRICT;
CREATE UNIQUE INDEX derived_runs_one_at_a_time ON derived_runs (state) WHERE state = 'running';
";

/// A pass as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct DerivedRun {
    pub row: i64,
    pub purpose: DerivedPurpose,
    pub state: DerivedState,
    /// An error of the border as JSON, of a pass that failed.
    pub problem: Option<Value>,
    /// What it is at.
    pub kind: DerivedKind,
    /// The last photograph or reading of that kind that it is done with; empty at the beginning.
    pub after: String,
    /// The model in use when it was last at work.
    pub model: Option<String>,
    /// Photographs and readings it will look at, counted when it began.
    pub total: u32,
    pub tally: DerivedTally,
    pub asked_by: UserId,
    pub began_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// What one step made; its files are on the disk already.
#[derive(Clone, Debug, Default)]
pub struct Made {
    pub pictures: Vec<(ImageId, Rendition, SealedFile)>,
    pub explanations: Vec<(AnalysisId, ExplanationFile)>,
    pub directions: Vec<ImageDirection>,
}

impl Made {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pictures.is_empty() && self.explanations.is_empty() && self.directions.is_empty()
    }

    /// Every file that was written for it.
    pub fn files(&self) -> impl Iterator<Item = FileId> {
        let pictures = self.pictures.iter().map(|(_, _, file)| file.id);
        pictures.chain(self.explanations.iter().map(|(_, explanation)| explanation.file.id))
    }
}

/// Begins a pass. `model` is the model in use, where there is one.
///
/// # Errors
/// [`RecordsError::Conflict`] while another pass is open.
pub fn begin(
    tx: &Writing<'_>,
    purpose: DerivedPurpose,
    model: Option<&str>,
) -> Result<DerivedRun, RecordsError> {
    if open(tx)?.is_some() {
        return Err(RecordsError::Conflict);
    }
    let total = count(tx, model)?;
    tx.connection().execute(
        "INSERT INTO derived_runs (purpose, state, kind, after_id, model_sha256, total, tally, asked_by, began_at)
         VALUES (?1, ?2, ?3, '', ?4, ?5, ?6, ?7, ?8)",
        params![
            word(&purpose),
            word(&DerivedState::Running),
            word(&DerivedKind::Pictures),
            model,
            total,
            json_text(&DerivedTally::default()),
            id_text(&tx.actor().user),
            micros(tx.now()),
        ],
    )?;
    let details = json!({ "purpose": purpose, "model": model, "total": total });
    audit::record(tx, AuditEntry::new(AuditAction::DerivedStarted).with(details))?;
    open(tx)?.ok_or(RecordsError::NotFound)
}

/// Takes note of a step: where the pass is now, and what was made. The answer names the files that nothing refers
/// to any more, those that were replaced and those whose photograph or reading went meanwhile.
///
/// # Errors
/// [`RecordsError::Conflict`] for a pass that has ended, also by being cancelled.
pub fn advance(
    tx: &Writing<'_>,
    run: &DerivedRun,
    made: &Made,
    ends: bool,
) -> Result<Vec<FileId>, RecordsError> {
    let changed = tx
        .connection()
        .prepare_cached(
            "UPDATE derived_runs SET kind = ?2, after_id = ?3, model_sha256 = ?4, tally = ?5
             WHERE row = ?1 AND state = 'running'",
        )?
        .execute(params![run.row, word(&run.kind), run.after, run.model, json_text(&run.tally)])?;
    if changed == 0 {
        return Err(RecordsError::Conflict);
    }
    let mut idle = Vec::new();
    for (image, rendition, file) in &made.pictures {
        idle.extend(replace_picture(tx, *image, *rendition, file)?);
    }
    for (analysis, explanation) in &made.explanations {
        idle.extend(replace_explanation(tx, *analysis, explanation)?);
    }
    // The end of a pass has a row of its own.
    if !made.is_empty() || !ends {
        let details = json!({
            "pictures": made.pictures.len(), "heatmaps": made.explanations.len(), "model": run.model,
        });
        audit::record(tx, AuditEntry::new(AuditAction::DerivedMade).with(details))?;
    }
    if let Some(model) = &run.model {
        embeddings::fill(tx, model, &made.directions)?;
    }
    Ok(idle)
}

/// Ends a pass.
///
/// # Errors
/// [`RecordsError::Conflict`] for one that has ended already.
pub fn end(
    tx: &Writing<'_>,
    row: i64,
    state: DerivedState,
    problem: Option<&Value>,
) -> Result<DerivedRun, RecordsError> {
    let changed = tx.connection().execute(
        "UPDATE derived_runs SET state = ?2, problem = ?3, ended_at = ?4 WHERE row = ?1 AND state = 'running'",
        params![row, word(&state), problem.map(ToString::to_string), micros(tx.now())],
    )?;
    if changed == 0 {
        return Err(RecordsError::Conflict);
    }
    let run = get(tx, row)?;
    let details = json!({
        "purpose": run.purpose, "state": state, "tally": run.tally, "problem": problem.map(|p| &p["code"]),
    });
    audit::record(tx, AuditEntry::new(AuditAction::DerivedEnded).with(details))?;
    Ok(run)
}

/// The pass that is open.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn open(tx: &Reading<'_>) -> Result<Option<DerivedRun>, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM derived_runs WHERE state = 'running'")?;
    Ok(query.query_row([], from_row).optional()?)
}

/// The last pass of a purpose that has ended, whatever came of it.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn last(tx: &Reading<'_>, purpose: DerivedPurpose) -> Result<Option<DerivedRun>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT * FROM derived_runs WHERE purpose = ?1 AND state <> 'running' ORDER BY row DESC LIMIT 1",
    )?;
    Ok(query.query_row([word(&purpose)], from_row).optional()?)
}

/// Photographs on the lists behind `after`, in the order of their identities.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn photographs(tx: &Reading<'_>, after: &str, limit: u32) -> Result<Vec<ImageId>, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT id FROM images WHERE id > ?1 AND deletion IS NULL ORDER BY id LIMIT ?2")?;
    let found = query.query_map(params![after, limit], |row| row.parsed("id"))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Readings on the lists behind `after`, in the order of their identities.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn readings(tx: &Reading<'_>, after: &str, limit: u32) -> Result<Vec<AnalysisId>, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT id FROM analyses WHERE id > ?1 AND deletion IS NULL ORDER BY id LIMIT ?2")?;
    let found = query.query_map(params![after, limit], |row| row.parsed("id"))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The sealed file of a rendition, where a row names one.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn picture(
    tx: &Reading<'_>,
    image: ImageId,
    rendition: Rendition,
) -> Result<Option<SealedFile>, RecordsError> {
    match crate::images::file(tx, image, rendition) {
        Ok(file) => Ok(Some(file)),
        Err(RecordsError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

fn count(tx: &Reading<'_>, model: Option<&str>) -> Result<u32, RecordsError> {
    let fixed: u32 = tx.connection().query_row(
        "SELECT (SELECT count(*) FROM images WHERE deletion IS NULL)
              + (SELECT count(*) FROM analyses WHERE deletion IS NULL)",
        [],
        |row| row.get(0),
    )?;
    let missing = model.map_or(Ok(0), |model| embeddings::count_missing(tx, model))?;
    Ok(fixed + missing)
}

fn replace_picture(
    tx: &Writing<'_>,
    image: ImageId,
    rendition: Rendition,
    file: &SealedFile,
) -> Result<Option<FileId>, RecordsError> {
    match crate::deletions::image_stands(tx, image) {
        Ok(()) => {}
        Err(RecordsError::NotFound) => return Ok(Some(file.id)),
        Err(error) => return Err(error),
    }
    let old = picture(tx, image, rendition)?;
    files::insert(tx, file)?;
    tx.connection()
        .prepare_cached(
            "INSERT INTO image_files (image_id, rendition, file_id) VALUES (?1, ?2, ?3)
             ON CONFLICT (image_id, rendition) DO UPDATE SET file_id = excluded.file_id",
        )?
        .execute(params![id_text(&image), rendition.purpose(), id_text(&file.id)])?;
    forget(tx, old)
}

fn replace_explanation(
    tx: &Writing<'_>,
    analysis: AnalysisId,
    made: &ExplanationFile,
) -> Result<Option<FileId>, RecordsError> {
    match crate::deletions::reading_stands(tx, analysis) {
        Ok(()) => {}
        Err(RecordsError::NotFound) => return Ok(Some(made.file.id)),
        Err(error) => return Err(error),
    }
    let old = crate::analyses::explanations(tx, analysis)?.into_iter().find(|old| {
        old.image_id == made.image_id && old.kind == made.kind && old.class_code == made.class_code
    });
    files::insert(tx, &made.file)?;
    tx.connection()
        .prepare_cached(
            "INSERT INTO analysis_files (analysis_id, image_id, kind, class_code, file_id)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (analysis_id, image_id, kind, class_code) DO UPDATE SET file_id = excluded.file_id",
        )?
        .execute(params![
            id_text(&analysis),
            id_text(&made.image_id),
            made.kind.purpose(),
            made.class_code,
            id_text(&made.file.id),
        ])?;
    forget(tx, old.map(|old| old.file))
}

/// The row of a file that nothing refers to any more.
fn forget(tx: &Writing<'_>, old: Option<SealedFile>) -> Result<Option<FileId>, RecordsError> {
    let Some(old) = old else { return Ok(None) };
    tx.connection().prepare_cached("DELETE FROM sealed_files WHERE id = ?1")?.execute([id_text(&old.id)])?;
    Ok(Some(old.id))
}

fn get(tx: &Reading<'_>, row: i64) -> Result<DerivedRun, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM derived_runs WHERE row = ?1")?;
    Ok(query.query_row([row], from_row)?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<DerivedRun> {
    let has_problem = row.get::<_, Option<String>>("problem")?.is_some();
    Ok(DerivedRun {
        row: row.get("row")?,
        purpose: row.word("purpose")?,
        state: row.word("state")?,
        problem: has_problem.then(|| row.json("problem")).transpose()?,
        kind: row.word("kind")?,
        after: row.text("after_id")?,
        model: row.get("model_sha256")?,
        total: row.get("total")?,
        tally: row.json("tally")?,
        asked_by: row.parsed("asked_by")?,
        began_at: row.time("began_at")?,
        ended_at: row.time_or_none("ended_at")?,
    })
}
