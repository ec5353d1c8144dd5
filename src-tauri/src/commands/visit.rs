//! Visits, the queue of a day, and photographs that wait with a visit.

use clinic::views::*;
use clinic::{ErrorCode, Result, desk_photo, visit};
use tauri::Runtime;
use tauri::ipc::{InvokeBody, Request};

use super::DeskState;
use super::image::about;
use super::saving::{PDF, save_bytes};

pub async fn queue_read(desk: DeskState<'_>, request: QueueReadRequest) -> Result<QueueView> {
    desk.signed_in(move |session| visit::queue(session, &request)).await
}

pub async fn visit_add(desk: DeskState<'_>, request: VisitAddRequest) -> Result<VisitAdded> {
    desk.signed_in(move |session| visit::add(session, request)).await
}

pub async fn visit_change(desk: DeskState<'_>, request: VisitChangeRequest) -> Result<VisitView> {
    desk.signed_in(move |session| visit::change(session, request)).await
}

pub async fn visit_move(desk: DeskState<'_>, request: VisitMoveRequest) -> Result<VisitView> {
    desk.signed_in(move |session| visit::step(session, &request)).await
}

pub async fn visit_slip_save<R: Runtime>(
    app: tauri::AppHandle<R>,
    desk: DeskState<'_>,
    request: VisitSlipRequest,
) -> Result<Saved> {
    let document = desk.signed_in(move |session| visit::slip(session, &request)).await?;
    save_bytes(&app, &desk, &document.file_name, PDF, document.pdf).await
}

pub async fn patient_scan(desk: DeskState<'_>, request: PatientScanRequest) -> Result<PatientScanView> {
    desk.signed_in(move |session| visit::scan(session, &request)).await
}

pub async fn desk_photo_add(desk: DeskState<'_>, request: Request<'_>) -> Result<DeskPhotoAdded> {
    let InvokeBody::Raw(bytes) = request.body() else {
        return Err(ErrorCode::InvalidInput.into());
    };
    let about = about::<DeskPhotoAddRequest>(&request)?;
    let bytes = bytes.clone();
    desk.signed_in(move |session| desk_photo::add(session, &about, &bytes)).await
}

pub async fn desk_photo_list(
    desk: DeskState<'_>,
    request: DeskPhotoListRequest,
) -> Result<Vec<DeskPhotoView>> {
    desk.signed_in(move |session| desk_photo::list(session, &request)).await
}

pub async fn desk_photo_assign(
    desk: DeskState<'_>,
    request: DeskPhotoAssignRequest,
) -> Result<ImageImported> {
    desk.signed_in(move |session| desk_photo::assign(session, &request)).await
}

pub async fn desk_photo_discard(desk: DeskState<'_>, request: DeskPhotoDiscardRequest) -> Result<()> {
    desk.signed_in(move |session| desk_photo::discard(session, &request)).await
}
