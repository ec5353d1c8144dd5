//! The PACS of the house: no connection is made unless an administrator switched it on. It is spoken to over an
//! association (DIMSE) or over HTTP (DICOMweb).

use std::fmt::Write;
use std::time::Duration;

use domain::audit::AuditAction;
use domain::problem::{FieldProblem, ProblemCode, Problems};
use records::audit::{self, AuditEntry};
use records::settings::{self, Shown};
use records::{Reading, RecordsError};
use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::commands::Command;
use crate::error::Result;
use crate::jobs::Cancel;
use crate::mail::is_this_machine;
use crate::network::{trusting, trusting_only};
use crate::session::Session;
use crate::views::{PacsAccess, PacsNode, PacsSettingsRequest, PacsSettingsView, PacsStatus, PacsWay};
use crate::web::Target;

use super::failure::Failure;
use super::{association, dicomweb};

const NODE: &str = "pacs.node";
/// What opens the PACS, and whom it is trusted by; the trail tells only that it was changed.
const KEYS: &str = "pacs.keys";
const LONGEST_TITLE: usize = 16;
const LONGEST_PATIENCE: u32 = 120;
const LONGEST_URL: usize = 300;
const LONGEST_SECRET: usize = 4_000;
const LONGEST_CERTIFICATE: usize = 32 * 1024;

impl Default for PacsNode {
    fn default() -> Self {
        Self {
            enabled: false,
            way: PacsWay::Dimse,
            host: String::new(),
            port: 104,
            called_title: String::new(),
            calling_title: "LENTIGO".to_owned(),
            tls: false,
            url: String::new(),
            access: PacsAccess::Open,
            user: String::new(),
            patience_seconds: 15,
        }
    }
}

/// As it is stored; the database is encrypted.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Keys {
    /// Password or bearer token.
    secret: String,
    /// In PEM; empty where the system judges.
    certificate: String,
}

/// Everything that an exchange needs to know.
#[derive(Clone, Default)]
pub(super) struct Pacs {
    pub node: PacsNode,
    keys: Keys,
}

impl Pacs {
    pub fn read(tx: &Reading<'_>) -> std::result::Result<Self, RecordsError> {
        let node = settings::get(tx, NODE)?.unwrap_or_default();
        Ok(Self { node, keys: settings::get(tx, KEYS)?.unwrap_or_default() })
    }

    pub fn patience(&self) -> Duration {
        Duration::from_secs(u64::from(self.node.patience_seconds.clamp(1, LONGEST_PATIENCE)))
    }

    /// Whom a certificate must come from.
    pub fn trust(&self) -> std::result::Result<ClientConfig, rustls::Error> {
        if self.keys.certificate.is_empty() { trusting() } else { trusting_only(&self.keys.certificate) }
    }

    pub fn secret(&self) -> &str {
        &self.keys.secret
    }

    /// What people call it: its title, or the machine that its URL names.
    pub fn name(&self) -> String {
        match self.node.way {
            PacsWay::Dimse => self.node.called_title.clone(),
            PacsWay::Dicomweb => self.host(),
        }
    }

    /// The machine that is spoken to.
    pub fn host(&self) -> String {
        match self.node.way {
            PacsWay::Dimse => self.node.host.clone(),
            PacsWay::Dicomweb => Target::read(&self.node.url).map(|target| target.host).unwrap_or_default(),
        }
    }

    /// How the trail tells of it.
    pub fn told(&self) -> Value {
        json!({ "way": self.node.way, "title": self.name(), "host": self.host() })
    }

    fn view(&self) -> PacsSettingsView {
        PacsSettingsView {
            node: self.node.clone(),
            has_secret: !self.keys.secret.is_empty(),
            certificate: fingerprint(&self.keys.certificate),
        }
    }
}

/// SHA-256 of the first of some certificates, as people compare it.
fn fingerprint(certificates: &str) -> Option<String> {
    let first = CertificateDer::pem_slice_iter(certificates.as_bytes()).next()?.ok()?;
    let mut text = String::new();
    for (at, byte) in Sha256::digest(&first).iter().enumerate() {
        let between = if at == 0 { "" } else { ":" };
        let _ = write!(text, "{between}{byte:02X}");
    }
    Some(text)
}

pub(crate) fn is_enabled(tx: &Reading<'_>) -> std::result::Result<bool, RecordsError> {
    Ok(Pacs::read(tx)?.node.enabled)
}

/// # Errors
/// `not_permitted`.
pub fn status(session: &Session) -> Result<PacsStatus> {
    session.authorise(Command::PacsStatusRead)?;
    let pacs = session.store().read(Pacs::read)?;
    Ok(PacsStatus { enabled: pacs.node.enabled, name: pacs.name() })
}

/// # Errors
/// `not_permitted`.
pub fn settings(session: &Session) -> Result<PacsSettingsView> {
    session.authorise(Command::PacsSettingsRead)?;
    Ok(session.store().read(Pacs::read)?.view())
}

/// # Errors
/// `invalid_input` with the fields; while the PACS is off, what names it may be empty. A password or token goes in
/// clear to this machine alone.
pub fn change(session: &Session, request: &PacsSettingsRequest) -> Result<PacsSettingsView> {
    let actor = session.authorise(Command::PacsSettingsUpdate)?;
    let Pacs { node: before, keys: kept } = session.store().read(Pacs::read)?;
    let trimmed = |text: &str| text.trim().to_owned();
    let node = PacsNode {
        host: trimmed(&request.node.host),
        called_title: trimmed(&request.node.called_title),
        calling_title: trimmed(&request.node.calling_title),
        url: trimmed(&request.node.url),
        user: trimmed(&request.node.user),
        ..request.node.clone()
    };
    let mut keys = Keys {
        secret: request
            .secret
            .as_ref()
            .map_or_else(|| kept.secret.clone(), |typed| typed.expose().to_owned()),
        certificate: request
            .certificate
            .as_ref()
            .map_or_else(|| kept.certificate.clone(), |pem| trimmed(pem)),
    };
    // A password is no token, and an open server is told nothing.
    let other_kind = node.access != before.access && request.secret.is_none();
    if node.access == PacsAccess::Open || other_kind {
        keys.secret.clear();
    }
    let pacs = Pacs { node, keys };
    check(&pacs)?;
    session.store().write(&actor, |tx| {
        settings::set(tx, NODE, &pacs.node, Shown::Value)?;
        if pacs.keys != kept {
            settings::set(tx, KEYS, &pacs.keys, Shown::Name)?;
        }
        Ok(())
    })?;
    Ok(pacs.view())
}

/// Asks the PACS whether it is there: C-ECHO (PS3.4, annex A), or a search for a study that nobody has (QIDO-RS;
/// PS3.18, 10.6).
///
/// # Errors
/// `pacs_failed` with the reason, also while it is switched off.
pub fn test(session: &Session) -> Result<()> {
    let actor = session.authorise(Command::PacsTest)?;
    let pacs = session.store().read(Pacs::read)?;
    let cancel = Cancel::default();
    let answer = match (pacs.node.enabled, pacs.node.way) {
        (false, _) => Err(Failure::Off),
        (true, PacsWay::Dimse) => association::echo(&pacs, &cancel),
        (true, PacsWay::Dicomweb) => dicomweb::ask(&pacs, &cancel),
    };
    let mut details = pacs.told();
    details["reason"] = json!(answer.err().map(Failure::reason));
    let entry = AuditEntry::new(AuditAction::PacsTested);
    session.store().write(&actor, |tx| audit::record(tx, entry.with(details)))?;
    Ok(answer?)
}

fn check(pacs: &Pacs) -> Result<()> {
    let Pacs { node, keys } = pacs;
    let mut problems = Problems::default();
    let on = |way| node.enabled && node.way == way;
    problems.text("host", &node.host, 253);
    problems.one_line("host", &node.host);
    title(&mut problems, "calling_title", &node.calling_title, node.way == PacsWay::Dimse);
    title(&mut problems, "called_title", &node.called_title, on(PacsWay::Dimse));
    if on(PacsWay::Dimse) {
        problems.required_text("host", &node.host, 253);
    }
    if node.port == 0 {
        problems.add("port", ProblemCode::NotAllowed);
    }
    if on(PacsWay::Dicomweb) {
        problems.required_text("url", &node.url, LONGEST_URL);
    } else {
        problems.text("url", &node.url, LONGEST_URL);
    }
    let target = Target::read(&node.url);
    if target.is_none() && !node.url.is_empty() {
        problems.add("url", ProblemCode::BadFormat);
    }
    access(&mut problems, pacs, target.as_ref());
    if keys.certificate.len() > LONGEST_CERTIFICATE {
        problems.add("certificate", ProblemCode::TooLong);
    } else if !keys.certificate.is_empty() && trusting_only(&keys.certificate).is_err() {
        problems.add("certificate", ProblemCode::BadFormat);
    }
    let mut found = problems.into_result().err().unwrap_or_default();
    if !(1..=LONGEST_PATIENCE).contains(&node.patience_seconds) {
        let code = ProblemCode::NotAllowed;
        found.push(FieldProblem::with_limit("patience_seconds", code, LONGEST_PATIENCE));
    }
    if found.is_empty() { Ok(()) } else { Err(found.into()) }
}

/// How a server of DICOMweb is opened.
fn access(problems: &mut Problems, pacs: &Pacs, target: Option<&Target>) {
    let Pacs { node, keys } = pacs;
    let on = node.enabled && node.way == PacsWay::Dicomweb;
    problems.text("user", &node.user, 254);
    problems.one_line("user", &node.user);
    problems.text("secret", &keys.secret, LONGEST_SECRET);
    match node.access {
        PacsAccess::Open => {}
        // The colon ends the name (RFC 7617, 2).
        PacsAccess::Password if node.user.contains(':') => problems.add("user", ProblemCode::NotAllowed),
        PacsAccess::Password if on => problems.required_text("user", &node.user, 254),
        PacsAccess::Token if !keys.secret.chars().all(|letter| letter.is_ascii_graphic()) => {
            problems.add("secret", ProblemCode::BadFormat);
        }
        PacsAccess::Password | PacsAccess::Token => {}
    }
    if on && node.access != PacsAccess::Open && keys.secret.is_empty() {
        problems.add("secret", ProblemCode::Required);
    }
    let in_clear = target.is_some_and(|target| !target.https && !is_this_machine(&target.host));
    if in_clear && !keys.secret.is_empty() {
        problems.add("secret", ProblemCode::NotAllowed);
    }
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
