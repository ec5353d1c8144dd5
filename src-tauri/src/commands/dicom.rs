//! DICOM out: a file-set where a save dialog says, or objects to the PACS; progress travels over a channel.

use clinic::Result;
use clinic::exchange::{dicom, pacs, sending};
use clinic::views::*;
use tauri::Runtime;
use tauri::ipc::Channel;

use super::DeskState;
use super::rights::place_for;

#[tauri::command]
pub async fn patient_dicom_export<R: Runtime>(
    app: tauri::AppHandle<R>,
    desk: DeskState<'_>,
    request: PatientDicomExportRequest,
) -> Result<DicomExported> {
    let permit = desk.signed_in(move |session| dicom::prepare(session, request)).await?;
    let Some(path) = place_for(&app, &permit.file_name, ("ZIP", "zip")).await? else {
        return Ok(DicomExported { saved: false, path: None, counts: None });
    };
    let shown = path.display().to_string();
    let counts = desk.signed_in(move |session| dicom::write(session, &permit, &path)).await?;
    Ok(DicomExported { saved: true, path: Some(shown), counts: Some(counts) })
}

#[tauri::command]
pub async fn patient_dicom_send(
    desk: DeskState<'_>,
    request: PatientDicomSendRequest,
    progress: Channel<DicomSendProgress>,
) -> Result<DicomSendView> {
    desk.signed_in(move |session| {
        sending::send(session, &request, |step| {
            // A page that has gone away needs no progress.
            let _ = progress.send(*step);
        })
    })
    .await
}

#[tauri::command]
pub async fn patient_dicom_send_cancel(desk: DeskState<'_>) -> Result<()> {
    desk.signed_in(|session| sending::cancel(session)).await
}

#[tauri::command]
pub async fn pacs_status_read(desk: DeskState<'_>) -> Result<PacsStatus> {
    desk.signed_in(|session| pacs::status(session)).await
}

#[tauri::command]
pub async fn pacs_settings_read(desk: DeskState<'_>) -> Result<PacsSettingsView> {
    desk.signed_in(|session| pacs::settings(session)).await
}

#[tauri::command]
pub async fn pacs_settings_update(
    desk: DeskState<'_>,
    request: PacsSettingsRequest,
) -> Result<PacsSettingsView> {
    desk.signed_in(move |session| pacs::change(session, &request)).await
}

#[tauri::command]
pub async fn pacs_test(desk: DeskState<'_>) -> Result<()> {
    desk.signed_in(|session| pacs::test(session)).await
}
