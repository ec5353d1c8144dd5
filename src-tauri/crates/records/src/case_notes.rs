//! Notes between desk and clinicians. What was written stays; a note is followed, ticked off or struck out.

use domain::audit::AuditAction;
use domain::case_note::{CaseNote, NoteAudience, NoteEntry};
use domain::{CaseNoteId, PatientId};
use rusqlite::{Row, params};
use serde_json::json;

use crate::audit::{self, AuditEntry};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros, word};
use crate::store::{Reading, Writing};

pub(crate) const SCHEMA: &str = "
CREATE TABLE case_notes (
    id            TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    patient_id    TEXT NOT NULL REFERENCES patients (id),
    audience      TEXT NOT NULL CHECK (audience IN ('all', 'desk', 'clinicians')),
    text          TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 1000),
    follows       TEXT REFERENCES case_notes (id),
    author        TEXT NOT NULL REFERENCES users (id),
    written_at    INTEGER NOT NULL,
    done_by       TEXT REFERENCES users (id),
    done_at       INTEGER,
    struck_by     TEXT REFERENCES users (id),
    struck_at     INTEGER,
    strike_reason TEXT NOT NULL CHECK (length(strike_reason) <= 500),
    CHECK ((done_by IS NULL) = (done_at IS NULL)),
    CHECK ((struck_by IS NULL) = (struck_at IS NULL)),
    CHECK (struck_at IS NULL OR length(strike_reason) > 0)
) STRICT;
CREATE INDEX case_notes_by_patient ON case_notes (patient_id, written_at);
CREATE TRIGGER case_notes_are_not_edited BEFORE UPDATE OF audience, text, follows, author, written_at ON case_notes
    BEGIN SELECT RAISE(ABORT, 'case notes are not edited'); END;
";

/// Writes a note in the actor's name.
///
/// # Errors
/// [`RecordsError::NotFound`] for an unknown patient, or when it follows a note on another one.
pub fn write(tx: &Writing<'_>, patient: PatientId, entry: &NoteEntry) -> Result<CaseNote, RecordsError> {
    crate::patients::must_exist(tx, patient)?;
    if let Some(earlier) = entry.follows
        && get(tx, earlier)?.patient_id != patient
    {
        return Err(RecordsError::NotFound);
    }
    let id = CaseNoteId::fresh();
    tx.connection()
        .prepare_cached(
            "INSERT INTO case_notes (id, patient_id, audience, text, follows, author, written_at, strike_reason)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '')",
        )?
        .execute(params![
            id_text(&id),
            id_text(&patient),
            word(&entry.audience),
            entry.text,
            entry.follows.as_ref().map(id_text),
            id_text(&tx.actor().user),
            micros(tx.now()),
        ])?;
    let row = AuditEntry::new(AuditAction::CaseNoteWritten).on(id).of_patient(patient);
    audit::record(tx, row.with(json!({ "audience": entry.audience, "follows": entry.follows })))?;
    get(tx, id)
}

/// Ticks a note off, or takes the tick away again.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] when it is so already or the note was struck out.
pub fn mark_done(tx: &Writing<'_>, id: CaseNoteId, done: bool) -> Result<CaseNote, RecordsError> {
    let old = get(tx, id)?;
    if old.done_at.is_some() == done || old.struck_at.is_some() {
        return Err(RecordsError::Conflict);
    }
    tx.connection()
        .prepare_cached("UPDATE case_notes SET done_by = ?2, done_at = ?3 WHERE id = ?1")?
        .execute(params![
            id_text(&id),
            done.then(|| id_text(&tx.actor().user)),
            done.then(|| micros(tx.now())),
        ])?;
    let row = AuditEntry::new(AuditAction::CaseNoteDone).on(id).of_patient(old.patient_id);
    audit::record(tx, row.with(json!({ "changed": { "done": [!done, done] } })))?;
    get(tx, id)
}

/// Strikes a note out; its words stay legible.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] when it is struck out already.
pub fn strike(tx: &Writing<'_>, id: CaseNoteId, reason: &str) -> Result<CaseNote, RecordsError> {
    let old = get(tx, id)?;
    if old.struck_at.is_some() {
        return Err(RecordsError::Conflict);
    }
    tx.connection()
        .prepare_cached(
            "UPDATE case_notes SET struck_by = ?2, struck_at = ?3, strike_reason = ?4 WHERE id = ?1",
        )?
        .execute(params![id_text(&id), id_text(&tx.actor().user), micros(tx.now()), reason])?;
    let row = AuditEntry::new(AuditAction::CaseNoteStruck).on(id).of_patient(old.patient_id);
    audit::record(tx, row.with(json!({ "reason": reason })))?;
    get(tx, id)
}

/// # Errors
/// [`RecordsError::NotFound`].
pub fn get(tx: &Reading<'_>, id: CaseNoteId) -> Result<CaseNote, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM case_notes WHERE id = ?1")?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

/// The notes on a patient, newest first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn of_patient(tx: &Reading<'_>, patient: PatientId) -> Result<Vec<CaseNote>, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT * FROM case_notes WHERE patient_id = ?1 ORDER BY written_at DESC, id DESC")?;
    let notes = query.query_map([id_text(&patient)], from_row)?.collect::<Result<_, _>>()?;
    Ok(notes)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<CaseNote> {
    Ok(CaseNote {
        id: row.parsed("id")?,
        patient_id: row.parsed("patient_id")?,
        entry: NoteEntry {
            audience: row.word::<NoteAudience>("audience")?,
            text: row.text("text")?,
            follows: row.parsed_or_none("follows")?,
        },
        author: row.parsed("author")?,
        written_at: row.time("written_at")?,
        done_by: row.parsed_or_none("done_by")?,
        done_at: row.time_or_none("done_at")?,
        struck_by: row.parsed_or_none("struck_by")?,
        struck_at: row.time_or_none("struck_at")?,
        strike_reason: row.text("strike_reason")?,
    })
}
