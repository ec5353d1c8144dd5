//! First run, sign-in, lock, recovery sheet.

use std::sync::Arc;

use clinic::views::*;
use clinic::{Result, entry, password};
use tauri::Runtime;

use super::DeskState;
use super::report::save_with_dialog;
use crate::wire::off_thread;

#[tauri::command]
pub fn app_status(desk: DeskState<'_>) -> AppStatus {
    desk.status()
}

/// Nobody sees a white page: the window stays hidden until its first screen is drawn.
#[tauri::command]
pub fn app_ready<R: Runtime>(window: tauri::WebviewWindow<R>) -> Result<()> {
    crate::window::show(&window);
    Ok(())
}

#[tauri::command]
pub async fn password_judge(request: PasswordJudgeRequest) -> Result<PasswordJudgement> {
    off_thread(move || Ok(password::judge(request.password.expose(), &request.context))).await
}

#[tauri::command]
pub async fn clinic_create(desk: DeskState<'_>, request: ClinicCreateRequest) -> Result<ClinicCreated> {
    let workstation = Arc::clone(&desk.workstation);
    let (session, recovery_sheet) = off_thread(move || entry::found(&workstation, &request)).await?;
    desk.hold_sheet(recovery_sheet.clone());
    Ok(ClinicCreated { session: desk.seat(session), recovery_sheet })
}

#[tauri::command]
pub async fn session_sign_in(desk: DeskState<'_>, request: SignInRequest) -> Result<SessionView> {
    let workstation = Arc::clone(&desk.workstation);
    let session = off_thread(move || entry::sign_in(&workstation, &request)).await?;
    Ok(desk.seat(session))
}

#[tauri::command]
pub fn session_sign_out(desk: DeskState<'_>) -> Result<()> {
    desk.session()?;
    desk.sign_out()
}

#[tauri::command]
pub fn session_lock(desk: DeskState<'_>) -> Result<()> {
    desk.session()?;
    desk.lock_now()
}

#[tauri::command]
pub fn session_touch(desk: DeskState<'_>) -> Result<()> {
    desk.session()?.touch();
    Ok(())
}

#[tauri::command]
pub fn recovery_sheet_confirm(desk: DeskState<'_>, request: RecoverySheetConfirmRequest) -> Result<()> {
    let session = desk.session()?;
    entry::confirm_sheet(&session, &desk.sheet()?, &request)?;
    desk.drop_sheet();
    Ok(())
}

#[tauri::command]
pub async fn recovery_sheet_save<R: Runtime>(app: tauri::AppHandle<R>, desk: DeskState<'_>) -> Result<Saved> {
    desk.session()?;
    let sheet = desk.sheet()?;
    let pdf = desk.signed_in(move |session| entry::print_sheet(session, &sheet)).await?;
    save_with_dialog(&app, "recovery-sheet.pdf", pdf).await
}
