//! What an administrator does about accounts.

use domain::audit::AuditAction;
use domain::user::{User, UserState};
use domain::{Role, UserId};
use jiff::SignedDuration;
use records::audit::{self, AuditEntry};
use records::{RecordsError, enrolments, second_factors, users};
use serde_json::json;
use vault::{Attempts, Enrolment, Moment, Vault, VaultError};

use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::mail::{self, Mail};
use crate::profile::taken;
use crate::resets::VALID_FOR;
use crate::session::Session;
use crate::views::{
    ActivationView, PasswordResetView, UserDeleteRequest, UserInviteRequest, UserRequest, UserRoleRequest,
    UserRow,
};

/// How long a printed activation code is good.
const ACTIVATION: SignedDuration = SignedDuration::from_hours(7 * 24);

/// # Errors
/// `not_permitted`.
pub fn list(session: &Session) -> Result<Vec<UserRow>> {
    let actor = session.authorise(Command::UserList)?;
    let (everybody, with_factor, registered) = session.store().read(|tx| {
        let everybody = users::all(tx)?;
        let registered: Vec<UserId> = enrolments::list(tx)?.into_iter().map(|e| e.user_id).collect();
        Ok((everybody, second_factors::holders(tx)?, registered))
    })?;
    let workstation = session.workstation();
    let now = Moment::now();
    let row = |user: User| {
        let door = Attempts::state(workstation.folder(), &user.details.email, now)?;
        Ok(UserRow {
            id: user.id,
            role: user.role,
            state: user.state,
            created_at: user.created_at,
            last_sign_in_at: user.last_sign_in_at,
            second_factor: with_factor.contains(&user.id),
            invited: user.state == UserState::Unverified && !registered.contains(&user.id),
            failures: door.failures,
            locked_for_seconds: u32::try_from(door.locked_for.as_secs()).unwrap_or(u32::MAX),
            is_self: user.id == actor.user,
            details: user.details,
        })
    };
    everybody.into_iter().filter(|user| user.state != UserState::Deleted).map(row).collect()
}

/// Adds somebody, who chooses a password with the code that comes back.
///
/// # Errors
/// `invalid_input` with the fields, `email_in_use`.
pub fn invite(session: &Session, request: UserInviteRequest) -> Result<ActivationView> {
    let actor = session.authorise(Command::UserInvite)?;
    let details = request.details.trimmed();
    details.validate(session.workstation().clock().today())?;
    staff_role(request.role)?;
    let id = UserId::fresh();
    let added = session
        .store()
        .write(&actor, |tx| users::add(tx, id, &details, request.role, UserState::Unverified))
        .map_err(taken)?;
    let view = activation(session, &added, request.role)?;
    mail::notify(session, &Mail::Invited { to: &added.details.email });
    Ok(view)
}

/// A fresh activation code for somebody invited, or instead of an approval for somebody registered.
///
/// # Errors
/// `not_found`, `conflict` for an account that is active already.
pub fn issue_activation(session: &Session, request: &UserRoleRequest) -> Result<ActivationView> {
    session.authorise(Command::UserActivationIssue)?;
    staff_role(request.role)?;
    let user = unverified(session, request.id)?;
    activation(session, &user, request.role)
}

/// Approves a registration: the password chosen then opens the clinic from now on.
///
/// # Errors
/// `not_found` for somebody who did not register, `conflict` when the account is active already.
pub fn approve(session: &Session, request: &UserRoleRequest) -> Result<()> {
    let actor = session.authorise(Command::UserApprove)?;
    staff_role(request.role)?;
    let mut user = unverified(session, request.id)?;
    let body = session.store().read(|tx| enrolments::get(tx, user.id))?;
    let enrolment: Enrolment = serde_json::from_value(body).map_err(|_| ErrorCode::RecordDamaged)?;
    match Vault::admit(session.workstation().folder(), session.keys(), request.role, &enrolment) {
        // An approval cut short after this step is simply done again.
        Ok(()) | Err(VaultError::SlotExists) => {}
        Err(error) => return Err(error.into()),
    }
    user.role = request.role;
    session.store().write(&actor, |tx| {
        users::change(tx, &user)?;
        users::change_state(tx, user.id, UserState::Active)?;
        enrolments::remove(tx, user.id)?;
        audit::record(tx, AuditEntry::new(AuditAction::UserApproved).on(user.id))
    })?;
    mail::notify(session, &Mail::Approved { to: &user.details.email });
    Ok(())
}

/// Gives another role; the key slot is sealed anew with or without the key to photographs.
///
/// # Errors
/// `not_found`, `last_administrator`, `not_permitted` for the own account.
pub fn change_role(session: &Session, request: &UserRoleRequest) -> Result<()> {
    let actor = session.authorise(Command::UserRoleChange)?;
    staff_role(request.role)?;
    let mut user = somebody_else(session, request.id)?;
    if user.state == UserState::Unverified {
        return Err(ErrorCode::Conflict.into());
    }
    user.role = request.role;
    session.store().write(&actor, |tx| {
        users::change(tx, &user)?;
        let folder = session.workstation().folder();
        Vault::set_role(folder, session.keys(), user.id, request.role).map_err(RecordsError::from)
    })?;
    Ok(())
}

/// # Errors
/// `not_found`, `last_administrator`, `not_permitted` for the own account.
pub fn disable(session: &Session, request: &UserRequest) -> Result<()> {
    let actor = session.authorise(Command::UserDisable)?;
    let user = somebody_else(session, request.id)?;
    session.store().write(&actor, |tx| users::change_state(tx, user.id, UserState::Locked))?;
    Ok(())
}

/// # Errors
/// `not_found`, `conflict` for an account that is not disabled.
pub fn enable(session: &Session, request: &UserRequest) -> Result<()> {
    let actor = session.authorise(Command::UserEnable)?;
    let user = session.store().read(|tx| users::get(tx, request.id))?;
    if user.state != UserState::Locked {
        return Err(ErrorCode::Conflict.into());
    }
    session.store().write(&actor, |tx| users::change_state(tx, user.id, UserState::Active))?;
    Ok(())
}

/// Ends the lock after five failures.
///
/// # Errors
/// `not_found`.
pub fn unlock(session: &Session, request: &UserRequest) -> Result<()> {
    let actor = session.authorise(Command::UserUnlock)?;
    let user = session.store().read(|tx| users::get(tx, request.id))?;
    session
        .store()
        .write(&actor, |tx| audit::record(tx, AuditEntry::new(AuditAction::UserUnlocked).on(user.id)))?;
    Ok(Attempts::unlock(session.workstation().folder(), &user.details.email)?)
}

/// Takes an account away for good. Somebody who may know a key should be followed by a change of keys.
///
/// # Errors
/// `invalid_credentials`, `not_found`, `last_administrator`, `not_permitted` for the own account.
pub fn delete(session: &Session, request: &UserDeleteRequest) -> Result<()> {
    let actor = session.authorise(Command::UserDelete)?;
    session.check_password(&request.password)?;
    let user = somebody_else(session, request.id)?;
    session.store().write(&actor, |tx| {
        users::change_state(tx, user.id, UserState::Deleted)?;
        enrolments::remove(tx, user.id)?;
        second_factors::remove(tx, user.id)?;
        match Vault::remove_slot(session.workstation().folder(), session.keys(), user.id) {
            Ok(()) | Err(VaultError::NoSuchSlot) => Ok(()),
            Err(error) => Err(error.into()),
        }
    })?;
    Ok(())
}

/// # Errors
/// `not_found`.
pub fn remove_second_factor(session: &Session, request: &UserRequest) -> Result<()> {
    let actor = session.authorise(Command::UserSecondFactorRemove)?;
    let user = somebody_else(session, request.id)?;
    session.store().write(&actor, |tx| second_factors::remove(tx, user.id))?;
    Ok(())
}

/// Six digits for somebody who forgot the password, good for ten minutes on this workstation.
///
/// # Errors
/// `not_found`, `conflict` for an account that is not active.
pub fn issue_reset(session: &Session, request: &UserRequest) -> Result<PasswordResetView> {
    let actor = session.authorise(Command::PasswordResetIssue)?;
    let user = somebody_else(session, request.id)?;
    if user.state != UserState::Active {
        return Err(ErrorCode::Conflict.into());
    }
    let workstation = session.workstation();
    let key = Vault::open_reset(workstation.folder(), session.keys(), user.id)?;
    let email = &user.details.email;
    let code = workstation.resets().issue(user.id, email, key, &Moment::now())?;
    let here = gethostname::gethostname().to_string_lossy().into_owned();
    let entry = AuditEntry::new(AuditAction::PasswordResetIssued).on(user.id);
    let entry = entry.with(json!({ "workstation": here }));
    session.store().write(&actor, |tx| audit::record(tx, entry))?;
    let mailed = mail::notify(session, &Mail::ResetCode { to: email, code: &code });
    let valid = SignedDuration::try_from(VALID_FOR).unwrap_or(SignedDuration::ZERO);
    let expires_at = workstation.clock().now().checked_add(valid).map_err(|_| ErrorCode::Internal)?;
    Ok(PasswordResetView { code: code.to_string(), expires_at, mailed })
}

fn activation(session: &Session, user: &User, role: Role) -> Result<ActivationView> {
    let actor = session.actor();
    let workstation = session.workstation();
    let expires_at = workstation.clock().now().checked_add(ACTIVATION).map_err(|_| ErrorCode::Internal)?;
    let email = &user.details.email;
    let folder = workstation.folder();
    let code = Vault::issue_activation(folder, session.keys(), user.id, email, role, expires_at)?;
    session.store().write(&actor, |tx| {
        users::change(tx, &User { role, ..user.clone() })?;
        enrolments::remove(tx, user.id)?;
        let details = json!({ "role": role, "expires_at": expires_at });
        audit::record(tx, AuditEntry::new(AuditAction::ActivationIssued).on(user.id).with(details))
    })?;
    Ok(ActivationView {
        id: user.id,
        full_name: user.details.full_name.clone(),
        email: email.clone(),
        code: code.text().to_owned(),
        expires_at,
    })
}

fn unverified(session: &Session, id: UserId) -> Result<User> {
    let user = session.store().read(|tx| users::get(tx, id))?;
    if user.state == UserState::Unverified { Ok(user) } else { Err(ErrorCode::Conflict.into()) }
}

/// Nobody takes away their own account or role: a slip would lock the clinic out.
fn somebody_else(session: &Session, id: UserId) -> Result<User> {
    if id == session.actor().user {
        return Err(ErrorCode::NotPermitted.into());
    }
    let user = session.store().read(|tx| users::get(tx, id))?;
    if user.state == UserState::Deleted { Err(ErrorCode::NotFound.into()) } else { Ok(user) }
}

fn staff_role(role: Role) -> Result<()> {
    if role == Role::PatientView { Err(ErrorCode::InvalidInput.into()) } else { Ok(()) }
}
