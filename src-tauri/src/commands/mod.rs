//! One function a command: it finds the session, nothing else.

pub mod analysis;
pub mod image;
pub mod patient;
pub mod report;
pub mod session;

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
        session::session_sign_out,
        session::session_lock,
        session::session_touch,
        session::recovery_sheet_confirm,
        session::recovery_sheet_save,
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
