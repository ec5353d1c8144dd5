//! First run, sign-in, lock, recovery sheet.

use std::sync::Arc;

use clinic::commands::Command;
use clinic::views::*;
use clinic::{Result, account, entry, keys, password, sign_in};
use tauri::Runtime;

use super::DeskState;
use super::saving::{PDF, save_bytes};
use crate::wire::off_thread;

pub async fn app_status(desk: DeskState<'_>) -> Result<AppStatus> {
    Ok(desk.status())
}

/// Nobody sees a white page: the window stays hidden until its first screen is drawn.
pub async fn app_ready<R: Runtime>(window: tauri::WebviewWindow<R>) -> Result<()> {
    crate::window::show(&window);
    Ok(())
}

pub async fn password_judge(request: PasswordJudgeRequest) -> Result<PasswordJudgement> {
    off_thread(move || {
        Ok(password::judge(request.password.expose(), &request.context, request.second_factor))
    })
    .await
}

pub async fn clinic_create(desk: DeskState<'_>, request: ClinicCreateRequest) -> Result<ClinicCreated> {
    let workstation = Arc::clone(&desk.workstation);
    let (session, recovery_sheet) = off_thread(move || entry::found(&workstation, &request)).await?;
    let session = desk.seat(session);
    desk.hold_sheet(recovery_sheet.clone());
    Ok(ClinicCreated { session, recovery_sheet })
}

pub async fn session_sign_in(desk: DeskState<'_>, request: SignInRequest) -> Result<SignInAnswer> {
    let workstation = Arc::clone(&desk.workstation);
    let entered = off_thread(move || sign_in::sign_in(&workstation, &request)).await?;
    Ok(desk.enter(entered))
}

pub async fn session_second_factor(desk: DeskState<'_>, request: SecondFactorRequest) -> Result<SessionView> {
    let desk = Arc::clone(&desk);
    off_thread(move || desk.answer(&request)).await
}

pub async fn session_abandon(desk: DeskState<'_>) -> Result<()> {
    desk.abandon();
    Ok(())
}

pub async fn recovery_sheet_use(
    desk: DeskState<'_>,
    request: RecoverySheetUseRequest,
) -> Result<ClinicCreated> {
    let workstation = Arc::clone(&desk.workstation);
    let (session, recovery_sheet) = off_thread(move || account::use_sheet(&workstation, &request)).await?;
    let session = desk.seat(session);
    desk.hold_sheet(recovery_sheet.clone());
    Ok(ClinicCreated { session, recovery_sheet })
}

pub async fn recovery_sheet_issue(
    desk: DeskState<'_>,
    request: PasswordAgainRequest,
) -> Result<RecoverySheetView> {
    let sheet = desk.signed_in(move |session| keys::issue_sheet(session, &request)).await?;
    desk.hold_sheet(sheet.clone());
    Ok(sheet)
}

/// The session goes on with the new keys; the new sheet stays on the desk for printing.
pub async fn keys_change(desk: DeskState<'_>, request: PasswordAgainRequest) -> Result<RecoverySheetView> {
    let before = desk.session()?.id();
    let (session, sheet) = desk.signed_in(move |session| keys::change(session, &request)).await?;
    desk.renew(before, session)?;
    desk.hold_sheet(sheet.clone());
    Ok(sheet)
}

pub async fn session_read(desk: DeskState<'_>) -> Result<SessionView> {
    Ok(desk.session()?.view())
}

pub async fn draft_keep(desk: DeskState<'_>, request: Draft) -> Result<()> {
    desk.session()?.keep_draft(request)
}

pub async fn draft_list(desk: DeskState<'_>) -> Result<Vec<Draft>> {
    desk.session()?.drafts()
}

pub async fn session_sign_out(desk: DeskState<'_>) -> Result<()> {
    let desk = Arc::clone(&desk);
    off_thread(move || desk.session().and_then(|_| desk.sign_out())).await
}

pub async fn session_lock(desk: DeskState<'_>) -> Result<()> {
    let desk = Arc::clone(&desk);
    off_thread(move || desk.session().and_then(|_| desk.lock_now())).await
}

pub async fn session_touch(desk: DeskState<'_>) -> Result<()> {
    desk.session()?.touch();
    Ok(())
}

pub async fn recovery_sheet_confirm(desk: DeskState<'_>, request: RecoverySheetConfirmRequest) -> Result<()> {
    let session = desk.session()?;
    session.authorise(Command::RecoverySheetConfirm)?;
    entry::confirm_sheet(&session, &desk.sheet()?, &request)?;
    desk.drop_sheet();
    Ok(())
}

pub async fn recovery_sheet_save<R: Runtime>(app: tauri::AppHandle<R>, desk: DeskState<'_>) -> Result<Saved> {
    desk.session()?.authorise(Command::RecoverySheetSave)?;
    let sheet = desk.sheet()?;
    let pdf = desk.signed_in(move |session| entry::print_sheet(session, &sheet)).await?;
    save_bytes(&app, &desk, "recovery-sheet.pdf", PDF, pdf).await
}
