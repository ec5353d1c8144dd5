//! The self-test on workstations that are sound, and on ones that somebody or something has damaged.

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;

use clinic::self_test::{self, Finding};
use clinic::views::*;
use clinic::{entry, keys, logs};
use domain::FixedClock;
use jiff::{SignedDuration, Timestamp};
use support::{PASSWORD, World, root};

fn found(view: &SelfTestView, check: SelfCheck) -> &CheckView {
    view.checks.iter().find(|view| view.check == check).unwrap()
}

fn finding(world: &World, check: SelfCheck) -> Finding {
    found(&self_test::run(&world.session).unwrap(), check).finding
}

fn confirm(world: &World, sheet: &RecoverySheetView) {
    let request = RecoverySheetConfirmRequest { group: 1, text: sheet.groups[0].as_str().into() };
    entry::confirm_sheet(&world.session, sheet, &request).unwrap();
}

/// A copy of the shipped models that may be changed.
fn models(folder: &Path) -> std::path::PathBuf {
    let to = folder.join("models");
    fs::create_dir_all(to.join("parity")).unwrap();
    for place in ["", "parity"] {
        for entry in fs::read_dir(root().join("models").join(place)).unwrap().flatten() {
            if entry.path().is_file() {
                fs::copy(entry.path(), to.join(place).join(entry.file_name())).unwrap();
            }
        }
    }
    to
}

#[test]
fn a_fresh_clinic_is_sound_and_says_what_is_still_to_do() {
    assert!(clinic::harden_process());
    let world = World::founded();
    let view = self_test::run(&world.session).unwrap();
    for (check, expected) in [
        (SelfCheck::Database, Finding::DatabaseSound),
        (SelfCheck::AuditTrail, Finding::TrailWhole),
        (SelfCheck::Model, Finding::ModelSound),
        (SelfCheck::GoldenReading, Finding::GoldenEqual),
        (SelfCheck::Backup, Finding::BackupNone),
        (SelfCheck::RecoverySheet, Finding::SheetUnconfirmed),
        (SelfCheck::SecondFactor, Finding::FactorMissing),
        (SelfCheck::Clock, Finding::ClockPlausible),
        (SelfCheck::Permissions, Finding::FolderPrivate),
        (SelfCheck::Memory, Finding::MemoryClosed),
    ] {
        assert_eq!(found(&view, check).finding, expected);
    }
    assert!(found(&view, SelfCheck::GoldenReading).figures["pictures"] >= 10);
    assert!(found(&view, SelfCheck::Disk).figures["free_bytes"] > 0);
    assert!(view.left_out.is_empty() && view.light >= Light::Amber);
    assert_eq!(world.trail(&world.session, "self_test_run").len(), 1);
    let page = self_test::print(&world.session, &view).unwrap();
    assert!(page.pdf.starts_with(b"%PDF"));
}

#[test]
fn a_sheet_counts_once_it_was_typed_back_and_until_the_next() {
    let world = World::founded();
    confirm(&world, &world.sheet);
    assert_eq!(finding(&world, SelfCheck::RecoverySheet), Finding::SheetConfirmed);
    let request = PasswordAgainRequest { password: PASSWORD.into() };
    let fresh = keys::issue_sheet(&world.session, &request).unwrap();
    assert_eq!(finding(&world, SelfCheck::RecoverySheet), Finding::SheetUnconfirmed);
    confirm(&world, &fresh);
    assert_eq!(finding(&world, SelfCheck::RecoverySheet), Finding::SheetConfirmed);
}

#[test]
fn a_page_that_was_written_over_is_seen() {
    let world = World::founded();
    // Empties the log into the file.
    assert_eq!(finding(&world, SelfCheck::Database), Finding::DatabaseSound);
    let path = world.clinic_folder().join("clinic.db");
    let length = fs::metadata(&path).unwrap().len();
    let mut file = fs::File::options().write(true).open(&path).unwrap();
    file.seek(SeekFrom::Start(length - 2000)).unwrap();
    file.write_all(&[0x5a; 64]).unwrap();
    file.sync_all().unwrap();
    let view = self_test::run(&world.session).unwrap();
    let database = found(&view, SelfCheck::Database);
    assert_eq!((database.finding, database.light), (Finding::DatabaseUnsealed, Light::Red));
    assert_eq!(database.figures["places"], 1);
    assert_eq!(view.light, Light::Red);
}

#[test]
fn a_model_that_is_another_or_reads_otherwise_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let models = models(folder.path());
    let world = World::founded().reopened_with(&models);
    assert_eq!(finding(&world, SelfCheck::GoldenReading), Finding::GoldenEqual);

    let reference = models.join("parity/phantoms.json");
    let mut changed: serde_json::Value = serde_json::from_slice(&fs::read(&reference).unwrap()).unwrap();
    changed["images"][0]["probabilities"][0] = serde_json::json!(0.5);
    fs::write(&reference, changed.to_string()).unwrap();
    let view = self_test::run(&world.session).unwrap();
    assert_eq!(found(&view, SelfCheck::GoldenReading).finding, Finding::GoldenDiffers);
    assert_eq!(found(&view, SelfCheck::GoldenReading).figures["different"], 1);

    fs::remove_file(&reference).unwrap();
    assert_eq!(finding(&world, SelfCheck::GoldenReading), Finding::GoldenAbsent);
    // The model in memory is still the old one; what counts is the file.
    fs::write(models.join("lesion.onnx"), b"not a model").unwrap();
    let view = self_test::run(&world.session).unwrap();
    assert_eq!(found(&view, SelfCheck::Model).finding, Finding::ModelUnfit);
    assert!(view.checks.iter().all(|check| check.check != SelfCheck::GoldenReading));
}

#[test]
fn a_clock_set_back_is_seen() {
    let clock = Arc::new(FixedClock::new("2027-03-05T09:00:00Z".parse::<Timestamp>().unwrap()));
    let world = World::founded_at(&clock);
    clock.advance(SignedDuration::from_mins(-3));
    let view = self_test::run(&world.session).unwrap();
    let clock = found(&view, SelfCheck::Clock);
    assert_eq!((clock.finding, clock.figures["minutes"]), (Finding::ClockBehind, 3));
}

#[cfg(unix)]
#[test]
fn a_folder_that_others_may_enter_is_seen() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::founded();
    fs::set_permissions(world.clinic_folder(), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(finding(&world, SelfCheck::Permissions), Finding::FolderOpen);
}

#[cfg(target_os = "linux")]
#[test]
fn a_connection_that_leads_out_is_named() {
    let world = World::founded();
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
    let view = self_test::run(&world.session).unwrap();
    let network = found(&view, SelfCheck::Network);
    assert_eq!((network.finding, network.light), (Finding::NetworkOpen, Light::Red));
    let said = format!("udp on {}", socket.local_addr().unwrap());
    assert!(network.names.contains(&said), "{network:?}");
}

#[test]
fn without_a_password_the_rest_is_named() {
    let world = World::founded();
    let view = self_test::run_without_keys(&world.workstation);
    assert_eq!(
        view.left_out,
        [
            SelfCheck::Database,
            SelfCheck::AuditTrail,
            SelfCheck::Backup,
            SelfCheck::RecoverySheet,
            SelfCheck::SecondFactor
        ]
    );
    assert!(view.checks.iter().all(|check| !view.left_out.contains(&check.check)));
    assert_eq!(found(&view, SelfCheck::Model).finding, Finding::ModelSound);
}

#[test]
fn a_support_bundle_holds_no_secret_and_nothing_of_a_person() {
    let world = World::founded();
    let _ = world.registers("Quorvexhuld");
    let server = MailSettingsRequest {
        enabled: false,
        host: "post.seeblick.example".into(),
        port: 465,
        security: MailSecurity::Tls,
        user: "lentigo".into(),
        password: Some("quince-and-plum".into()),
        from: "desk@seeblick.example".into(),
    };
    clinic::settings::change_mail(&world.session, &server).unwrap();
    let bundle = logs::preview(&world.session).unwrap();
    let names: Vec<_> = bundle.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["versions.json", "self-test.json", "self-test.txt", "settings.json"]);
    for word in ["Quorvexhuld", "quince", "post.seeblick", "desk@", "Seeblick", "Ada"] {
        assert!(bundle.files.iter().all(|file| !file.text.contains(word)), "{word}");
    }
    let zip = logs::pack(&world.session, &bundle).unwrap();
    let mut read = zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap();
    assert_eq!(read.len(), bundle.files.len());
    let shown = std::io::read_to_string(read.by_name("settings.json").unwrap()).unwrap();
    assert_eq!(shown, bundle.files[3].text, "what is saved is what was shown");
    assert_eq!(world.trail(&world.session, "support_bundle_exported").len(), 1);
}
