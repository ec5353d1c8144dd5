//! One function a command: it finds the session, nothing else.

pub mod account;
pub mod analysis;
pub mod audit;
pub mod image;
pub mod patient;
pub mod patient_view;
pub mod report;
pub mod session;
pub mod staff;

use std::sync::Arc;

use crate::wire::Desk;

type DeskState<'a> = tauri::State<'a, Arc<Desk>>;

pub fn handler<R: tauri::Runtime>() -> impl Fn(tauri::ipc::Invoke<R>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        session::app_status,
        session::app_ready,
        session::password_judge,
        session::clinic_create,
        session::session_sign_in,
        session::session_second_factor,
        session::session_abandon,
        account::account_register,
        account::account_activate,
        account::password_reset_check,
        account::password_reset_finish,
        account::password_recover,
        session::recovery_sheet_use,
        patient_view::patient_view_open,
        patient_view::patient_view_read,
        patient_view::patient_view_close,
        session::session_sign_out,
        session::session_lock,
        session::session_touch,
        session::session_read,
        session::draft_keep,
        session::draft_list,
        account::profile_read,
        account::profile_update,
        account::password_change,
        account::second_factor_propose,
        account::second_factor_confirm,
        account::second_factor_remove,
        account::recovery_codes_issue,
        account::recovery_codes_save,
        session::recovery_sheet_confirm,
        session::recovery_sheet_save,
        session::recovery_sheet_issue,
        session::keys_change,
        staff::user_list,
        staff::user_invite,
        staff::user_activation_issue,
        staff::activation_save,
        staff::user_approve,
        staff::user_role_change,
        staff::user_disable,
        staff::user_enable,
        staff::user_unlock,
        staff::user_delete,
        staff::user_second_factor_remove,
        staff::password_reset_issue,
        staff::clinician_list,
        staff::clinician_save,
        staff::clinician_signature_save,
        staff::clinician_remove,
        staff::break_glass_open,
        staff::break_glass_list,
        staff::break_glass_review,
        audit::audit_search,
        audit::audit_verify,
        audit::audit_export,
        audit::access_log_read,
        audit::mail_settings_read,
        audit::mail_settings_update,
        audit::mail_test,
        audit::access_settings_read,
        audit::access_settings_update,
        patient_view::patient_view_issue,
        patient_view::patient_slip_save,
        patient::patient_create,
        patient::patient_update,
        patient::patient_read,
        patient::patient_search,
        patient::lesion_create,
        image::image_import,
        analysis::analysis_start,
        analysis::analysis_cancel,
        analysis::job_read,
        analysis::analysis_read,
        analysis::model_read,
        report::report_create,
        report::report_export,
    ]
}
