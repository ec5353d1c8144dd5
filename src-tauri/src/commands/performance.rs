//! How the AI does in this clinic.

use clinic::views::*;
use clinic::{Result, performance};
use tauri::Runtime;

use super::DeskState;
use super::saving::{CSV, PDF, save, save_bytes};

pub async fn performance_read(desk: DeskState<'_>, request: PerformanceFilter) -> Result<PerformanceView> {
    desk.signed_in(move |session| performance::read(session, &request)).await
}

pub async fn performance_drift(
    desk: DeskState<'_>,
    request: PerformanceDriftRequest,
) -> Result<PerformanceDriftView> {
    desk.signed_in(move |session| performance::drift(session, &request)).await
}

pub async fn performance_cases(
    desk: DeskState<'_>,
    request: PerformanceCasesRequest,
) -> Result<PerformanceCases> {
    desk.signed_in(move |session| performance::list(session, &request)).await
}

pub async fn performance_table_save<R: Runtime>(
    app: tauri::AppHandle<R>,
    desk: DeskState<'_>,
    request: PerformanceFilter,
) -> Result<Saved> {
    let asked = request.clone();
    let name = desk.signed_in(move |session| performance::prepare_table(session, &asked)).await?;
    save(&app, &desk, name, CSV, move |session, path| performance::save_table(session, &request, path)).await
}

pub async fn performance_page_save<R: Runtime>(
    app: tauri::AppHandle<R>,
    desk: DeskState<'_>,
    request: PerformanceFilter,
) -> Result<Saved> {
    let document = desk.signed_in(move |session| performance::save_page(session, &request)).await?;
    save_bytes(&app, &desk, &document.file_name, PDF, document.pdf).await
}
