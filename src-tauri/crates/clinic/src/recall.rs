//! Recalls and the call list. The desk works the list; clinicians plan and end what is on it.

use domain::problem::{FieldProblem, ProblemCode, Problems};
use domain::recall::{Contact, ContactEntry, Recall, RecallPlan, RecallState};
use jiff::civil::Date;
use records::recalls::{self, Call, CallWindow};
use records::{RecordsError, Writing, users};

use crate::commands::Command;
use crate::error::Result;
use crate::events::Subject;
use crate::names::Names;
use crate::session::Session;
use crate::views::{
    CallListRequest, CallListView, CallRow, ContactView, RecallChangeRequest, RecallCloseRequest,
    RecallContactRequest, RecallEnd, RecallPlanRequest, RecallRequest, RecallView,
};

const MAX_ROWS: u32 = 200;

/// # Errors
/// `invalid_input` with the fields, `not_found` for patient, lesion or person.
pub fn plan(session: &Session, request: RecallPlanRequest) -> Result<RecallView> {
    let actor = session.authorise(Command::RecallPlan)?;
    let today = session.workstation().clock().today();
    answers_for_it(session, &request.plan)?;
    let details = request.plan.settle(today, today)?;
    let planned = session.store().write(&actor, |tx| {
        let planned = recalls::plan(tx, request.patient_id, &details)?;
        view(tx, &Names::read(tx)?, planned, true)
    })?;
    Ok(told(session, planned))
}

/// # Errors
/// Those of [`plan`]; `conflict` when somebody else changed or closed it since `version`.
pub fn change(session: &Session, request: RecallChangeRequest) -> Result<RecallView> {
    let actor = session.authorise(Command::RecallChange)?;
    let today = session.workstation().clock().today();
    let old = session.store().read(|tx| recalls::get(tx, request.id))?;
    if request.plan.responsible != old.details.responsible {
        answers_for_it(session, &request.plan)?;
    }
    // What is overdue may stay so while its reason is corrected.
    let details = request.plan.settle(today, today.min(old.details.due_on))?;
    let changed = session.store().write(&actor, |tx| {
        let changed = recalls::change(tx, request.id, request.version, &details)?;
        view(tx, &Names::read(tx)?, changed, true)
    })?;
    Ok(told(session, changed))
}

/// Notes an attempt to reach the patient; who has an appointment is expected on its day.
///
/// # Errors
/// `invalid_input` with the fields, `not_found`, `conflict`.
pub fn contact(session: &Session, request: RecallContactRequest) -> Result<RecallView> {
    let actor = session.authorise(Command::RecallContact)?;
    let entry = ContactEntry { note: request.entry.note.trim().to_owned(), ..request.entry };
    entry.validate(session.workstation().clock().today())?;
    let clinical = sees_reasons(session);
    let noted = session.store().write(&actor, |tx| {
        let noted = recalls::note_contact(tx, request.id, request.version, &entry)?;
        view(tx, &Names::read(tx)?, noted, clinical)
    })?;
    session.workstation().events().changed(Subject::Visit, noted.id);
    Ok(told(session, noted))
}

/// The appointment did not come about, and the patient is not expected for it any more.
///
/// # Errors
/// `not_found`; `conflict` when it was changed meanwhile or is not booked.
pub fn unbook(session: &Session, request: &RecallRequest) -> Result<RecallView> {
    let actor = session.authorise(Command::RecallUnbook)?;
    let clinical = sees_reasons(session);
    let due = session.store().write(&actor, |tx| {
        let due = recalls::unbook(tx, request.id, request.version)?;
        view(tx, &Names::read(tx)?, due, clinical)
    })?;
    session.workstation().events().changed(Subject::Visit, due.id);
    Ok(told(session, due))
}

/// # Errors
/// `invalid_input` (`note`), `not_found`, `conflict`.
pub fn close(session: &Session, request: &RecallCloseRequest) -> Result<RecallView> {
    let actor = session.authorise(Command::RecallClose)?;
    let note = request.note.trim();
    let mut problems = Problems::default();
    let state = match request.end {
        RecallEnd::Done => {
            problems.text("note", note, 500);
            RecallState::Done
        }
        RecallEnd::Cancelled => {
            problems.required_text("note", note, 500);
            RecallState::Cancelled
        }
    };
    problems.into_result()?;
    let closed = session.store().write(&actor, |tx| {
        let closed = recalls::close(tx, request.id, request.version, state, note)?;
        view(tx, &Names::read(tx)?, closed, true)
    })?;
    session.workstation().events().changed(Subject::Visit, closed.id);
    Ok(told(session, closed))
}

/// Whom to call in a month. From the running month on, what is left over from before is on the list too
/// and stands first: it does not vanish with its month.
///
/// # Errors
/// `invalid_input` for a day that begins no month.
pub fn call_list(session: &Session, request: &CallListRequest) -> Result<CallListView> {
    let actor = session.authorise(Command::CallList)?;
    if request.month.day() != 1 {
        return Err(vec![FieldProblem::new("month", ProblemCode::BadFormat)].into());
    }
    let last = request.month.last_of_month();
    Ok(session.store().write(&actor, |tx| {
        let today = tx.today();
        let from = (last < today).then_some(request.month);
        let window = CallWindow { from, to: last };
        let limit = request.limit.clamp(1, MAX_ROWS);
        let (calls, total) = recalls::call_list(tx, window, limit, request.offset)?;
        let names = Names::read(tx)?;
        let rows = calls.into_iter().map(|call| row(&names, call, today)).collect();
        Ok(CallListView { month: request.month, today, rows, total, overdue: recalls::overdue(tx, today)? })
    })?)
}

pub(crate) fn view(
    tx: &Writing<'_>,
    names: &Names,
    recall: Recall,
    clinical: bool,
) -> std::result::Result<RecallView, RecordsError> {
    let contacts = recalls::contacts(tx, recall.id)?.into_iter().map(|c| attempt(names, c)).collect();
    let overdue = recall.is_overdue(tx.today());
    Ok(RecallView {
        id: recall.id,
        patient_id: recall.patient_id,
        lesion_id: recall.details.lesion_id.filter(|_| clinical),
        due_on: recall.details.due_on,
        interval: recall.details.interval,
        booked_for: recall.booked_for,
        state: recall.state,
        overdue,
        reason: clinical.then_some(recall.details.reason),
        desk_text: recall.details.desk_text,
        responsible: recall.details.responsible,
        responsible_name: names.name(recall.details.responsible),
        planned_by_name: names.name(recall.planned_by),
        planned_at: recall.planned_at,
        closed_by_name: names.name_or_none(recall.closed_by),
        closed_at: recall.closed_at,
        closing_note: clinical.then_some(recall.closing_note),
        contacts,
        version: recall.version,
    })
}

fn row(names: &Names, call: Call, today: Date) -> CallRow {
    let overdue = call.recall.is_overdue(today);
    CallRow {
        id: call.recall.id,
        version: call.recall.version,
        patient_id: call.recall.patient_id,
        patient_number: call.number,
        family_name: call.family_name,
        given_names: call.given_names,
        phone: call.phone,
        email: call.email,
        due_on: call.recall.details.due_on,
        booked_for: call.recall.booked_for,
        state: call.recall.state,
        overdue,
        desk_text: call.recall.details.desk_text,
        responsible_name: names.name(call.recall.details.responsible),
        attempts: call.attempts,
        last: call.last.map(|contact| attempt(names, contact)),
    }
}

fn attempt(names: &Names, contact: Contact) -> ContactView {
    ContactView {
        at: contact.at,
        by_name: names.name(contact.by),
        means: contact.entry.means,
        outcome: contact.entry.outcome,
        note: contact.entry.note,
        booked_for: contact.entry.booked_for,
    }
}

/// Somebody who sees results and works here.
fn answers_for_it(session: &Session, plan: &RecallPlan) -> Result<()> {
    let user = session.store().read(|tx| users::get(tx, plan.responsible)).map_err(|error| match error {
        RecordsError::NotFound => vec![FieldProblem::new("responsible", ProblemCode::NotAllowed)].into(),
        other => crate::Error::from(other),
    })?;
    let clinical = Command::RecallPlan.access().allows(Some(user.role));
    if clinical && user.state == domain::user::UserState::Active {
        Ok(())
    } else {
        Err(vec![FieldProblem::new("responsible", ProblemCode::NotAllowed)].into())
    }
}

fn sees_reasons(session: &Session) -> bool {
    session.authorise(Command::RecallPlan).is_ok()
}

fn told(session: &Session, recall: RecallView) -> RecallView {
    session.workstation().events().changed(Subject::FollowUp, recall.patient_id);
    recall
}
