//! The patient's portrait; a picture comes as the raw body of the call.

use clinic::views::*;
use clinic::{ErrorCode, Result, portrait};
use tauri::ipc::{InvokeBody, Request};

use super::DeskState;
use super::image::about;

pub async fn portrait_save(desk: DeskState<'_>, request: Request<'_>) -> Result<PortraitView> {
    let InvokeBody::Raw(bytes) = request.body() else { return Err(ErrorCode::InvalidInput.into()) };
    let (about, bytes) = (about::<PortraitRequest>(&request)?, bytes.clone());
    desk.signed_in(move |session| portrait::save(session, &about, &bytes)).await
}

pub async fn portrait_remove(desk: DeskState<'_>, request: PortraitRequest) -> Result<()> {
    desk.signed_in(move |session| portrait::remove(session, &request)).await
}
