//! The PDF of a report: looked at, printed, saved. Of a signed report it is the file that was signed, to the byte.

use documents::{Paper, render_report_in};
use domain::audit::AuditAction;
use domain::patient::Patient;
use domain::report::{ReportEdition, ReportRecord, ReportState};
use domain::{Actor, PatientId, ReportId};
use jiff::tz::TimeZone;
use records::audit::{self, AuditEntry};
use records::patients;
use records::reports::{self, StoredReport};
use serde_json::json;
use zeroize::Zeroizing;

use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::export::Document;
use crate::read_first;
use crate::session::Session;
use crate::views::{ReportExportRequest, ReportPdfRequest};

use super::content::gather;

/// The purpose word a signed report is sealed with.
pub(super) const HANDOUT: &str = "handed-out report";
const LONGEST_NAME: usize = 60;

/// The PDF for a page of the window or for the printer, told in the trail before it is made.
///
/// # Errors
/// `not_found`, `record_damaged`, `impression_required`; `not_permitted` for the front desk, but to print what is
/// signed.
pub fn shown(session: &Session, request: &ReportPdfRequest) -> Result<Vec<u8>> {
    let actor = session.authorise(Command::ReportPdf)?;
    if !actor.role.opens_photographs() && !request.print {
        return Err(ErrorCode::NotPermitted.into());
    }
    let action = if request.print { AuditAction::ReportPrinted } else { AuditAction::ReportRead };
    let stored = taken(session, &actor, request.id, action)?;
    bytes(session, stored, request.paper.into())
}

/// The report as a file, with the export in the audit trail before it is handed out.
///
/// # Errors
/// `not_found`, `record_damaged`, `impression_required`; `not_permitted` for the front desk, but for what is signed.
pub fn export(session: &Session, request: &ReportExportRequest) -> Result<Document> {
    let actor = session.authorise(Command::ReportExport)?;
    let stored = taken(session, &actor, request.id, AuditAction::ReportExported)?;
    let patient = session.store().read(|tx| patients::get(tx, stored.record.patient_id))?;
    let file_name = file_name(&stored.record, Some(&patient).filter(|_| request.named));
    Ok(Document { file_name, pdf: bytes(session, stored, request.paper.into())? })
}

/// The same without a trace, for work that leaves its own.
pub(crate) fn pdf(session: &Session, id: ReportId, paper: Paper) -> Result<Vec<u8>> {
    let stored = session.store().read(|tx| reports::get(tx, id))?;
    bytes(session, stored, paper)
}

/// A signed report as it is handed out.
pub(crate) struct Handout {
    pub record: ReportRecord,
    /// The last one.
    pub edition: ReportEdition,
    pub pdf: Zeroizing<Vec<u8>>,
}

/// The reports of a patient that are signed and not withdrawn, without a trace.
pub(crate) fn signed_handouts(session: &Session, patient: PatientId) -> Result<Vec<Handout>> {
    let mut records = session.store().read(|tx| reports::of_patient(tx, patient))?;
    records.retain(|record| record.state == ReportState::Signed);
    records.into_iter().map(|record| handout(session, record)).collect()
}

pub(super) fn handout(session: &Session, record: ReportRecord) -> Result<Handout> {
    let editions = session.store().read(|tx| reports::editions(tx, record.id))?;
    let edition = editions.into_iter().next_back().ok_or(ErrorCode::NotFound)?.edition;
    let pdf = opened(session, record.id)?;
    Ok(Handout { record, edition, pdf })
}

/// The report, when the person may have it, with the row of the trail that says so.
fn taken(session: &Session, actor: &Actor, id: ReportId, action: AuditAction) -> Result<StoredReport> {
    let record = session.store().read(|tx| reports::get(tx, id))?.record;
    if actor.role.opens_photographs() {
        read_first::admit(session, record.analysis_id)?;
    } else if record.state != ReportState::Signed {
        return Err(ErrorCode::NotPermitted.into());
    }
    Ok(session.store().write(actor, |tx| {
        let stored = reports::get(tx, id)?;
        let entry = AuditEntry::new(action).on(id).of_patient(stored.record.patient_id);
        let details = json!({ "number": stored.record.number, "edition": stored.record.editions });
        audit::record(tx, entry.with(details))?;
        Ok(stored)
    })?)
}

fn bytes(session: &Session, stored: StoredReport, paper: Paper) -> Result<Vec<u8>> {
    if stored.record.editions > 0 {
        return Ok(opened(session, stored.record.id)?.to_vec());
    }
    let content = gather(session, stored, None)?;
    Ok(render_report_in(&content, paper, &TimeZone::system())?)
}

fn opened(session: &Session, id: ReportId) -> Result<Zeroizing<Vec<u8>>> {
    let file = session.store().read(|tx| reports::handout(tx, id))?;
    Ok(session.handouts().open_file(file.id, file.version, HANDOUT, &file.key)?)
}

/// The number, with the edition after the first; who it is about only when that was asked for.
pub(super) fn file_name(record: &ReportRecord, named: Option<&Patient>) -> String {
    let mut name = stem(&record.number, record.editions);
    if let Some(patient) = named {
        let who = format!("{}_{}", patient.details.family_name, patient.details.given_names);
        name.push_str(&format!("_{}_{}", plain(&patient.number), plain(&who)));
    }
    format!("{name}.pdf")
}

pub(super) fn stem(number: &str, editions: u32) -> String {
    if editions > 1 { format!("{number}-{editions}") } else { number.to_owned() }
}

/// What every file system takes.
fn plain(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' });
    plain.take(LONGEST_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_names_of_files() {
        assert_eq!(plain("O’Neill / Đặng_../..\\x"), "O-Neill---Đặng_------x");
        assert_eq!(plain(&"ü".repeat(200)).chars().count(), LONGEST_NAME);
    }
}
