//! The PACS of the house: no connection is made unless an administrator switched it on.

use std::time::Duration;

use domain::audit::AuditAction;
use domain::problem::{FieldProblem, ProblemCode, Problems};
use records::audit::{self, AuditEntry};
use records::settings::{self, Shown};
use records::{Reading, RecordsError};
use serde_json::json;

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::jobs::Cancel;
use crate::session::Session;
use crate::views::{PacsSettings, PacsStatus};

use super::association::{self, Failure};

const NODE: &str = "pacs.node";
const LONGEST_TITLE: usize = 16;
const LONGEST_PATIENCE: u32 = 120;

impl Default for PacsSettings {
    fn default() -> Self {
        Self {
            enabled: false,
            host: String::new(),
            port: 104,
            called_title: String::new(),
            calling_title: "LENTIGO".to_owned(),
            tls: false,
            patience_seconds: 15,
        }
    }
}

impl PacsSettings {
    pub(super) fn patience(&self) -> Duration {
        Duration::from_secs(u64::from(self.patience_seconds.clamp(1, LONGEST_PATIENCE)))
    }
}

pub(super) fn node(tx: &Reading<'_>) -> std::result::Result<PacsSettings, RecordsError> {
    Ok(settings::get(tx, NODE)?.unwrap_or_default())
}

pub(crate) fn is_enabled(tx: &Reading<'_>) -> std::result::Result<bool, RecordsError> {
    Ok(node(tx)?.enabled)
}

pub(super) fn failed(failure: Failure) -> Error {
    Error::with(ErrorCode::PacsFailed, json!({ "reason": failure.reason() }))
}

/// # Errors
/// `not_permitted`.
pub fn status(session: &Session) -> Result<PacsStatus> {
    session.authorise(Command::PacsStatusRead)?;
    let node = session.store().read(node)?;
    Ok(PacsStatus { enabled: node.enabled, called_title: node.called_title })
}

/// # Errors
/// `not_permitted`.
pub fn settings(session: &Session) -> Result<PacsSettings> {
    session.authorise(Command::PacsSettingsRead)?;
    Ok(session.store().read(node)?)
}

/// # Errors
/// `invalid_input` with the fields; while the PACS is off, host and its title may be empty.
pub fn change(session: &Session, request: PacsSettings) -> Result<PacsSettings> {
    let actor = session.authorise(Command::PacsSettingsUpdate)?;
    let trimmed = |text: &str| text.trim().to_owned();
    let node = PacsSettings {
        host: trimmed(&request.host),
        called_title: trimmed(&request.called_title),
        calling_title: trimmed(&request.calling_title),
        ..request
    };
    check(&node)?;
    session.store().write(&actor, |tx| settings::set(tx, NODE, &node, Shown::Value))?;
    Ok(node)
}

/// Asks the PACS whether it is there (C-ECHO; PS3.4, annex A).
///
/// # Errors
/// `pacs_failed` with the reason, also while it is switched off.
pub fn test(session: &Session) -> Result<()> {
    let actor = session.authorise(Command::PacsTest)?;
    let node = session.store().read(node)?;
    let answer = if node.enabled { association::echo(&node, &Cancel::default()) } else { Err(Failure::Off) };
    let reason = answer.err().map(Failure::reason);
    let entry = AuditEntry::new(AuditAction::PacsTested);
    let details = json!({ "title": node.called_title, "host": node.host, "reason": reason });
    session.store().write(&actor, |tx| audit::record(tx, entry.with(details)))?;
    answer.map_err(failed)
}

fn check(node: &PacsSettings) -> Result<()> {
    let mut problems = Problems::default();
    problems.text("host", &node.host, 253);
    problems.one_line("host", &node.host);
    title(&mut problems, "calling_title", &node.calling_title, true);
    title(&mut problems, "called_title", &node.called_title, node.enabled);
    if node.enabled {
        problems.required_text("host", &node.host, 253);
    }
    if node.port == 0 {
        problems.add("port", ProblemCode::NotAllowed);
    }
    let mut found = problems.into_result().err().unwrap_or_default();
    if !(1..=LONGEST_PATIENCE).contains(&node.patience_seconds) {
        let code = ProblemCode::NotAllowed;
        found.push(FieldProblem::with_limit("patience_seconds", code, LONGEST_PATIENCE));
    }
    if found.is_empty() { Ok(()) } else { Err(found.into()) }
}

/// A value of kind AE (PS3.5, 6.2).
fn title(problems: &mut Problems, field: &'static str, text: &str, required: bool) {
    if required {
        problems.required_text(field, text, LONGEST_TITLE);
    } else {
        problems.text(field, text, LONGEST_TITLE);
    }
    let allowed = |letter: char| matches!(letter, ' '..='~') && letter != '\\';
    if !text.chars().all(allowed) {
        problems.add(field, ProblemCode::NotAllowed);
    }
}
