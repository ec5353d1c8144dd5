//! Records in formats that other programs read.

use clinic::Result;
use clinic::exchange::{fhir, tables};
use clinic::views::*;
use tauri::Runtime;

use super::DeskState;
use super::rights::place_for;

#[tauri::command]
pub async fn patient_fhir_export<R: Runtime>(
    app: tauri::AppHandle<R>,
    desk: DeskState<'_>,
    request: FhirExportRequest,
) -> Result<Saved> {
    let permit = desk.signed_in(move |session| fhir::prepare(session, &request)).await?;
    let Some(path) = place_for(&app, &permit.file_name, ("ZIP", "zip")).await? else {
        return Ok(Saved { saved: false, path: None });
    };
    let shown = path.display().to_string();
    desk.signed_in(move |session| fhir::write(session, permit, &path)).await?;
    Ok(Saved { saved: true, path: Some(shown) })
}

#[tauri::command]
pub async fn clinic_tables_export<R: Runtime>(
    app: tauri::AppHandle<R>,
    desk: DeskState<'_>,
    request: ClinicTablesRequest,
) -> Result<Saved> {
    let permit = desk.signed_in(move |session| tables::prepare(session, &request)).await?;
    let Some(path) = place_for(&app, &permit.file_name, ("ZIP", "zip")).await? else {
        return Ok(Saved { saved: false, path: None });
    };
    let shown = path.display().to_string();
    desk.signed_in(move |session| tables::write(session, permit, &path)).await?;
    Ok(Saved { saved: true, path: Some(shown) })
}
