//! Rights of the patient: holds, the export of everything on record, the end of the record.

use clinic::views::*;
use clinic::{Result, rights};
use tauri::Runtime;

use super::DeskState;
use super::saving::{ZIP, save};

pub async fn hold_read(desk: DeskState<'_>, request: HoldReadRequest) -> Result<Option<HoldView>> {
    desk.signed_in(move |session| rights::hold(session, &request)).await
}

pub async fn hold_set(desk: DeskState<'_>, request: HoldSetRequest) -> Result<HoldView> {
    desk.signed_in(move |session| rights::set_hold(session, request)).await
}

pub async fn hold_lift(desk: DeskState<'_>, request: HoldReadRequest) -> Result<()> {
    desk.signed_in(move |session| rights::lift_hold(session, &request)).await
}

pub async fn subject_export<R: Runtime>(
    app: tauri::AppHandle<R>,
    desk: DeskState<'_>,
    request: SubjectExportRequest,
) -> Result<Saved> {
    let permit = desk.signed_in(move |session| rights::prepare(session, &request)).await?;
    let name = permit.file_name.clone();
    save(&app, &desk, &name, ZIP, move |session, path| rights::write(session, permit, path)).await
}

pub async fn patient_erase(desk: DeskState<'_>, request: PatientEraseRequest) -> Result<ErasureView> {
    desk.signed_in(move |session| rights::erase(session, &request)).await
}
