//! Photographs come in as the raw body of the call; what they belong to is in a header.

use clinic::views::*;
use clinic::{ErrorCode, Result, image};
use tauri::ipc::{InvokeBody, Request};

use super::DeskState;

/// Carries the JSON of the request, percent-encoded.
const HEADER: &str = "x-lentigo-request";

pub async fn image_import(desk: DeskState<'_>, request: Request<'_>) -> Result<ImageImported> {
    let InvokeBody::Raw(bytes) = request.body() else {
        return Err(ErrorCode::InvalidInput.into());
    };
    let about = about::<ImageImportRequest>(&request)?;
    let bytes = bytes.clone();
    desk.signed_in(move |session| image::import(session, &about, &bytes)).await
}

/// What the raw body of a call belongs to.
pub(super) fn about<T: serde::de::DeserializeOwned>(request: &Request<'_>) -> Result<T> {
    let header = request.headers().get(HEADER).and_then(|value| value.to_str().ok());
    let json = header.and_then(|text| percent_encoding::percent_decode_str(text).decode_utf8().ok());
    json.and_then(|json| serde_json::from_str(&json).ok()).ok_or_else(|| ErrorCode::InvalidInput.into())
}
