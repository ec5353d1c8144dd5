//! Coming in: first run, sign-in, lock, the recovery sheet.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use documents::{Paper, RecoverySheetContent, render_recovery_sheet};
use domain::audit::AuditAction;
use domain::problem::{FieldProblem, ProblemCode, Problems};
use domain::user::{User, UserDetails, UserState};
use domain::{Actor, ClinicId, Role, SessionId, UserId};
use jiff::Timestamp;
use jiff::civil::Date;
use records::audit::{self, AuditEntry};
use records::{Connection, Store, clinics, drafts, files, newest_schema, pending_migrations, users};
use vault::{MigrationCopy, NewOwner, RecoverySheet, SealedStore, Unlocked, Vault};

use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::session::{Arrival, Office, Session};
use crate::similar::archive;
use crate::views::{ClinicCreateRequest, Duty, RecoverySheetConfirmRequest, RecoverySheetView};
use crate::workstation::Workstation;
use crate::{
    backup, derived, desk_photo, intake, password, queue, retention, second_factor, settings, witness,
};

/// First run: makes the clinic with its keys, its first administrator and its recovery sheet.
///
/// The folder is prepared beside its place and put there in one step, so that a power cut leaves
/// either no clinic or a whole one.
///
/// # Errors
/// `clinic_exists`, `invalid_input` with the fields, `storage_full`, `storage_failed`.
pub fn found(
    workstation: &Arc<Workstation>,
    request: &ClinicCreateRequest,
) -> Result<(Session, RecoverySheetView)> {
    if workstation.is_founded() {
        return Err(ErrorCode::ClinicExists.into());
    }
    let details = check_founding(request, workstation.clock().today())?;
    let staging = staging_folder(workstation.folder(), "founding");
    clear(&staging)?;
    let made = make_clinic(workstation, &staging, request, &details);
    let (unlocked, sheet) = made.inspect_err(|_| {
        let _ = fs::remove_dir_all(&staging);
    })?;
    put_in_place(&staging, workstation.folder())?;
    let session = open(workstation, unlocked)?.admit(request.password.expose().chars().count())?;
    let view = sheet_view(&session, &sheet);
    Ok((session, view))
}

pub(crate) fn sheet_view(session: &Session, sheet: &RecoverySheet) -> RecoverySheetView {
    RecoverySheetView {
        clinic_name: session.office().clinic.name.clone(),
        created_at: session.workstation().clock().now(),
        groups: sheet.code().split('-').map(str::to_owned).collect(),
    }
}

/// # Errors
/// When the audit row cannot be written.
pub fn sign_out(session: &Session) -> Result<()> {
    let_go(session);
    note(session, AuditAction::SignedOut)?;
    witness::tell(session);
    Ok(())
}

/// Ends the session as a lock does: typed text is kept, encrypted, for the same person's return.
///
/// # Errors
/// When it cannot be written.
pub fn lock(session: &Session) -> Result<()> {
    let_go(session);
    let actor = session.actor();
    let typed: Vec<_> =
        session.typed().into_iter().map(|d| drafts::Draft { key: d.key, body: d.body }).collect();
    session.store().write(&actor, |tx| {
        if !typed.is_empty() {
            drafts::keep(tx, actor.user, &typed)?;
        }
        audit::record(tx, AuditEntry::new(AuditAction::SessionLocked).on(session.id()))
    })?;
    witness::tell(session);
    Ok(())
}

/// What the session held open is closed. The reading under way ends; the others wait for whoever signs in next.
fn let_go(session: &Session) {
    tracing::info!("a session ends");
    session.end();
    session.workstation().jobs().dismiss();
    session.tiles().clear();
    session.with_pack(|pack| *pack = None);
    session.archive().finish();
}

/// Whether one group of the sheet was typed back as printed; I and L count as 1, O as 0.
///
/// # Errors
/// `invalid_input` when it was not.
pub fn confirm_sheet(
    session: &Session,
    sheet: &RecoverySheetView,
    request: &RecoverySheetConfirmRequest,
) -> Result<()> {
    let actor = session.authorise(Command::RecoverySheetConfirm)?;
    let place = usize::try_from(request.group).unwrap_or(0).checked_sub(1);
    let printed = place.and_then(|i| sheet.groups.get(i));
    if printed.is_some_and(|group| plain(group) == plain(request.text.expose())) {
        let entry = AuditEntry::new(AuditAction::RecoverySheetConfirmed).on(session.user().id);
        session.store().write(&actor, |tx| audit::record(tx, entry))?;
        Ok(())
    } else {
        Err(vec![FieldProblem::new("text", ProblemCode::Mismatch)].into())
    }
}

/// The sheet as a PDF of one page.
///
/// # Errors
/// `not_permitted`; `internal` when the page cannot be made.
pub fn print_sheet(session: &Session, sheet: &RecoverySheetView) -> Result<Vec<u8>> {
    session.authorise(Command::RecoverySheetSave)?;
    let zone = jiff::tz::TimeZone::system();
    let content = RecoverySheetContent {
        clinic_name: sheet.clinic_name.clone(),
        created_on: sheet.created_at.to_zoned(zone).date(),
        groups: sheet.groups.clone(),
        instructions: Vec::new(),
    };
    Ok(render_recovery_sheet(&content, Paper::A4)?)
}

fn check_founding(request: &ClinicCreateRequest, today: Date) -> Result<UserDetails> {
    let details = UserDetails {
        full_name: request.full_name.trim().to_owned(),
        email: request.email.trim().to_owned(),
        ..UserDetails::default()
    };
    let mut problems = Problems::default();
    problems.required_text("clinic_name", &request.clinic_name, 120);
    let mut found: Vec<FieldProblem> = problems.into_result().err().unwrap_or_default();
    found.extend(details.validate(today).err().unwrap_or_default());
    let context = [request.clinic_name.clone(), details.full_name.clone(), details.email.clone()];
    found.extend(password::problems(&request.password, &request.password_repeat, &context, false));
    if found.is_empty() { Ok(details) } else { Err(found.into()) }
}

/// Beside the clinic's folder, on the same disk.
pub(crate) fn staging_folder(folder: &Path, purpose: &str) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(purpose);
    folder.with_file_name(name)
}

/// What an earlier try left when it was cut short holds nothing anybody has seen.
pub(crate) fn clear(staging: &Path) -> Result<()> {
    match fs::remove_dir_all(staging) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn make_clinic(
    workstation: &Workstation,
    staging: &Path,
    request: &ClinicCreateRequest,
    details: &UserDetails,
) -> Result<(Unlocked, RecoverySheet)> {
    if let Some(parent) = staging.parent() {
        fs::create_dir_all(parent)?;
    }
    let owner = NewOwner {
        user_id: UserId::fresh(),
        login: &details.email,
        role: Role::Administrator,
        password: request.password.expose(),
    };
    let (unlocked, sheet) = Vault::create(staging, owner, workstation.kdf())?;
    let connection = vault::create_database(staging, &unlocked)?;
    let clock = Arc::clone(workstation.clock());
    let store = Store::open(connection, unlocked.audit_key.clone(), clock)?;
    let actor = Actor { user: unlocked.user_id, role: unlocked.role };
    store.write(&actor, |tx| {
        clinics::create(tx, ClinicId::fresh(), request.clinic_name.trim())?;
        users::add(tx, unlocked.user_id, details, Role::Administrator, UserState::Active)?;
        audit::record(tx, AuditEntry::new(AuditAction::RecoverySheetIssued).on(unlocked.user_id))
    })?;
    Ok((unlocked, sheet))
}

pub(crate) fn put_in_place(staging: &Path, folder: &Path) -> Result<()> {
    // An empty folder may be there already; one with anything in it makes the rename fail.
    let _ = fs::remove_dir(folder);
    fs::rename(staging, folder)?;
    #[cfg(unix)]
    if let Some(parent) = folder.parent() {
        fs::File::open(parent)?.sync_all()?;
    }
    Ok(())
}

/// A clinic opened with somebody's keys, before they are let in.
pub(crate) struct Opened {
    pub user: User,
    pub keys: Unlocked,
    pub office: Office,
    /// Asked for before they are let in.
    pub second_factor: bool,
    pub at: Timestamp,
}

/// # Errors
/// `invalid_credentials` for an account that is not active; `clinic_in_use`, `record_damaged`.
pub(crate) fn open(workstation: &Arc<Workstation>, keys: Unlocked) -> Result<Opened> {
    let opened = open_any(workstation, keys)?;
    if opened.user.state == UserState::Active {
        Ok(opened)
    } else {
        Err(ErrorCode::InvalidCredentials.into())
    }
}

/// Opens whatever the state of the account is.
pub(crate) fn open_any(workstation: &Arc<Workstation>, keys: Unlocked) -> Result<Opened> {
    workstation.claim()?;
    let folder = workstation.folder();
    let connection = vault::open_database(folder, &keys)?;
    let migrates = copy_before_migration(folder, &keys, &connection)?;
    let clock = Arc::clone(workstation.clock());
    let store = Store::open(connection, keys.audit_key.clone(), clock)?;
    if let Some(from) = migrates {
        let actor = Actor { user: keys.user_id, role: keys.role };
        let entry = AuditEntry::new(AuditAction::MigrationCopyKept).with(serde_json::json!({ "from": from }));
        store.write(&actor, |tx| audit::record(tx, entry))?;
    }
    let (clinic, user, second_factor) = store.read(|tx| {
        Ok((clinics::get(tx)?, users::get(tx, keys.user_id)?, second_factor::is_set(tx, keys.user_id)?))
    })?;
    if user.role != keys.role {
        return Err(ErrorCode::InvalidCredentials.into());
    }
    let key = keys.clinical_key.as_ref();
    let sealed = key.map(|key| SealedStore::open(folder, key)).transpose()?;
    let handouts = SealedStore::open(folder, &keys.handout_key())?;
    let office = Office { workstation: Arc::clone(workstation), clinic, store, sealed, handouts };
    Ok(Opened { user, keys, office, second_factor, at: workstation.clock().now() })
}

/// The version that a migration starts from, with the records as they are copied aside; nothing when the database
/// has today's shape.
fn copy_before_migration(folder: &Path, keys: &Unlocked, connection: &Connection) -> Result<Option<u32>> {
    let pending = u32::try_from(pending_migrations(connection)?).unwrap_or(u32::MAX);
    if pending == 0 {
        return Ok(None);
    }
    let from = newest_schema()?.saturating_sub(pending);
    MigrationCopy::keep(folder, keys, connection, from)?;
    Ok(Some(from))
}

impl Opened {
    pub(crate) const fn actor(&self) -> Actor {
        Actor { user: self.keys.user_id, role: self.keys.role }
    }

    /// Lets somebody in who has proven everything asked for.
    pub(crate) fn admit(self, password_length: usize) -> Result<Session> {
        intake::collect(&self)?;
        let actor = self.actor();
        let id = SessionId::fresh();
        let (kept, idle_lock) = self.office.store.write(&actor, |tx| {
            users::remember_sign_in(tx, actor.user)?;
            audit::record(tx, AuditEntry::new(AuditAction::SignedIn).on(id))?;
            Ok((drafts::take(tx, actor.user)?, settings::idle_lock(tx)?))
        })?;
        tracing::info!(role = actor.role.code(), "a session begins");
        let alone = !self.second_factor && password_length < password::MIN_LENGTH;
        let session = Session::begin(Arrival {
            id,
            user: self.user,
            keys: self.keys,
            office: self.office,
            second_factor: self.second_factor,
            duty: alone.then_some(Duty::ChoosePassword),
            idle_lock,
            drafts: kept.into_iter().map(|d| (d.key, d.body)).collect(),
        });
        desk_photo::settle(&session)?;
        tidy(&session)?;
        queue::wake(&session)?;
        retention::purge(&session);
        witness::ask(&session);
        archive::prepare(&session);
        derived::resume(&session);
        Ok(session)
    }
}

/// Once a run of the program, before anything is written: sweeps what a crash left.
fn tidy(session: &Session) -> Result<()> {
    let Ok(sealed) = session.sealed() else { return Ok(()) };
    if !session.workstation().first_time() {
        return Ok(());
    }
    if let Err(error) = MigrationCopy::expire(session.workstation().folder()) {
        tracing::warn!(%error, "the copy before a migration waits for the next start");
    }
    if let Err(error) = backup::clear_leftovers(session.workstation()) {
        tracing::warn!(code = ?error.code, "a copy of the records waits for the next start");
    }
    if let Err(error) = session.store().clean_traces() {
        tracing::warn!(%error, "traces of an erasure wait for the next start");
    }
    let known = session.store().read(files::known)?;
    let swept = sealed.sweep(&known)?;
    if swept.orphans + swept.unfinished > 0 {
        let details = serde_json::json!({ "orphans": swept.orphans, "unfinished": swept.unfinished });
        let entry = AuditEntry::new(AuditAction::OrphansRemoved).with(details);
        session.store().write(&session.actor(), |tx| audit::record(tx, entry))?;
    }
    Ok(())
}

fn note(session: &Session, action: AuditAction) -> Result<()> {
    let entry = AuditEntry::new(action).on(session.id());
    session.store().write(&session.actor(), |tx| audit::record(tx, entry))?;
    Ok(())
}

/// Crockford's base 32 as a person types it.
fn plain(group: &str) -> String {
    group
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .map(|c| match c.to_ascii_uppercase() {
            'I' | 'L' => '1',
            'O' => '0',
            other => other,
        })
        .collect()
}
