//! Many readings asked for at once: what they are of, how far they are, and how they stop and go on.
//!
//! A batch is a row; each of its readings is a job ([`crate::jobs`]) that names it. How many of them wait, run,
//! ended and failed is counted from the jobs, so that it can never differ from what was done.

use domain::audit::AuditAction;
use domain::batch::{BatchScope, BatchState};
use domain::job::JobState;
use domain::lesion::BodySite;
use domain::{BatchId, JobId, UserId};
use jiff::Timestamp;
use rusqlite::{Row, Rows, params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::jobs::{self, Job, JobKind, NewJob};
use crate::row::{Columns, id_text, micros, word};
use crate::store::{Reading, Writing};
use crate::unread::Unread;

/// Batches, which batch a job belongs to, and how often it was begun.
pub(crate) const SCHEMA: &str = "
CREATE TABLE batches (
    id           TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    scope        TEXT NOT NULL CHECK (scope IN ('patient', 'queue', 'selection')),
    state        TEXT NOT NULL CHECK (state IN ('running', 'paused', 'cancelled', 'finished')),
    pause_reason TEXT,
    asked_by     TEXT NOT NULL REFERENCES users (id),
    created_at   INTEGER NOT NULL,
    finished_at  INTEGER,
    CHECK ((finished_at IS NULL) = (state IN ('running', 'paused'))),
    CHECK (pause_reason IS NULL OR state = 'paused')
) STRICT;
CREATE INDEX batches_by_time ON batches (created_at, id);
ALTER TABLE jobs ADD COLUMN batch_id TEXT REFERENCES batches (id);
ALTER TABLE jobs ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0);
CREATE INDEX jobs_by_batch ON jobs (batch_id, state) WHERE batch_id IS NOT NULL;
";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    pub id: BatchId,
    pub scope: BatchScope,
    pub state: BatchState,
    /// Why it paused by itself: a code of the error type at the border. Nothing where a person paused it.
    pub pause_reason: Option<String>,
    pub asked_by: UserId,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    pub counts: Counts,
}

/// How many readings of a batch are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub waiting: u32,
    pub running: u32,
    pub completed: u32,
    pub failed: u32,
    pub cancelled: u32,
}

impl Counts {
    #[must_use]
    pub const fn total(&self) -> u32 {
        self.waiting + self.running + self.completed + self.failed + self.cancelled
    }
}

/// A job with the names of what it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub job: Job,
    pub patient_number: String,
    pub family_name: String,
    pub given_names: String,
    pub lesion_label: String,
    pub site: BodySite,
}

/// Records a batch with one job a lesion, all `PENDING`.
///
/// # Errors
/// [`RecordsError::NotFound`] for a lesion that is unknown or another patient's.
pub fn create(tx: &Writing<'_>, scope: BatchScope, items: &[Unread]) -> Result<Batch, RecordsError> {
    let id = BatchId::fresh();
    tx.connection()
        .prepare_cached(
            "INSERT INTO batches (id, scope, state, asked_by, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            id_text(&id),
            word(&scope),
            word(&BatchState::Running),
            id_text(&tx.actor().user),
            micros(tx.now()),
        ])?;
    for item in items {
        let job = NewJob {
            id: JobId::fresh(),
            kind: JobKind::Analysis,
            patient_id: item.patient_id,
            lesion_id: item.lesion_id,
            request: json!({ "image_ids": item.image_ids }),
        };
        jobs::create_in(tx, &job, id)?;
    }
    note(tx, AuditAction::BatchStarted, id, json!({ "scope": scope, "readings": items.len() }))?;
    get(tx, id)
}

/// # Errors
/// [`RecordsError::NotFound`].
pub fn get(tx: &Reading<'_>, id: BatchId) -> Result<Batch, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM batches WHERE id = ?1")?;
    let batch = query.query_row([id_text(&id)], from_row)?;
    counted(tx, batch)
}

/// The newest batches, newest first, and every open one. Those of which an erasure left nothing are not
/// listed.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn newest(tx: &Reading<'_>, limit: u32) -> Result<Vec<Batch>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT * FROM batches
         WHERE (finished_at IS NULL OR id IN (SELECT id FROM batches ORDER BY created_at DESC, id DESC LIMIT ?1))
           AND EXISTS (SELECT 1 FROM jobs WHERE batch_id = batches.id)
         ORDER BY created_at DESC, id DESC",
    )?;
    let batches: Vec<Batch> = query.query_map([limit], from_row)?.collect::<Result<_, _>>()?;
    batches.into_iter().map(|batch| counted(tx, batch)).collect()
}

/// Jobs that belong to no batch and have not ended or failed since an instant.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn singles(tx: &Reading<'_>, since: Timestamp) -> Result<Counts, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT state, count(*) AS count FROM jobs
         WHERE batch_id IS NULL AND (finished_at IS NULL OR (state = 'FAILED' AND finished_at >= ?1))
         GROUP BY state",
    )?;
    count(query.query([micros(since)])?)
}

/// Jobs of a batch in the order they are worked through, or those that belong to no batch and have not
/// ended or did not end well since `since`, newest first; as a person is about to see them, recorded as a read.
///
/// # Errors
/// [`RecordsError::NotFound`] for an unknown batch.
pub fn read_items(
    tx: &Writing<'_>,
    batch: Option<BatchId>,
    since: Timestamp,
    offset: u32,
    limit: u32,
) -> Result<Vec<Item>, RecordsError> {
    let (condition, key) = match batch {
        Some(id) => {
            get(tx, id)?;
            ("batch_id = ?1 AND created_at >= ?2 ORDER BY jobs.created_at, jobs.id", id_text(&id))
        }
        None => (
            "batch_id IS NULL AND ?1 = '' AND (finished_at IS NULL OR (state = 'FAILED' AND finished_at >= ?2))
             ORDER BY jobs.created_at DESC, jobs.id DESC",
            String::new(),
        ),
    };
    let from = if batch.is_some() { i64::MIN } else { micros(since) };
    let mut query = tx.connection().prepare_cached(&format!(
        "SELECT jobs.*, number, family_name, given_names, label, site
         FROM (SELECT * FROM jobs WHERE {condition} LIMIT ?3 OFFSET ?4) AS jobs
         JOIN patients ON patients.id = jobs.patient_id JOIN lesions ON lesions.id = jobs.lesion_id
         ORDER BY jobs.created_at {order}, jobs.id {order}",
        order = if batch.is_some() { "ASC" } else { "DESC" },
    ))?;
    let items: Vec<Item> =
        query.query_map(params![key, from, limit, offset], item_from_row)?.collect::<Result<_, _>>()?;
    let details = json!({ "batch": batch, "count": items.len(), "offset": offset });
    audit::record(tx, AuditEntry::new(AuditAction::BatchRead).with(details))?;
    Ok(items)
}

/// Begins nothing new. `reason` is a code where the batch paused by itself.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] unless it is running.
pub fn pause(tx: &Writing<'_>, id: BatchId, reason: Option<&str>) -> Result<Batch, RecordsError> {
    turn(tx, id, "state = 'running'", BatchState::Paused, reason)?;
    note(tx, AuditAction::BatchPaused, id, json!({ "reason": reason }))?;
    get(tx, id)
}

/// Goes on after a pause.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] unless it is paused.
pub fn go_on(tx: &Writing<'_>, id: BatchId) -> Result<Batch, RecordsError> {
    turn(tx, id, "state = 'paused'", BatchState::Running, None)?;
    note(tx, AuditAction::BatchContinued, id, json!({}))?;
    settle(tx, id)?;
    get(tx, id)
}

/// Ends what waits as `CANCELLED`, and says which jobs are under way and have to be asked to stop.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] when it has ended already.
pub fn cancel(tx: &Writing<'_>, id: BatchId) -> Result<(Batch, Vec<JobId>), RecordsError> {
    turn(tx, id, "finished_at IS NULL", BatchState::Cancelled, None)?;
    let mut waiting = of_state(tx, id, JobState::Pending)?;
    for job in waiting.drain(..) {
        jobs::finish(tx, job, &jobs::JobOutcome::Cancelled)?;
    }
    note(tx, AuditAction::BatchCancelled, id, json!({}))?;
    Ok((get(tx, id)?, of_state(tx, id, JobState::Processing)?))
}

/// Puts what failed back into the queue, and says how much that was. A paused batch stays paused.
///
/// # Errors
/// [`RecordsError::NotFound`]; [`RecordsError::Conflict`] when nothing failed.
pub fn retry(tx: &Writing<'_>, id: BatchId) -> Result<(Batch, usize), RecordsError> {
    get(tx, id)?;
    let failed = of_state(tx, id, JobState::Failed)?;
    if failed.is_empty() {
        return Err(RecordsError::Conflict);
    }
    for job in &failed {
        jobs::again(tx, *job)?;
    }
    note(tx, AuditAction::BatchRetried, id, json!({ "readings": failed.len() }))?;
    Ok((get(tx, id)?, failed.len()))
}

/// A batch with work to do is running, and one without is finished.
pub(crate) fn settle(tx: &Writing<'_>, id: BatchId) -> Result<(), RecordsError> {
    let open = "EXISTS (SELECT 1 FROM jobs WHERE batch_id = ?1 AND finished_at IS NULL)";
    tx.connection()
        .prepare_cached(&format!(
            "UPDATE batches SET state = 'finished', pause_reason = NULL, finished_at = ?2
             WHERE id = ?1 AND finished_at IS NULL AND NOT {open}"
        ))?
        .execute(params![id_text(&id), micros(tx.now())])?;
    tx.connection()
        .prepare_cached(&format!(
            "UPDATE batches SET state = 'running', finished_at = NULL
             WHERE id = ?1 AND state = 'finished' AND {open}"
        ))?
        .execute([id_text(&id)])?;
    Ok(())
}

/// Something of it is asked for again: whatever its end was, it is running.
pub(crate) fn reopen(tx: &Writing<'_>, id: BatchId) -> Result<(), RecordsError> {
    tx.connection()
        .prepare_cached(
            "UPDATE batches SET state = 'running', finished_at = NULL WHERE id = ?1 AND finished_at IS NOT NULL",
        )?
        .execute([id_text(&id)])?;
    Ok(())
}

fn turn(
    tx: &Writing<'_>,
    id: BatchId,
    from: &str,
    to: BatchState,
    reason: Option<&str>,
) -> Result<(), RecordsError> {
    get(tx, id)?;
    let ended = (!to.is_open()).then(|| micros(tx.now()));
    let changed = tx
        .connection()
        .prepare_cached(&format!(
            "UPDATE batches SET state = ?2, pause_reason = ?3, finished_at = ?4 WHERE id = ?1 AND {from}"
        ))?
        .execute(params![id_text(&id), word(&to), reason, ended])?;
    if changed == 0 { Err(RecordsError::Conflict) } else { Ok(()) }
}

fn of_state(tx: &Reading<'_>, id: BatchId, state: JobState) -> Result<Vec<JobId>, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT id FROM jobs WHERE batch_id = ?1 AND state = ?2 ORDER BY created_at, id")?;
    let found = query.query_map(params![id_text(&id), state.code()], |row| row.parsed("id"))?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn counted(tx: &Reading<'_>, batch: Batch) -> Result<Batch, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT state, count(*) AS count FROM jobs WHERE batch_id = ?1 GROUP BY state")?;
    let counts = count(query.query([id_text(&batch.id)])?)?;
    Ok(Batch { counts, ..batch })
}

fn count(mut rows: Rows<'_>) -> Result<Counts, RecordsError> {
    let mut counts = Counts::default();
    while let Some(row) = rows.next()? {
        let place = match row.word::<JobState>("state")? {
            JobState::Pending => &mut counts.waiting,
            JobState::Processing => &mut counts.running,
            JobState::Completed => &mut counts.completed,
            JobState::Failed => &mut counts.failed,
            JobState::Cancelled => &mut counts.cancelled,
        };
        *place = row.get("count")?;
    }
    Ok(counts)
}

fn note(
    tx: &Writing<'_>,
    action: AuditAction,
    id: BatchId,
    mut details: serde_json::Value,
) -> Result<(), RecordsError> {
    details["batch"] = json!(id);
    audit::record(tx, AuditEntry::new(action).with(details))?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Batch> {
    Ok(Batch {
        id: row.parsed("id")?,
        scope: row.word("scope")?,
        state: row.word("state")?,
        pause_reason: row.get("pause_reason")?,
        asked_by: row.parsed("asked_by")?,
        created_at: row.time("created_at")?,
        finished_at: row.time_or_none("finished_at")?,
        counts: Counts::default(),
    })
}

fn item_from_row(row: &Row<'_>) -> rusqlite::Result<Item> {
    Ok(Item {
        job: jobs::from_row(row)?,
        patient_number: row.text("number")?,
        family_name: row.text("family_name")?,
        given_names: row.text("given_names")?,
        lesion_label: row.text("label")?,
        site: row.word("site")?,
    })
}
