//! Rights of the patient: the export of everything on record, the end of the record, and what holds it up.

mod erasure;
mod export;
mod passphrase;
mod readme;
mod summary;

use domain::hold::RetentionHold;
use records::holds;

pub use erasure::erase;
pub use export::{ExportPermit, prepare, write};
pub(crate) use passphrase::{passphrase, settled_passphrase};

use crate::commands::Command;
use crate::error::Result;
use crate::events::Subject;
use crate::names::Names;
use crate::session::Session;
use crate::views::{HoldReadRequest, HoldSetRequest, HoldView};

/// The hold that stands on a patient's record, if one does. Looking at it is a look at the patient.
///
/// # Errors
/// `not_found`.
pub fn hold(session: &Session, request: &HoldReadRequest) -> Result<Option<HoldView>> {
    let actor = session.authorise(Command::HoldRead)?;
    Ok(session.store().write(&actor, |tx| {
        records::patients::read(tx, request.patient_id)?;
        let hold = holds::in_force(tx, request.patient_id, tx.today())?;
        let names = Names::read(tx)?;
        Ok(hold.map(|hold| view(&names, hold)))
    })?)
}

/// Sets a hold in the place of any that stands.
///
/// # Errors
/// `invalid_input` with the fields, `not_found`, `patient_merged`.
pub fn set_hold(session: &Session, request: HoldSetRequest) -> Result<HoldView> {
    let actor = session.authorise(Command::HoldSet)?;
    let details = request.details.trimmed();
    details.validate(session.workstation().clock().today())?;
    let (hold, names) = session
        .store()
        .write(&actor, |tx| Ok((holds::set(tx, request.patient_id, &details)?, Names::read(tx)?)))?;
    session.workstation().events().changed(Subject::Patient, request.patient_id);
    Ok(view(&names, hold))
}

/// Lifts the hold.
///
/// # Errors
/// `not_found` where none stands.
pub fn lift_hold(session: &Session, request: &HoldReadRequest) -> Result<()> {
    let actor = session.authorise(Command::HoldLift)?;
    session.store().write(&actor, |tx| holds::lift(tx, request.patient_id))?;
    session.workstation().events().changed(Subject::Patient, request.patient_id);
    Ok(())
}

fn view(names: &Names, hold: RetentionHold) -> HoldView {
    HoldView {
        reason: hold.details.reason,
        until: hold.details.until,
        set_by: names.name(hold.set_by),
        set_at: hold.set_at,
    }
}
