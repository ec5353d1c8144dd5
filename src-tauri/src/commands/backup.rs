//! Backups and restoring; progress travels over a channel. The drive may be slow: what waits for it holds no session
//! where it can do without.

use std::sync::Arc;

use clinic::commands::Command;
use clinic::views::*;
use clinic::{Result, backup};
use domain::backup::BackupPlan;
use tauri::Runtime;
use tauri::ipc::Channel;

use super::DeskState;
use super::tray::ask_for_folder;
use crate::wire::off_thread;

pub async fn backup_read(desk: DeskState<'_>) -> Result<BackupView> {
    desk.signed_in(|session| backup::read(session)).await
}

pub async fn backup_plan_update(desk: DeskState<'_>, request: BackupPlan) -> Result<BackupView> {
    desk.signed_in(move |session| backup::change_plan(session, &request)).await
}

pub async fn backup_folder_choose<R: Runtime>(
    app: tauri::AppHandle<R>,
    desk: DeskState<'_>,
) -> Result<Option<BackupView>> {
    desk.session()?.authorise(Command::BackupFolderChoose)?;
    let Some(folder) = ask_for_folder(&app).await? else { return Ok(None) };
    desk.signed_in(move |session| backup::choose_folder(session, &folder).map(Some)).await
}

pub async fn backup_list(desk: DeskState<'_>) -> Result<BackupListView> {
    let shelf = desk.signed_in(|session| backup::shelf(session)).await?;
    off_thread(move || shelf.list()).await
}

pub async fn backup_start(desk: DeskState<'_>, progress: Channel<BackupProgress>) -> Result<BackupRunView> {
    let work = desk.signed_in(|session| backup::begin(session)).await?;
    let finished = off_thread(move || Ok(work.go(tell(progress)))).await?;
    desk.signed_in(move |session| backup::finish(session, finished)).await
}

pub async fn backup_cancel(desk: DeskState<'_>) -> Result<()> {
    desk.signed_in(|session| backup::cancel(session)).await
}

pub async fn backup_drill(
    desk: DeskState<'_>,
    request: BackupRequest,
    progress: Channel<BackupProgress>,
) -> Result<BackupRunView> {
    desk.signed_in(move |session| backup::drill(session, &request, tell(progress))).await
}

pub async fn restore_look<R: Runtime>(
    app: tauri::AppHandle<R>,
    desk: DeskState<'_>,
) -> Result<Option<RestoreOffer>> {
    backup::refuse_founded(&desk.workstation)?;
    let Some(folder) = ask_for_folder(&app).await? else { return Ok(None) };
    let workstation = Arc::clone(&desk.workstation);
    off_thread(move || backup::look(&workstation, &folder).map(Some)).await
}

pub async fn restore_start(
    desk: DeskState<'_>,
    request: RestoreRequest,
    progress: Channel<BackupProgress>,
) -> Result<RestoredView> {
    let workstation = Arc::clone(&desk.workstation);
    off_thread(move || backup::restore(&workstation, &request, tell(progress))).await
}

pub async fn restore_cancel(desk: DeskState<'_>) -> Result<()> {
    backup::stop_restoring(&desk.workstation)
}

/// A page that has gone away needs no progress.
fn tell(progress: Channel<BackupProgress>) -> impl Fn(&BackupProgress) {
    move |step| {
        let _ = progress.send(*step);
    }
}
