//! Photographs come in as the raw body of the call; what they belong to is in a header.

use clinic::views::*;
use clinic::{ErrorCode, Result, image};
use tauri::ipc::{InvokeBody, Request};

use super::DeskState;

/// Carries the JSON of an [`ImageImportRequest`], percent-encoded.
const HEADER: &str = "x-lentigo-request";

#[tauri::command]
pub async fn image_import(desk: DeskState<'_>, request: Request<'_>) -> Result<ImageImported> {
    let InvokeBody::Raw(bytes) = request.body() else {
        return Err(ErrorCode::InvalidInput.into());
    };
    let about = request
        .headers()
        .get(HEADER)
        .and_then(|value| value.to_str().ok())
        .and_then(decode)
        .ok_or(ErrorCode::InvalidInput)?;
    let bytes = bytes.clone();
    desk.signed_in(move |session| image::import(session, &about, &bytes)).await
}

fn decode(header: &str) -> Option<ImageImportRequest> {
    let json = percent_encoding::percent_decode_str(header).decode_utf8().ok()?;
    serde_json::from_str(&json).ok()
}
