//! Emergency looks: a reason, an hour at most, one patient, and an administrator who asks afterwards.
//!
//! They open results, not photographs: the key to those is not in the slot of whoever needs this.

use std::collections::HashMap;

use domain::problem::{FieldProblem, ProblemCode};
use domain::{Actor, PatientId, UserId};
use jiff::SignedDuration;
use records::break_glass::{self, BreakGlass};
use records::{Reading, RecordsError, patients, users};

use crate::commands::{Access, Command};
use crate::error::{ErrorCode, Result};
use crate::session::Session;
use crate::views::{BreakGlassEndRequest, BreakGlassOpenRequest, BreakGlassReviewRequest, BreakGlassView};

const REASON: std::ops::RangeInclusive<usize> = 10..=500;
const LONGEST_MINUTES: u32 = 60;
const LONGEST_NOTE: usize = 500;

/// # Errors
/// `invalid_input` (`reason`, `minutes`), `not_found` for the patient.
pub fn open(session: &Session, request: &BreakGlassOpenRequest) -> Result<BreakGlassView> {
    let actor = session.authorise(Command::BreakGlassOpen)?;
    let reason = request.reason.trim();
    let mut found = Vec::new();
    let length = reason.chars().count();
    if length < *REASON.start() {
        found.push(FieldProblem::with_limit("reason", ProblemCode::TooShort, 10));
    } else if length > *REASON.end() {
        found.push(FieldProblem::with_limit("reason", ProblemCode::TooLong, 500));
    }
    if !(1..=LONGEST_MINUTES).contains(&request.minutes) {
        found.push(FieldProblem::with_limit("minutes", ProblemCode::NotAllowed, LONGEST_MINUTES));
    }
    if !found.is_empty() {
        return Err(found.into());
    }
    let length = SignedDuration::from_mins(i64::from(request.minutes));
    let opened = session.store().write(&actor, |tx| {
        let until = tx.now().checked_add(length).unwrap_or(tx.now());
        let opened = break_glass::open(tx, request.patient_id, reason, until)?;
        view(tx, opened)
    })?;
    Ok(opened)
}

/// Ends one's own look at a patient before its time; it waits for review all the same.
///
/// # Errors
/// `not_found` when none is open.
pub fn end(session: &Session, request: &BreakGlassEndRequest) -> Result<()> {
    let actor = session.authorise(Command::BreakGlassEnd)?;
    Ok(session.store().write(&actor, |tx| break_glass::end(tx, request.patient_id))?)
}

/// Those not yet reviewed first.
///
/// # Errors
/// `not_permitted`.
pub fn list(session: &Session) -> Result<Vec<BreakGlassView>> {
    session.authorise(Command::BreakGlassList)?;
    Ok(session.store().read(|tx| break_glass::list(tx)?.into_iter().map(|look| view(tx, look)).collect())?)
}

/// # Errors
/// `not_found`, `conflict` when it was reviewed already, `invalid_input` for a note over 500 characters.
pub fn review(session: &Session, request: &BreakGlassReviewRequest) -> Result<BreakGlassView> {
    let actor = session.authorise(Command::BreakGlassReview)?;
    let note = request.note.trim();
    if note.chars().count() > LONGEST_NOTE {
        return Err(vec![FieldProblem::with_limit("note", ProblemCode::TooLong, 500)].into());
    }
    Ok(session.store().write(&actor, |tx| view(tx, break_glass::review(tx, request.id, note)?))?)
}

/// The door of commands that an emergency look opens for others than the listed roles. Every use counts
/// and is in the trail. Whoever has none open learns nothing of whether there is such a patient.
pub(crate) fn admit(
    session: &Session,
    command: Command,
    patient: impl FnOnce() -> Result<PatientId>,
) -> Result<Actor> {
    match session.authorise(command) {
        Err(error)
            if error.code == ErrorCode::NotPermitted
                && matches!(command.access(), Access::RolesOrEmergency(_)) =>
        {
            let actor = session.actor();
            let Ok(patient) = patient() else { return Err(error) };
            let used = session.store().write(&actor, |tx| break_glass::note_use(tx, patient))?;
            if used { Ok(actor) } else { Err(error) }
        }
        other => other,
    }
}

fn view(tx: &Reading<'_>, look: BreakGlass) -> std::result::Result<BreakGlassView, RecordsError> {
    let names: HashMap<UserId, String> =
        users::all(tx)?.into_iter().map(|user| (user.id, user.details.full_name)).collect();
    let name = |id: &UserId| names.get(id).cloned().unwrap_or_default();
    Ok(BreakGlassView {
        id: look.id,
        user_name: name(&look.user_id),
        user_id: look.user_id,
        patient_number: patients::get(tx, look.patient_id)?.number,
        patient_id: look.patient_id,
        reason: look.reason,
        opened_at: look.opened_at,
        until: look.until,
        ended_at: look.ended_at,
        uses: look.uses,
        reviewed_by: look.reviewed_by.as_ref().map(name),
        reviewed_at: look.reviewed_at,
        review_note: look.review_note,
    })
}
