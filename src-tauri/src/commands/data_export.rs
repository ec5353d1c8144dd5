//! Records in formats that other programs read.

use clinic::Result;
use clinic::exchange::{fhir, tables};
use clinic::views::*;
use tauri::Runtime;

use super::DeskState;
use super::saving::{ZIP, save};

pub async fn patient_fhir_export<R: Runtime>(
    app: tauri::AppHandle<R>,
    desk: DeskState<'_>,
    request: FhirExportRequest,
) -> Result<Saved> {
    let permit = desk.signed_in(move |session| fhir::prepare(session, &request)).await?;
    let name = permit.file_name.clone();
    save(&app, &desk, &name, ZIP, move |session, path| fhir::write(session, permit, path)).await
}

pub async fn clinic_tables_export<R: Runtime>(
    app: tauri::AppHandle<R>,
    desk: DeskState<'_>,
    request: ClinicTablesRequest,
) -> Result<Saved> {
    let permit = desk.signed_in(move |session| tables::prepare(session, &request)).await?;
    let name = permit.file_name.clone();
    save(&app, &desk, &name, ZIP, move |session, path| tables::write(session, permit, path)).await
}
