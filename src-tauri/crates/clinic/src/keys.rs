//! The keys of the clinic: recovery sheet, and new keys after somebody left.

use domain::audit::AuditAction;
use domain::user::UserState;
use jiff::{SignedDuration, Timestamp};
use records::audit::{self, AuditEntry};
use records::{Store, files, reports, signing_keys, users};
use std::sync::Arc;
use vault::{KeyChange, SealedStore, Vault};

use crate::backup;
use crate::commands::Command;
use crate::desk_photo;
use crate::entry::{open, sheet_view};
use crate::error::{ErrorCode, Result};
use crate::report::{self, FreshSigningKey};
use crate::session::Session;
use crate::views::{PasswordAgainRequest, RecoverySheetView};

/// A new recovery sheet; the old one opens nothing afterwards.
///
/// # Errors
/// `invalid_credentials` for a wrong password, `storage_full`.
pub fn issue_sheet(session: &Session, request: &PasswordAgainRequest) -> Result<RecoverySheetView> {
    session.authorise(Command::RecoverySheetIssue)?;
    session.check_password(&request.password)?;
    fresh_sheet(session)
}

pub(crate) fn fresh_sheet(session: &Session) -> Result<RecoverySheetView> {
    let actor = session.actor();
    let sheet = Vault::issue_recovery(session.workstation().folder(), session.keys())?;
    session.store().write(&actor, |tx| {
        audit::record(tx, AuditEntry::new(AuditAction::RecoverySheetIssued).on(actor.user))
    })?;
    Ok(sheet_view(session, &sheet))
}

/// Gives the clinic new keys: the database is written again under a new one, every photograph's key is
/// moved under a new one, reports are signed with a new one, and every slot is sealed anew. Passwords and recovery codes go on working. The
/// session's own keys are old afterwards: the one given back takes its place.
///
/// # Errors
/// `busy` while analyses run, `invalid_credentials`, `storage_full`, `session_locked` when it was locked meanwhile;
/// the clinic is then as it was.
pub fn change(session: &Session, request: &PasswordAgainRequest) -> Result<(Session, RecoverySheetView)> {
    let actor = session.authorise(Command::KeysChange)?;
    session.check_password(&request.password)?;
    let workstation = session.workstation();
    if workstation.jobs().any_running() {
        return Err(ErrorCode::Busy.into());
    }
    session.imports().must_rest()?;
    // They may be about to write into the database that is copied.
    session.watch().wait();
    let _still = session.archive().still();
    // What was left under the old keys is taken over while they still open it.
    desk_photo::settle(session)?;
    let folder = workstation.folder();
    drop_strangers(session)?;
    backup::clear_leftovers(workstation)?;
    let change = KeyChange::begin(folder, session.keys())?;
    // What would be written after the copy would be lost with the old database.
    let (fresh, handed_over) = session.store().hand_over(|connection| change.copy_database(connection))?;
    let keys = change.keys();
    let store = Store::open_beside(fresh, keys.audit_key.clone(), Arc::clone(workstation.clock()))?;
    let new_key = keys.clinical_key.as_ref().ok_or(ErrorCode::NotPermitted)?;
    let (old, new) = (session.sealed()?, SealedStore::open(folder, new_key)?);
    let old_handouts = session.handouts();
    let new_handouts = SealedStore::open(folder, &keys.handout_key())?;
    // Whoever left may hold the key that signed so far; what it signed stays provable.
    let signs = store.read(signing_keys::current)?.is_some();
    // A clock that was set back must not retire the old key before its last signature.
    let after = store.read(reports::last_signed_at)?.map(|last| last + SignedDuration::from_micros(1));
    let made_at = after.into_iter().fold(workstation.clock().now(), Timestamp::max);
    let signing = signs.then(|| FreshSigningKey::make(&new, made_at)).transpose()?;
    store.write(&actor, |tx| {
        files::rewrap_all(tx, keys.epoch, |key| old.rewrap(key, &new))?;
        reports::rewrap_all(tx, |key| old_handouts.rewrap(key, &new_handouts))?;
        signing.as_ref().map_or(Ok(()), |fresh| signing_keys::add(tx, &fresh.record, &fresh.private))
    })?;
    drop(store);
    // Whoever left the desk meanwhile is not signed in again, and nobody else is shown the sheet.
    session.check_live()?;
    let sheet = change.commit()?;
    handed_over.keep();
    session.archive().close();
    let password = request.password.expose();
    let unlocked = Vault::unlock(folder, &session.user().details.email, password, workstation.kdf())?;
    let renewed = open(workstation, unlocked)?.admit(password.chars().count())?;
    report::publish(&renewed);
    let view = sheet_view(&renewed, &sheet);
    Ok((renewed, view))
}

/// Takes away key slots of deleted accounts, such as a power cut between record and slot leaves: new keys are not
/// for them.
fn drop_strangers(session: &Session) -> Result<()> {
    let folder = session.workstation().folder();
    let everybody = session.store().read(users::all)?;
    let stays = |id| everybody.iter().any(|user| user.id == id && user.state != UserState::Deleted);
    for (id, _) in Vault::holders(folder, session.keys())? {
        if !stays(id) {
            Vault::remove_slot(folder, session.keys(), id)?;
        }
    }
    Ok(())
}
