//! `lentigo audit verify`: recomputes the chain of the audit trail, as the button in the window does.

use std::io::{BufRead, IsTerminal};
use std::sync::Arc;

use clinic::sign_in::{Entered, answer, sign_in};
use clinic::views::{AuditVerification, Password, SecondFactorRequest, SignInRequest};
use clinic::{DeviceKeyring, ErrorCode, Result, Session, Workstation, audit_trail, entry};
use serde_json::json;

use super::output;
use crate::places;

/// True when the trail is whole. It is signed in for, and the look is itself a row of the trail.
///
/// # Errors
/// `invalid_credentials`, `not_permitted` for a role that does not oversee, `clinic_in_use` while the
/// window is open.
pub fn verify(email: &str, as_json: bool) -> Result<bool> {
    let workstation =
        Workstation::new(places::home(), places::models()).with_keyring(DeviceKeyring::system());
    let workstation = Arc::new(workstation);
    let session = enter(&workstation, email)?;
    let verdict = audit_trail::verify(&session);
    entry::sign_out(&session)?;
    let _ = workstation.keyring().settle();
    let verdict = verdict?;
    if as_json {
        output::line(&json!(verdict));
    } else {
        output::text(&in_words(&verdict));
    }
    Ok(verdict.intact)
}

fn in_words(verdict: &AuditVerification) -> String {
    if verdict.intact {
        return format!("The audit trail is intact: {} rows.", verdict.rows);
    }
    if verdict.fault.as_deref() == Some("rolled_back") {
        let row = verdict.first_fault.unwrap_or_default();
        return format!(
            "The records are older than this machine remembered them (rolled_back, row {row}): a backup was \
             restored, or somebody put an older copy back. {} rows are there.",
            verdict.rows
        );
    }
    let place = verdict.first_fault.map_or_else(String::new, |row| format!(" from row {row} on"));
    let fault = verdict.fault.as_deref().unwrap_or("unknown");
    format!("The audit trail was altered{place} ({fault}); {} rows are there.", verdict.rows)
}

fn enter(workstation: &Arc<Workstation>, email: &str) -> Result<Session> {
    let request = SignInRequest { email: email.to_owned(), password: secret("Password")? };
    match sign_in(workstation, &request)? {
        Entered::Session(session) => Ok(*session),
        Entered::Challenge(challenge) => {
            let request = SecondFactorRequest { code: secret("Code of the second factor")? };
            answer(challenge, &request).map_err(|(_, error)| error)
        }
    }
}

/// Typed unseen, or a line of standard input where no person sits.
fn secret(name: &str) -> Result<Password> {
    if std::io::stdin().is_terminal() {
        return Ok(rpassword::prompt_password(format!("{name}: "))?.as_str().into());
    }
    let mut line = zeroize::Zeroizing::new(String::new());
    if std::io::stdin().lock().read_line(&mut line)? == 0 {
        return Err(ErrorCode::InvalidCredentials.into());
    }
    Ok(line.trim_end_matches(['\r', '\n']).into())
}
