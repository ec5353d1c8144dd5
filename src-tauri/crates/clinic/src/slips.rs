//! Codes on paper: for a new account, for recovery, for a patient.

use documents::{Paper, SlipContent, SlipKind, render_slip};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::commands::Command;
use crate::error::Result;
use crate::export::Document;
use crate::session::Session;
use crate::views::{ActivationView, PatientSlipView, RecoveryCodesView};

/// # Errors
/// `not_permitted`; `internal` when the page cannot be made.
pub fn activation(session: &Session, view: &ActivationView) -> Result<Document> {
    session.authorise(Command::ActivationSave)?;
    let bearer = format!("{}, {}", view.full_name, view.email);
    let codes = vec![view.code.clone()];
    slip(session, SlipKind::Activation, bearer, Some(view.expires_at), codes, "activation.pdf")
}

/// # Errors
/// `session_locked`; `internal` when the page cannot be made.
pub fn recovery_codes(session: &Session, view: &RecoveryCodesView) -> Result<Document> {
    session.authorise(Command::RecoveryCodesSave)?;
    let details = session.user().details;
    let bearer = format!("{}, {}", details.full_name, details.email);
    slip(session, SlipKind::RecoveryCodes, bearer, None, view.codes.clone(), "recovery-codes.pdf")
}

/// The slip names the patient by number only: it may be lost on the way to the door.
///
/// # Errors
/// `not_permitted`; `internal` when the page cannot be made.
pub fn patient(session: &Session, view: &PatientSlipView) -> Result<Document> {
    session.authorise(Command::PatientSlipSave)?;
    let codes = vec![view.code.clone()];
    let bearer = view.patient_number.clone();
    slip(session, SlipKind::Patient, bearer, Some(view.expires_at), codes, "patient-slip.pdf")
}

fn slip(
    session: &Session,
    kind: SlipKind,
    bearer: String,
    until: Option<Timestamp>,
    codes: Vec<String>,
    file_name: &str,
) -> Result<Document> {
    let printed = |at: Timestamp, shape: &str| at.to_zoned(TimeZone::system()).strftime(shape).to_string();
    let issued_at = session.workstation().clock().now();
    let content = SlipContent {
        clinic_name: session.office().clinic.name.clone(),
        kind,
        bearer,
        issued_at,
        issued: printed(issued_at, "%-d %B %Y"),
        until: until
            .map_or_else(String::new, |at| format!("Works until {}.", printed(at, "%-d %B %Y, %H:%M"))),
        codes,
    };
    Ok(Document { file_name: file_name.to_owned(), pdf: render_slip(&content, Paper::A4)? })
}
