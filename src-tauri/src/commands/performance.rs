//! How the AI does in this clinic.

use clinic::views::*;
use clinic::{Result, performance};
use tauri::Runtime;

use super::DeskState;
use super::report::save_with_dialog;
use super::rights::place_for;

#[tauri::command]
pub async fn performance_read(desk: DeskState<'_>, request: PerformanceFilter) -> Result<PerformanceView> {
    desk.signed_in(move |session| performance::read(session, &request)).await
}

#[tauri::command]
pub async fn performance_drift(
    desk: DeskState<'_>,
    request: PerformanceDriftRequest,
) -> Result<PerformanceDriftView> {
    desk.signed_in(move |session| performance::drift(session, &request)).await
}

#[tauri::command]
pub async fn performance_cases(
    desk: DeskState<'_>,
    request: PerformanceCasesRequest,
) -> Result<PerformanceCases> {
    desk.signed_in(move |session| performance::list(session, &request)).await
}

#[tauri::command]
pub async fn performance_table_save<R: Runtime>(
    app: tauri::AppHandle<R>,
    desk: DeskState<'_>,
    request: PerformanceFilter,
) -> Result<Saved> {
    let asked = request.clone();
    let name = desk.signed_in(move |session| performance::prepare_table(session, &asked)).await?;
    let Some(path) = place_for(&app, name, ("CSV", "csv")).await? else {
        return Ok(Saved { saved: false, path: None });
    };
    let shown = path.display().to_string();
    desk.signed_in(move |session| performance::save_table(session, &request, &path)).await?;
    Ok(Saved { saved: true, path: Some(shown) })
}

#[tauri::command]
pub async fn performance_page_save<R: Runtime>(
    app: tauri::AppHandle<R>,
    desk: DeskState<'_>,
    request: PerformanceFilter,
) -> Result<Saved> {
    let document = desk.signed_in(move |session| performance::save_page(session, &request)).await?;
    save_with_dialog(&app, &document.file_name, document.pdf).await
}
