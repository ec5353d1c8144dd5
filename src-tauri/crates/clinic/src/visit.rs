//! Visits of patients and the queue of a day.

use documents::{VisitSlipContent, render_visit_slip};
use domain::clock::age_in_years;
use domain::problem::{FieldProblem, ProblemCode, Problems};
use domain::visit::{Visit, VisitDetails};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use records::visits::{self, Person, QueueEntry};
use records::{clinicians, patients};

use crate::commands::Command;
use crate::error::Result;
use crate::events::Subject;
use crate::export::Document;
use crate::session::Session;
use crate::views::{
    PatientScanRequest, PatientScanView, PersonView, QueueReadRequest, QueueRow, QueueView, VisitAddRequest,
    VisitAdded, VisitChangeRequest, VisitEntry, VisitMoveRequest, VisitSlipRequest, VisitView,
};

/// Nobody plans further ahead.
const MOST_DAYS_AHEAD: i32 = 731;
const LONGEST_NUMBER: usize = 40;

/// The queue of a day, today's where none is named.
///
/// # Errors
/// `not_permitted`, `storage_failed`.
pub fn queue(session: &Session, request: &QueueReadRequest) -> Result<QueueView> {
    let actor = session.authorise(Command::QueueRead)?;
    let today = session.workstation().clock().today();
    let day = request.day.unwrap_or(today);
    let queue = session.store().write(&actor, |tx| visits::queue(tx, day))?;
    let rows = queue.entries.into_iter().map(|entry| row(session, entry)).collect();
    Ok(QueueView { day, today, rows, unclosed: queue.unclosed, unclosed_since: queue.unclosed_since })
}

/// Puts a patient into a queue. Somebody who is in it already is not put there twice.
///
/// # Errors
/// `invalid_input` with the fields, `not_found` for the patient or the clinician.
pub fn add(session: &Session, request: VisitAddRequest) -> Result<VisitAdded> {
    let actor = session.authorise(Command::VisitAdd)?;
    let details = entered(session, request.entry, None, request.arrived)?;
    let added =
        session.store().write(&actor, |tx| visits::add(tx, request.patient_id, &details, request.arrived))?;
    if !added.already {
        session.workstation().events().changed(Subject::Visit, added.visit.id);
    }
    Ok(VisitAdded { visit: view(session, added.visit), already: added.already })
}

/// Changes what was entered about a visit.
///
/// # Errors
/// `invalid_input` with the fields, `not_found`; `conflict` when somebody else changed the visit since
/// `version`, and for another day once the patient has come.
pub fn change(session: &Session, request: VisitChangeRequest) -> Result<VisitView> {
    let actor = session.authorise(Command::VisitChange)?;
    let old = session.store().read(|tx| visits::get(tx, request.id))?;
    let details = entered(session, request.entry, Some(old.details.day), false)?;
    let visit =
        session.store().write(&actor, |tx| visits::change(tx, request.id, request.version, &details))?;
    session.workstation().events().changed(Subject::Visit, visit.id);
    Ok(view(session, visit))
}

/// Moves a visit on, or takes its last step back.
///
/// # Errors
/// `not_found`; `conflict` when somebody else changed the visit since `version`, or the step leads
/// nowhere from where it stands.
pub fn step(session: &Session, request: &VisitMoveRequest) -> Result<VisitView> {
    let actor = session.authorise(Command::VisitMove)?;
    let visit =
        session.store().write(&actor, |tx| visits::step(tx, request.id, request.version, request.step))?;
    session.workstation().events().changed(Subject::Visit, visit.id);
    Ok(view(session, visit))
}

/// Whom a scanned slip belongs to, with the visit of today that is still open.
///
/// # Errors
/// `not_found` when nobody has this number.
pub fn scan(session: &Session, request: &PatientScanRequest) -> Result<PatientScanView> {
    let actor = session.authorise(Command::PatientScan)?;
    let number: String = request.number.trim().chars().take(LONGEST_NUMBER).collect();
    let today = session.workstation().clock().today();
    let found = session.store().write(&actor, |tx| {
        let Some(person) = visits::patient_by_number(tx, &number)? else { return Ok(None) };
        let visit = visits::open_of_patient(tx, person.id, today)?.into_iter().next();
        Ok(Some((person, visit)))
    })?;
    let (person, visit) = found.ok_or(crate::ErrorCode::NotFound)?;
    Ok(PatientScanView { person: person_view(person, today), visit: visit.map(|visit| view(session, visit)) })
}

/// The slip of a visit, with the patient's number as a square for the scanner.
///
/// # Errors
/// `not_found`; `internal` when the page cannot be made.
pub fn slip(session: &Session, request: &VisitSlipRequest) -> Result<Document> {
    let actor = session.authorise(Command::VisitSlipSave)?;
    let (visit, patient, clinician) = session.store().write(&actor, |tx| {
        let visit = visits::print_slip(tx, request.id)?;
        let patient = patients::get(tx, visit.patient_id)?;
        let clinician = visit.details.clinician_id.and_then(|id| clinicians::get(tx, id).ok());
        Ok((visit, patient, clinician))
    })?;
    let clock = session.workstation().clock();
    let issued_at = clock.now();
    let day = |day: Date| day.strftime("%-d %B %Y").to_string();
    let planned =
        visit.details.planned_at.map(|at| at.to_zoned(clock.zone()).strftime(", %H:%M").to_string());
    let content = VisitSlipContent {
        clinic_name: session.office().clinic.name.clone(),
        patient_name: patient.details.full_name(),
        date_of_birth: day(patient.details.date_of_birth),
        patient_number: patient.number,
        visit: format!("{}{}", day(visit.details.day), planned.unwrap_or_default()),
        clinician: clinician.map(|clinician| clinician.full_name).unwrap_or_default(),
        issued_at,
        issued: day(issued_at.to_zoned(clock.zone()).date()),
    };
    let pdf = render_visit_slip(&content, request.paper.into())?;
    Ok(Document { file_name: "visit-slip.pdf".to_owned(), pdf })
}

/// What was typed, as it is stored: the time on the wall becomes a moment. One that a change of the clocks
/// skips is the moment an hour later, one that comes twice is the first.
fn entered(session: &Session, entry: VisitEntry, kept: Option<Date>, arrived: bool) -> Result<VisitDetails> {
    let clock = session.workstation().clock();
    let today = clock.today();
    let day = entry.day.or(kept).unwrap_or(today);
    let mut found = Vec::new();
    if Some(day) != kept {
        if day < today || (arrived && day != today) {
            found.push(FieldProblem::new("day", ProblemCode::TooLongAgo));
        } else if day.since(today).is_ok_and(|ahead| ahead.get_days() > MOST_DAYS_AHEAD) {
            found.push(FieldProblem::with_limit("day", ProblemCode::NotAllowed, 731));
        }
    }
    let planned_at = entry.planned.and_then(|time| moment(day, time, &clock.zone()));
    let details = VisitDetails {
        day,
        planned_at,
        clinician_id: entry.clinician_id,
        room: entry.room.trim().to_owned(),
        note: entry.note.trim().to_owned(),
    };
    let mut problems = Problems::default();
    details.check(&mut problems);
    found.extend(problems.into_result().err().unwrap_or_default());
    if found.is_empty() { Ok(details) } else { Err(found.into()) }
}

fn moment(day: Date, time: Time, zone: &jiff::tz::TimeZone) -> Option<Timestamp> {
    let minute = time.with().second(0).subsec_nanosecond(0).build().ok()?;
    day.to_datetime(minute).to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp())
}

fn row(session: &Session, entry: QueueEntry) -> QueueRow {
    QueueRow {
        visit: view(session, entry.visit),
        person: person_view(entry.patient, session.workstation().clock().today()),
        clinician_name: entry.clinician_name,
        photographs: entry.photographs,
    }
}

fn person_view(person: Person, today: Date) -> PersonView {
    PersonView {
        id: person.id,
        number: person.number,
        family_name: person.family_name,
        given_names: person.given_names,
        age: age_in_years(person.date_of_birth, today),
        date_of_birth: person.date_of_birth,
    }
}

fn view(session: &Session, visit: Visit) -> VisitView {
    let clock = session.workstation().clock();
    VisitView {
        from_earlier_day: visit.state.is_open() && visit.details.day < clock.today(),
        waited_minutes: visit.waited_minutes(clock.now()),
        visit,
    }
}
