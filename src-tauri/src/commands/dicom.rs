//! DICOM out: a file-set where a save dialog says, or objects to the PACS; progress travels over a channel.

use std::path::Path;
use std::sync::Arc;

use clinic::exchange::{dicom, pacs, sending};
use clinic::views::*;
use clinic::{Result, Session};
use tauri::Runtime;
use tauri::ipc::Channel;

use super::DeskState;
use super::saving::{ZIP, save_and};

pub async fn patient_dicom_export<R: Runtime>(
    app: tauri::AppHandle<R>,
    desk: DeskState<'_>,
    request: PatientDicomExportRequest,
) -> Result<DicomExported> {
    let permit = desk.signed_in(move |session| dicom::prepare(session, request)).await?;
    let name = permit.file_name.clone();
    let write = move |session: &Arc<Session>, path: &Path| dicom::write(session, &permit, path);
    let (path, counts) = save_and(&app, &desk, &name, ZIP, write).await?.unzip();
    Ok(DicomExported { saved: path.is_some(), path, counts })
}

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

pub async fn patient_dicom_send_cancel(desk: DeskState<'_>) -> Result<()> {
    desk.signed_in(|session| sending::cancel(session)).await
}

pub async fn pacs_status_read(desk: DeskState<'_>) -> Result<PacsStatus> {
    desk.signed_in(|session| pacs::status(session)).await
}

pub async fn pacs_settings_read(desk: DeskState<'_>) -> Result<PacsSettingsView> {
    desk.signed_in(|session| pacs::settings(session)).await
}

pub async fn pacs_settings_update(
    desk: DeskState<'_>,
    request: PacsSettingsRequest,
) -> Result<PacsSettingsView> {
    desk.signed_in(move |session| pacs::change(session, &request)).await
}

pub async fn pacs_test(desk: DeskState<'_>) -> Result<()> {
    desk.signed_in(|session| pacs::test(session)).await
}
