//! Records of elsewhere: chosen in a dialog, compared, imported; progress travels over a channel.

use std::path::PathBuf;

use clinic::migration::{self, OpenPermit};
use clinic::views::*;
use clinic::{ErrorCode, Result};
use tauri::Runtime;
use tauri::ipc::Channel;
use tauri_plugin_dialog::DialogExt;

use super::DeskState;
use super::saving::{CSV, save};
use super::tray::ask_for_folder;

/// An answer without a source where the dialog was closed: what was open stays.
pub async fn import_open<R: Runtime>(
    app: tauri::AppHandle<R>,
    desk: DeskState<'_>,
    request: ImportOpenRequest,
) -> Result<ImportView> {
    let permit = desk.signed_in(move |session| migration::prepare(session, &request)).await?;
    let chosen =
        if permit.asks_for_folder() { ask_for_folder(&app).await? } else { file(&app, &permit).await? };
    match chosen {
        Some(path) => desk.signed_in(move |session| migration::open(session, permit, &path)).await,
        None => desk.signed_in(|session| migration::read(session)).await,
    }
}

pub async fn import_read(desk: DeskState<'_>) -> Result<ImportView> {
    desk.signed_in(|session| migration::read(session)).await
}

pub async fn import_plan(desk: DeskState<'_>, request: ImportMapping) -> Result<ImportView> {
    desk.signed_in(move |session| migration::plan(session, &request)).await
}

pub async fn import_rows(desk: DeskState<'_>, request: ImportRowsRequest) -> Result<ImportRows> {
    desk.signed_in(move |session| migration::rows(session, &request)).await
}

pub async fn import_decide(desk: DeskState<'_>, request: ImportDecideRequest) -> Result<ImportView> {
    desk.signed_in(move |session| migration::decide(session, &request)).await
}

pub async fn import_start(desk: DeskState<'_>, progress: Channel<ImportProgress>) -> Result<ImportView> {
    desk.signed_in(move |session| {
        migration::run(session, |step| {
            // A page that has gone away needs no progress.
            let _ = progress.send(step);
        })
    })
    .await
}

pub async fn import_cancel(desk: DeskState<'_>) -> Result<()> {
    desk.signed_in(|session| migration::cancel(session)).await
}

pub async fn import_close(desk: DeskState<'_>) -> Result<ImportView> {
    desk.signed_in(|session| migration::close(session)).await
}

pub async fn import_result_save<R: Runtime>(app: tauri::AppHandle<R>, desk: DeskState<'_>) -> Result<Saved> {
    let name = desk.signed_in(|session| migration::prepare_result(session)).await?;
    save(&app, &desk, name, CSV, move |session, path| migration::save_result(session, path)).await
}

/// Asks for a file; nothing when the person closed the dialog.
async fn file<R: Runtime>(app: &tauri::AppHandle<R>, permit: &OpenPermit) -> Result<Option<PathBuf>> {
    let (name, endings) = permit.files();
    let (answer, chosen) = tokio::sync::oneshot::channel();
    app.dialog().file().add_filter(name, endings).pick_file(move |path| {
        let _ = answer.send(path);
    });
    let Some(path) = chosen.await.map_err(|_| ErrorCode::Internal)? else { return Ok(None) };
    Ok(Some(path.into_path().map_err(|_| ErrorCode::FileGone)?))
}
