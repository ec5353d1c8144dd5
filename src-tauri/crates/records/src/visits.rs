//! Visits of patients, and the queue of a day.

use std::cmp::Reverse;

use domain::audit::AuditAction;
use domain::visit::{Visit, VisitDetails, VisitState, VisitStep};
use domain::{PatientId, VisitId};
use jiff::civil::Date;
use rusqlite::{OptionalExtension, Row, named_params, params};
use serde_json::json;

use crate::audit::{self, AuditEntry, changed};
use crate::error::RecordsError;
use crate::row::{Columns, id_text, micros, word};
use crate::store::{Reading, Writing};
use crate::{clinicians, patients};

pub(crate) const SCHEMA: &str = "
CREATE TABLE visits (
    id           TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    patient_id   TEXT NOT NULL REFERENCES patients (id),
    day          TEXT NOT NULL CHECK (length(day) = 10),
    planned_at   INTEGER,
    clinician_id TEXT REFERENCES clinicians (id),
    room         TEXT NOT NULL CHECK (length(room) <= 40),
    note         TEXT NOT NULL CHECK (length(note) <= 2000),
    state        TEXT NOT NULL
        CHECK (state IN ('expected', 'arrived', 'in_room', 'done', 'cancelled', 'did_not_attend')),
    arrived_at   INTEGER,
    in_room_at   INTEGER,
    closed_at    INTEGER,
    added_at     INTEGER NOT NULL,
    version      INTEGER NOT NULL CHECK (version >= 1),
    CHECK ((closed_at IS NULL) = (state IN ('expected', 'arrived', 'in_room')))
) STRICT;
CREATE INDEX visits_by_day ON visits (day);
CREATE INDEX visits_open ON visits (day) WHERE closed_at IS NULL;
CREATE INDEX visits_by_patient ON visits (patient_id, day);
";

/// What a visit that was asked for became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    pub visit: Visit,
    /// The patient was in the queue already, and nothing was added.
    pub already: bool,
}

/// Who a patient is, in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: PatientId,
    pub number: String,
    pub family_name: String,
    pub given_names: String,
    pub date_of_birth: Date,
}

/// A line of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueEntry {
    pub visit: Visit,
    pub patient: Person,
    pub clinician_name: Option<String>,
    /// Photographs of the front desk that wait for a clinician.
    pub photographs: u32,
}

/// The queue of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    pub entries: Vec<QueueEntry>,
    /// Visits of days before today that nobody came for and nobody closed.
    pub unclosed: u32,
    /// The first of those days.
    pub unclosed_since: Option<Date>,
}

/// Puts a patient into the queue of a day, at the door already when `arrived`. Whoever is in it at the
/// same time, or at any time when they stand at the door, is not put there twice.
///
/// # Errors
/// [`RecordsError::NotFound`] for an unknown patient or clinician.
pub fn add(
    tx: &Writing<'_>,
    patient_id: PatientId,
    details: &VisitDetails,
    arrived: bool,
) -> Result<Added, RecordsError> {
    patients::must_exist(tx, patient_id)?;
    let open = open_of_patient(tx, patient_id, details.day)?;
    // Whoever still waits from an earlier day, or is here today, may be expected on another day all the same.
    let same = |visit: &Visit| {
        arrived || (visit.details.day, visit.details.planned_at) == (details.day, details.planned_at)
    };
    if let Some(visit) = open.into_iter().find(same) {
        return Ok(Added { visit, already: true });
    }
    if let Some(clinician) = details.clinician_id {
        clinicians::get(tx, clinician)?;
    }
    let expected = Visit {
        id: VisitId::fresh(),
        patient_id,
        details: details.clone(),
        state: VisitState::Expected,
        arrived_at: None,
        in_room_at: None,
        closed_at: None,
        version: 1,
    };
    let visit =
        if arrived { expected.after(VisitStep::Arrive, tx.now()).unwrap_or(expected) } else { expected };
    tx.connection()
        .prepare_cached(
            "INSERT INTO visits (id, patient_id, day, planned_at, clinician_id, room, note, state, arrived_at,
                 in_room_at, closed_at, version, added_at)
             VALUES (:id, :patient_id, :day, :planned_at, :clinician_id, :room, :note, :state, :arrived_at,
                 :in_room_at, :closed_at, :version, :now)",
        )?
        .execute(named_params! {
            ":id": id_text(&visit.id),
            ":patient_id": id_text(&patient_id),
            ":day": details.day.to_string(),
            ":planned_at": details.planned_at.map(micros),
            ":clinician_id": details.clinician_id.as_ref().map(id_text),
            ":room": details.room,
            ":note": details.note,
            ":state": word(&visit.state),
            ":arrived_at": visit.arrived_at.map(micros),
            ":in_room_at": visit.in_room_at.map(micros),
            ":closed_at": visit.closed_at.map(micros),
            ":version": visit.version,
            ":now": micros(tx.now()),
        })?;
    let about = json!({ "day": details.day, "planned_at": details.planned_at, "state": visit.state });
    audit::record(
        tx,
        AuditEntry::new(AuditAction::VisitAdded).on(visit.id).of_patient(patient_id).with(about),
    )?;
    Ok(Added { visit, already: false })
}

/// Changes what was entered about a visit.
///
/// # Errors
/// [`RecordsError::NotFound`], also for an unknown clinician; [`RecordsError::Conflict`] when somebody
/// else changed the visit since `version`, and for another day once the patient has come.
pub fn change(
    tx: &Writing<'_>,
    id: VisitId,
    version: u32,
    details: &VisitDetails,
) -> Result<Visit, RecordsError> {
    let old = get(tx, id)?;
    if old.details.day != details.day && old.state != VisitState::Expected {
        return Err(RecordsError::Conflict);
    }
    // Somebody who left the directory stays on the visits they had.
    if let Some(clinician) = details.clinician_id.filter(|id| Some(*id) != old.details.clinician_id) {
        clinicians::get(tx, clinician)?;
    }
    let new = Visit { details: details.clone(), version: version + 1, ..old.clone() };
    put(tx, &old, &new, version)?;
    let about = json!({ "changed": changed(&old.details, &new.details), "version": new.version });
    let entry = AuditEntry::new(AuditAction::VisitChanged).on(id).of_patient(old.patient_id);
    audit::record(tx, entry.with(about))?;
    if old.details.day != new.details.day {
        crate::recalls::follow_visit(tx, &new)?;
    }
    Ok(new)
}

/// Moves a visit on, or takes its last step back.
///
/// # Errors
/// [`RecordsError::NotFound`]; [`RecordsError::Conflict`] when somebody else changed the visit since
/// `version`, or the step does not lead anywhere from where it stands.
pub fn step(tx: &Writing<'_>, id: VisitId, version: u32, step: VisitStep) -> Result<Visit, RecordsError> {
    let old = get(tx, id)?;
    let moved = old.after(step, tx.now()).ok_or(RecordsError::Conflict)?;
    let new = Visit { version: version + 1, ..moved };
    put(tx, &old, &new, version)?;
    let about = json!({ "step": step, "changed": changed(&old, &new) });
    let entry = AuditEntry::new(AuditAction::VisitMoved).on(id).of_patient(old.patient_id);
    audit::record(tx, entry.with(about))?;
    Ok(new)
}

fn put(tx: &Writing<'_>, old: &Visit, new: &Visit, version: u32) -> Result<(), RecordsError> {
    let rows = tx
        .connection()
        .prepare_cached(
            "UPDATE visits SET day = :day, planned_at = :planned_at, clinician_id = :clinician_id, room = :room,
                 note = :note, state = :state, arrived_at = :arrived_at, in_room_at = :in_room_at,
                 closed_at = :closed_at, version = version + 1
             WHERE id = :id AND version = :version",
        )?
        .execute(named_params! {
            ":id": id_text(&old.id),
            ":version": version,
            ":day": new.details.day.to_string(),
            ":planned_at": new.details.planned_at.map(micros),
            ":clinician_id": new.details.clinician_id.as_ref().map(id_text),
            ":room": new.details.room,
            ":note": new.details.note,
            ":state": word(&new.state),
            ":arrived_at": new.arrived_at.map(micros),
            ":in_room_at": new.in_room_at.map(micros),
            ":closed_at": new.closed_at.map(micros),
        })?;
    if rows == 1 { Ok(()) } else { Err(RecordsError::Conflict) }
}

/// # Errors
/// [`RecordsError::NotFound`].
pub fn get(tx: &Reading<'_>, id: VisitId) -> Result<Visit, RecordsError> {
    let mut query = tx.connection().prepare_cached("SELECT * FROM visits WHERE id = ?1")?;
    Ok(query.query_row([id_text(&id)], from_row)?)
}

/// All visits of a patient, latest day first.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn of_patient(tx: &Reading<'_>, patient: PatientId) -> Result<Vec<Visit>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT * FROM visits WHERE patient_id = ?1 ORDER BY day DESC, added_at DESC, id DESC",
    )?;
    let visits = query.query_map([id_text(&patient)], from_row)?.collect::<Result<_, _>>()?;
    Ok(visits)
}

/// The patient's visits of a day that are not closed, and earlier ones for which they still wait.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn open_of_patient(tx: &Reading<'_>, patient: PatientId, day: Date) -> Result<Vec<Visit>, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT * FROM visits WHERE patient_id = ?1 AND closed_at IS NULL
             AND (day = ?2 OR (day < ?2 AND state <> 'expected'))
         ORDER BY state = 'expected', planned_at IS NULL, planned_at, added_at",
    )?;
    let visits = query.query_map(params![id_text(&patient), day.to_string()], from_row)?;
    Ok(visits.collect::<Result<_, _>>()?)
}

const QUEUE: &str = "SELECT visits.*, number, family_name, given_names, date_of_birth,
        clinicians.full_name AS clinician_name,
        (SELECT count(*) FROM desk_photos WHERE visit_id = visits.id AND desk_photos.state = 'waiting')
            AS photographs
    FROM visits JOIN patients ON patients.id = visits.patient_id
        LEFT JOIN clinicians ON clinicians.id = visits.clinician_id";

/// The queue of a day: who is in a room, who waits in the order of arrival, who is expected in the order
/// of time, and who is done with, the latest first. Today's also shows whoever came on an earlier day and
/// is still there. Recorded as one reading, with the number of rows.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn queue(tx: &Writing<'_>, day: Date) -> Result<Queue, RecordsError> {
    let of_day = format!("{QUEUE} WHERE visits.day = ?1");
    let mut entries = list(tx, &of_day, day)?;
    if day == tx.today() {
        let still_here = format!(
            "{QUEUE} WHERE visits.day < ?1 AND visits.closed_at IS NULL AND visits.state <> 'expected'"
        );
        entries.extend(list(tx, &still_here, day)?);
    }
    entries.sort_by_cached_key(place);
    let (unclosed, unclosed_since) = tx
        .connection()
        .prepare_cached(
            "SELECT count(*) AS waiting, min(day) AS since FROM visits
             WHERE closed_at IS NULL AND day < ?1 AND state = 'expected'",
        )?
        .query_row([tx.today().to_string()], |row| {
            let since = match row.get::<_, Option<String>>("since")? {
                Some(_) => Some(row.parsed("since")?),
                None => None,
            };
            Ok((row.get("waiting")?, since))
        })?;
    let about = json!({ "day": day, "count": entries.len() });
    audit::record(tx, AuditEntry::new(AuditAction::QueueRead).with(about))?;
    Ok(Queue { entries, unclosed, unclosed_since })
}

/// Where an entry stands: by its state, then by the moment that counts in it.
fn place(entry: &QueueEntry) -> (u8, i64, Reverse<i64>, String, VisitId) {
    let visit = &entry.visit;
    let at = |moment: Option<jiff::Timestamp>| moment.map_or(i64::MAX, micros);
    let (rank, first, latest) = match visit.state {
        VisitState::InRoom => (0, at(visit.in_room_at), 0),
        VisitState::Arrived => (1, at(visit.arrived_at), 0),
        VisitState::Expected => (2, at(visit.details.planned_at), 0),
        VisitState::Done => (3, 0, at(visit.closed_at)),
        VisitState::Cancelled => (4, 0, at(visit.closed_at)),
        VisitState::DidNotAttend => (5, 0, at(visit.closed_at)),
    };
    (rank, first, Reverse(latest), entry.patient.family_name.clone(), visit.id)
}

fn list(tx: &Reading<'_>, sql: &str, day: Date) -> Result<Vec<QueueEntry>, RecordsError> {
    let mut query = tx.connection().prepare_cached(sql)?;
    let entries = query.query_map([day.to_string()], entry)?.collect::<Result<_, _>>()?;
    Ok(entries)
}

/// The patient with exactly this number, as it is read from a slip; of a merged record, the one that stands
/// in its place. Recorded as a search.
///
/// # Errors
/// [`RecordsError::Damaged`], [`RecordsError::Storage`].
pub fn patient_by_number(tx: &Writing<'_>, number: &str) -> Result<Option<Person>, RecordsError> {
    let named: Option<PatientId> = tx
        .connection()
        .prepare_cached("SELECT id FROM patients WHERE number = ?1")?
        .query_row([number], |row| row.parsed("id"))
        .optional()?;
    let found = match named {
        Some(id) => Some(person_of(tx, patients::standing(tx, id)?)?),
        None => None,
    };
    let about = json!({ "count": u8::from(found.is_some()), "by": "number" });
    audit::record(tx, AuditEntry::new(AuditAction::PatientsSearched).with(about))?;
    Ok(found)
}

fn person_of(tx: &Reading<'_>, id: PatientId) -> Result<Person, RecordsError> {
    let mut query = tx.connection().prepare_cached(
        "SELECT id AS patient_id, number, family_name, given_names, date_of_birth FROM patients WHERE id = ?1",
    )?;
    Ok(query.query_row([id_text(&id)], person)?)
}

/// Notes that a slip of a visit was made for the printer.
///
/// # Errors
/// [`RecordsError::NotFound`].
pub fn print_slip(tx: &Writing<'_>, id: VisitId) -> Result<Visit, RecordsError> {
    let visit = get(tx, id)?;
    let entry = AuditEntry::new(AuditAction::VisitSlipPrinted).on(id).of_patient(visit.patient_id);
    audit::record(tx, entry)?;
    Ok(visit)
}

fn entry(row: &Row<'_>) -> rusqlite::Result<QueueEntry> {
    Ok(QueueEntry {
        visit: from_row(row)?,
        patient: person(row)?,
        clinician_name: row.get("clinician_name")?,
        photographs: row.get("photographs")?,
    })
}

fn person(row: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        id: row.parsed("patient_id")?,
        number: row.text("number")?,
        family_name: row.text("family_name")?,
        given_names: row.text("given_names")?,
        date_of_birth: row.parsed("date_of_birth")?,
    })
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Visit> {
    let clinician_id = match row.get::<_, Option<String>>("clinician_id")? {
        Some(_) => Some(row.parsed("clinician_id")?),
        None => None,
    };
    Ok(Visit {
        id: row.parsed("id")?,
        patient_id: row.parsed("patient_id")?,
        details: VisitDetails {
            day: row.parsed("day")?,
            planned_at: row.time_or_none("planned_at")?,
            clinician_id,
            room: row.text("room")?,
            note: row.text("note")?,
        },
        state: row.word("state")?,
        arrived_at: row.time_or_none("arrived_at")?,
        in_room_at: row.time_or_none("in_room_at")?,
        closed_at: row.time_or_none("closed_at")?,
        version: row.get("version")?,
    })
}
