//! The workstation's own health: self-test, log, support bundle.

use clinic::commands::Command;
use clinic::views::*;
use clinic::{ErrorCode, Result, export, logs, self_test};
use tauri::Runtime;

use super::DeskState;
use super::saving::{PDF, ZIP, save, save_bytes};
use crate::wire::Printable;

pub async fn self_test_run(desk: DeskState<'_>) -> Result<SelfTestView> {
    let view = desk.signed_in(|session| self_test::run(session)).await?;
    desk.show_once(Printable::SelfTest(view.clone()));
    Ok(view)
}

pub async fn self_test_save<R: Runtime>(app: tauri::AppHandle<R>, desk: DeskState<'_>) -> Result<Saved> {
    desk.session()?.authorise(Command::SelfTestSave)?;
    let Printable::SelfTest(view) = desk.shown()? else { return Err(ErrorCode::NotFound.into()) };
    let page = desk.signed_in(move |session| self_test::print(session, &view)).await?;
    save_bytes(&app, &desk, &page.file_name, PDF, page.pdf).await
}

pub async fn log_read(desk: DeskState<'_>, request: LogReadRequest) -> Result<LogPageView> {
    desk.signed_in(move |session| logs::read(session, &request)).await
}

pub async fn support_bundle_preview(desk: DeskState<'_>) -> Result<SupportBundleView> {
    let bundle = desk.signed_in(|session| logs::preview(session)).await?;
    desk.show_once(Printable::SupportBundle(bundle.clone()));
    Ok(bundle)
}

pub async fn support_bundle_save<R: Runtime>(app: tauri::AppHandle<R>, desk: DeskState<'_>) -> Result<Saved> {
    desk.session()?.authorise(Command::SupportBundleSave)?;
    let Printable::SupportBundle(bundle) = desk.shown()? else { return Err(ErrorCode::NotFound.into()) };
    save(&app, &desk, logs::SUPPORT_BUNDLE, ZIP, move |session, path| {
        export::write(path, &logs::pack(session, &bundle)?)
    })
    .await
}
