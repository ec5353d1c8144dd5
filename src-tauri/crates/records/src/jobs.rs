//! Long work: what was asked for and how it ended. A job left unfinished is found again at the start.

use domain::audit::AuditAction;
use domain::job::JobState;
use domain::{AnalysisId, JobId, LesionId, PatientId, UserId};
use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::audit::{self, AuditEntry};
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
    if crate::lesions::get(tx, job.lesion_id)?.patient_id != job.patient_id {
        return Err(RecordsError::NotFound);
    }
    tx.connection().execute(
        "INSERT INTO jobs (id, kind, state, patient_id, lesion_id, request, asked_by, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            id_text(&job.id),
            word(&job.kind),
            JobState::Pending.code(),
            id_text(&job.patient_id),
            id_text(&job.lesion_id),
            job.request.to_string(),
            id_text(&tx.actor().user),
            micros(tx.now()),
        ],
    )?;
    let entry = AuditEntry::new(AuditAction::AnalysisStarted).on(job.id).of_patient(job.patient_id);
    audit::record(tx, entry.with(json!({ "lesion": job.lesion_id })))?;
    get(tx, job.id)
}

/// From `PENDING` to `PROCESSING`. A job that was processing when the program ended may start again.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] for a finished job.
pub fn start(tx: &Writing<'_>, id: JobId) -> Result<Job, RecordsError> {
    let job = get(tx, id)?;
    let changed = tx.connection().execute(
        "UPDATE jobs SET state = ?2, started_at = ?3 WHERE id = ?1 AND finished_at IS NULL",
        params![id_text(&id), JobState::Processing.code(), micros(tx.now())],
    )?;
    if changed == 0 {
        return Err(RecordsError::Conflict);
    }
    record_state(tx, &job, AuditAction::JobStateChanged, json!({ "state": JobState::Processing }))?;
    get(tx, id)
}

/// Ends an unfinished job.
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
    get(tx, id)
}

/// # Errors
/// [`RecordsError::NotFound`].
pub fn get(tx: &Reading<'_>, id: JobId) -> Result<Job, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM jobs WHERE id = ?1")?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

/// Jobs that have not ended, oldest first: to be taken up again or failed when the clinic opens.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn unfinished(tx: &Reading<'_>) -> Result<Vec<Job>, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT * FROM jobs WHERE finished_at IS NULL ORDER BY created_at, id")?;
    let jobs = query.query_map([], from_row)?.collect::<Result<_, _>>()?;
    Ok(jobs)
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

fn from_row(row: &Row<'_>) -> rusqlite::Result<Job> {
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
        created_at: row.time("created_at")?,
        started_at: row.time_or_none("started_at")?,
        finished_at: row.time_or_none("finished_at")?,
    })
}
