//! Everything on record about one patient, in one ZIP.
//!
//! The archive is written straight to the place that was chosen, one opened photograph in memory at a time, and
//! gets its name when it is whole.

use std::fs::File;
use std::path::Path;

use documents::{Archive, Packing, Paper, render_subject_summary};
use domain::{PatientId, SessionId};
use jiff::tz::TimeZone;
use records::rights::{Subject, SubjectPicture, everything};
use records::{patients, safety_net, users};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::read_first::Curtain;
use crate::session::Session;
use crate::views::SubjectExportRequest;
use crate::{desk_photo, export, picture, report};

use super::passphrase::passphrase;
use super::{readme, summary};

/// Raised when a reader of `record.json` would have to know.
pub(super) const VERSION: u32 = 1;
pub(super) const SCHEMA: &str = "lentigo.subject-export";

/// An export that was asked for with password and all, and has no place yet.
pub struct ExportPermit {
    /// A suggestion; it carries the patient's number and no name.
    pub file_name: String,
    patient: PatientId,
    /// Whoever typed the password; the dialog may outlive the session.
    session: SessionId,
    paper: Paper,
    passphrase: Option<Zeroizing<String>>,
}

/// Checks who asks, before a place is chosen.
///
/// # Errors
/// `invalid_input` for a passphrase that is too short or was not typed twice alike; `invalid_credentials`;
/// `not_found`, `patient_merged`.
pub fn prepare(session: &Session, request: &SubjectExportRequest) -> Result<ExportPermit> {
    session.authorise(Command::SubjectExport)?;
    session.sealed()?;
    let passphrase = passphrase(request.passphrase.as_ref(), request.passphrase_repeat.as_ref())?;
    let patient = session.store().read(|tx| patients::get(tx, request.patient_id))?;
    if patient.merged_into.is_some() {
        return Err(ErrorCode::PatientMerged.into());
    }
    session.check_password(&request.password)?;
    Ok(ExportPermit {
        file_name: format!("{}-record.zip", patient.number),
        patient: patient.id,
        session: session.id(),
        paper: request.paper.into(),
        passphrase,
    })
}

/// Writes the archive; the audit trail tells of it before the first byte.
///
/// # Errors
/// `not_permitted`, `session_locked` also in another session than the one that asked, `not_found`, `storage_full`, `storage_failed`; nothing is left at the
/// place then, and what was there is untouched.
pub fn write(session: &Session, permit: ExportPermit, path: &Path) -> Result<()> {
    let actor = session.authorise(Command::SubjectExport)?;
    if permit.session != session.id() {
        return Err(ErrorCode::SessionLocked.into());
    }
    desk_photo::settle(session)?;
    let (subject, patient, accounts) = session.store().write(&actor, |tx| {
        // Whoever takes everything along has seen it: no impression afterwards would be a first one.
        for id in Curtain::of(session, tx)?.hidden_of(tx, permit.patient)? {
            safety_net::note_opened(tx, id)?;
        }
        let subject = everything(tx, permit.patient, permit.passphrase.is_some())?;
        Ok((subject, patients::get(tx, permit.patient)?, users::all(tx)?))
    })?;
    let made_at = session.workstation().clock().now();
    let names: Map<String, Value> =
        accounts.into_iter().map(|user| (user.id.to_string(), json!(user.details.full_name))).collect();
    let summary = summary::of(session, &subject, &patient, &names, made_at);
    export::write_through(path, |file| {
        let local = made_at.to_zoned(TimeZone::system()).datetime();
        let mut archive = Archive::new(file, permit.passphrase, local);
        archive.add("README.txt", readme::text().as_bytes(), Packing::Deflated)?;
        let pdf = Zeroizing::new(render_subject_summary(&summary, permit.paper)?);
        archive.add("summary.pdf", &pdf, Packing::Deflated)?;
        let missing = add_files(session, &mut archive, &subject, permit.paper)?;
        let record = record(session, &subject, &names, &missing, made_at);
        let text = Zeroizing::new(serde_json::to_vec_pretty(&record).map_err(|_| ErrorCode::Internal)?);
        archive.add("record.json", &text, Packing::Deflated)?;
        archive.finish()?;
        Ok(())
    })
}

/// Adds reports and pictures, and gives the paths of those that are damaged.
fn add_files(
    session: &Session,
    archive: &mut Archive<&mut File>,
    subject: &Subject,
    paper: Paper,
) -> Result<Vec<String>> {
    let mut missing = Vec::new();
    for (id, number) in &subject.reports {
        let path = format!("reports/{number}.pdf");
        match report::pdf(session, *id, paper).map(Zeroizing::new) {
            Ok(pdf) => archive.add(&path, &pdf, Packing::Stored)?,
            Err(error) if error.code == ErrorCode::RecordDamaged => missing.push(path),
            Err(error) => return Err(error),
        }
    }
    for SubjectPicture { path, purpose, file } in subject.photographs.iter().chain(&subject.explanations) {
        match picture::open(session, file, purpose) {
            Ok(bytes) => archive.add(path, &bytes, Packing::Stored)?,
            Err(error) if error.code == ErrorCode::RecordDamaged => missing.push(path.clone()),
            Err(error) => return Err(error),
        }
    }
    for (path, jpeg) in &subject.portraits {
        archive.add(path, jpeg, Packing::Stored)?;
    }
    Ok(missing)
}

fn record(
    session: &Session,
    subject: &Subject,
    names: &Map<String, Value>,
    missing: &[String],
    made_at: jiff::Timestamp,
) -> Value {
    let sections: Map<String, Value> =
        subject.sections.iter().map(|section| (section.name.to_owned(), json!(section.rows))).collect();
    let log: Vec<Value> = subject
        .access_log
        .iter()
        .map(|row| {
            json!({
                "at": row.at,
                "account": row.actor,
                "role": row.role,
                "action": row.action,
                "subject_kind": row.subject.as_ref().map(|subject| subject.kind),
                "subject_id": row.subject.as_ref().map(|subject| &subject.id),
                "details": row.details,
            })
        })
        .collect();
    let mut record = json!({
        "schema": SCHEMA,
        "version": VERSION,
        "made_at": made_at,
        "clinic": session.office().clinic.name,
        "patients": subject.patients,
        "sections": sections,
        "access_log": log,
        "missing_files": missing,
    });
    // Of the staff, those alone who had to do with the person.
    let said = Zeroizing::new(record.to_string());
    let concerned: Map<String, Value> = names
        .iter()
        .filter(|(id, _)| said.contains(id.as_str()))
        .map(|(id, name)| (id.clone(), name.clone()))
        .collect();
    record["accounts"] = Value::Object(concerned);
    record
}
