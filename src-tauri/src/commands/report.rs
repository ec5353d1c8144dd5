//! Reports, share packs and the letterhead.

use std::path::PathBuf;

use clinic::commands::Command;
use clinic::views::*;
use clinic::{ErrorCode, Result, letterhead, report};
use domain::report::ReportRecord;
use tauri::ipc::{InvokeBody, Request, Response};
use tauri::{AppHandle, Runtime};
use tauri_plugin_dialog::DialogExt;

use super::DeskState;
use super::saving::{PDF, save, save_bytes};

pub async fn report_create(desk: DeskState<'_>, request: ReportCreateRequest) -> Result<ReportRecord> {
    desk.signed_in(move |session| report::create(session, request)).await
}

pub async fn report_update(desk: DeskState<'_>, request: ReportUpdateRequest) -> Result<ReportRecord> {
    desk.signed_in(move |session| report::update(session, &request)).await
}

pub async fn report_discard(desk: DeskState<'_>, request: ReportDiscardRequest) -> Result<()> {
    desk.signed_in(move |session| report::discard(session, &request)).await
}

pub async fn report_read(desk: DeskState<'_>, request: ReportRequest) -> Result<ReportView> {
    desk.signed_in(move |session| report::read(session, &request)).await
}

pub async fn report_list(desk: DeskState<'_>, request: ReportListRequest) -> Result<ReportListView> {
    desk.signed_in(move |session| report::list(session, &request)).await
}

pub async fn report_sign(desk: DeskState<'_>, request: ReportSignRequest) -> Result<ReportView> {
    desk.signed_in(move |session| report::sign(session, &request)).await
}

pub async fn report_amend(desk: DeskState<'_>, request: ReportAmendRequest) -> Result<ReportView> {
    desk.signed_in(move |session| report::amend(session, &request)).await
}

pub async fn report_pdf(desk: DeskState<'_>, request: ReportPdfRequest) -> Result<Response> {
    desk.signed_in(move |session| report::shown(session, &request)).await.map(Response::new)
}

pub async fn report_export<R: Runtime>(
    app: AppHandle<R>,
    desk: DeskState<'_>,
    request: ReportExportRequest,
) -> Result<Saved> {
    let document = desk.signed_in(move |session| report::export(session, &request)).await?;
    save_bytes(&app, &desk, &document.file_name, PDF, document.pdf).await
}

pub async fn report_share<R: Runtime>(
    app: AppHandle<R>,
    desk: DeskState<'_>,
    request: ReportShareRequest,
) -> Result<Saved> {
    let permit = desk.signed_in(move |session| report::prepare_share(session, &request)).await?;
    let name = permit.file_name.clone();
    save(&app, &desk, &name, ("age", "age"), move |session, path| report::write_share(session, &permit, path))
        .await
}

pub async fn share_pack_open<R: Runtime>(
    app: AppHandle<R>,
    desk: DeskState<'_>,
    request: SharePackOpenRequest,
) -> Result<SharePackView> {
    // Nobody who may not is shown a dialog.
    desk.signed_in(|session| session.authorise(Command::SharePackOpen)).await?;
    let Some(path) = ask_for_file(&app, ("age", "age")).await? else {
        return Ok(SharePackView::default());
    };
    desk.signed_in(move |session| report::open_pack(session, &request, &path)).await
}

pub async fn share_pack_pdf(desk: DeskState<'_>, request: SharePackPdfRequest) -> Result<Response> {
    desk.signed_in(move |session| report::pack_pdf(session, &request)).await.map(Response::new)
}

pub async fn report_verify<R: Runtime>(app: AppHandle<R>, desk: DeskState<'_>) -> Result<ReportVerdict> {
    desk.signed_in(|session| session.authorise(Command::ReportVerify)).await?;
    let Some(path) = ask_for_file(&app, ("PDF", "pdf")).await? else {
        return Ok(ReportVerdict::not_chosen());
    };
    desk.signed_in(move |session| report::verify(session, &path)).await
}

pub async fn report_verify_code(desk: DeskState<'_>, request: ReportCodeRequest) -> Result<ReportVerdict> {
    desk.signed_in(move |session| report::verify_code(session, &request)).await
}

pub async fn signing_key_read(desk: DeskState<'_>) -> Result<SigningKeyView> {
    desk.signed_in(|session| report::key(session)).await
}

pub async fn signing_key_save<R: Runtime>(app: AppHandle<R>, desk: DeskState<'_>) -> Result<Saved> {
    let text = desk.signed_in(|session| report::key_text(session)).await?;
    save_bytes(&app, &desk, "verification-keys.txt", ("Text", "txt"), text.into_bytes()).await
}

pub async fn letterhead_read(desk: DeskState<'_>) -> Result<LetterheadView> {
    desk.signed_in(|session| letterhead::read(session)).await
}

pub async fn letterhead_update(desk: DeskState<'_>, request: LetterheadRequest) -> Result<LetterheadView> {
    desk.signed_in(move |session| letterhead::change(session, request)).await
}

pub async fn letterhead_preview(desk: DeskState<'_>, request: LetterheadRequest) -> Result<Response> {
    desk.signed_in(move |session| letterhead::preview(session, request)).await.map(Response::new)
}

pub async fn logo_save(desk: DeskState<'_>, request: Request<'_>) -> Result<LetterheadView> {
    let InvokeBody::Raw(bytes) = request.body() else { return Err(ErrorCode::InvalidInput.into()) };
    let bytes = bytes.clone();
    desk.signed_in(move |session| letterhead::save_logo(session, &bytes)).await
}

pub async fn logo_remove(desk: DeskState<'_>) -> Result<LetterheadView> {
    desk.signed_in(|session| letterhead::remove_logo(session)).await
}

async fn ask_for_file<R: Runtime>(
    app: &AppHandle<R>,
    (name, extension): (&str, &str),
) -> Result<Option<PathBuf>> {
    let (answer, chosen) = tokio::sync::oneshot::channel();
    app.dialog().file().add_filter(name, &[extension]).pick_file(move |path| {
        let _ = answer.send(path);
    });
    let Some(path) = chosen.await.map_err(|_| ErrorCode::Internal)? else { return Ok(None) };
    Ok(Some(path.into_path().map_err(|_| ErrorCode::FileGone)?))
}
