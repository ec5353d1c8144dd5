//! Readings and photographs that were taken off every list, and how they come back.
//!
//! A deletion is a row that says who, when and why; what it took away points to it. Nothing is destroyed
//! here: rows and sealed files stay, and within the retention time a deletion can be undone. What becomes of
//! them afterwards is in [`crate::purges`].

use domain::audit::AuditAction;
use domain::history::{DEFAULT_RETENTION_DAYS, Deletion, DeletionScope, LONGEST_RETENTION_DAYS};
use domain::{AnalysisId, DeletionId, ImageId, PatientId};
use jiff::Timestamp;
use rusqlite::{Row, params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros, word};
use crate::settings::{self, Shown};
use crate::store::{Reading, Writing};

/// The setting with the days in which a deletion can be undone.
/// The setting of [`retention_days`].
pub const RETENTION: &str = "history.retention_days";

/// Who imported and who asked is taken from the trail and the jobs of an older database. The index of unread
/// readings leaves deleted ones out.
pub(crate) const SCHEMA: &str = "
CREATE TABLE deletions (
    id         TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    patient_id TEXT NOT NULL REFERENCES patients (id),
    scope      TEXT NOT NULL CHECK (scope IN ('reading', 'photograph', 'history')),
    reason     TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    before_at  INTEGER,
    deleted_by TEXT NOT NULL REFERENCES users (id),
    deleted_at INTEGER NOT NULL,
    undone_by  TEXT REFERENCES users (id),
    undone_at  INTEGER,
    CHECK ((undone_by IS NULL) = (undone_at IS NULL)),
    CHECK ((scope = 'history') = (before_at IS NOT NULL))
) STRICT;
CREATE INDEX deletions_by_patient ON deletions (patient_id);
ALTER TABLE images ADD COLUMN imported_by TEXT REFERENCES users (id);
ALTER TABLE images ADD COLUMN deletion TEXT REFERENCES deletions (id);
ALTER TABLE analyses ADD COLUMN asked_by TEXT REFERENCES users (id);
ALTER TABLE analyses ADD COLUMN deletion TEXT REFERENCES deletions (id);
UPDATE images SET imported_by = seen.actor
    FROM (SELECT subject_id, actor FROM audit_rows WHERE action = 'image_imported') AS seen
    WHERE seen.subject_id = images.id AND EXISTS (SELECT 1 FROM users WHERE id = seen.actor);
UPDATE analyses SET asked_by = (SELECT asked_by FROM jobs WHERE analysis_id = analyses.id);
DROP INDEX analyses_unopened;
CREATE INDEX analyses_unopened ON analyses (analysed_at, id, opened_at, deletion)
    WHERE opened_at IS NULL AND deletion IS NULL;
CREATE INDEX images_deleted ON images (deletion) WHERE deletion IS NOT NULL;
CREATE INDEX analyses_deleted ON analyses (deletion) WHERE deletion IS NOT NULL;
CREATE INDEX images_deleted_by_time ON images (imported_at, id) WHERE deletion IS NOT NULL;
CREATE INDEX analyses_deleted_by_time ON analyses (analysed_at, id) WHERE deletion IS NOT NULL;
CREATE INDEX images_by_time ON images (imported_at, id);
CREATE INDEX images_by_importer ON images (imported_by, imported_at, id);
CREATE INDEX analyses_by_time ON analyses (analysed_at, id);
CREATE INDEX analyses_by_class ON analyses (label_code, analysed_at, id);
CREATE INDEX analyses_by_urgency ON analyses (urgency, analysed_at, id);
CREATE INDEX analyses_by_reviewer ON analyses (opened_by, analysed_at, id);
CREATE INDEX analyses_by_asker ON analyses (asked_by, analysed_at, id);
";

/// Takes a reading off every list. The reason is validated before.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] when it is deleted already.
pub fn delete_reading(tx: &Writing<'_>, id: AnalysisId, reason: &str) -> Result<Deletion, RecordsError> {
    let patient = crate::analyses::patient_of(tx, id)?;
    let deletion = enter(tx, patient, DeletionScope::Reading, reason, None)?;
    if mark(
        tx,
        "UPDATE analyses SET deletion = ?1 WHERE id = ?2 AND deletion IS NULL",
        deletion,
        &id_text(&id),
    )? == 0
    {
        return Err(RecordsError::Conflict);
    }
    crate::embeddings::forget_hidden(tx, deletion)?;
    let entry = AuditEntry::new(AuditAction::ReadingDeleted).on(id).of_patient(patient);
    audit::record(tx, entry.with(json!({ "reason": reason, "deletion": deletion })))?;
    get(tx, deletion)
}

/// Takes a photograph off every list, and with it the readings that looked at it.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] when it is deleted already or shows the site of a
/// specimen ([`shows_a_specimen`]).
pub fn delete_photograph(tx: &Writing<'_>, id: ImageId, reason: &str) -> Result<Deletion, RecordsError> {
    let patient = crate::images::get(tx, id)?.patient_id;
    if shows_a_specimen(tx, id)? {
        return Err(RecordsError::Conflict);
    }
    let deletion = enter(tx, patient, DeletionScope::Photograph, reason, None)?;
    let image = id_text(&id);
    if mark(tx, "UPDATE images SET deletion = ?1 WHERE id = ?2 AND deletion IS NULL", deletion, &image)? == 0
    {
        return Err(RecordsError::Conflict);
    }
    let readings = mark(
        tx,
        "UPDATE analyses SET deletion = ?1 WHERE deletion IS NULL
             AND id IN (SELECT analysis_id FROM analysis_images WHERE image_id = ?2)",
        deletion,
        &image,
    )?;
    crate::embeddings::forget_hidden(tx, deletion)?;
    let entry = AuditEntry::new(AuditAction::PhotographDeleted).on(id).of_patient(patient);
    audit::record(tx, entry.with(json!({ "reason": reason, "deletion": deletion, "readings": readings })))?;
    get(tx, deletion)
}

/// Takes every reading of a patient from before an instant off every list, and says how many.
///
/// # Errors
/// [`RecordsError::NotFound`] for an unknown patient or when there is none to take,
/// [`RecordsError::Merged`].
pub fn clear_history(
    tx: &Writing<'_>,
    patient: PatientId,
    before: Timestamp,
    reason: &str,
) -> Result<(Deletion, usize), RecordsError> {
    crate::patients::must_exist(tx, patient)?;
    let deletion = enter(tx, patient, DeletionScope::History, reason, Some(before))?;
    let readings = tx
        .connection()
        .prepare_cached(
            "UPDATE analyses SET deletion = ?1 WHERE patient_id = ?2 AND analysed_at < ?3 AND deletion IS NULL",
        )?
        .execute(params![id_text(&deletion), id_text(&patient), micros(before)])?;
    if readings == 0 {
        return Err(RecordsError::NotFound);
    }
    crate::embeddings::forget_hidden(tx, deletion)?;
    let entry = AuditEntry::new(AuditAction::HistoryCleared).on(patient);
    let details = json!({ "reason": reason, "deletion": deletion, "readings": readings, "before": before });
    audit::record(tx, entry.with(details))?;
    Ok((get(tx, deletion)?, readings))
}

/// Brings back what a deletion took away. A reading whose photograph is deleted otherwise stays hidden with
/// it.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] when it was undone, its retention time is over, or
/// something of it was destroyed.
pub fn undo(tx: &Writing<'_>, id: DeletionId) -> Result<Deletion, RecordsError> {
    let old = get(tx, id)?;
    if !old.may_be_undone(retention_days(tx)?, tx.now()) {
        return Err(RecordsError::Conflict);
    }
    let key = id_text(&id);
    tx.connection()
        .prepare_cached("UPDATE deletions SET undone_by = ?2, undone_at = ?3 WHERE id = ?1")?
        .execute(params![key, id_text(&tx.actor().user), micros(tx.now())])?;
    let images = tx
        .connection()
        .prepare_cached("UPDATE images SET deletion = NULL WHERE deletion = ?1")?
        .execute([&key])?;
    let readings = tx
        .connection()
        .prepare_cached(
            "UPDATE analyses SET deletion = (SELECT images.deletion FROM analysis_images
                 JOIN images ON images.id = image_id
                 WHERE analysis_id = analyses.id AND images.deletion IS NOT NULL LIMIT 1)
             WHERE deletion = ?1",
        )?
        .execute([&key])?;
    let entry = AuditEntry::new(AuditAction::DeletionUndone).on(old.patient_id);
    audit::record(tx, entry.with(json!({ "deletion": id, "images": images, "readings": readings })))?;
    get(tx, id)
}

/// # Errors
/// [`RecordsError::NotFound`].
pub fn get(tx: &Reading<'_>, id: DeletionId) -> Result<Deletion, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM deletions WHERE id = ?1")?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

/// Whether a photograph is the site of a specimen that stands: it must stay.
///
/// # Errors
/// [`RecordsError::Storage`].
pub fn shows_a_specimen(tx: &Reading<'_>, id: ImageId) -> Result<bool, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM biopsies JOIN images ON images.patient_id = biopsies.patient_id
             WHERE images.id = ?1 AND site_image_id = ?1 AND withdrawn_at IS NULL)",
    )?;
    Ok(query.query_row([id_text(&id)], |row| row.get(0))?)
}

/// Days in which a deletion can be undone.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn retention_days(tx: &Reading<'_>) -> Result<u32, RecordsError> {
    let days = settings::get(tx, RETENTION)?.unwrap_or(DEFAULT_RETENTION_DAYS);
    Ok(days.clamp(1, LONGEST_RETENTION_DAYS))
}

/// What was deleted until this instant cannot be brought back any more.
pub(crate) fn expired_before(now: Timestamp, retention_days: u32) -> Timestamp {
    let span = jiff::SignedDuration::from_hours(24 * i64::from(retention_days));
    now.checked_sub(span).unwrap_or(Timestamp::MIN)
}

/// # Errors
/// [`RecordsError::StorageFull`], [`RecordsError::Storage`].
pub fn set_retention_days(tx: &Writing<'_>, days: u32) -> Result<(), RecordsError> {
    settings::set(tx, RETENTION, &days, Shown::Value)
}

/// The photograph is on the lists.
///
/// # Errors
/// [`RecordsError::NotFound`] for one that was deleted or never was.
pub fn image_stands(tx: &Reading<'_>, id: ImageId) -> Result<(), RecordsError> {
    stands(tx, "SELECT deletion IS NULL FROM images WHERE id = ?1", &id_text(&id))
}

/// The reading is on the lists.
pub(crate) fn reading_stands(tx: &Reading<'_>, id: AnalysisId) -> Result<(), RecordsError> {
    stands(tx, "SELECT deletion IS NULL FROM analyses WHERE id = ?1", &id_text(&id))
}

fn stands(tx: &Reading<'_>, sql: &str, id: &str) -> Result<(), RecordsError> {
    let stands: bool = tx.connection().prepare_cached(sql)?.query_row([id], |row| row.get(0))?;
    if stands { Ok(()) } else { Err(RecordsError::NotFound) }
}

fn enter(
    tx: &Writing<'_>,
    patient: PatientId,
    scope: DeletionScope,
    reason: &str,
    before: Option<Timestamp>,
) -> Result<DeletionId, RecordsError> {
    let id = DeletionId::fresh();
    tx.connection()
        .prepare_cached(
            "INSERT INTO deletions (id, patient_id, scope, reason, before_at, deleted_by, deleted_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            id_text(&id),
            id_text(&patient),
            word(&scope),
            reason,
            before.map(micros),
            id_text(&tx.actor().user),
            micros(tx.now()),
        ])?;
    Ok(id)
}

fn mark(tx: &Writing<'_>, sql: &str, deletion: DeletionId, what: &str) -> Result<usize, RecordsError> {
    Ok(tx.connection().prepare_cached(sql)?.execute(params![id_text(&deletion), what])?)
}

pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Deletion> {
    Ok(Deletion {
        id: row.parsed("id")?,
        patient_id: row.parsed("patient_id")?,
        scope: row.word("scope")?,
        reason: row.text("reason")?,
        deleted_by: row.parsed("deleted_by")?,
        deleted_at: row.time("deleted_at")?,
        undone_at: row.time_or_none("undone_at")?,
        purged_at: row.time_or_none("purged_at")?,
    })
}
