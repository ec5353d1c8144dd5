//! A language model on a server of the house that drafts a report's text. No connection is made unless an
//! administrator switched it on; it learns class, band and measures, and nothing else ([`question`]).

mod call;
mod question;

use std::time::Duration;

use domain::audit::AuditAction;
use domain::problem::{FieldProblem, ProblemCode, Problems};
use domain::report_text::{TextFacts, TextLanguage};
use records::audit::{self, AuditEntry};
use records::settings::{self, Shown};
use records::{Reading, RecordsError};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::jobs::Cancel;
use crate::mail::is_this_machine;
use crate::report_template::sample;
use crate::session::Session;
use crate::views::{LanguageModelSettingsRequest, LanguageModelSettingsView};
use crate::web::Target;

pub(crate) use call::Failure;

/// Where an OpenAI-compatible interface takes questions, after its base.
const PATH: &str = "/chat/completions";
const SETTING: &str = "report.language_model";
const LONGEST_PATIENCE: u32 = 60;

/// As it is stored, with its key; the database is encrypted.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Endpoint {
    pub enabled: bool,
    pub url: String,
    pub model: String,
    pub key: String,
    pub patience_seconds: u32,
}

impl Default for Endpoint {
    fn default() -> Self {
        Self {
            enabled: false,
            url: String::new(),
            model: String::new(),
            key: String::new(),
            patience_seconds: 30,
        }
    }
}

impl Endpoint {
    pub fn read(tx: &Reading<'_>) -> std::result::Result<Self, RecordsError> {
        Ok(settings::get(tx, SETTING)?.unwrap_or_default())
    }

    /// Name or address of its server; empty where there is none.
    pub fn host(&self) -> String {
        Target::read(&self.url).map(|target| target.host).unwrap_or_default()
    }

    /// Asks for a text on a reading.
    ///
    /// # Errors
    /// Why there is none.
    pub fn draft(
        &self,
        facts: &TextFacts,
        language: TextLanguage,
        cancel: &Cancel,
    ) -> std::result::Result<String, Failure> {
        if !self.enabled {
            return Err(Failure::Off);
        }
        let target = interface(&self.url).ok_or(Failure::Unreachable)?;
        let question = question::bytes(&self.model, facts, language)?;
        let patience = Duration::from_secs(u64::from(self.patience_seconds.clamp(1, LONGEST_PATIENCE)));
        question::text(&call::post(&target, &self.key, question, patience, cancel)?)
    }
}

/// Where questions go, for the base of an interface or its whole URL.
fn interface(url: &str) -> Option<Target> {
    let Target { https, host, port, path } = Target::read(url)?;
    let base = path.strip_suffix(PATH).unwrap_or(&path);
    Some(Target { https, host, port, path: format!("{base}{PATH}") })
}

pub(crate) fn failed(failure: Failure) -> Error {
    let mut details = json!({ "reason": failure.reason() });
    if let Some(status) = failure.status() {
        details["status"] = json!(status);
    }
    Error::with(ErrorCode::LanguageModelFailed, details)
}

/// # Errors
/// `not_permitted`.
pub fn settings(session: &Session) -> Result<LanguageModelSettingsView> {
    session.authorise(Command::LanguageModelSettingsRead)?;
    Ok(view(&session.store().read(Endpoint::read)?))
}

/// # Errors
/// `invalid_input` with the fields. While it is off, URL and model may be empty; a key goes in clear to this machine
/// alone.
pub fn change(
    session: &Session,
    request: &LanguageModelSettingsRequest,
) -> Result<LanguageModelSettingsView> {
    let actor = session.authorise(Command::LanguageModelSettingsUpdate)?;
    let kept = session.store().read(Endpoint::read)?.key;
    let endpoint = Endpoint {
        enabled: request.enabled,
        url: request.url.trim().to_owned(),
        model: request.model.trim().to_owned(),
        key: request.key.as_ref().map_or(kept, |typed| typed.expose().to_owned()),
        patience_seconds: request.patience_seconds,
    };
    check(&endpoint)?;
    session.store().write(&actor, |tx| settings::set(tx, SETTING, &endpoint, Shown::Name))?;
    Ok(view(&endpoint))
}

/// Asks for a text on figures of no patient.
///
/// # Errors
/// `language_model_failed` with the reason, also while it is switched off.
pub fn test(session: &Session) -> Result<()> {
    let actor = session.authorise(Command::LanguageModelTest)?;
    let endpoint = session.store().read(Endpoint::read)?;
    let answer = match session.workstation().drafting().begin() {
        Some(turn) => {
            let facts = sample::facts(domain::analysis::Band::Suspicious);
            endpoint.draft(&facts, TextLanguage::En, &turn.cancel)
        }
        None => Err(Failure::Busy),
    };
    let entry = AuditEntry::new(AuditAction::LanguageModelTested);
    let reason = answer.as_ref().err().map(|failure| failure.reason());
    let details = json!({ "model": endpoint.model, "host": endpoint.host(), "reason": reason });
    session.store().write(&actor, |tx| audit::record(tx, entry.with(details)))?;
    answer.map(drop).map_err(failed)
}

fn check(endpoint: &Endpoint) -> Result<()> {
    let mut problems = Problems::default();
    if endpoint.enabled {
        problems.required_text("url", &endpoint.url, 300);
        problems.required_text("model", &endpoint.model, 100);
    } else {
        problems.text("url", &endpoint.url, 300);
        problems.text("model", &endpoint.model, 100);
    }
    problems.one_line("model", &endpoint.model);
    problems.text("key", &endpoint.key, 500);
    if !endpoint.key.chars().all(|letter| letter.is_ascii_graphic()) {
        problems.add("key", ProblemCode::BadFormat);
    }
    let target = Target::read(&endpoint.url);
    match &target {
        None if !endpoint.url.is_empty() => problems.add("url", ProblemCode::BadFormat),
        Some(target) if !endpoint.key.is_empty() && !target.https && !is_this_machine(&target.host) => {
            problems.add("key", ProblemCode::NotAllowed);
        }
        _ => {}
    }
    let mut found = problems.into_result().err().unwrap_or_default();
    if !(1..=LONGEST_PATIENCE).contains(&endpoint.patience_seconds) {
        let code = ProblemCode::NotAllowed;
        found.push(FieldProblem::with_limit("patience_seconds", code, LONGEST_PATIENCE));
    }
    if found.is_empty() { Ok(()) } else { Err(found.into()) }
}

fn view(endpoint: &Endpoint) -> LanguageModelSettingsView {
    LanguageModelSettingsView {
        enabled: endpoint.enabled,
        url: endpoint.url.clone(),
        model: endpoint.model.clone(),
        has_key: !endpoint.key.is_empty(),
        patience_seconds: endpoint.patience_seconds,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_of_an_interface_and_its_whole_url_are_the_same() {
        let path = |url| interface(url).map(|target| target.path);
        for url in ["http://localhost:11434/v1", "http://localhost:11434/v1/chat/completions/"] {
            assert_eq!(path(url).as_deref(), Some("/v1/chat/completions"), "{url}");
        }
        assert_eq!(path("https://llm.house").as_deref(), Some("/chat/completions"));
        assert_eq!(path("llm.house"), None);
    }
}
