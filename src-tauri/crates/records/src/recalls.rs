//! Recalls: who is to come back and when, and the attempts to reach them.

mod bookings;
mod call_list;

use domain::audit::AuditAction;
use domain::recall::{
    Contact, ContactEntry, ContactOutcome, Recall, RecallDetails, RecallInterval, RecallState,
};
use domain::{LesionId, PatientId, RecallId};
use jiff::civil::Date;
use rusqlite::{Row, named_params, params};
use serde_json::json;

use crate::audit::{self, AuditEntry, changed};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros, word};
use crate::store::{Reading, Writing};

pub(crate) use bookings::{SCHEMA as BOOKINGS, follow_visit};
pub use call_list::{Call, CallWindow, call_list, overdue};

// The partial index holds what is open and nothing else: the call list and the safety net read only that,
// however long the clinic has been there.
pub(crate) const SCHEMA: &str = "
CREATE TABLE recalls (
    id             TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    patient_id     TEXT NOT NULL REFERENCES patients (id),
    lesion_id      TEXT,
    due_on         TEXT NOT NULL CHECK (length(due_on) = 10),
    interval_count INTEGER CHECK (interval_count BETWEEN 1 AND 120),
    interval_unit  TEXT CHECK (interval_unit IN ('weeks', 'months', 'years')),
    reason         TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
    desk_text      TEXT NOT NULL CHECK (length(desk_text) <= 200),
    responsible    TEXT NOT NULL REFERENCES users (id),
    state          TEXT NOT NULL CHECK (state IN ('due', 'booked', 'done', 'cancelled')),
    booked_for     TEXT CHECK (length(booked_for) = 10),
    next_on        TEXT NOT NULL CHECK (next_on = coalesce(booked_for, due_on)),
    closed_by      TEXT REFERENCES users (id),
    closed_at      INTEGER,
    closing_note   TEXT NOT NULL CHECK (length(closing_note) <= 500),
    planned_by     TEXT NOT NULL REFERENCES users (id),
    planned_at     INTEGER NOT NULL,
    version        INTEGER NOT NULL CHECK (version >= 1),
    FOREIGN KEY (lesion_id, patient_id) REFERENCES lesions (id, patient_id),
    CHECK ((interval_count IS NULL) = (interval_unit IS NULL)),
    CHECK ((state = 'booked') <= (booked_for IS NOT NULL)),
    CHECK ((state IN ('done', 'cancelled')) = (closed_at IS NOT NULL)),
    CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
    CHECK (state <> 'cancelled' OR length(closing_note) > 0)
) STRICT;
CREATE INDEX recalls_by_patient ON recalls (patient_id, due_on);
CREATE INDEX recalls_open ON recalls (next_on, id, closed_at) WHERE closed_at IS NULL;
CREATE TABLE recall_contacts (
    row        INTEGER PRIMARY KEY AUTOINCREMENT,
    recall_id  TEXT NOT NULL REFERENCES recalls (id),
    at         INTEGER NOT NULL,
    by         TEXT NOT NULL REFERENCES users (id),
    means      TEXT NOT NULL CHECK (means IN ('phone', 'email', 'letter', 'in_person')),
    outcome    TEXT NOT NULL CHECK (outcome IN ('reached', 'no_answer', 'booked', 'declined')),
    note       TEXT NOT NULL CHECK (length(note) <= 300),
    booked_for TEXT CHECK (length(booked_for) = 10),
    CHECK ((outcome = 'booked') = (booked_for IS NOT NULL))
) STRICT;
CREATE INDEX recall_contacts_by_recall ON recall_contacts (recall_id, row);
";

/// Plans a recall in the actor's name.
///
/// # Errors
/// [`RecordsError::NotFound`] for an unknown patient, or a lesion that is not the patient's.
pub fn plan(tx: &Writing<'_>, patient: PatientId, details: &RecallDetails) -> Result<Recall, RecordsError> {
    crate::patients::must_exist(tx, patient)?;
    lesion_is_of(tx, patient, details.lesion_id)?;
    crate::users::get(tx, details.responsible)?;
    let id = RecallId::fresh();
    tx.connection()
        .prepare_cached(
            "INSERT INTO recalls (id, patient_id, lesion_id, due_on, next_on, interval_count, interval_unit, reason,
                 desk_text, responsible, state, closing_note, planned_by, planned_at, version)
             VALUES (:id, :patient, :lesion, :due_on, :due_on, :count, :unit, :reason, :desk_text, :responsible, 'due',
                 '', :by, :now, 1)",
        )?
        .execute(named_params! {
            ":id": id_text(&id),
            ":patient": id_text(&patient),
            ":lesion": details.lesion_id.as_ref().map(id_text),
            ":due_on": details.due_on.to_string(),
            ":count": details.interval.map(|interval| interval.count),
            ":unit": details.interval.map(|interval| word(&interval.unit)),
            ":reason": details.reason,
            ":desk_text": details.desk_text,
            ":responsible": id_text(&details.responsible),
            ":by": id_text(&tx.actor().user),
            ":now": micros(tx.now()),
        })?;
    let entry = AuditEntry::new(AuditAction::RecallPlanned).on(id).of_patient(patient);
    audit::record(tx, entry.with(json!({ "changed": { "due_on": [null, details.due_on] } })))?;
    get(tx, id)
}

/// Replaces the details of an open recall. `version` is the one the edit began from.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] when it was changed or closed meanwhile.
pub fn change(
    tx: &Writing<'_>,
    id: RecallId,
    version: u32,
    details: &RecallDetails,
) -> Result<Recall, RecordsError> {
    let old = open_at(tx, id, version)?;
    lesion_is_of(tx, old.patient_id, details.lesion_id)?;
    crate::users::get(tx, details.responsible)?;
    tx.connection()
        .prepare_cached(
            "UPDATE recalls SET lesion_id = :lesion, due_on = :due_on, next_on = coalesce(booked_for, :due_on),
                 interval_count = :count,
                 interval_unit = :unit, reason = :reason, desk_text = :desk_text, responsible = :responsible,
                 version = version + 1
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": id_text(&id),
            ":lesion": details.lesion_id.as_ref().map(id_text),
            ":due_on": details.due_on.to_string(),
            ":count": details.interval.map(|interval| interval.count),
            ":unit": details.interval.map(|interval| word(&interval.unit)),
            ":reason": details.reason,
            ":desk_text": details.desk_text,
            ":responsible": id_text(&details.responsible),
        })?;
    let entry = AuditEntry::new(AuditAction::RecallChanged).on(id).of_patient(old.patient_id);
    audit::record(
        tx,
        entry.with(json!({ "changed": changed(&old.details, details), "version": version + 1 })),
    )?;
    get(tx, id)
}

/// Notes an attempt to reach the patient; one that led to an appointment books the recall and makes the patient
/// expected on that day, in the same transaction.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] when it was changed or closed meanwhile.
pub fn note_contact(
    tx: &Writing<'_>,
    id: RecallId,
    version: u32,
    entry: &ContactEntry,
) -> Result<Recall, RecordsError> {
    let old = open_at(tx, id, version)?;
    let booked_for = entry.booked_for.map(|day| day.to_string());
    tx.connection()
        .prepare_cached(
            "INSERT INTO recall_contacts (recall_id, at, by, means, outcome, note, booked_for)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            id_text(&id),
            micros(tx.now()),
            id_text(&tx.actor().user),
            word(&entry.means),
            word(&entry.outcome),
            entry.note,
            booked_for,
        ])?;
    match entry.booked_for.filter(|_| entry.outcome == ContactOutcome::Booked) {
        Some(day) => {
            set_state(tx, id, RecallState::Booked, Some(day))?;
            bookings::book(tx, &old, day)?;
        }
        None => set_state(tx, id, old.state, old.booked_for)?,
    }
    let new = get(tx, id)?;
    let row = AuditEntry::new(AuditAction::RecallContacted).on(id).of_patient(old.patient_id);
    audit::record(
        tx,
        row.with(json!({
            "means": entry.means,
            "outcome": entry.outcome,
            "changed": changes(&old, &new),
        })),
    )?;
    Ok(new)
}

/// The appointment did not come about: the recall is due again. The patient is not expected any more where only
/// this booking made them so.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] when it was changed meanwhile or is not booked.
pub fn unbook(tx: &Writing<'_>, id: RecallId, version: u32) -> Result<Recall, RecordsError> {
    let old = open_at(tx, id, version)?;
    if old.state != RecallState::Booked {
        return Err(RecordsError::Conflict);
    }
    set_state(tx, id, RecallState::Due, None)?;
    bookings::release(tx, &old)?;
    let new = get(tx, id)?;
    let row = AuditEntry::new(AuditAction::RecallUnbooked).on(id).of_patient(old.patient_id);
    audit::record(tx, row.with(json!({ "changed": changes(&old, &new) })))?;
    Ok(new)
}

/// Ends a recall: done, or cancelled with a reason, and with a cancelled one the appointment.
///
/// # Errors
/// [`RecordsError::NotFound`], [`RecordsError::Conflict`] when it was changed or closed meanwhile,
/// [`RecordsError::Storage`] for a cancellation without a reason or a state that is not an end.
pub fn close(
    tx: &Writing<'_>,
    id: RecallId,
    version: u32,
    state: RecallState,
    note: &str,
) -> Result<Recall, RecordsError> {
    let old = open_at(tx, id, version)?;
    tx.connection()
        .prepare_cached(
            "UPDATE recalls SET state = ?2, closed_by = ?3, closed_at = ?4, closing_note = ?5,
                 version = version + 1
             WHERE id = ?1",
        )?
        .execute(params![id_text(&id), word(&state), id_text(&tx.actor().user), micros(tx.now()), note])?;
    if state == RecallState::Cancelled {
        bookings::release(tx, &old)?;
    }
    let new = get(tx, id)?;
    let row = AuditEntry::new(AuditAction::RecallClosed).on(id).of_patient(old.patient_id);
    audit::record(tx, row.with(json!({ "changed": changes(&old, &new), "note": note })))?;
    Ok(new)
}

/// # Errors
/// [`RecordsError::NotFound`].
pub fn get(tx: &Reading<'_>, id: RecallId) -> Result<Recall, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM recalls WHERE id = ?1")?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

/// The patient's recalls: what is open first, each part by day.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn of_patient(tx: &Reading<'_>, patient: PatientId) -> Result<Vec<Recall>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT * FROM recalls WHERE patient_id = ?1
         ORDER BY closed_at IS NOT NULL, CASE WHEN closed_at IS NULL THEN next_on END, closed_at DESC, id",
    )?;
    let recalls = query.query_map([id_text(&patient)], from_row)?.collect::<Result<_, _>>()?;
    Ok(recalls)
}

/// The attempts of a recall, newest first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn contacts(tx: &Reading<'_>, id: RecallId) -> Result<Vec<Contact>, RecordsError> {
    let mut query = tx
        .connection()
        .prepare_cached("SELECT * FROM recall_contacts WHERE recall_id = ?1 ORDER BY row DESC")?;
    let contacts = query.query_map([id_text(&id)], contact_from)?.collect::<Result<_, _>>()?;
    Ok(contacts)
}

fn open_at(tx: &Reading<'_>, id: RecallId, version: u32) -> Result<Recall, RecordsError> {
    let recall = get(tx, id)?;
    if recall.version == version && !recall.state.is_closed() {
        Ok(recall)
    } else {
        Err(RecordsError::Conflict)
    }
}

fn set_state(
    tx: &Writing<'_>,
    id: RecallId,
    state: RecallState,
    booked_for: Option<Date>,
) -> Result<(), RecordsError> {
    tx.connection()
        .prepare_cached(
            "UPDATE recalls SET state = ?2, booked_for = ?3, next_on = coalesce(?3, due_on),
                 version = version + 1
             WHERE id = ?1",
        )?
        .execute(params![id_text(&id), word(&state), booked_for.map(|day| day.to_string())])?;
    Ok(())
}

fn lesion_is_of(tx: &Reading<'_>, patient: PatientId, lesion: Option<LesionId>) -> Result<(), RecordsError> {
    match lesion {
        Some(lesion) if crate::lesions::get(tx, lesion)?.patient_id != patient => Err(RecordsError::NotFound),
        _ => Ok(()),
    }
}

/// Old and new state and appointment, where they differ.
fn changes(old: &Recall, new: &Recall) -> serde_json::Value {
    let view = |recall: &Recall| json!({ "state": recall.state, "booked_for": recall.booked_for });
    changed(&view(old), &view(new))
}

pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Recall> {
    let interval = match row.get::<_, Option<u32>>("interval_count")? {
        Some(count) => Some(RecallInterval { count, unit: row.word("interval_unit")? }),
        None => None,
    };
    Ok(Recall {
        id: row.parsed("id")?,
        patient_id: row.parsed("patient_id")?,
        details: RecallDetails {
            lesion_id: row.parsed_or_none("lesion_id")?,
            due_on: row.parsed("due_on")?,
            interval,
            reason: row.text("reason")?,
            desk_text: row.text("desk_text")?,
            responsible: row.parsed("responsible")?,
        },
        state: row.word("state")?,
        booked_for: row.parsed_or_none("booked_for")?,
        closed_by: row.parsed_or_none("closed_by")?,
        closed_at: row.time_or_none("closed_at")?,
        closing_note: row.text("closing_note")?,
        planned_by: row.parsed("planned_by")?,
        planned_at: row.time("planned_at")?,
        version: row.get("version")?,
    })
}

fn contact_from(row: &Row<'_>) -> rusqlite::Result<Contact> {
    Ok(Contact {
        at: row.time("at")?,
        by: row.parsed("by")?,
        entry: ContactEntry {
            means: row.word("means")?,
            outcome: row.word("outcome")?,
            note: row.text("note")?,
            booked_for: row.parsed_or_none("booked_for")?,
        },
    })
}
