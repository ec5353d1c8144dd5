//! The door: password, then the second factor where there is one.
//!
//! A try is counted on the disk before it is judged, so that ending the program wins nothing, and every
//! refusal reads the same.

use std::sync::Arc;

use domain::problem::{FieldProblem, ProblemCode};
use jiff::SignedDuration;
use vault::{Admission, Attempts, Moment, Unlocked, Vault, VaultError};

use crate::entry::{self, Opened};
use crate::error::{Error, ErrorCode, Result};
use crate::second_factor;
use crate::session::Session;
use crate::views::{Password, SecondFactorRequest, SignInRequest};
use crate::workstation::Workstation;

/// How long a right password waits for its code.
const PATIENCE: SignedDuration = SignedDuration::from_mins(5);

/// Where a right password leads.
pub enum Entered {
    Session(Box<Session>),
    Challenge(Box<Challenge>),
}

/// A right password that waits for its second factor. Nothing can be read through it.
pub struct Challenge {
    opened: Opened,
    password_length: usize,
    /// The try that the password cost also pays for the first code.
    paid: bool,
}

impl Challenge {
    /// Its five minutes are over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let now = self.opened.office.workstation.clock().now();
        now.duration_since(self.opened.at) >= PATIENCE
    }
}

/// # Errors
/// `invalid_credentials` for an unknown name, a wrong password, a locked or an inactive account alike;
/// `clinic_missing`, `key_slots_damaged`, `record_damaged`, `clinic_in_use`, `storage_full`; `newer_version` for a
/// clinic that a newer program has opened, which counts as no try.
pub fn sign_in(workstation: &Arc<Workstation>, request: &SignInRequest) -> Result<Entered> {
    let email = request.email.trim();
    let folder = workstation.folder();
    let admission = Attempts::begin(folder, email, Moment::now())?;
    // A locked account costs the same work, so that the time tells nothing.
    let unlocked = Vault::unlock(folder, email, request.password.expose(), workstation.kdf());
    if admission != Admission::Go {
        return Err(ErrorCode::InvalidCredentials.into());
    }
    let opened = entry::open(workstation, unlocked?);
    // The password was right: whoever goes back to the newer program finds the door as it was.
    if opened.as_ref().is_err_and(|error| error.code == ErrorCode::NewerVersion) {
        Attempts::withdrawn(folder, email)?;
    }
    let opened = opened?;
    let password_length = request.password.expose().chars().count();
    if opened.second_factor {
        return Ok(Entered::Challenge(Box::new(Challenge { opened, password_length, paid: true })));
    }
    Attempts::succeeded(folder, email)?;
    Ok(Entered::Session(Box::new(opened.admit(password_length)?)))
}

/// Judges the code. After a refusal the challenge comes back for another try.
///
/// # Errors
/// `second_factor_wrong` with the challenge; without it `sign_in_expired` after five minutes and
/// `invalid_credentials` once the account is locked.
pub fn answer(
    mut challenge: Box<Challenge>,
    request: &SecondFactorRequest,
) -> std::result::Result<Session, (Option<Box<Challenge>>, Error)> {
    let workstation = Arc::clone(&challenge.opened.office.workstation);
    if challenge.is_over() {
        return Err((None, ErrorCode::SignInExpired.into()));
    }
    match judge(&mut challenge, &workstation, request) {
        Ok(()) => {}
        Err(error) if error.code == ErrorCode::SecondFactorWrong => return Err((Some(challenge), error)),
        Err(error) => return Err((None, error)),
    }
    let Challenge { opened, password_length, .. } = *challenge;
    opened.admit(password_length).map_err(|error| (None, error))
}

fn judge(challenge: &mut Challenge, workstation: &Workstation, request: &SecondFactorRequest) -> Result<()> {
    let email = challenge.opened.user.details.email.clone();
    if !std::mem::take(&mut challenge.paid)
        && Attempts::begin(workstation.folder(), &email, Moment::now())? != Admission::Go
    {
        return Err(ErrorCode::InvalidCredentials.into());
    }
    let Opened { office, keys, .. } = &challenge.opened;
    second_factor::check(office, keys, request.code.expose())?;
    Ok(Attempts::succeeded(workstation.folder(), &email)?)
}

/// Counts a try before `proof` is judged and forgets it afterwards when it held. While the lock lasts
/// nothing is judged: a proof may be a code that works once.
pub(crate) fn prove<T>(
    workstation: &Workstation,
    email: &str,
    proof: impl FnOnce() -> std::result::Result<T, VaultError>,
) -> Result<T> {
    let admission = Attempts::begin(workstation.folder(), email.trim(), Moment::now())?;
    if admission != Admission::Go {
        return Err(ErrorCode::InvalidCredentials.into());
    }
    let proven = proof()?;
    Attempts::succeeded(workstation.folder(), email.trim())?;
    Ok(proven)
}

/// Whoever is signed in proves it again before they sign: with the password, and with a code where a second factor
/// is set.
///
/// # Errors
/// `invalid_input` without the code that is asked for; `invalid_credentials`, `second_factor_wrong`.
pub(crate) fn prove_again(session: &Session, password: &Password, code: Option<&Password>) -> Result<()> {
    let workstation = session.workstation();
    let email = session.user().details.email;
    let code = match (session.has_second_factor(), code) {
        (true, None) => return Err(vec![FieldProblem::new("code", ProblemCode::Required)].into()),
        (true, code) => code,
        (false, _) => None,
    };
    if Attempts::begin(workstation.folder(), &email, Moment::now())? != Admission::Go {
        return Err(ErrorCode::InvalidCredentials.into());
    }
    Vault::unlock(workstation.folder(), &email, password.expose(), workstation.kdf())?;
    if let Some(code) = code {
        second_factor::check(session.office(), session.keys(), code.expose())?;
    }
    Ok(Attempts::succeeded(workstation.folder(), &email)?)
}

/// Opens and begins a session at once, for ways in that have proven more than a password.
pub(crate) fn straight_in(
    workstation: &Arc<Workstation>,
    keys: Unlocked,
    password_length: usize,
) -> Result<Session> {
    entry::open(workstation, keys)?.admit(password_length)
}
