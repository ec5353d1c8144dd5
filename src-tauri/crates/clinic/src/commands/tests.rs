use domain::Role;

use super::*;

#[test]
fn nobody_gets_past_the_door_without_signing_in() {
    let open: Vec<_> = Command::ALL.iter().filter(|c| c.access().allows(None)).map(|c| c.name()).collect();
    assert_eq!(
        open,
        [
            "app_status",
            "app_ready",
            "password_judge",
            "clinic_create",
            "session_sign_in",
            "session_second_factor",
            "session_abandon",
            "account_register",
            "account_activate",
            "password_reset_check",
            "password_reset_finish",
            "password_recover",
            "recovery_sheet_use",
            "patient_view_open",
            "restore_look",
            "restore_start",
            "restore_cancel",
        ]
    );
}

#[test]
fn the_front_desk_sees_no_result_and_no_photograph() {
    for command in [Command::AnalysisRead, Command::ImageImport, Command::AnalysisStart] {
        assert!(!command.access().allows(Some(Role::FrontDesk)), "{}", command.name());
    }
}

#[test]
fn the_auditor_reads_and_opens_emergencies_only() {
    let may: Vec<_> = Command::ALL
        .iter()
        .filter(|c| matches!(c.access(), Access::Roles(r) if r.contains(&Role::Auditor)))
        .map(|c| c.name())
        .collect();
    assert_eq!(
        may,
        [
            "clinician_list",
            "break_glass_open",
            "break_glass_list",
            "break_glass_end",
            "audit_search",
            "audit_verify",
            "audit_export",
            "access_log_read",
            "patient_read",
            "patient_search",
            "model_read",
            "queue_read",
            "patient_scan",
            "follow_up_read",
            "timeline_read",
        ]
    );
}
