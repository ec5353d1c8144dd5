//! Accounts of others, the directory of clinicians, emergency looks.

use clinic::commands::Command;
use clinic::views::*;
use clinic::{ErrorCode, Result, break_glass, directory, slips, staff};
use tauri::Runtime;
use tauri::ipc::{InvokeBody, Request};

use super::DeskState;
use super::image::about;
use super::saving::{PDF, save_bytes};
use crate::wire::Printable;

pub async fn user_list(desk: DeskState<'_>) -> Result<Vec<UserRow>> {
    desk.signed_in(|session| staff::list(session)).await
}

pub async fn user_invite(desk: DeskState<'_>, request: UserInviteRequest) -> Result<ActivationView> {
    let view = desk.signed_in(move |session| staff::invite(session, request)).await?;
    desk.show_once(Printable::Activation(view.clone()));
    Ok(view)
}

pub async fn user_activation_issue(desk: DeskState<'_>, request: UserRoleRequest) -> Result<ActivationView> {
    let view = desk.signed_in(move |session| staff::issue_activation(session, &request)).await?;
    desk.show_once(Printable::Activation(view.clone()));
    Ok(view)
}

pub async fn activation_save<R: Runtime>(app: tauri::AppHandle<R>, desk: DeskState<'_>) -> Result<Saved> {
    desk.session()?.authorise(Command::ActivationSave)?;
    let Printable::Activation(view) = desk.shown()? else { return Err(ErrorCode::NotFound.into()) };
    let slip = desk.signed_in(move |session| slips::activation(session, &view)).await?;
    save_bytes(&app, &desk, &slip.file_name, PDF, slip.pdf).await
}

pub async fn user_approve(desk: DeskState<'_>, request: UserRoleRequest) -> Result<()> {
    desk.signed_in(move |session| staff::approve(session, &request)).await
}

pub async fn user_role_change(desk: DeskState<'_>, request: UserRoleRequest) -> Result<()> {
    desk.signed_in(move |session| staff::change_role(session, &request)).await
}

pub async fn user_disable(desk: DeskState<'_>, request: UserRequest) -> Result<()> {
    desk.signed_in(move |session| staff::disable(session, &request)).await
}

pub async fn user_enable(desk: DeskState<'_>, request: UserRequest) -> Result<()> {
    desk.signed_in(move |session| staff::enable(session, &request)).await
}

pub async fn user_unlock(desk: DeskState<'_>, request: UserRequest) -> Result<()> {
    desk.signed_in(move |session| staff::unlock(session, &request)).await
}

pub async fn user_delete(desk: DeskState<'_>, request: UserDeleteRequest) -> Result<()> {
    desk.signed_in(move |session| staff::delete(session, &request)).await
}

pub async fn user_second_factor_remove(desk: DeskState<'_>, request: UserRequest) -> Result<()> {
    desk.signed_in(move |session| staff::remove_second_factor(session, &request)).await
}

pub async fn password_reset_issue(desk: DeskState<'_>, request: UserRequest) -> Result<PasswordResetView> {
    desk.signed_in(move |session| staff::issue_reset(session, &request)).await
}

pub async fn clinician_list(desk: DeskState<'_>) -> Result<Vec<ClinicianView>> {
    desk.signed_in(|session| directory::list(session)).await
}

pub async fn clinician_save(desk: DeskState<'_>, request: ClinicianSaveRequest) -> Result<ClinicianView> {
    desk.signed_in(move |session| directory::save(session, &request)).await
}

pub async fn clinician_signature_save(desk: DeskState<'_>, request: Request<'_>) -> Result<ClinicianView> {
    let InvokeBody::Raw(bytes) = request.body() else { return Err(ErrorCode::InvalidInput.into()) };
    let (about, bytes) = (about::<ClinicianRequest>(&request)?, bytes.clone());
    desk.signed_in(move |session| directory::signature_save(session, &about, &bytes)).await
}

pub async fn clinician_remove(desk: DeskState<'_>, request: ClinicianRequest) -> Result<()> {
    desk.signed_in(move |session| directory::remove(session, &request)).await
}

pub async fn break_glass_open(desk: DeskState<'_>, request: BreakGlassOpenRequest) -> Result<BreakGlassView> {
    desk.signed_in(move |session| break_glass::open(session, &request)).await
}

pub async fn break_glass_list(desk: DeskState<'_>) -> Result<Vec<BreakGlassView>> {
    desk.signed_in(|session| break_glass::list(session)).await
}

pub async fn break_glass_end(desk: DeskState<'_>, request: BreakGlassEndRequest) -> Result<()> {
    desk.signed_in(move |session| break_glass::end(session, &request)).await
}

pub async fn break_glass_review(
    desk: DeskState<'_>,
    request: BreakGlassReviewRequest,
) -> Result<BreakGlassView> {
    desk.signed_in(move |session| break_glass::review(session, &request)).await
}
