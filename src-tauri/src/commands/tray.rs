//! Photographs coming in: raw bytes of the window, a folder that is asked for, a folder that is watched.

use std::path::PathBuf;
use std::sync::Arc;

use clinic::offers::Look;
use clinic::views::*;
use clinic::workstation::Workstation;
use clinic::{ErrorCode, Result, offers, taking, tray};
use domain::image::ImageRecord;
use domain::tray::TrayPhoto;
use tauri::Runtime;
use tauri::ipc::{InvokeBody, Request, Response};
use tauri_plugin_dialog::DialogExt;

use super::DeskState;
use super::image::about;
use crate::wire::off_thread;

pub async fn tray_add(desk: DeskState<'_>, request: Request<'_>) -> Result<TrayAdded> {
    let InvokeBody::Raw(bytes) = request.body() else { return Err(ErrorCode::InvalidInput.into()) };
    let (about, bytes) = (about::<TrayAddRequest>(&request)?, bytes.clone());
    desk.signed_in(move |session| taking::add(session, &about, &bytes)).await
}

pub async fn photo_preview(desk: DeskState<'_>, request: Request<'_>) -> Result<Response> {
    let InvokeBody::Raw(bytes) = request.body() else { return Err(ErrorCode::InvalidInput.into()) };
    let bytes = bytes.clone();
    desk.signed_in(move |session| taking::preview(session, &bytes)).await.map(Response::new)
}

pub async fn tray_list(desk: DeskState<'_>, request: TrayListRequest) -> Result<TrayView> {
    desk.signed_in(move |session| tray::list(session, &request)).await
}

pub async fn tray_assign(desk: DeskState<'_>, request: TrayAssignRequest) -> Result<Vec<ImageRecord>> {
    desk.signed_in(move |session| tray::assign(session, &request)).await
}

pub async fn tray_kind_change(desk: DeskState<'_>, request: TrayKindRequest) -> Result<Vec<TrayPhoto>> {
    desk.signed_in(move |session| tray::change_kind(session, &request)).await
}

pub async fn tray_discard(desk: DeskState<'_>, request: TrayDiscardRequest) -> Result<()> {
    desk.signed_in(move |session| tray::discard(session, &request)).await
}

pub async fn image_move(desk: DeskState<'_>, request: ImageMoveRequest) -> Result<ImageRecord> {
    desk.signed_in(move |session| tray::move_image(session, &request)).await
}

pub async fn image_kind_change(desk: DeskState<'_>, request: ImageKindRequest) -> Result<ImageRecord> {
    desk.signed_in(move |session| tray::change_image_kind(session, &request)).await
}

pub async fn folder_pick<R: Runtime>(
    app: tauri::AppHandle<R>,
    desk: DeskState<'_>,
) -> Result<Option<FolderOffer>> {
    // Nobody without a session gets to see a dialog.
    desk.session()?.authorise(clinic::commands::Command::FolderPick)?;
    let Some(folder) = ask_for_folder(&app).await? else { return Ok(None) };
    let look = look(&desk, move |workstation| Look::into(folder, workstation)).await?;
    desk.signed_in(move |session| offers::pick(session, look).map(Some)).await
}

pub async fn offer_take(desk: DeskState<'_>, request: OfferTakeRequest) -> Result<TrayAdded> {
    let (claim, request) =
        desk.signed_in(move |session| offers::claim(session, &request).map(|claim| (claim, request))).await?;
    let bytes = off_thread(move || claim.read()).await?;
    desk.signed_in(move |session| offers::take(session, &request, &bytes)).await
}

/// The window asks by itself, again and again: that does not keep the session awake.
pub async fn watch_read(desk: DeskState<'_>, request: WatchReadRequest) -> Result<WatchView> {
    let session = desk.session()?;
    let folder = off_thread(move || offers::watched_folder(&session)).await?;
    let looked = match folder {
        Some(folder) => {
            let path = folder.clone();
            Some((folder, look(&desk, move |workstation| Look::of_device(path, workstation)).await))
        }
        None => None,
    };
    let session = desk.session()?;
    off_thread(move || offers::watch(&session, &request, looked)).await
}

pub async fn watch_choose<R: Runtime>(app: tauri::AppHandle<R>, desk: DeskState<'_>) -> Result<bool> {
    desk.session()?.authorise(clinic::commands::Command::WatchChoose)?;
    let Some(folder) = ask_for_folder(&app).await? else { return Ok(false) };
    let look = look(&desk, move |workstation| Look::of_device(folder, workstation)).await?;
    desk.signed_in(move |session| offers::choose_watched(session, &look).map(|()| true)).await
}

pub async fn watch_end(desk: DeskState<'_>) -> Result<()> {
    desk.signed_in(|session| offers::end_watching(session)).await
}

pub async fn watch_dismiss(desk: DeskState<'_>, request: WatchDismissRequest) -> Result<()> {
    desk.signed_in(move |session| offers::dismiss(session, &request)).await
}

/// Without the session: a share that hangs would hold its keys in memory.
async fn look(
    desk: &DeskState<'_>,
    at: impl FnOnce(&Workstation) -> Result<Look> + Send + 'static,
) -> Result<Look> {
    let workstation = Arc::clone(&desk.workstation);
    off_thread(move || at(&workstation)).await
}

pub(super) async fn ask_for_folder<R: Runtime>(app: &tauri::AppHandle<R>) -> Result<Option<PathBuf>> {
    let (answer, chosen) = tokio::sync::oneshot::channel();
    app.dialog().file().pick_folder(move |path| {
        let _ = answer.send(path);
    });
    let Some(path) = chosen.await.map_err(|_| ErrorCode::Internal)? else { return Ok(None) };
    Ok(Some(path.into_path().map_err(|_| ErrorCode::FileGone)?))
}
