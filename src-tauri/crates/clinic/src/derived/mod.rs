//! Pictures, heatmaps and features that follow from photographs and a model: looked through, and made anew where they
//! are missing or cannot be opened.
//!
//! A pass is a row of the records and works in steps of less than a second on a thread of its own, behind the
//! analyses that somebody waits for. It ends with the session and goes on at the next sign-in where it was. It changes
//! no figure of a reading, and no heatmap is ever replaced by that of another model.

mod directions;
mod heatmaps;
mod pass;
mod pictures;

use domain::derived::{DerivedPurpose, DerivedState};
use records::RecordsError;
use records::derived::{self, DerivedRun};

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::events::Subject;
use crate::names::Names;
use crate::session::{Office, Session};
use crate::settings;
use crate::views::{DerivedRunView, DerivedStartRequest, DerivedView};

pub(crate) use pass::resume;

/// The pass that is open, and what the last ones found and made.
///
/// # Errors
/// `not_permitted`.
pub fn read(session: &Session) -> Result<DerivedView> {
    session.authorise(Command::DerivedRead)?;
    let model = settings::model_status(session);
    Ok(session.store().read(|tx| {
        let names = Names::read(tx)?;
        let told = |run: Option<DerivedRun>| run.map(|run| view(run, &names));
        Ok(DerivedView {
            model,
            current: told(derived::open(tx)?),
            last_look: told(derived::last(tx, DerivedPurpose::Look)?),
            last_make: told(derived::last(tx, DerivedPurpose::Make)?),
        })
    })?)
}

/// Begins a pass that looks, or one that makes anew what it finds.
///
/// # Errors
/// `busy` while one is open; `not_permitted` for roles without the key to photographs.
pub fn start(session: &Session, request: DerivedStartRequest) -> Result<DerivedView> {
    let actor = session.authorise(Command::DerivedStart)?;
    session.sealed()?;
    let model = pass::model_in_use(session.office())?;
    let sha256 = model.as_ref().map(|model| model.identity().sha256.as_str());
    session.store().write(&actor, |tx| derived::begin(tx, request.purpose, sha256)).map_err(|error| {
        match error {
            RecordsError::Conflict => ErrorCode::Busy.into(),
            other => Error::from(other),
        }
    })?;
    pass::begin(session);
    changed(session.office());
    read(session)
}

/// Ends the pass that is open; what it made stays.
///
/// # Errors
/// `not_found` when none is.
pub fn cancel(session: &Session) -> Result<DerivedView> {
    let actor = session.authorise(Command::DerivedCancel)?;
    session.store().write(&actor, |tx| {
        let run = derived::open(tx)?.ok_or(RecordsError::NotFound)?;
        derived::end(tx, run.row, DerivedState::Cancelled, None)
    })?;
    changed(session.office());
    read(session)
}

fn changed(office: &Office) {
    office.workstation.events().changed(Subject::Derived, "");
}

fn view(run: DerivedRun, names: &Names) -> DerivedRunView {
    DerivedRunView {
        purpose: run.purpose,
        state: run.state,
        problem: run
            .problem
            .map(|problem| serde_json::from_value(problem).unwrap_or_else(|_| ErrorCode::Internal.into())),
        kind: run.kind,
        done: run.tally.looked(),
        total: run.total,
        tally: run.tally,
        asked_by_name: names.name(run.asked_by),
        began_at: run.began_at,
        ended_at: run.ended_at,
    }
}
