//! A request for every command that parses, so that only the right to call it can be missing.

use clinic::commands::Command;
use serde_json::{Value, json};
use support::PASSWORD;
use tauri::ipc::InvokeBody;

/// Commands that take raw bytes.
pub const RAW: [Command; 2] = [Command::ImageImport, Command::ClinicianSignatureSave];

pub fn plausible(command: Command) -> InvokeBody {
    if RAW.contains(&command) {
        return InvokeBody::Raw(vec![0xff, 0xd8, 0xff]);
    }
    let mut body = json!({ "request": request(command) });
    if command == Command::AnalysisStart {
        body["progress"] = json!("__CHANNEL__:1");
    }
    InvokeBody::Json(body)
}

/// What stands in the header beside raw bytes.
pub fn about(command: Command) -> Value {
    let id = domain::LesionId::fresh();
    match command {
        Command::ImageImport => json!({ "lesion_id": id, "kind": "dermoscopic" }),
        _ => json!({ "id": id }),
    }
}

fn request(command: Command) -> Value {
    let id = domain::PatientId::fresh().to_string();
    let person = json!({
        "full_name": "Cem Arslan", "email": format!("{id}@seeblick.example"), "phone": null,
        "date_of_birth": null, "gender": null, "licence_number": null,
    });
    let filter = json!({ "from": null, "to": null, "actor": null, "actions": [], "patient_id": null });
    match command {
        Command::PatientCreate => json!({ "details": support::details() }),
        Command::PatientUpdate => json!({ "id": id, "version": 1, "details": support::details() }),
        Command::PatientSearch => json!({ "text": "", "limit": 10, "offset": 0 }),
        Command::LesionCreate => json!({
            "patient_id": id,
            "details": { "label": "L1", "site": "back", "laterality": "left", "note": "" },
        }),
        Command::AnalysisStart => json!({ "image_ids": [id] }),
        Command::RecoverySheetConfirm => json!({ "group": 1, "text": "ABCDE" }),
        Command::ReportCreate => json!({ "analysis_id": id, "conclusion": "" }),
        Command::ReportExport => json!({ "id": id, "paper": "a4" }),
        Command::PasswordJudge => json!({ "password": "x", "context": [], "second_factor": false }),
        Command::ClinicCreate => json!({
            "clinic_name": "", "full_name": "", "email": "", "password": "", "password_repeat": "",
        }),
        Command::SessionSignIn => json!({ "email": "", "password": "" }),
        Command::SessionSecondFactor | Command::SecondFactorConfirm | Command::PatientViewOpen => {
            json!({ "code": "000000" })
        }
        Command::AccountRegister => json!({ "details": person, "password": "", "password_repeat": "" }),
        Command::AccountActivate => {
            json!({ "email": "", "code": "", "password": PASSWORD, "password_repeat": PASSWORD })
        }
        Command::PasswordResetCheck => json!({ "email": "", "code": "000000" }),
        Command::PasswordResetFinish => json!({ "token": "", "password": "", "password_repeat": "" }),
        Command::PasswordRecover => {
            json!({ "email": "", "recovery_code": "", "password": PASSWORD, "password_repeat": PASSWORD })
        }
        Command::RecoverySheetUse => {
            json!({ "sheet": "", "password": PASSWORD, "password_repeat": PASSWORD })
        }
        Command::DraftKeep => json!({ "key": "patient:new", "body": null }),
        Command::ProfileUpdate => json!({ "details": person, "password": null }),
        Command::PasswordChange => json!({ "current": PASSWORD, "password": "", "password_repeat": "" }),
        // New keys would end every session of the test; a wrong password is refused after the role.
        Command::KeysChange => json!({ "password": "not the password at all" }),
        Command::SecondFactorPropose
        | Command::SecondFactorRemove
        | Command::RecoveryCodesIssue
        | Command::RecoverySheetIssue => json!({ "password": PASSWORD }),
        Command::UserInvite => json!({ "details": person, "role": "front_desk" }),
        Command::UserActivationIssue | Command::UserApprove | Command::UserRoleChange => {
            json!({ "id": id, "role": "front_desk" })
        }
        Command::UserDelete => json!({ "id": id, "password": PASSWORD }),
        Command::ClinicianSave => {
            json!({ "id": null, "full_name": "Dr Ada Okonkwo", "licence_number": "1", "user_id": null })
        }
        Command::BreakGlassOpen => {
            json!({ "patient_id": id, "reason": "Collapsed in the waiting room", "minutes": 10 })
        }
        Command::BreakGlassReview => json!({ "id": id, "note": "" }),
        Command::AuditSearch => json!({ "filter": filter, "before": null, "limit": 10 }),
        Command::AuditExport => json!({ "filter": filter, "format": "csv" }),
        Command::AccessLogRead => json!({ "patient_id": id, "limit": 10 }),
        Command::MailSettingsUpdate => json!({
            "enabled": false, "host": "", "port": 25, "security": "tls", "user": "", "password": null, "from": "",
        }),
        Command::AccessSettingsUpdate => json!({ "idle_lock_minutes": 10 }),
        Command::PatientViewIssue => json!({ "patient_id": id, "hours": 24 }),
        _ => json!({ "id": id }),
    }
}
