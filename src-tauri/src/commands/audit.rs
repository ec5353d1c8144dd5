//! The audit trail, and the settings that concern access.

use clinic::views::*;
use clinic::{Result, audit_trail, settings};
use tauri::Runtime;

use super::DeskState;
use super::saving::{CSV, save_bytes};

pub async fn audit_search(desk: DeskState<'_>, request: AuditSearchRequest) -> Result<AuditPageView> {
    desk.signed_in(move |session| audit_trail::search(session, &request)).await
}

pub async fn audit_verify(desk: DeskState<'_>) -> Result<AuditVerification> {
    desk.signed_in(|session| audit_trail::verify(session)).await
}

pub async fn audit_export<R: Runtime>(
    app: tauri::AppHandle<R>,
    desk: DeskState<'_>,
    request: AuditExportRequest,
) -> Result<Saved> {
    let kind = match request.format {
        AuditFormat::Csv => CSV,
        AuditFormat::JsonLines => ("JSON Lines", "jsonl"),
    };
    let file = desk.signed_in(move |session| audit_trail::export(session, &request)).await?;
    save_bytes(&app, &desk, &file.file_name, kind, file.bytes).await
}

pub async fn access_log_read(desk: DeskState<'_>, request: AccessLogRequest) -> Result<Vec<AuditRowView>> {
    desk.signed_in(move |session| audit_trail::access_log(session, &request)).await
}

pub async fn mail_settings_read(desk: DeskState<'_>) -> Result<MailSettingsView> {
    desk.signed_in(|session| settings::mail(session)).await
}

pub async fn mail_settings_update(
    desk: DeskState<'_>,
    request: MailSettingsRequest,
) -> Result<MailSettingsView> {
    desk.signed_in(move |session| settings::change_mail(session, &request)).await
}

pub async fn mail_test(desk: DeskState<'_>) -> Result<()> {
    desk.signed_in(|session| settings::test_mail(session)).await
}

pub async fn access_settings_read(desk: DeskState<'_>) -> Result<AccessSettingsView> {
    desk.signed_in(|session| settings::access(session)).await
}

pub async fn access_settings_update(
    desk: DeskState<'_>,
    request: AccessSettingsRequest,
) -> Result<AccessSettingsView> {
    desk.signed_in(move |session| settings::change_access(session, &request)).await
}

pub async fn setting_list(desk: DeskState<'_>) -> Result<Vec<SettingView>> {
    desk.signed_in(|session| settings::list(session)).await
}

pub async fn setting_update(desk: DeskState<'_>, request: SettingUpdateRequest) -> Result<SettingView> {
    desk.signed_in(move |session| settings::change(session, &request)).await
}
