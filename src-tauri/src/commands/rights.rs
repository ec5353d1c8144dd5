//! Rights of the patient: holds, the export of everything on record, the end of the record.

use std::path::PathBuf;

use clinic::views::*;
use clinic::{ErrorCode, Result, rights};
use tauri::Runtime;
use tauri_plugin_dialog::DialogExt;

use super::DeskState;

#[tauri::command]
pub async fn hold_read(desk: DeskState<'_>, request: HoldReadRequest) -> Result<Option<HoldView>> {
    desk.signed_in(move |session| rights::hold(session, &request)).await
}

#[tauri::command]
pub async fn hold_set(desk: DeskState<'_>, request: HoldSetRequest) -> Result<HoldView> {
    desk.signed_in(move |session| rights::set_hold(session, request)).await
}

#[tauri::command]
pub async fn hold_lift(desk: DeskState<'_>, request: HoldReadRequest) -> Result<()> {
    desk.signed_in(move |session| rights::lift_hold(session, &request)).await
}

#[tauri::command]
pub async fn subject_export<R: Runtime>(
    app: tauri::AppHandle<R>,
    desk: DeskState<'_>,
    request: SubjectExportRequest,
) -> Result<Saved> {
    let permit = desk.signed_in(move |session| rights::prepare(session, &request)).await?;
    let Some(path) = place_for(&app, &permit.file_name, ("ZIP", "zip")).await? else {
        return Ok(Saved { saved: false, path: None });
    };
    let shown = path.display().to_string();
    desk.signed_in(move |session| rights::write(session, permit, &path)).await?;
    Ok(Saved { saved: true, path: Some(shown) })
}

#[tauri::command]
pub async fn patient_erase(desk: DeskState<'_>, request: PatientEraseRequest) -> Result<ErasureView> {
    desk.signed_in(move |session| rights::erase(session, &request)).await
}

/// Asks where to save; nothing when the person closed the dialog.
pub(super) async fn place_for<R: Runtime>(
    app: &tauri::AppHandle<R>,
    file_name: &str,
    (name, extension): (&str, &str),
) -> Result<Option<PathBuf>> {
    let (answer, chosen) = tokio::sync::oneshot::channel();
    app.dialog().file().set_file_name(file_name).add_filter(name, &[extension]).save_file(move |path| {
        let _ = answer.send(path);
    });
    let chosen = chosen.await.map_err(|_| ErrorCode::Internal)?;
    chosen.map(|path| path.into_path().map_err(|_| ErrorCode::StorageFailed.into())).transpose()
}
