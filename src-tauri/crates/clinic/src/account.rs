//! Ways to one's own account that need no session: registering, activating, a forgotten password, the
//! recovery sheet.

use std::sync::Arc;

use domain::Role;
use domain::UserId;
use domain::audit::AuditAction;
use domain::problem::FieldProblem;
use domain::user::UserState;
use records::audit::{self, AuditEntry};
use records::{second_factors, users};
use serde_json::json;
use vault::{Admission, Attempts, Moment, NewOwner, Unlocked, Vault};

use crate::entry::{self, Opened};
use crate::error::{Error, ErrorCode, Result};
use crate::intake::{self, Note};
use crate::password;
use crate::session::Session;
use crate::sign_in::{prove, straight_in};
use crate::views::{
    AccountActivateRequest, AccountRegisterRequest, Password, PasswordRecoverRequest,
    PasswordResetCheckRequest, PasswordResetFinishRequest, PasswordResetToken, RecoverySheetUseRequest,
    RecoverySheetView,
};
use crate::workstation::Workstation;

/// Leaves a request for an account, sealed, until somebody who may read it signs in. The password is
/// chosen here and now; an administrator never learns it.
///
/// # Errors
/// `invalid_input` with the fields, `too_many_waiting`, `clinic_missing`, `storage_full`.
pub fn register(workstation: &Workstation, request: &AccountRegisterRequest) -> Result<()> {
    let details = request.details.trimmed();
    let mut found = details.validate(workstation.clock().today()).err().unwrap_or_default();
    let context = [details.full_name.clone(), details.email.clone()];
    found.extend(password::problems(&request.password, &request.password_repeat, &context, false));
    refuse(found)?;
    let id = UserId::fresh();
    let secret = request.password.expose();
    let enrolment = Vault::enrol(workstation.folder(), id, &details.email, secret, workstation.kdf())?;
    let at = workstation.clock().now();
    intake::leave(workstation, &Note::Registered { id, details, enrolment: Box::new(enrolment), at })
}

/// Chooses a password with the one-time code of an administrator, and signs in.
///
/// # Errors
/// `code_invalid`, `invalid_input` with the fields.
pub fn activate(workstation: &Arc<Workstation>, request: &AccountActivateRequest) -> Result<Session> {
    let email = request.email.trim();
    refuse(password::problems(&request.password, &request.password_repeat, &[email.to_owned()], false))?;
    let keys = as_code(prove(workstation, email, || {
        Vault::activate(
            workstation.folder(),
            email,
            request.code.expose(),
            request.password.expose(),
            workstation.kdf(),
            workstation.clock().now(),
        )
    }))?;
    let opened = entry::open_any(workstation, keys)?;
    // A slip brings nobody back whose account was disabled or deleted since.
    if opened.user.state != UserState::Unverified {
        Vault::remove_slot(workstation.folder(), &opened.keys, opened.keys.user_id)?;
        return Err(ErrorCode::CodeInvalid.into());
    }
    opened.office.store.write(&opened.actor(), |tx| {
        users::change_state(tx, opened.keys.user_id, UserState::Active)?;
        audit::record(tx, AuditEntry::new(AuditAction::AccountActivated).on(opened.keys.user_id))
    })?;
    opened.admit(length(&request.password))
}

/// Trades the six digits of an administrator for a token.
///
/// # Errors
/// `code_invalid` for a wrong, used or old code alike; three tries void it. Failures count and are told like those of
/// a password.
pub fn check_reset(
    workstation: &Workstation,
    request: &PasswordResetCheckRequest,
) -> Result<PasswordResetToken> {
    let (folder, now) = (workstation.folder(), Moment::now());
    // Under a name of its own: it must not close the door to the person whose code it is.
    let door = format!("reset code {}", request.email.trim());
    if Attempts::begin(folder, &door, now)? != Admission::Go {
        return Err(ErrorCode::CodeInvalid.into());
    }
    let token = workstation.resets().check(&request.email, request.code.expose(), &now)?;
    Attempts::succeeded(folder, &door)?;
    Ok(PasswordResetToken { token: token.to_string() })
}

/// Sets the new password with the token, once.
///
/// # Errors
/// `code_invalid`, `invalid_input` with the fields; the token is kept then.
pub fn finish_reset(workstation: &Arc<Workstation>, request: &PasswordResetFinishRequest) -> Result<()> {
    let (_, email) = workstation.resets().owner(request.token.expose(), &Moment::now())?;
    // Whether there is a second factor is unknown until the database opens; a short password then has to
    // be lengthened at the first sign-in without one.
    refuse(password::problems(&request.password, &request.password_repeat, &[email], true))?;
    let granted = workstation.resets().redeem(request.token.expose(), &Moment::now())?;
    let (folder, secret) = (workstation.folder(), request.password.expose());
    Vault::reset_password(folder, granted.user, &granted.key, secret, workstation.kdf())?;
    Attempts::succeeded(folder, &granted.email)?;
    let keys = Vault::unlock(folder, &granted.email, secret, workstation.kdf())?;
    note_reset(&entry::open_any(workstation, keys)?, "administrator_code")
}

/// A new password by one of one's own recovery codes, which is used up.
///
/// # Errors
/// `code_invalid`, `invalid_input` with the fields.
pub fn recover(workstation: &Arc<Workstation>, request: &PasswordRecoverRequest) -> Result<()> {
    let email = request.email.trim();
    refuse(password::problems(&request.password, &request.password_repeat, &[email.to_owned()], true))?;
    let folder = workstation.folder();
    let keys = as_code(prove(workstation, email, || {
        Vault::unlock_with_code(folder, email, request.recovery_code.expose())
    }))?;
    let opened = entry::open(workstation, keys)?;
    Vault::change_password(folder, &opened.keys, request.password.expose(), workstation.kdf())?;
    note_reset(&opened, "recovery_code")
}

/// Opens the clinic with its printed sheet: the administrator it names, or another active one, gets the
/// new password, the second factor is taken away, and a fresh sheet takes the place of the used one.
///
/// # Errors
/// `code_invalid` for a mistyped or an older sheet, `invalid_input` with the fields.
pub fn use_sheet(
    workstation: &Arc<Workstation>,
    request: &RecoverySheetUseRequest,
) -> Result<(Session, RecoverySheetView)> {
    refuse(password::problems(&request.password, &request.password_repeat, &[], false))?;
    let folder = workstation.folder();
    let keys = as_code(prove(workstation, "recovery sheet", || {
        Vault::unlock_with_recovery(folder, request.sheet.expose())
    }))?;
    let keys = as_active_administrator(workstation, keys)?;
    let opened = entry::open(workstation, keys)?;
    let email = opened.user.details.email.clone();
    let owner = NewOwner {
        user_id: opened.user.id,
        login: &email,
        role: Role::Administrator,
        password: request.password.expose(),
    };
    Vault::replace_slot(folder, &opened.keys, owner, workstation.kdf())?;
    Attempts::succeeded(folder, &email)?;
    opened.office.store.write(&opened.actor(), |tx| {
        second_factors::remove(tx, opened.user.id)?;
        audit::record(tx, AuditEntry::new(AuditAction::RecoverySheetUsed).on(opened.user.id))
    })?;
    drop(opened);
    let keys = Vault::unlock(folder, &email, request.password.expose(), workstation.kdf())?;
    let session = straight_in(workstation, keys, length(&request.password))?;
    let sheet = crate::keys::fresh_sheet(&session)?;
    Ok((session, sheet))
}

/// The sheet acts for the administrator it was issued to; when that account is gone, for the first
/// active administrator.
fn as_active_administrator(workstation: &Arc<Workstation>, keys: Unlocked) -> Result<Unlocked> {
    let opened = entry::open_any(workstation, keys)?;
    let everybody = opened.office.store.read(users::all)?;
    let active = |id: UserId| {
        everybody.iter().any(|u| u.id == id && u.role == Role::Administrator && u.state == UserState::Active)
    };
    let Opened { mut keys, .. } = opened;
    if !active(keys.user_id) {
        let heir = everybody.iter().find(|u| active(u.id)).ok_or(ErrorCode::RecordDamaged)?;
        keys.user_id = heir.id;
    }
    Ok(keys)
}

fn note_reset(opened: &Opened, by: &str) -> Result<()> {
    let entry = AuditEntry::new(AuditAction::PasswordReset).on(opened.keys.user_id);
    opened.office.store.write(&opened.actor(), |tx| audit::record(tx, entry.with(json!({ "by": by }))))?;
    Ok(())
}

/// Whoever types a printed code is told about the code, not about a password.
fn as_code<T>(result: Result<T>) -> Result<T> {
    result.map_err(|error| match error.code {
        ErrorCode::InvalidCredentials => ErrorCode::CodeInvalid.into(),
        _ => error,
    })
}

fn refuse(found: Vec<FieldProblem>) -> Result<()> {
    if found.is_empty() { Ok(()) } else { Err(Error::from(found)) }
}

fn length(password: &Password) -> usize {
    password.expose().chars().count()
}
