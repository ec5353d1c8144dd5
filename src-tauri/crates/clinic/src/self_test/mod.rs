//! The self-test: whether the records, the model and the machine are as they should be.
//!
//! Every check ends in a [`Finding`], which has one light, one sentence and one piece of advice. A check that
//! fails in itself is amber and says so; it never ends the test.

mod backup;
mod findings;
mod machine;
mod model;
mod network;
mod records;

use ::records::audit::{self, AuditEntry};
use documents::{Paper, SelfTestContent, SelfTestLine, render_self_test};
use domain::audit::AuditAction;
use jiff::tz::TimeZone;
use serde_json::json;

pub use findings::Finding;

use crate::commands::Command;
use crate::error::{Error, Result};
use crate::export::Document;
use crate::session::{Office, Session};
use crate::views::{CheckView, Light, SelfCheck, SelfTestView};
use crate::workstation::Workstation;

/// What needs the keys of somebody who is signed in.
const UNDER_KEYS: [SelfCheck; 5] = [
    SelfCheck::Database,
    SelfCheck::AuditTrail,
    SelfCheck::Backup,
    SelfCheck::RecoverySheet,
    SelfCheck::SecondFactor,
];

/// Runs every check. The records stand still while the database is read through.
///
/// # Errors
/// `not_permitted`. What is wrong with the workstation is in the answer.
pub fn run(session: &Session) -> Result<SelfTestView> {
    let actor = session.authorise(Command::SelfTestRun)?;
    let workstation = session.workstation();
    let mut checks = records::checks(session);
    checks.extend([machine::clock_in_records(session), network::check(records::uses_network(session))]);
    checks.extend(without_keys(workstation, Some(session.office().as_ref())));
    let view = summed_up(workstation, checks, vec![]);
    let count = |light| view.checks.iter().filter(|check| check.light == light).count();
    let details =
        json!({ "red": count(Light::Red), "amber": count(Light::Amber), "green": count(Light::Green) });
    let entry = AuditEntry::new(AuditAction::SelfTestRun).with(details);
    if let Err(error) = session.store().write(&actor, |tx| audit::record(tx, entry)) {
        // Records that cannot be written are just what the answer is about.
        tracing::warn!(%error, "the self-test left no row in the audit trail");
    }
    Ok(view)
}

/// The checks that need nobody's keys, and the names of the others.
#[must_use]
pub fn run_without_keys(workstation: &Workstation) -> SelfTestView {
    let mut checks = vec![machine::clock(workstation), network::check(None)];
    checks.extend(without_keys(workstation, None));
    summed_up(workstation, checks, UNDER_KEYS.to_vec())
}

/// Without an office it is the shipped model that is looked at: which one is in use the records say.
fn without_keys(workstation: &Workstation, office: Option<&Office>) -> Vec<CheckView> {
    let mut checks = model::checks(workstation.model(), office);
    checks.extend([
        machine::disk(workstation.folder()),
        machine::permissions(workstation.folder()),
        machine::memory(),
    ]);
    checks.extend(machine::last_run(workstation.logs()));
    checks
}

fn summed_up(
    workstation: &Workstation,
    mut checks: Vec<CheckView>,
    left_out: Vec<SelfCheck>,
) -> SelfTestView {
    checks.sort_by_key(|view| view.check);
    SelfTestView {
        at: workstation.clock().now(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        light: checks.iter().map(|view| view.light).max().unwrap_or(Light::Green),
        checks,
        left_out,
    }
}

/// A result as a PDF of one page.
///
/// # Errors
/// `not_permitted`; `internal` when the page cannot be made.
pub fn print(session: &Session, view: &SelfTestView) -> Result<Document> {
    session.authorise(Command::SelfTestSave)?;
    let line = |check: &CheckView| SelfTestLine {
        light: check.light.sign_and_word(),
        title: check.check.title().to_owned(),
        finding: check.sentence(),
        advice: check.advice().map(str::to_owned),
    };
    let content = SelfTestContent {
        clinic_name: session.office().clinic.name.clone(),
        version: view.version.clone(),
        made_at: view.at,
        made: view.at.to_zoned(TimeZone::system()).strftime("%-d %B %Y, %H:%M").to_string(),
        lines: view.checks.iter().map(line).collect(),
    };
    let day = view.at.to_zoned(TimeZone::system()).date();
    Ok(Document { file_name: format!("self-test-{day}.pdf"), pdf: render_self_test(&content, Paper::A4)? })
}

impl SelfCheck {
    /// What the check did when it could not be done.
    fn failed(self, error: &Error) -> CheckView {
        self.ends(Finding::NotChecked).named([serde_json::to_value(error.code)
            .map_or_else(|_| String::new(), |code| code.as_str().unwrap_or_default().to_owned())])
    }

    fn ends(self, finding: Finding) -> CheckView {
        CheckView { check: self, light: finding.light(), finding, figures: Default::default(), names: vec![] }
    }
}

impl CheckView {
    fn figure(mut self, name: &'static str, value: impl TryInto<u64>) -> Self {
        self.figures.insert(name, value.try_into().unwrap_or(u64::MAX));
        self
    }

    fn named(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.names.extend(names);
        self
    }
}
