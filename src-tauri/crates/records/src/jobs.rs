//! Long work: what was asked for and how it ended. A job left unfinished is found again at the start.
//!
//! The queue is this table. A worker looks at the job that is next, takes it, and ends it in the transaction
//! that stores its result; so whatever a kill interrupts was either done, once, or waits again.

use domain::audit::AuditAction;
use domain::batch::MOST_ATTEMPTS;
use domain::job::JobState;
use domain::{AnalysisId, BatchId, ImageId, JobId, LesionId, PatientId, UserId};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::audit::{self, AuditEntry};
use crate::batches;
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros, word};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE jobs (
    id          TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    kind        TEXT NOT NULL CHECK (kind IN ('analysis')),
    state       TEXT NOT NULL CHECK (state IN ('PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED')),
    message     TEXT,
    patient_id  TEXT NOT NULL,
    lesion_id   TEXT NOT NULL,
    request     TEXT NOT NULL CHECK (json_valid(request)),
    asked_by    TEXT NOT NULL REFERENCES users (id),
    analysis_id TEXT REFERENCES analyses (id),
    created_at  INTEGER NOT NULL,
    started_at  INTEGER,
    finished_at INTEGER,
    FOREIGN KEY (lesion_id, patient_id) REFERENCES lesions (id, patient_id),
    CHECK ((state IN ('COMPLETED', 'FAILED', 'CANCELLED')) = (finished_at IS NOT NULL)),
    CHECK ((state = 'COMPLETED') = (analysis_id IS NOT NULL)),
    CHECK (state <> 'FAILED' OR message IS NOT NULL)
) STRICT;
CREATE INDEX jobs_unfinished ON jobs (created_at) WHERE finished_at IS NULL;
CREATE INDEX jobs_by_lesion ON jobs (lesion_id, created_at);
";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    Analysis,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct NewJob {
    pub id: JobId,
    pub kind: JobKind,
    pub patient_id: PatientId,
    pub lesion_id: LesionId,
    /// All that is needed to run the job again after a restart.
    pub request: Value,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    pub id: JobId,
    pub kind: JobKind,
    pub state: JobState,
    /// Why it failed: a code of the error type at the border.
    pub message: Option<String>,
    pub patient_id: PatientId,
    pub lesion_id: LesionId,
    pub request: Value,
    pub asked_by: UserId,
    /// The result of a completed job.
    pub analysis_id: Option<AnalysisId>,
    /// The batch it belongs to.
    pub batch_id: Option<BatchId>,
    /// How often it was begun.
    pub attempts: u32,
    pub created_at: Timestamp,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
}

/// How a job ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobOutcome {
    Completed(AnalysisId),
    /// With the code of the reason.
    Failed(String),
    Cancelled,
}

/// Records a new job in the state `PENDING`.
///
/// # Errors
/// [`RecordsError::Conflict`] for an identity already used; [`RecordsError::NotFound`] when the lesion is
/// unknown or another patient's.
pub fn create(tx: &Writing<'_>, job: &NewJob) -> Result<Job, RecordsError> {
    enter(tx, job, None)
}

/// The same as a part of a batch.
pub(crate) fn create_in(tx: &Writing<'_>, job: &NewJob, batch: BatchId) -> Result<Job, RecordsError> {
    enter(tx, job, Some(batch))
}

fn enter(tx: &Writing<'_>, job: &NewJob, batch: Option<BatchId>) -> Result<Job, RecordsError> {
    if crate::lesions::get(tx, job.lesion_id)?.patient_id != job.patient_id {
        return Err(RecordsError::NotFound);
    }
    tx.connection().execute(
        "INSERT INTO jobs (id, kind, state, patient_id, lesion_id, request, asked_by, created_at, batch_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            id_text(&job.id),
            word(&job.kind),
            JobState::Pending.code(),
            id_text(&job.patient_id),
            id_text(&job.lesion_id),
            job.request.to_string(),
            id_text(&tx.actor().user),
            micros(tx.now()),
            batch.as_ref().map(id_text),
        ],
    )?;
    let entry = AuditEntry::new(AuditAction::AnalysisStarted).on(job.id).of_patient(job.patient_id);
    let mut details = json!({ "lesion": job.lesion_id });
    if let Some(batch) = batch {
        details["batch"] = json!(batch);
    }
    audit::record(tx, entry.with(details))?;
    get(tx, job.id)
}

/// The job whose turn it is: what somebody waits for on a screen before any batch, then the oldest. Paused
/// batches wait.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn next(tx: &Reading<'_>) -> Result<Option<Job>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT jobs.* FROM jobs LEFT JOIN batches ON batches.id = jobs.batch_id
         WHERE jobs.finished_at IS NULL AND jobs.state = 'PENDING' AND (batch_id IS NULL OR batches.state = 'running')
         ORDER BY batch_id IS NOT NULL, jobs.created_at, jobs.id LIMIT 1",
    )?;
    Ok(query.query_row([], from_row).optional()?)
}

/// Takes a waiting job: from `PENDING` to `PROCESSING`. Nothing when somebody else took it, it was cancelled
/// or its batch paused meanwhile.
///
/// # Errors
/// [`RecordsError::NotFound`].
pub fn take(tx: &Writing<'_>, id: JobId) -> Result<Option<Job>, RecordsError> {
    let changed = tx
        .connection()
        .prepare_cached(
            "UPDATE jobs SET state = 'PROCESSING', started_at = ?2, attempts = attempts + 1
             WHERE id = ?1 AND state = 'PENDING' AND (batch_id IS NULL
                 OR EXISTS (SELECT 1 FROM batches WHERE batches.id = batch_id AND batches.state = 'running'))",
        )?
        .execute(params![id_text(&id), micros(tx.now())])?;
    if changed == 0 {
        return Ok(None);
    }
    let job = get(tx, id)?;
    record_state(tx, &job, AuditAction::JobStateChanged, json!({ "state": job.state }))?;
    Ok(Some(job))
}

/// Puts a job that was taken back: it waits as before. One that was begun too often
/// fails with `reason` instead, and one whose batch was cancelled is cancelled; the answer says whether it waits.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] for a job that has ended.
pub fn put_back(tx: &Writing<'_>, id: JobId, reason: &str) -> Result<bool, RecordsError> {
    let job = get(tx, id)?;
    if job.attempts >= MOST_ATTEMPTS {
        finish(tx, id, &JobOutcome::Failed(reason.to_owned()))?;
        return Ok(false);
    }
    if let Some(batch) = job.batch_id
        && !batches::get(tx, batch)?.state.is_open()
    {
        finish(tx, id, &JobOutcome::Cancelled)?;
        return Ok(false);
    }
    let changed = tx
        .connection()
        .prepare_cached(
            "UPDATE jobs SET state = 'PENDING', started_at = NULL WHERE id = ?1 AND finished_at IS NULL",
        )?
        .execute([id_text(&id)])?;
    if changed == 0 {
        return Err(RecordsError::Conflict);
    }
    let details = json!({ "state": JobState::Pending, "reason": reason });
    record_state(tx, &job, AuditAction::JobStateChanged, details)?;
    Ok(true)
}

/// Puts a failed job back into the queue as if it were new, and its batch with it.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] unless it failed.
pub fn again(tx: &Writing<'_>, id: JobId) -> Result<Job, RecordsError> {
    let job = get(tx, id)?;
    let changed = tx
        .connection()
        .prepare_cached(
            "UPDATE jobs SET state = 'PENDING', message = NULL, started_at = NULL, finished_at = NULL, attempts = 0
             WHERE id = ?1 AND state = 'FAILED'",
        )?
        .execute([id_text(&id)])?;
    if changed == 0 {
        return Err(RecordsError::Conflict);
    }
    if let Some(batch) = job.batch_id {
        batches::reopen(tx, batch)?;
    }
    let details = json!({ "state": JobState::Pending, "retried": true });
    record_state(tx, &job, AuditAction::JobStateChanged, details)?;
    get(tx, id)
}

/// Jobs that count as under way though nobody works on them: the program ended in the middle.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn interrupted(tx: &Reading<'_>, under_way: &[JobId]) -> Result<Vec<JobId>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT id FROM jobs WHERE finished_at IS NULL AND state = 'PROCESSING'
           AND id NOT IN (SELECT value FROM json_each(?1)) ORDER BY created_at, id",
    )?;
    let found = query.query_map([json!(under_way).to_string()], |row| row.parsed("id"))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// A reading of exactly these photographs that was made since, and stands.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn made_since(
    tx: &Reading<'_>,
    lesion: LesionId,
    images: &[ImageId],
    since: Timestamp,
) -> Result<Option<AnalysisId>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT id FROM analyses WHERE lesion_id = ?1 AND analysed_at >= ?2 AND deletion IS NULL
           AND (SELECT count(*) FROM analysis_images WHERE analysis_id = analyses.id) = ?4
           AND ?4 = (SELECT count(*) FROM analysis_images WHERE analysis_id = analyses.id
                     AND image_id IN (SELECT value FROM json_each(?3)))
         ORDER BY analysed_at DESC LIMIT 1",
    )?;
    let count = i64::try_from(images.len()).unwrap_or(i64::MAX);
    let values = params![id_text(&lesion), micros(since), json!(images).to_string(), count];
    Ok(query.query_row(values, |row| row.parsed("id")).optional()?)
}

/// Whether the photographs are all on the lists.
///
/// # Errors
/// [`RecordsError::NotFound`] for one that was deleted.
pub fn images_stand(tx: &Reading<'_>, images: &[ImageId]) -> Result<(), RecordsError> {
    images.iter().try_for_each(|image| crate::deletions::image_stands(tx, *image))
}

/// How many jobs wait and run, those of paused batches left out.
///
/// # Errors
/// [`RecordsError::Storage`].
pub fn load(tx: &Reading<'_>) -> Result<(u32, u32), RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT count(*) FILTER (WHERE jobs.state = 'PENDING' AND (batch_id IS NULL OR batches.state = 'running')),
                count(*) FILTER (WHERE jobs.state = 'PROCESSING')
         FROM jobs LEFT JOIN batches ON batches.id = batch_id WHERE jobs.finished_at IS NULL",
    )?;
    Ok(query.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Ends an unfinished job, and its batch when it was the last one.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] for a job that has ended already.
pub fn finish(tx: &Writing<'_>, id: JobId, outcome: &JobOutcome) -> Result<Job, RecordsError> {
    let job = get(tx, id)?;
    let (state, message, analysis, action) = match outcome {
        JobOutcome::Completed(analysis) => {
            (JobState::Completed, None, Some(id_text(analysis)), AuditAction::JobStateChanged)
        }
        JobOutcome::Failed(code) => (JobState::Failed, Some(code), None, AuditAction::AnalysisFailed),
        JobOutcome::Cancelled => (JobState::Cancelled, None, None, AuditAction::AnalysisCancelled),
    };
    let changed = tx.connection().execute(
        "UPDATE jobs SET state = ?2, message = ?3, analysis_id = ?4, finished_at = ?5
         WHERE id = ?1 AND finished_at IS NULL",
        params![id_text(&id), state.code(), message, analysis, micros(tx.now())],
    )?;
    if changed == 0 {
        return Err(RecordsError::Conflict);
    }
    record_state(tx, &job, action, json!({ "state": state, "message": message }))?;
    if let Some(batch) = job.batch_id {
        batches::settle(tx, batch)?;
    }
    get(tx, id)
}

/// # Errors
/// [`RecordsError::NotFound`].
pub fn get(tx: &Reading<'_>, id: JobId) -> Result<Job, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM jobs WHERE id = ?1")?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

/// The lesion's jobs, newest first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn of_lesion(tx: &Reading<'_>, lesion: LesionId) -> Result<Vec<Job>, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT * FROM jobs WHERE lesion_id = ?1 ORDER BY created_at DESC, id DESC")?;
    let jobs = query.query_map([id_text(&lesion)], from_row)?.collect::<Result<_, _>>()?;
    Ok(jobs)
}

fn record_state(
    tx: &Writing<'_>,
    job: &Job,
    action: AuditAction,
    details: Value,
) -> Result<(), RecordsError> {
    audit::record(tx, AuditEntry::new(action).on(job.id).of_patient(job.patient_id).with(details))?;
    Ok(())
}

pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Job> {
    let analysis_id = match row.get::<_, Option<String>>("analysis_id")? {
        Some(_) => Some(row.parsed("analysis_id")?),
        None => None,
    };
    Ok(Job {
        id: row.parsed("id")?,
        kind: row.word("kind")?,
        state: row.word("state")?,
        message: row.get("message")?,
        patient_id: row.parsed("patient_id")?,
        lesion_id: row.parsed("lesion_id")?,
        request: row.json("request")?,
        asked_by: row.parsed("asked_by")?,
        analysis_id,
        batch_id: row.parsed_or_none("batch_id")?,
        attempts: row.get("attempts")?,
        created_at: row.time("created_at")?,
        started_at: row.time_or_none("started_at")?,
        finished_at: row.time_or_none("finished_at")?,
    })
}
