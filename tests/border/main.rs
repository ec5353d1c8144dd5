//! The border without a display: real commands through Tauri's IPC and the real capability check.

use std::sync::Arc;

use clinic::Workstation;
use clinic::commands::{Access, Command};
use clinic::views::{ClinicCreateRequest, SignInRequest};
use lentigo::window::configure;
use lentigo::wire::Desk;
use serde_json::{Value, json};
use tauri::ipc::{CallbackFn, InvokeBody, InvokeResponseBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{App, WebviewWindow, WebviewWindowBuilder};
use vault::KdfPolicy;

mod audit_cli;
mod backup_cli;
mod health;
mod plausible;
mod roles;

use plausible::{RAW, plausible};

struct Border {
    _app: App<MockRuntime>,
    main: WebviewWindow<MockRuntime>,
    other: WebviewWindow<MockRuntime>,
    desk: Arc<Desk>,
    folder: tempfile::TempDir,
}

fn border() -> Border {
    border_of(|workstation| workstation)
}

fn border_of(furnished: impl FnOnce(Workstation) -> Workstation) -> Border {
    let folder = tempfile::tempdir().unwrap();
    let workstation = Workstation::new(folder.path().join("clinic"), support::root().join("models"))
        .with_kdf(KdfPolicy::for_tests());
    let desk = Arc::new(Desk::new(Arc::new(furnished(workstation))));
    let app = configure(mock_builder(), Arc::clone(&desk)).build(tauri::generate_context!()).unwrap();
    let window = |label| WebviewWindowBuilder::new(&app, label, Default::default()).build().unwrap();
    let (main, other) = (window("main"), window("other"));
    Border { _app: app, main, other, desk, folder }
}

fn call(window: &WebviewWindow<MockRuntime>, command: &str, body: InvokeBody) -> Result<Value, Value> {
    let request = InvokeRequest {
        cmd: command.into(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: "tauri://localhost".parse().unwrap(),
        body,
        headers: Default::default(),
        invoke_key: INVOKE_KEY.to_string(),
    };
    get_ipc_response(window, request).map(|body| match body {
        InvokeResponseBody::Json(text) => serde_json::from_str(&text).unwrap(),
        InvokeResponseBody::Raw(bytes) => json!(bytes.len()),
    })
}

fn ask(window: &WebviewWindow<MockRuntime>, command: &str, args: Value) -> Result<Value, Value> {
    call(window, command, InvokeBody::Json(args))
}

#[test]
fn every_command_is_there_and_refuses_nobody_by_the_table() {
    let border = border();
    for &command in Command::ALL {
        if command.access() == Access::Anyone || RAW.contains(&command) {
            continue;
        }
        let refused = call(&border.main, command.name(), plausible(command)).unwrap_err();
        assert_eq!(refused["code"], "session_required", "{}: {refused}", command.name());
    }
}

#[test]
fn a_photograph_is_not_taken_as_json() {
    let border = border();
    let refused = ask(&border.main, "image_import", json!({})).unwrap_err();
    assert_eq!(refused["code"], "invalid_input");
}

#[test]
fn a_request_of_another_shape_is_refused_without_a_word_of_it() {
    let border = border();
    for request in
        [json!({}), json!({ "request": null }), json!({ "request": { "email": ["Marlene Quast"] } })]
    {
        let refused = ask(&border.main, "session_sign_in", request).unwrap_err();
        assert_eq!(refused["code"], "invalid_input", "{refused}");
        assert!(!refused.to_string().contains("Quast"), "{refused}");
    }
}

#[test]
fn a_window_without_a_capability_is_refused_everything() {
    let border = border();
    for &command in Command::ALL {
        let refused = call(&border.other, command.name(), plausible(command)).unwrap_err();
        assert!(refused.to_string().contains("not allowed"), "{}: {refused}", command.name());
    }
}

#[test]
fn an_unknown_command_is_refused() {
    let border = border();
    assert!(ask(&border.main, "format_disk", json!({})).is_err());
}

#[test]
fn the_bindings_are_those_of_the_table() {
    let root = support::root();
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    assert!(read("ui/src/ipc/generated.ts") == clinic::bindings::typescript(), "run ./dev bindings");
    assert!(read("src-tauri/permissions/clinic.toml") == clinic::bindings::permissions());
}

#[test]
fn first_run_signs_in_and_a_lock_ends_it() {
    let border = border();
    let status = ask(&border.main, "app_status", json!({})).unwrap();
    assert_eq!(status["stage"], "first_run");
    let password = support::PASSWORD;
    let request = json!({
        "clinic_name": "Seeblick Dermatology", "full_name": "Dr Ada Okonkwo",
        "email": "ada@seeblick.example", "password": password, "password_repeat": password,
    });
    let created = ask(&border.main, "clinic_create", json!({ "request": request })).unwrap();
    assert_eq!(created["recovery_sheet"]["groups"].as_array().unwrap().len(), 8);
    let again = ask(&border.main, "clinic_create", json!({ "request": request })).unwrap_err();
    assert_eq!(again["code"], "clinic_exists");

    ask(&border.main, "patient_search", json!({ "request": { "text": "", "limit": 10, "offset": 0 } }))
        .unwrap();
    ask(&border.main, "session_lock", json!({})).unwrap();
    assert_eq!(ask(&border.main, "app_status", json!({})).unwrap()["stage"], "sign_in");
    assert!(border.desk.session().is_err());
    let sheet = ask(&border.main, "recovery_sheet_save", json!({})).unwrap_err();
    assert_ne!(sheet["code"], Value::Null, "the sheet is gone with the session");
}

#[test]
fn secrets_do_not_show_in_debug_prints() {
    let request = SignInRequest { email: "a@b.example".into(), password: "hunter2hunter2".into() };
    assert!(!format!("{request:?}").contains("hunter2"));
    let request = ClinicCreateRequest {
        clinic_name: String::new(),
        full_name: String::new(),
        email: String::new(),
        password: "hunter2hunter2".into(),
        password_repeat: "hunter2hunter2".into(),
    };
    assert!(!format!("{request:?}").contains("hunter2"));
}
