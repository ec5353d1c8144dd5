//! Numbers about the clinic.

use clinic::views::*;
use clinic::{Result, export, insight};
use tauri::Runtime;

use super::DeskState;
use super::saving::save;

pub async fn dashboard_read(desk: DeskState<'_>) -> Result<DashboardView> {
    desk.signed_in(|session| insight::dashboard(session)).await
}

pub async fn trend_read(desk: DeskState<'_>, request: TrendRequest) -> Result<TrendView> {
    desk.signed_in(move |session| insight::trend(session, &request)).await
}

pub async fn insight_export<R: Runtime>(
    app: tauri::AppHandle<R>,
    desk: DeskState<'_>,
    request: InsightExportRequest,
) -> Result<Saved> {
    let file = desk.signed_in(move |session| insight::export(session, &request)).await?;
    let kind = match file.format {
        InsightFormat::Csv => ("CSV", "csv"),
        InsightFormat::Pdf => ("PDF", "pdf"),
    };
    let name = file.file_name.clone();
    save(&app, &desk, &name, kind, move |_, path| export::write(path, &file.bytes)).await
}

pub async fn patient_risk_read(desk: DeskState<'_>, request: PatientRiskRequest) -> Result<PatientRiskView> {
    desk.signed_in(move |session| insight::of_patient(session, &request)).await
}

pub async fn search_usage_read(desk: DeskState<'_>) -> Result<SearchUsageView> {
    desk.signed_in(|session| insight::usage(session)).await
}

pub async fn search_usage_clear(desk: DeskState<'_>) -> Result<SearchUsageView> {
    desk.signed_in(|session| insight::clear_usage(session)).await
}
