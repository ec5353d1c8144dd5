//! The support bundle: what somebody who helps from outside needs, as text that is shown before it is saved.

use std::fs;
use std::io::Cursor;

use documents::{Archive, Packing};
use domain::audit::AuditAction;
use records::audit::{self, AuditEntry};
use serde_json::json;

use crate::commands::Command;
use crate::error::Result;
use crate::session::Session;
use crate::views::{SelfTestView, SupportBundleView, SupportFile};
use crate::{self_test, settings};

/// Suggested name of the file.
pub const SUPPORT_BUNDLE: &str = "lentigo-support.zip";

/// Gathers log, versions, self-test and settings without secrets.
///
/// # Errors
/// `not_permitted`, `storage_failed`.
pub fn preview(session: &Session) -> Result<SupportBundleView> {
    session.authorise(Command::SupportBundlePreview)?;
    let test = self_test::run(session)?;
    let mut files = vec![
        text("versions.json", &json!(versions(session))),
        text("self-test.json", &json!(test)),
        SupportFile { name: "self-test.txt".into(), text: in_words(&test) },
        text("settings.json", &settings::without_secrets(session)?),
    ];
    for path in session.workstation().logs().files() {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = String::from_utf8_lossy(&fs::read(&path)?).into_owned();
        files.push(SupportFile { name: format!("logs/{name}"), text });
    }
    Ok(SupportBundleView { files })
}

/// The bundle that was shown, as a ZIP.
///
/// # Errors
/// `not_permitted`.
pub fn pack(session: &Session, bundle: &SupportBundleView) -> Result<Vec<u8>> {
    let actor = session.authorise(Command::SupportBundleSave)?;
    let clock = session.workstation().clock();
    let made_at = clock.now().to_zoned(clock.zone()).datetime();
    let mut archive = Archive::new(Cursor::new(Vec::new()), None, made_at);
    for file in &bundle.files {
        archive.add(&file.name, file.text.as_bytes(), Packing::Deflated)?;
    }
    let bytes = archive.finish()?.into_inner();
    let names: Vec<_> = bundle.files.iter().map(|file| &file.name).collect();
    let entry = AuditEntry::new(AuditAction::SupportBundleExported).with(json!({ "files": names }));
    session.store().write(&actor, |tx| audit::record(tx, entry))?;
    Ok(bytes)
}

fn text(name: &str, value: &serde_json::Value) -> SupportFile {
    SupportFile { name: name.to_owned(), text: format!("{value:#}\n") }
}

fn versions(session: &Session) -> serde_json::Value {
    json!({
        "lentigo": env!("CARGO_PKG_VERSION"),
        "system": std::env::consts::OS,
        "processor": std::env::consts::ARCH,
        "cores": std::thread::available_parallelism().map_or(0, usize::from),
        "model": crate::model::status(session.office()).ok().and_then(|status| status.identity),
    })
}

fn in_words(test: &SelfTestView) -> String {
    let line = |check: &crate::views::CheckView| {
        format!("{:<8} {}: {}\n", check.light.sign_and_word(), check.check.title(), check.sentence())
    };
    test.checks.iter().map(line).collect()
}
