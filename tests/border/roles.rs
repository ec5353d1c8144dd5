//! Every command called as every role, as a patient and as nobody: the table alone decides.

use clinic::commands::Command;
use clinic::views::{
    AccountRegisterRequest, PatientCreateRequest, PatientViewIssueRequest, PatientViewOpenRequest,
    UserRoleRequest,
};
use clinic::{Session, account, entry, patient, patient_view, staff};
use domain::Role;
use domain::user::{UserDetails, UserState};
use serde_json::Value;
use support::{EMAIL, PASSWORD, World, signed_in};
use tauri::ipc::{CallbackFn, InvokeResponseBody};
use tauri::test::{INVOKE_KEY, get_ipc_response};
use tauri::webview::InvokeRequest;

use crate::plausible::{about, plausible};
use crate::{Border, border};

/// These open a save dialog for whoever may call them and holds something to save, and a dialog waits for
/// a person. The window tests go through them.
const ASKS_A_PERSON: &[Command] = &[
    Command::ActivationSave,
    Command::AuditExport,
    Command::BackupFolderChoose,
    Command::CaseSetExport,
    Command::ClinicTablesExport,
    Command::ImportOpen,
    Command::ImportResultSave,
    Command::ModelFilesPick,
    Command::InsightExport,
    Command::PatientSlipSave,
    Command::PerformancePageSave,
    Command::PerformanceTableSave,
    Command::RecoveryCodesSave,
    Command::RecoverySheetSave,
    Command::ReportExport,
    Command::ReportVerify,
    Command::SelfTestSave,
    Command::SupportBundleSave,
    Command::SharePackOpen,
    Command::VisitSlipSave,
    Command::FolderPick,
    Command::WatchChoose,
];

fn email(role: Role) -> String {
    if role == Role::Administrator { EMAIL.to_owned() } else { format!("{}@seeblick.example", role.code()) }
}

/// A clinic with somebody of every role, and one patient.
fn staffed() -> (Border, domain::PatientId) {
    let border = border();
    let workstation = &border.desk.workstation;
    let (admin, _) = entry::found(workstation, &World::founding()).unwrap();
    let others = [Role::Clinician, Role::FrontDesk, Role::Auditor];
    for role in others {
        let details =
            UserDetails { full_name: role.code().into(), email: email(role), ..UserDetails::default() };
        let request =
            AccountRegisterRequest { details, password: PASSWORD.into(), password_repeat: PASSWORD.into() };
        account::register(workstation, &request).unwrap();
    }
    drop(admin);
    let admin = signed_in(workstation, EMAIL, PASSWORD).unwrap();
    for user in staff::list(&admin).unwrap() {
        if user.state == UserState::Unverified {
            let role = *others.iter().find(|r| email(**r) == user.details.email).unwrap();
            staff::approve(&admin, &UserRoleRequest { id: user.id, role }).unwrap();
        }
    }
    let request = PatientCreateRequest { details: support::details() };
    let id = patient::create(&admin, request).unwrap().patient.id;
    (border, id)
}

fn sits_down(border: &Border, role: Role, patient_id: domain::PatientId) {
    let workstation = &border.desk.workstation;
    if role == Role::PatientView {
        if border.desk.visit().is_err() {
            let clinician = clinician(border);
            let slip =
                patient_view::issue(&clinician, &PatientViewIssueRequest { patient_id, hours: 1 }).unwrap();
            let request = PatientViewOpenRequest { code: slip.code.as_str().into() };
            border.desk.receive(patient_view::open(workstation, &request).unwrap());
        }
    } else if border.desk.session().is_err() {
        border.desk.seat(signed_in(workstation, &email(role), PASSWORD).unwrap());
    }
}

fn clinician(border: &Border) -> Session {
    signed_in(&border.desk.workstation, &email(Role::Clinician), PASSWORD).unwrap()
}

fn calls(border: &Border, command: Command) -> Result<(), Value> {
    let mut headers = tauri::http::HeaderMap::new();
    let json = about(command).to_string();
    let encoded = percent_encoding::utf8_percent_encode(&json, percent_encoding::NON_ALPHANUMERIC);
    headers.insert("x-lentigo-request", encoded.to_string().parse().unwrap());
    let request = InvokeRequest {
        cmd: command.name().into(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: "tauri://localhost".parse().unwrap(),
        body: plausible(command),
        headers,
        invoke_key: INVOKE_KEY.to_string(),
    };
    get_ipc_response(&border.main, request).map(|_: InvokeResponseBody| ())
}

/// The two ways to be turned away at the border.
fn turned_away(answer: &Result<(), Value>) -> bool {
    answer.as_ref().is_err_and(|e| e["code"] == "not_permitted" || e["code"] == "session_required")
}

#[test]
fn the_table_alone_decides() {
    let (border, patient_id) = staffed();
    for role in Role::ALL {
        for &command in Command::ALL {
            let may = command.access().allows(Some(role));
            if may && ASKS_A_PERSON.contains(&command) {
                continue;
            }
            sits_down(&border, role, patient_id);
            let answer = calls(&border, command);
            assert_eq!(turned_away(&answer), !may, "{} as {}: {answer:?}", command.name(), role.code());
        }
        border.desk.end_visit();
        let _ = border.desk.sign_out();
    }
    for &command in Command::ALL {
        let answer = calls(&border, command);
        let may = command.access().allows(None);
        assert_eq!(turned_away(&answer), !may, "{} as nobody: {answer:?}", command.name());
    }
}
