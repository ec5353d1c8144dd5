//! Settings of the clinic: the registry of all, and the forms of the idle lock and the mail server.

mod registry;

use domain::problem::{FieldProblem, ProblemCode, Problems};
use jiff::SignedDuration;
use records::settings::{self, Shown};
use records::{Reading, RecordsError};
use serde::{Deserialize, Serialize};

use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::mail::{self, Mail};
use crate::session::Session;
use crate::views::{
    AccessSettingsRequest, AccessSettingsView, MailSecurity, MailSettingsRequest, MailSettingsView,
};

pub use registry::{change, list};
pub(crate) use registry::{model_status, without_secrets};

const IDLE_LOCK: &str = "access.idle_lock_minutes";
const MAIL: &str = "mail.server";
const ANALYSES: &str = "analyses.enabled";
const DEFAULT_IDLE_MINUTES: u32 = 10;
const LONGEST_IDLE_MINUTES: u32 = 60;

/// The mail server as it is stored, with its password; the database is encrypted.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct MailServer {
    pub enabled: bool,
    pub host: String,
    pub port: u16,
    pub security: MailSecurity,
    pub user: String,
    pub password: String,
    pub from: String,
}

impl Default for MailServer {
    fn default() -> Self {
        Self {
            enabled: false,
            host: String::new(),
            port: 465,
            security: MailSecurity::Tls,
            user: String::new(),
            password: String::new(),
            from: String::new(),
        }
    }
}

/// Whether the clinic lets photographs be read by the model.
pub(crate) fn analyses(tx: &Reading<'_>) -> std::result::Result<bool, RecordsError> {
    Ok(settings::get(tx, ANALYSES)?.unwrap_or(true))
}

/// The door of everything that asks for a reading.
///
/// # Errors
/// `analyses_off`.
pub(crate) fn admit_analysis(session: &Session) -> Result<()> {
    if session.store().read(analyses)? { Ok(()) } else { Err(ErrorCode::AnalysesOff.into()) }
}

pub(crate) fn idle_lock(tx: &Reading<'_>) -> std::result::Result<SignedDuration, RecordsError> {
    let minutes = settings::get(tx, IDLE_LOCK)?.unwrap_or(DEFAULT_IDLE_MINUTES);
    Ok(SignedDuration::from_mins(i64::from(minutes.clamp(1, LONGEST_IDLE_MINUTES))))
}

/// # Errors
/// `not_permitted`.
pub fn access(session: &Session) -> Result<AccessSettingsView> {
    session.authorise(Command::AccessSettingsRead)?;
    let minutes = session.store().read(idle_lock)?.as_mins();
    Ok(AccessSettingsView { idle_lock_minutes: u32::try_from(minutes).unwrap_or(DEFAULT_IDLE_MINUTES) })
}

/// Sessions that begin afterwards follow the new rule.
///
/// # Errors
/// `invalid_input` outside 1 to 60 minutes.
pub fn change_access(session: &Session, request: &AccessSettingsRequest) -> Result<AccessSettingsView> {
    let actor = session.authorise(Command::AccessSettingsUpdate)?;
    if !(1..=LONGEST_IDLE_MINUTES).contains(&request.idle_lock_minutes) {
        let problem =
            FieldProblem::with_limit("idle_lock_minutes", ProblemCode::NotAllowed, LONGEST_IDLE_MINUTES);
        return Err(vec![problem].into());
    }
    session
        .store()
        .write(&actor, |tx| settings::set(tx, IDLE_LOCK, &request.idle_lock_minutes, Shown::Value))?;
    Ok(AccessSettingsView { idle_lock_minutes: request.idle_lock_minutes })
}

pub(crate) fn mail_server(tx: &Reading<'_>) -> std::result::Result<MailServer, RecordsError> {
    Ok(settings::get(tx, MAIL)?.unwrap_or_default())
}

/// # Errors
/// `not_permitted`.
pub fn mail(session: &Session) -> Result<MailSettingsView> {
    session.authorise(Command::MailSettingsRead)?;
    Ok(view(&session.store().read(mail_server)?))
}

/// # Errors
/// `invalid_input` with the fields: a host without encryption must be this machine.
pub fn change_mail(session: &Session, request: &MailSettingsRequest) -> Result<MailSettingsView> {
    let actor = session.authorise(Command::MailSettingsUpdate)?;
    check(request)?;
    let kept = session.store().read(mail_server)?.password;
    let server = MailServer {
        enabled: request.enabled,
        host: request.host.trim().to_owned(),
        port: request.port,
        security: request.security,
        user: request.user.trim().to_owned(),
        password: request.password.as_ref().map_or(kept, |typed| typed.expose().to_owned()),
        from: request.from.trim().to_owned(),
    };
    session.store().write(&actor, |tx| settings::set(tx, MAIL, &server, Shown::Name))?;
    Ok(view(&server))
}

/// Sends a test message to the administrator's own address.
///
/// # Errors
/// `mail_failed` with the reason, also while mail is switched off.
pub fn test_mail(session: &Session) -> Result<()> {
    session.authorise(Command::MailTest)?;
    mail::send(session, &Mail::Test { to: &session.user().details.email })
}

fn check(request: &MailSettingsRequest) -> Result<()> {
    let mut problems = Problems::default();
    problems.text("host", &request.host, 253);
    problems.text("user", &request.user, 254);
    if request.enabled {
        problems.required_text("host", &request.host, 253);
        problems.required_text("from", &request.from, 254);
        problems.email("from", request.from.trim());
        if request.port == 0 {
            problems.add("port", ProblemCode::NotAllowed);
        }
    }
    if request.security == MailSecurity::None && !mail::is_this_machine(request.host.trim()) {
        problems.add("security", ProblemCode::NotAllowed);
    }
    Ok(problems.into_result()?)
}

fn view(server: &MailServer) -> MailSettingsView {
    MailSettingsView {
        enabled: server.enabled,
        host: server.host.clone(),
        port: server.port,
        security: server.security,
        user: server.user.clone(),
        has_password: !server.password.is_empty(),
        from: server.from.clone(),
    }
}
