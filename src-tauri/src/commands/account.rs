//! One's own account, with and without a session.

use std::sync::Arc;

use clinic::commands::Command;
use clinic::views::*;
use clinic::{ErrorCode, Result, account, profile, second_factor, slips};
use tauri::Runtime;

use super::DeskState;
use super::saving::{PDF, save_bytes};
use crate::wire::{Printable, off_thread};

pub async fn account_register(desk: DeskState<'_>, request: AccountRegisterRequest) -> Result<()> {
    let workstation = Arc::clone(&desk.workstation);
    off_thread(move || account::register(&workstation, &request)).await
}

pub async fn account_activate(desk: DeskState<'_>, request: AccountActivateRequest) -> Result<SessionView> {
    let workstation = Arc::clone(&desk.workstation);
    let session = off_thread(move || account::activate(&workstation, &request)).await?;
    Ok(desk.seat(session))
}

pub async fn password_reset_check(
    desk: DeskState<'_>,
    request: PasswordResetCheckRequest,
) -> Result<PasswordResetToken> {
    account::check_reset(&desk.workstation, &request)
}

pub async fn password_reset_finish(desk: DeskState<'_>, request: PasswordResetFinishRequest) -> Result<()> {
    let workstation = Arc::clone(&desk.workstation);
    off_thread(move || account::finish_reset(&workstation, &request)).await
}

pub async fn password_recover(desk: DeskState<'_>, request: PasswordRecoverRequest) -> Result<()> {
    let workstation = Arc::clone(&desk.workstation);
    off_thread(move || account::recover(&workstation, &request)).await
}

pub async fn profile_read(desk: DeskState<'_>) -> Result<ProfileView> {
    desk.signed_in(|session| profile::read(session)).await
}

pub async fn profile_update(desk: DeskState<'_>, request: ProfileUpdateRequest) -> Result<ProfileView> {
    desk.signed_in(move |session| profile::update(session, request)).await
}

pub async fn language_choose(desk: DeskState<'_>, request: LanguageChooseRequest) -> Result<()> {
    desk.signed_in(move |session| profile::choose_language(session, &request)).await
}

pub async fn password_change(desk: DeskState<'_>, request: PasswordChangeRequest) -> Result<()> {
    desk.signed_in(move |session| profile::change_password(session, &request)).await
}

pub async fn second_factor_propose(
    desk: DeskState<'_>,
    request: PasswordAgainRequest,
) -> Result<SecondFactorProposal> {
    desk.signed_in(move |session| second_factor::propose(session, &request)).await
}

pub async fn second_factor_confirm(
    desk: DeskState<'_>,
    request: SecondFactorRequest,
) -> Result<RecoveryCodesView> {
    let codes = desk.signed_in(move |session| second_factor::confirm(session, &request)).await?;
    desk.show_once(Printable::RecoveryCodes(codes.clone()));
    Ok(codes)
}

pub async fn second_factor_remove(desk: DeskState<'_>, request: PasswordAgainRequest) -> Result<()> {
    desk.signed_in(move |session| second_factor::remove(session, &request)).await
}

pub async fn recovery_codes_issue(
    desk: DeskState<'_>,
    request: PasswordAgainRequest,
) -> Result<RecoveryCodesView> {
    let codes = desk.signed_in(move |session| second_factor::issue_codes(session, &request)).await?;
    desk.show_once(Printable::RecoveryCodes(codes.clone()));
    Ok(codes)
}

pub async fn recovery_codes_save<R: Runtime>(app: tauri::AppHandle<R>, desk: DeskState<'_>) -> Result<Saved> {
    desk.session()?.authorise(Command::RecoveryCodesSave)?;
    let Printable::RecoveryCodes(codes) = desk.shown()? else { return Err(ErrorCode::NotFound.into()) };
    let slip = desk.signed_in(move |session| slips::recovery_codes(session, &codes)).await?;
    save_bytes(&app, &desk, &slip.file_name, PDF, slip.pdf).await
}
