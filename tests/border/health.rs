//! The log of real work, and `lentigo selftest` as somebody in a terminal runs it.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command as Program, Output, Stdio};
use std::sync::Arc;

use clinic::logs::{LastRun, Logs, OWN, Rotating};
use clinic::{Workstation, entry};
use lentigo::logging;
use serde_json::{Value, json};
use support::{EMAIL, PASSWORD, World, naevus_jpeg, painted};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use vault::KdfPolicy;

use crate::{ask, border_of};

/// A name that stands nowhere else.
const MARK: &str = "Quorvexhuld";

fn every_file(folder: &Path) -> String {
    let files = fs::read_dir(folder).unwrap().flatten();
    files.map(|entry| fs::read_to_string(entry.path()).unwrap()).collect()
}

/// Every line of the program's own crates down to the finest, beside the log as it is kept.
fn listen(log: &Path, fine: &Path) {
    let own = Targets::new().with_targets(OWN.map(|name| (name, LevelFilter::TRACE)));
    let all = tracing_subscriber::fmt::layer()
        .json()
        .with_writer(std::sync::Mutex::new(Rotating::open(fine).unwrap()))
        .with_filter(own);
    let kept = logging::file_layer(log).unwrap();
    tracing_subscriber::registry().with(kept).with(all).init();
    logging::watch_panics();
}

#[test]
fn no_line_of_the_log_names_a_patient() {
    let folder = tempfile::tempdir().unwrap();
    let (log, fine) = (folder.path().join("logs"), folder.path().join("fine"));
    listen(&log, &fine);
    let border = border_of(|workstation| workstation.with_logs(Logs::new(log.clone(), LastRun::CutShort)));
    entry::found(&border.desk.workstation, &World::founding())
        .map(|(session, _)| border.desk.seat(session))
        .unwrap();

    let ask = |command: &str, request: Value| ask(&border.main, command, json!({ "request": request }));
    let mut details = serde_json::to_value(support::details()).unwrap();
    details["family_name"] = json!(MARK);
    details["medical_history"] = json!(format!("{MARK} fainted"));
    details["email"] = json!(format!("{MARK}@post.example"));
    let patient = ask("patient_create", json!({ "details": details })).unwrap();
    let id = &patient["id"];
    ask("patient_search", json!({ "text": MARK, "limit": 10, "offset": 0 })).unwrap();
    ask("patient_read", json!({ "id": domain::PatientId::fresh() })).unwrap_err();
    ask("patient_read", json!({ "id": MARK })).unwrap_err();
    details["email"] = json!(MARK);
    ask("patient_create", json!({ "details": details })).unwrap_err();
    let place = json!({ "label": MARK, "site": "back", "laterality": "left", "note": MARK });
    let lesion = ask("lesion_create", json!({ "patient_id": id, "details": place, "place": null })).unwrap();
    let session = border.desk.session().unwrap();
    let image = examine(&session, &lesion["lesion"]["id"]);
    damage(&border.folder.path().join("clinic"), &session, image);
    drop(session);
    let question = |text: String| json!({ "conversation_id": null, "question": text, "language": "en" });
    ask("assistant_ask", question(format!("Has {MARK} melanoma?"))).unwrap();
    ask("assistant_ask", question(format!("{MARK}\u{7}"))).unwrap_err();
    ask("session_sign_in", json!({ "email": format!("{MARK}@x.example"), "password": MARK })).unwrap_err();
    let _ = std::thread::spawn(|| panic!("{} has no lesion", MARK)).join();
    let _ = std::thread::spawn(|| panic!("the words of the source")).join();

    let wanted = json!({ "level": "info", "area": null, "from": null, "to": null, "text": "", "offset": 0, "limit": 500 });
    let page = ask("log_read", wanted.clone()).unwrap();
    let lines = page["lines"].as_array().unwrap();
    assert!(lines.iter().any(|line| line["message"] == "a session begins"), "{lines:?}");
    assert!(lines.iter().any(|line| line["message"] == "refused" && line["fields"]["code"] == "NotFound"));
    let panics: Vec<_> = lines.iter().filter(|line| line["message"] == "panic").collect();
    assert_eq!(panics.len(), 2, "{panics:?}");
    assert!(panics.iter().all(|line| line["fields"]["place"].as_str().unwrap().contains("health.rs:")));
    assert_eq!(panics[0]["fields"]["words"], "the words of the source");
    assert_eq!(panics[1]["fields"].get("words"), None);
    let mut only = wanted;
    only["level"] = json!("error");
    only["text"] = json!("SOURCE");
    assert_eq!(ask("log_read", only).unwrap()["total"], 1);

    let bundle = ask("support_bundle_preview", Value::Null).unwrap();
    let packed = bundle.to_string();
    assert!(packed.contains("logs/lentigo.log") && packed.contains("run_cut_short"));
    for (name, text) in [("log", every_file(&log)), ("fine log", every_file(&fine)), ("bundle", packed)] {
        assert!(text.contains("a session begins"), "{name} is empty");
        assert!(!text.to_lowercase().contains(&MARK.to_lowercase()), "the {name} names the patient");
    }
}

/// A good photograph, a bad one, and a reading.
fn examine(session: &clinic::Session, lesion: &Value) -> domain::ImageId {
    use clinic::views::{AnalysisStartRequest, ImageImportRequest};
    let request = ImageImportRequest {
        lesion_id: serde_json::from_value(lesion.clone()).unwrap(),
        kind: domain::image::ImageKind::Dermoscopic,
    };
    clinic::image::import(session, &request, MARK.as_bytes()).unwrap_err();
    clinic::image::import(session, &request, &painted(40, 40).to_jpeg(80)).unwrap_err();
    let imported = clinic::image::import(session, &request, &naevus_jpeg()).unwrap();
    let (sender, updates) = std::sync::mpsc::channel();
    let start = AnalysisStartRequest { image_ids: vec![imported.image.id] };
    clinic::analysis::start(session, &start, move |job| {
        let _ = sender.send(job.state.is_finished());
    })
    .unwrap();
    while !updates.recv_timeout(std::time::Duration::from_secs(120)).unwrap() {}
    imported.image.id
}

/// Sealed photographs that somebody wrote over are asked for.
fn damage(clinic_folder: &Path, session: &clinic::Session, image: domain::ImageId) {
    for entry in fs::read_dir(clinic_folder.join("images")).unwrap().flatten() {
        fs::write(entry.path(), MARK.repeat(100)).unwrap();
    }
    let address = format!("/image/{image}/original").parse().unwrap();
    assert!(clinic::picture::read(session, &address).is_err());
}

fn selftest(home: &Path, models: &Path, password: &str, arguments: &[&str]) -> Output {
    let mut child = Program::new(env!("CARGO_BIN_EXE_lentigo"))
        .arg("selftest")
        .args(arguments)
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
        .env("LENTIGO_HOME", home)
        .env("LENTIGO_MODELS", models)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = writeln!(child.stdin.take().unwrap(), "{password}");
    child.wait_with_output().unwrap()
}

fn answer(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

fn finding<'a>(answer: &'a Value, check: &str) -> &'a Value {
    let checks = answer["checks"].as_array().unwrap();
    checks.iter().find(|view| view["check"] == check).map_or(&Value::Null, |view| &view["finding"])
}

#[test]
fn the_command_line_says_by_its_status_how_grave_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (home, models) = (folder.path().join("clinic"), support::root().join("models"));
    let status = |output: &Output| output.status.code().unwrap();

    let none = selftest(&home, &models, "", &["--json"]);
    assert_eq!(finding(&answer(&none), "permissions"), "folder_absent");
    assert!(status(&none) >= 1);

    let workstation = Workstation::new(home.clone(), models.clone()).with_kdf(KdfPolicy::for_tests());
    let (session, _) = entry::found(&Arc::new(workstation), &World::founding()).unwrap();
    entry::sign_out(&session).unwrap();
    drop(session);

    let closed = selftest(&home, &models, "", &["--json"]);
    let said = answer(&closed);
    assert_eq!(said["left_out"].as_array().unwrap().len(), 5);
    for (check, expected) in
        [("memory", "memory_closed"), ("network", "network_silent"), ("golden_reading", "golden_equal")]
    {
        assert_eq!(finding(&said, check), expected, "{said}");
    }
    let lights = ["green", "amber", "red"];
    let gravest = lights.iter().position(|light| said["light"] == *light).unwrap();
    assert_eq!(status(&closed), i32::try_from(gravest).unwrap());

    let open = selftest(&home, &models, PASSWORD, &["--json", "--user", EMAIL]);
    let said = answer(&open);
    assert_eq!(finding(&said, "database"), "database_sound");
    assert_eq!(finding(&said, "backup"), "backup_none");
    assert!(said["left_out"].as_array().unwrap().is_empty() && status(&open) >= 1);
    let words = selftest(&home, &models, PASSWORD, &["--user", EMAIL]);
    assert!(String::from_utf8_lossy(&words.stdout).contains("! amber  Backup: There is no backup."));

    let wrong = selftest(&home, &models, "not the password at all", &["--json", "--user", EMAIL]);
    assert_eq!((status(&wrong), &answer(&wrong)["code"]), (2, &json!("invalid_credentials")));
    let without = selftest(&home, folder.path(), "", &[]);
    assert_eq!(status(&without), 2, "no model is red");
    assert!(String::from_utf8_lossy(&without.stdout).contains("need a password"));
}
