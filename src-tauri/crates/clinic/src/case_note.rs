//! Notes between desk and clinicians about a patient.

use domain::case_note::{CaseNote, NoteEntry};
use domain::problem::Problems;
use domain::{Actor, CaseNoteId, Role};
use records::{RecordsError, Writing, case_notes};

use crate::commands::Command;
use crate::error::Result;
use crate::events::Subject;
use crate::names::Names;
use crate::session::Session;
use crate::views::{CaseNoteDoneRequest, CaseNoteStrikeRequest, CaseNoteView, CaseNoteWriteRequest};

/// # Errors
/// `invalid_input` with the fields, `not_found` for the patient or a note that it cannot follow.
pub fn write(session: &Session, request: CaseNoteWriteRequest) -> Result<CaseNoteView> {
    let actor = session.authorise(Command::CaseNoteWrite)?;
    let entry = NoteEntry { text: request.entry.text.trim().to_owned(), ..request.entry };
    entry.validate()?;
    told(
        session,
        session.store().write(&actor, |tx| {
            if let Some(earlier) = entry.follows {
                legible(tx, earlier)?;
            }
            case_notes::write(tx, request.patient_id, &entry)
        }),
    )
}

/// Ticks a note off, or takes the tick away again.
///
/// # Errors
/// `not_found`, also for a note that is not for one's eyes; `conflict` when it is so already.
pub fn mark_done(session: &Session, request: &CaseNoteDoneRequest) -> Result<CaseNoteView> {
    let actor = session.authorise(Command::CaseNoteDone)?;
    told(
        session,
        session.store().write(&actor, |tx| {
            legible(tx, request.id)?;
            case_notes::mark_done(tx, request.id, request.done)
        }),
    )
}

/// Strikes a note out: one's own, or as a clinician anybody's.
///
/// # Errors
/// `invalid_input` (`reason`), `not_found` for a note one may not strike, `conflict` when it is struck already.
pub fn strike(session: &Session, request: &CaseNoteStrikeRequest) -> Result<CaseNoteView> {
    let actor = session.authorise(Command::CaseNoteStrike)?;
    let reason = request.reason.trim();
    let mut problems = Problems::default();
    problems.required_text("reason", reason, 500);
    problems.into_result()?;
    told(
        session,
        session.store().write(&actor, |tx| {
            if !may_strike(&actor, &legible(tx, request.id)?) {
                return Err(RecordsError::NotFound);
            }
            case_notes::strike(tx, request.id, reason)
        }),
    )
}

pub(crate) fn view(names: &Names, note: CaseNote, reader: &Actor) -> CaseNoteView {
    CaseNoteView {
        id: note.id,
        may_strike: may_strike(reader, &note),
        audience: note.entry.audience,
        text: note.entry.text,
        follows: note.entry.follows,
        author: note.author,
        author_name: names.name(note.author),
        written_at: note.written_at,
        done_by_name: names.name_or_none(note.done_by),
        done_at: note.done_at,
        struck_by_name: names.name_or_none(note.struck_by),
        struck_at: note.struck_at,
        strike_reason: note.strike_reason,
    }
}

fn is_clinical(role: Role) -> bool {
    matches!(role, Role::Administrator | Role::Clinician)
}

fn may_strike(actor: &Actor, note: &CaseNote) -> bool {
    note.struck_at.is_none()
        && match actor.role {
            Role::FrontDesk => note.author == actor.user,
            role => is_clinical(role),
        }
}

/// The note, when the actor may read it.
fn legible(tx: &Writing<'_>, id: CaseNoteId) -> std::result::Result<CaseNote, RecordsError> {
    let note = case_notes::get(tx, id)?;
    if is_clinical(tx.actor().role) || note.is_for_desk(tx.actor().user) {
        Ok(note)
    } else {
        Err(RecordsError::NotFound)
    }
}

fn told(session: &Session, written: std::result::Result<CaseNote, RecordsError>) -> Result<CaseNoteView> {
    let note = written?;
    session.workstation().events().changed(Subject::FollowUp, note.patient_id);
    let names = session.store().read(Names::read)?;
    Ok(view(&names, note, &session.actor()))
}
