//! Versions of the classifier; progress of a comparison travels over a channel.

use std::path::PathBuf;

use clinic::commands::Command;
use clinic::views::*;
use clinic::{ErrorCode, Result, models};
use tauri::Runtime;
use tauri::ipc::Channel;
use tauri_plugin_dialog::DialogExt;

use super::DeskState;

pub async fn model_version_list(desk: DeskState<'_>) -> Result<ModelRegistryView> {
    desk.signed_in(|session| models::list(session)).await
}

pub async fn model_files_pick<R: Runtime>(
    app: tauri::AppHandle<R>,
    desk: DeskState<'_>,
) -> Result<Option<ModelFilesView>> {
    desk.session()?.authorise(Command::ModelFilesPick)?;
    let Some(paths) = ask_for_files(&app).await? else { return Ok(None) };
    desk.signed_in(move |session| models::pick(session, &paths).map(Some)).await
}

pub async fn model_upload(desk: DeskState<'_>, request: ModelUploadRequest) -> Result<ModelVersionView> {
    desk.signed_in(move |session| models::upload(session, &request)).await
}

pub async fn model_check(desk: DeskState<'_>, request: ModelVersionRequest) -> Result<ModelVersionView> {
    desk.signed_in(move |session| models::try_out(session, &request)).await
}

pub async fn model_compare(
    desk: DeskState<'_>,
    request: ModelCompareRequest,
    progress: Channel<ModelCompareProgress>,
) -> Result<ModelVersionView> {
    desk.signed_in(move |session| {
        models::compare(session, &request, |step| {
            // A page that has gone away needs no progress.
            let _ = progress.send(*step);
        })
    })
    .await
}

pub async fn model_compare_cancel(desk: DeskState<'_>) -> Result<()> {
    desk.signed_in(|session| models::cancel(session)).await
}

pub async fn model_activate(desk: DeskState<'_>, request: ModelActivateRequest) -> Result<ModelRegistryView> {
    desk.signed_in(move |session| models::activate(session, &request)).await
}

pub async fn model_roll_back(
    desk: DeskState<'_>,
    request: ModelRollBackRequest,
) -> Result<ModelRegistryView> {
    desk.signed_in(move |session| models::roll_back(session, &request)).await
}

pub async fn model_retire(desk: DeskState<'_>, request: ModelRetireRequest) -> Result<ModelRegistryView> {
    desk.signed_in(move |session| models::retire(session, &request)).await
}

pub async fn golden_set_read(desk: DeskState<'_>) -> Result<GoldenSetView> {
    desk.signed_in(|session| models::set(session)).await
}

pub async fn golden_image_mark(
    desk: DeskState<'_>,
    request: GoldenImageMarkRequest,
) -> Result<GoldenSetView> {
    desk.signed_in(move |session| models::mark(session, &request)).await
}

pub async fn golden_image_unmark(desk: DeskState<'_>, request: GoldenImageRequest) -> Result<GoldenSetView> {
    desk.signed_in(move |session| models::unmark(session, &request)).await
}

/// Asks for a network and, with it, its card; nothing when the person closed the dialog.
async fn ask_for_files<R: Runtime>(app: &tauri::AppHandle<R>) -> Result<Option<Vec<PathBuf>>> {
    let (answer, chosen) = tokio::sync::oneshot::channel();
    app.dialog().file().add_filter("ONNX", &["onnx", "json"]).pick_files(move |paths| {
        let _ = answer.send(paths);
    });
    let Some(paths) = chosen.await.map_err(|_| ErrorCode::Internal)? else { return Ok(None) };
    let paths = paths.into_iter().map(|path| path.into_path().map_err(|_| ErrorCode::FileGone));
    Ok(Some(paths.collect::<std::result::Result<_, _>>()?))
}
