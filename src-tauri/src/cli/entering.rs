//! Signing in without a window.

use std::io::{BufRead, IsTerminal};
use std::sync::Arc;

use clinic::sign_in::{Entered, answer, sign_in};
use clinic::views::{Password, SecondFactorRequest, SignInRequest};
use clinic::{DeviceKeyring, ErrorCode, Result, Session, Workstation, entry};

use crate::places;

/// The clinic of this workstation, as the window opens it.
pub fn workstation() -> Arc<Workstation> {
    let workstation = Workstation::new(places::home(), places::models());
    Arc::new(workstation.with_keyring(DeviceKeyring::system()))
}

/// Does something in the name of somebody who types the password, and a code where a second factor is set.
/// Both are lines of standard input where no terminal is.
///
/// # Errors
/// `invalid_credentials`, `clinic_in_use` while the window is open, and those of the work.
pub fn signed_in<T>(
    workstation: &Arc<Workstation>,
    email: &str,
    work: impl FnOnce(&Session) -> Result<T>,
) -> Result<T> {
    let session = enter(workstation, email)?;
    let done = work(&session);
    entry::sign_out(&session)?;
    let _ = workstation.keyring().settle();
    done
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
///
/// # Errors
/// `invalid_credentials` when nothing is typed.
pub fn secret(name: &str) -> Result<Password> {
    if std::io::stdin().is_terminal() {
        return Ok(rpassword::prompt_password(format!("{name}: "))?.as_str().into());
    }
    let mut line = zeroize::Zeroizing::new(String::new());
    if std::io::stdin().lock().read_line(&mut line)? == 0 {
        return Err(ErrorCode::InvalidCredentials.into());
    }
    Ok(line.trim_end_matches(['\r', '\n']).into())
}
