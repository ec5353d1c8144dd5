//! What must hold of a clinic whatever happened to it: all that was acknowledged is there, nothing is half there.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use clinic::views::*;
use clinic::{Session, analysis, backup, patient, picture, report, self_test};
use domain::backup::BackupPlan;
use support::{EMAIL, PASSWORD, doing};
use vault::{KdfPolicy, Vault, layout};

use crate::clinic_here as here;

/// What is wrong with the clinic of a folder, one sentence each. The program is started as after a crash.
pub fn faults(folder: &Path, acknowledged: &[String]) -> Vec<String> {
    // A reading under way would go on in the background; without a model the records are at rest.
    let session = match here::enter(folder, &folder.join("no-models")) {
        Ok(session) => session,
        Err(error) => return vec![format!("the clinic does not open: {:?}", error.code)],
    };
    // Retention may have taken older backups away.
    let newest_backup = acknowledged.iter().rposition(|line| line.starts_with("ack backup"));
    let mut found: Vec<_> = acknowledged
        .iter()
        .enumerate()
        .filter(|(at, line)| !line.starts_with("ack backup") || Some(*at) == newest_backup)
        .map(|(_, line)| line)
        .filter_map(|line| missing(&session, line).map(|why| format!("{line}: {why}")))
        .collect();
    found.extend(ailments(&session));
    drop(session);
    if found.is_empty() && here::rests(&folder.join(here::CLINIC)).is_err() {
        found.push("the clinic is not let go of".into());
    }
    found.extend(strays(folder));
    found
}

/// What the self-test says of the records: it looks at every page, and at the whole trail.
fn ailments(session: &Session) -> Vec<String> {
    let view = match self_test::run(session) {
        Ok(view) => view,
        Err(error) => return vec![format!("the self-test does not run: {:?}", error.code)],
    };
    let of_records = |check: &&CheckView| matches!(check.check, SelfCheck::Database | SelfCheck::AuditTrail);
    let bad = view.checks.iter().filter(of_records).filter(|check| check.light != Light::Green);
    bad.map(|check| format!("{:?}: {:?}", check.check, check.finding)).collect()
}

fn missing(session: &Session, line: &str) -> Option<String> {
    let mut words = line.split_whitespace().skip(1);
    let (kind, id, hash) = (words.next()?, words.next()?, words.next());
    let outcome = match kind {
        "patient" => patient::read(session, &PatientReadRequest { id: id.parse().ok()? }).map(drop),
        "image" => return image(session, id, hash?),
        "reading" => analysis::read(session, &AnalysisReadRequest { id: id.parse().ok()? }).map(drop),
        "draft" => report::read(session, &ReportRequest { id: id.parse().ok()? }).map(drop),
        "report" => return signed(session, id),
        "backup" => return backed_up(session, id),
        _ => return Some("a word that nobody knows".into()),
    };
    outcome.err().map(|error| format!("{:?}", error.code))
}

fn image(session: &Session, id: &str, hash: &str) -> Option<String> {
    let address = format!("/image/{id}/original").parse().ok()?;
    match picture::read(session, &address) {
        Ok(picture) if doing::hash(&picture.bytes) == hash => None,
        Ok(_) => Some("other bytes".into()),
        Err(error) => Some(format!("{:?}", error.code)),
    }
}

fn signed(session: &Session, id: &str) -> Option<String> {
    let id = id.parse().ok()?;
    match report::read(session, &ReportRequest { id }) {
        Err(error) => return Some(format!("{:?}", error.code)),
        Ok(view) if view.report.state != domain::report::ReportState::Signed => {
            return Some("not signed".into());
        }
        Ok(view) if !view.intact => return Some("not intact".into()),
        Ok(_) => {}
    }
    let request = ReportExportRequest { id, paper: PaperSize::A4, named: false };
    report::export(session, &request).err().map(|error| format!("its file: {:?}", error.code))
}

/// A backup that was acknowledged lies there, unless as many newer ones as are kept were finished since: one that is
/// killed between its end and its word is a backup, too.
fn backed_up(session: &Session, id: &str) -> Option<String> {
    let kept = BackupPlan::default().newest_kept as usize;
    match backup::shelf(session).and_then(|shelf| shelf.list()) {
        // Their ids are ordered by time (UUID version 7).
        Ok(list) => {
            let newer = list.backups.iter().filter(|entry| entry.id.to_string().as_str() > id).count();
            let there = list.backups.iter().any(|entry| entry.id.to_string() == id);
            (!there && newer < kept).then(|| format!("not on the shelf, where {newer} newer ones lie"))
        }
        Err(error) => Some(format!("{:?}", error.code)),
    }
}

/// Sealed files that no row knows, rows whose file is not there, and files that were never finished.
fn strays(folder: &Path) -> Vec<String> {
    let clinic = folder.join(here::CLINIC);
    let Ok(keys) = Vault::unlock(&clinic, EMAIL, PASSWORD, KdfPolicy::for_tests()) else {
        return vec!["the keys do not open".into()];
    };
    let store = vault::open_database(&clinic, &keys).map(|connection| {
        records::Store::open(connection, keys.audit_key.clone(), std::sync::Arc::new(domain::SystemClock))
    });
    let Ok(Ok(store)) = store else { return vec!["the records do not open".into()] };
    let Ok(known) = store.read(records::files::known) else { return vec!["no list of files".into()] };
    let names: HashSet<_> = fs::read_dir(clinic.join(layout::IMAGES))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| format!("{}/{}", layout::IMAGES, entry.file_name().to_string_lossy()))
        .collect();
    let wanted: HashSet<_> = known.into_iter().map(layout::sealed_file).collect();
    let orphans = names.difference(&wanted).map(|name| format!("an orphan: {name}"));
    let lost = wanted.difference(&names).map(|name| format!("a lost file: {name}"));
    orphans.chain(lost).collect()
}
