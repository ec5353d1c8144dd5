//! `vault://localhost/…`: sealed pictures, opened in memory and handed straight to the page.

use std::sync::Arc;

use clinic::picture::{Picture, PictureAddress};
use clinic::{Error, ErrorCode, Result};
use tauri::http::{Request, Response, StatusCode, header};
use tauri::{Manager, Runtime, UriSchemeContext, UriSchemeResponder};

use crate::wire::Desk;

pub fn serve<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let app = context.app_handle().clone();
    let from_main = context.webview_label() == "main";
    tauri::async_runtime::spawn_blocking(move || {
        let answer = if from_main {
            open(&app.state::<Arc<Desk>>(), request.uri().path())
        } else {
            Err(ErrorCode::NotPermitted.into())
        };
        responder.respond(respond(answer));
    });
}

fn open(desk: &Desk, path: &str) -> Result<Picture> {
    match path.parse()? {
        PictureAddress::Own(place) => desk.visit()?.picture(place).ok_or_else(|| ErrorCode::NotFound.into()),
        address => clinic::picture::read(&*desk.session()?, &address),
    }
}

fn respond(answer: Result<Picture>) -> Response<Vec<u8>> {
    let builder = Response::builder()
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "tauri://localhost");
    let response = match answer {
        Ok(picture) => builder.header(header::CONTENT_TYPE, picture.media_type).body(picture.bytes.to_vec()),
        Err(error) => builder.status(status(&error)).body(Vec::new()),
    };
    response.unwrap_or_else(|_| Response::new(Vec::new()))
}

const fn status(error: &Error) -> StatusCode {
    match error.code {
        ErrorCode::NotFound | ErrorCode::InvalidInput => StatusCode::NOT_FOUND,
        ErrorCode::NotPermitted => StatusCode::FORBIDDEN,
        ErrorCode::SessionRequired | ErrorCode::SessionLocked => StatusCode::UNAUTHORIZED,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
