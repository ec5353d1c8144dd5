//! Reports, and the save dialog through which documents leave the clinic.

use clinic::views::*;
use clinic::{ErrorCode, Result, export, report};
use domain::report::ReportRecord;
use tauri::Runtime;
use tauri_plugin_dialog::DialogExt;

use super::DeskState;
use crate::wire::off_thread;

#[tauri::command]
pub async fn report_create(desk: DeskState<'_>, request: ReportCreateRequest) -> Result<ReportRecord> {
    desk.signed_in(move |session| report::create(session, request)).await
}

#[tauri::command]
pub async fn report_export<R: Runtime>(
    app: tauri::AppHandle<R>,
    desk: DeskState<'_>,
    request: ReportExportRequest,
) -> Result<Saved> {
    let document = desk.signed_in(move |session| report::export(session, &request)).await?;
    save_with_dialog(&app, &document.file_name, document.pdf).await
}

/// Asks where to, then writes all or nothing.
pub(super) async fn save_with_dialog<R: Runtime>(
    app: &tauri::AppHandle<R>,
    file_name: &str,
    pdf: Vec<u8>,
) -> Result<Saved> {
    let (answer, chosen) = tokio::sync::oneshot::channel();
    app.dialog().file().set_file_name(file_name).add_filter("PDF", &["pdf"]).save_file(move |path| {
        let _ = answer.send(path);
    });
    let Some(path) = chosen.await.map_err(|_| ErrorCode::Internal)? else {
        return Ok(Saved { saved: false, path: None });
    };
    let path = path.into_path().map_err(|_| ErrorCode::StorageFailed)?;
    off_thread(move || {
        export::write(&path, &pdf)?;
        Ok(Saved { saved: true, path: Some(path.display().to_string()) })
    })
    .await
}
