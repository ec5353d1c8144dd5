//! The end of a patient's record.
//!
//! Rows and keys go in one transaction; the sealed files after it. When the program ends in between, the files
//! are noise without a key, and the sweep at the next start removes them; the pages of the database are
//! cleaned then, too.

use domain::PatientId;
use domain::audit::AuditAction;
use domain::problem::{FieldProblem, ProblemCode};
use records::{Reading, RecordsError, audit, patients, rights};
use vault::{MigrationCopy, Parcel, ParcelId};

use crate::backup;
use crate::commands::Command;
use crate::error::Result;
use crate::events::Subject;
use crate::session::Session;
use crate::views::{ErasureView, PatientEraseRequest};

/// Erases a patient for good. What was saved outside the clinic's folder before, such as exports and backups,
/// is not reached.
///
/// # Errors
/// `invalid_input` when the number typed is not the patient's; `invalid_credentials`; `not_found`,
/// `patient_merged`; `patient_on_hold`; `busy` while an analysis runs.
pub fn erase(session: &Session, request: &PatientEraseRequest) -> Result<ErasureView> {
    let actor = session.authorise(Command::PatientErase)?;
    let sealed = session.sealed()?;
    let patient = session.store().read(|tx| patients::get(tx, request.patient_id))?;
    if patient.number != request.number.trim() {
        return Err(vec![FieldProblem::new("number", ProblemCode::Mismatch)].into());
    }
    session.check_password(&request.password)?;
    let folder = session.workstation().folder();
    let erased = session.store().write(&actor, |tx| {
        let slips = slips_of(tx, request.patient_id)?;
        let erased = rights::erase(tx, request.patient_id, request.reason)?;
        // A slip opens a copy of the record. Should the transaction fail after all, only slips are lost.
        for slip in slips {
            Parcel::revoke(folder, slip)?;
        }
        Ok(erased)
    })?;
    let mut clean = true;
    for file in &erased.files {
        if let Err(error) = sealed.discard(*file) {
            tracing::warn!(%error, "a file without a key stays until the next start");
            clean = false;
        }
    }
    if let Err(error) = session.store().clean_traces() {
        tracing::warn!(%error, "pages of the database are cleaned at the next start");
        clean = false;
    }
    if let Err(error) = MigrationCopy::remove_all(folder) {
        tracing::warn!(%error, "the copy before a migration stays until the next erasure or a month is over");
        clean = false;
    }
    if let Err(error) = backup::clear_leftovers(session.workstation()) {
        tracing::warn!(code = ?error.code, "a copy of the records stays until the next start");
        clean = false;
    }
    session.forget_typed(&erased.patients);
    session.archive().forget();
    for id in &erased.patients {
        session.workstation().events().changed(Subject::Patient, id);
    }
    Ok(ErasureView { files: u32::try_from(erased.files.len()).unwrap_or(u32::MAX), clean })
}

/// Slips that were issued for the patient and records merged into it, used up or not.
fn slips_of(tx: &Reading<'_>, patient: PatientId) -> std::result::Result<Vec<ParcelId>, RecordsError> {
    let rows = audit::of_patient(tx, patient, u32::MAX)?;
    let issued = rows.into_iter().filter(|row| row.action == AuditAction::PatientViewIssued);
    Ok(issued.filter_map(|row| row.details.get("parcel")?.as_str()?.parse().ok()).collect())
}
