//! A patient's photographs, reports and readings as a DICOM file-set in a ZIP (PS3.10, 8; PS3.12, annex V).

use std::fs::File;
use std::path::Path;

use documents::dicom::{FileSet, MEDIA_DIRECTORY};
use documents::{Archive, Packing};
use domain::SessionId;
use domain::audit::AuditAction;
use records::audit::{self, AuditEntry};

use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::export;
use crate::session::Session;
use crate::views::{DicomCounts, DicomObjectKind, DicomSelection, PatientDicomExportRequest};

use super::objects::Plan;
use super::render::{Coding, Renderer};

/// A file-set that was asked for with the password and has no place yet.
pub struct DicomPermit {
    /// A suggestion; it carries the patient's number and no name.
    pub file_name: String,
    selection: DicomSelection,
    /// Whoever typed the password; the dialog may outlive the session.
    session: SessionId,
}

/// Checks who asks and whether anything may leave, before a place is chosen.
///
/// # Errors
/// `not_permitted`, `not_found` also where nothing is there to leave, `patient_merged`, `consent_missing` where
/// the consent to photographs was withdrawn, `invalid_credentials`.
pub fn prepare(session: &Session, request: PatientDicomExportRequest) -> Result<DicomPermit> {
    session.authorise(Command::PatientDicomExport)?;
    session.sealed()?;
    let plan = session.store().read(|tx| Plan::read(session, tx, &request.selection))?;
    plan.may_leave()?;
    session.check_password(&request.password)?;
    Ok(DicomPermit {
        file_name: format!("{}-dicom.zip", plan.number),
        selection: request.selection,
        session: session.id(),
    })
}

/// Writes the file-set; the trail of the patient tells of it before the first byte.
///
/// # Errors
/// Those of [`prepare`]; `session_locked` in another session than the one that asked; `storage_full`,
/// `storage_failed`; nothing is left at the place then.
pub fn write(session: &Session, permit: &DicomPermit, path: &Path) -> Result<DicomCounts> {
    let actor = session.authorise(Command::PatientDicomExport)?;
    if permit.session != session.id() {
        return Err(ErrorCode::SessionLocked.into());
    }
    let selection = &permit.selection;
    let plan = session.store().write(&actor, |tx| {
        let plan = Plan::read(session, tx, selection)?;
        if plan.refusal.is_none() {
            let entry = AuditEntry::new(AuditAction::DicomExported).on(selection.patient_id);
            audit::record(tx, entry.with(plan.told(selection)))?;
        }
        Ok(plan)
    })?;
    plan.may_leave()?;
    let mut counts = DicomCounts { withheld: plan.withheld, ..DicomCounts::default() };
    export::write_through(path, |file| write_set(session, plan, file, &mut counts))?;
    Ok(counts)
}

fn write_set(session: &Session, plan: Plan, file: &mut File, counts: &mut DicomCounts) -> Result<()> {
    let now = session.workstation().clock().now();
    let local = now.to_zoned(session.workstation().clock().zone()).datetime();
    let mut archive = Archive::new(file, None, local);
    let renderer = Renderer::new(session, plan.patient.clone());
    let mut set = FileSet::new(plan.patient);
    for object in &plan.objects {
        match renderer.file(object, Coding::AsStored) {
            Ok((bytes, reference)) => {
                let path = set.add(&object.place.study, &reference, &bytes)?;
                archive.add(&path, &bytes, Packing::Deflated)?;
                *counted(counts, object.kind) += 1;
            }
            // One damaged file does not hold back the others; the answer tells of it.
            Err(error) if error.code == ErrorCode::RecordDamaged => counts.damaged += 1,
            Err(error) => return Err(error),
        }
    }
    archive.add(MEDIA_DIRECTORY, &set.directory()?, Packing::Deflated)?;
    archive.finish()?;
    Ok(())
}

const fn counted(counts: &mut DicomCounts, kind: DicomObjectKind) -> &mut u32 {
    match kind {
        DicomObjectKind::Photograph => &mut counts.photographs,
        DicomObjectKind::Reading => &mut counts.readings,
        DicomObjectKind::Report => &mut counts.reports,
    }
}
