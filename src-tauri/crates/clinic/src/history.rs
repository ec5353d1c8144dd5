//! The history of uploads across patients; deleting from it, and bringing back.
//!
//! Nothing is destroyed here: what was deleted is hidden, and its sealed files stay until the retention time is
//! over ([`crate::retention`]).

use domain::history::{Deletion, validate_reason, validate_retention};
use domain::problem::{FieldProblem, ProblemCode};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use records::history::{self, Entry, Filter, MOST_ENTRIES, Place, Said};
use records::{deletions, users};

use crate::commands::Command;
use crate::error::Result;
use crate::events::Subject;
use crate::insight;
use crate::names::Names;
use crate::read_first::Curtain;
use crate::session::Session;
use crate::views::{
    Colleague, DeletionRequest, DeletionView, HistoryClearRequest, HistoryCleared, HistoryEntry,
    HistoryPlace, HistoryRequest, HistorySaid, HistoryView, PhotographDeleteRequest, ReadingDeleteRequest,
    RetentionSettings,
};

const MAX_QUERY: usize = 200;

/// A page of the history, newest first.
///
/// # Errors
/// `not_permitted`; `invalid_input` for a day without a beginning.
pub fn read(session: &Session, request: HistoryRequest) -> Result<HistoryView> {
    let actor = session.authorise(Command::HistoryRead)?;
    let asked = request.clone();
    let after = |day: Date| day.tomorrow().map_or(Ok(Timestamp::MAX), |next| start_of(next, "to"));
    let filter = Filter {
        noun: request.noun,
        text: request.text.chars().take(MAX_QUERY).collect(),
        class: request.class,
        band: request.band,
        urgency: request.urgency,
        from: request.from.map(|day| start_of(day, "from")).transpose()?,
        until: request.to.map(after).transpose()?,
        site: request.site,
        by: request.by,
        reviewer: request.reviewer,
        deleted: request.deleted,
        seen_only: false,
        before: request.before.map(|place| Place { at: place.at, id: place.id }),
        limit: request.limit.clamp(1, MOST_ENTRIES),
    };
    Ok(session.store().write(&actor, |tx| {
        insight::of_history(tx, &asked)?;
        let everybody = users::all(tx)?;
        let names = Names::of(&everybody);
        let days = deletions::retention_days(tx)?;
        let curtain = Curtain::of(session, tx)?;
        // What is asked for by what a reading said would say it.
        let telling = filter.band.is_some() || filter.class.is_some() || filter.urgency.is_some();
        let page = history::read(tx, &Filter { seen_only: curtain.is_drawn() && telling, ..filter })?;
        let now = tx.now();
        let mut entries = Vec::new();
        for entry in page.entries {
            let hidden = entry.analysis_id.map_or(Ok(false), |id| curtain.hides(tx, id))?;
            entries.push(view(&names, entry, days, now, hidden));
        }
        let colleague = |user: domain::user::User| Colleague { id: user.id, name: user.details.full_name };
        Ok(HistoryView {
            entries,
            next: page.next.map(|place| HistoryPlace { at: place.at, id: place.id }),
            cut_short: page.cut_short,
            people: everybody.into_iter().map(colleague).collect(),
            retention_days: days,
        })
    })?)
}

/// Takes a reading off every list.
///
/// # Errors
/// `invalid_input` (`reason`), `invalid_credentials`, `not_found`, `conflict` when it is deleted already.
pub fn delete_reading(session: &Session, request: &ReadingDeleteRequest) -> Result<()> {
    let actor = session.authorise(Command::ReadingDelete)?;
    let reason = request.reason.trim();
    validate_reason(reason)?;
    session.check_password(&request.password)?;
    let deletion = session.store().write(&actor, |tx| deletions::delete_reading(tx, request.id, reason))?;
    told(session, &deletion);
    Ok(())
}

/// Takes a photograph and the readings of it off every list.
///
/// # Errors
/// As [`delete_reading`]; `invalid_input` (`photograph`) for the site of a specimen, which must stay.
pub fn delete_photograph(session: &Session, request: &PhotographDeleteRequest) -> Result<()> {
    let actor = session.authorise(Command::PhotographDelete)?;
    let reason = request.reason.trim();
    validate_reason(reason)?;
    session.check_password(&request.password)?;
    if session.store().read(|tx| deletions::shows_a_specimen(tx, request.id))? {
        return Err(vec![FieldProblem::new("photograph", ProblemCode::NotAllowed)].into());
    }
    let deletion =
        session.store().write(&actor, |tx| deletions::delete_photograph(tx, request.id, reason))?;
    told(session, &deletion);
    Ok(())
}

/// Takes every reading of a patient from before a day off every list.
///
/// # Errors
/// `invalid_input` (`reason`, `before`), `invalid_credentials`, `not_found` also when there is none,
/// `patient_merged`.
pub fn clear(session: &Session, request: &HistoryClearRequest) -> Result<HistoryCleared> {
    let actor = session.authorise(Command::HistoryClear)?;
    let reason = request.reason.trim();
    validate_reason(reason)?;
    let before = start_of(request.before, "before")?;
    session.check_password(&request.password)?;
    let clear = |tx: &records::Writing<'_>| deletions::clear_history(tx, request.patient_id, before, reason);
    let (deletion, readings) = session.store().write(&actor, clear)?;
    told(session, &deletion);
    Ok(HistoryCleared { id: deletion.id, readings: u32::try_from(readings).unwrap_or(u32::MAX) })
}

/// Brings back what a deletion took away.
///
/// # Errors
/// `not_found`, `conflict` when it was undone already or its time is over.
pub fn undo(session: &Session, request: &DeletionRequest) -> Result<()> {
    let actor = session.authorise(Command::DeletionUndo)?;
    let deletion = session.store().write(&actor, |tx| deletions::undo(tx, request.id))?;
    told(session, &deletion);
    Ok(())
}

/// # Errors
/// `not_permitted`.
pub fn retention(session: &Session) -> Result<RetentionSettings> {
    session.authorise(Command::RetentionRead)?;
    Ok(RetentionSettings { days: session.store().read(deletions::retention_days)? })
}

/// # Errors
/// `invalid_input` outside 1 to 3,650 days.
pub fn change_retention(session: &Session, request: &RetentionSettings) -> Result<RetentionSettings> {
    let actor = session.authorise(Command::RetentionUpdate)?;
    validate_retention(request.days)?;
    session.store().write(&actor, |tx| deletions::set_retention_days(tx, request.days))?;
    Ok(*request)
}

fn start_of(day: Date, field: &str) -> Result<Timestamp> {
    let start = day.to_zoned(TimeZone::system()).map(|start| start.timestamp());
    start.map_err(|_| vec![FieldProblem::new(field, ProblemCode::NotAllowed)].into())
}

fn told(session: &Session, deletion: &Deletion) {
    session.workstation().events().changed(Subject::Patient, deletion.patient_id);
}

fn view(names: &Names, entry: Entry, days: u32, now: Timestamp, withheld: bool) -> HistoryEntry {
    HistoryEntry {
        analysis_id: entry.analysis_id,
        image_id: entry.image_id,
        at: entry.at,
        patient_id: entry.patient_id,
        patient_number: entry.patient_number,
        family_name: entry.family_name,
        given_names: entry.given_names,
        lesion_id: entry.lesion_id,
        lesion_label: entry.lesion_label,
        site: entry.site,
        by_name: names.name_or_none(entry.by),
        said: entry.said.filter(|_| !withheld).map(|said| said_view(names, said)),
        withheld,
        deletion: entry.deletion.map(|deletion| DeletionView {
            id: deletion.id,
            scope: deletion.scope,
            deleted_by_name: names.name(deletion.deleted_by),
            deleted_at: deletion.deleted_at,
            may_undo: deletion.may_be_undone(days, now),
            until: deletion.until(days),
            reason: deletion.reason,
        }),
    }
}

fn said_view(names: &Names, said: Said) -> HistorySaid {
    HistorySaid {
        band: said.band,
        urgency: said.urgency,
        gate: said.gate,
        class_code: said.class_code,
        class_name: said.class_name,
        malignant_sum: said.malignant_sum,
        model_name: said.model_name,
        model_version: said.model_version,
        reviewer_name: names.name_or_none(said.reviewer),
    }
}
