//! One's own details and password.

use domain::audit::AuditAction;
use domain::user::UserDetails;
use records::audit::{self, AuditEntry};
use records::{RecordsError, users};
use vault::Vault;

use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::password;
use crate::session::Session;
use crate::views::{LanguageChooseRequest, PasswordChangeRequest, ProfileUpdateRequest, ProfileView};

/// # Errors
/// `session_locked`.
pub fn read(session: &Session) -> Result<ProfileView> {
    session.authorise(Command::ProfileRead)?;
    view(session)
}

/// Changes one's own details. A new sign-in name needs the password; key slot and record move together.
///
/// # Errors
/// `invalid_input` with the fields, `invalid_credentials`, `email_in_use`.
pub fn update(session: &Session, request: ProfileUpdateRequest) -> Result<ProfileView> {
    let actor = session.authorise(Command::ProfileUpdate)?;
    let details = request.details.trimmed();
    details.validate(session.workstation().clock().today())?;
    let mut user = session.user();
    let renamed = !same_name(&details, &user.details);
    if renamed {
        let password = request.password.as_ref().ok_or(ErrorCode::InvalidCredentials)?;
        session.check_password(password)?;
    }
    user.details = details;
    let stored = session.store().write(&actor, |tx| {
        let stored = users::change(tx, &user)?;
        if renamed {
            // Inside the transaction: a slot that cannot be renamed undoes the change.
            let folder = session.workstation().folder();
            Vault::set_login(folder, session.keys(), user.id, &user.details.email)
                .map_err(RecordsError::from)?;
        }
        Ok(stored)
    });
    session.set_user(stored.map_err(taken)?);
    view(session)
}

/// # Errors
/// `session_locked`, `not_permitted` while a duty waits.
pub fn choose_language(session: &Session, request: &LanguageChooseRequest) -> Result<()> {
    let actor = session.authorise(Command::LanguageChoose)?;
    let user =
        session.store().write(&actor, |tx| users::choose_language(tx, actor.user, request.language))?;
    session.set_user(user);
    Ok(())
}

/// # Errors
/// `invalid_credentials` for a wrong current password, `invalid_input` with the fields.
pub fn change_password(session: &Session, request: &PasswordChangeRequest) -> Result<()> {
    let actor = session.authorise(Command::PasswordChange)?;
    session.check_password(&request.current)?;
    let user = session.user();
    let context = [user.details.full_name, user.details.email, session.office().clinic.name.clone()];
    let factor = session.has_second_factor();
    let found = password::problems(&request.password, &request.password_repeat, &context, factor);
    if !found.is_empty() {
        return Err(found.into());
    }
    let workstation = session.workstation();
    Vault::change_password(
        workstation.folder(),
        session.keys(),
        request.password.expose(),
        workstation.kdf(),
    )?;
    session.store().write(&actor, |tx| {
        audit::record(tx, AuditEntry::new(AuditAction::PasswordChanged).on(actor.user))
    })?;
    session.duty_is_done();
    Ok(())
}

pub(crate) fn taken(error: RecordsError) -> crate::Error {
    match error {
        RecordsError::Conflict => ErrorCode::EmailInUse.into(),
        other => other.into(),
    }
}

fn same_name(a: &UserDetails, b: &UserDetails) -> bool {
    a.email.to_lowercase() == b.email.to_lowercase()
}

fn view(session: &Session) -> Result<ProfileView> {
    let user = session.user();
    let left = Vault::codes_left(session.workstation().folder(), user.id)?;
    Ok(ProfileView {
        details: user.details,
        role: user.role,
        second_factor: session.has_second_factor(),
        recovery_codes_left: left,
        last_sign_in_at: user.last_sign_in_at,
    })
}
