//! Impressions, decisions, feedback, letters of referral, sets of cases.

use clinic::views::*;
use clinic::{Result, case_set, decision, read_first, referral};
use tauri::Runtime;

use super::DeskState;
use super::saving::{PDF, ZIP, save, save_bytes};

pub async fn read_first_read(desk: DeskState<'_>) -> Result<ReadFirstSettings> {
    desk.signed_in(|session| read_first::settings(session)).await
}

pub async fn read_first_update(desk: DeskState<'_>, request: ReadFirstSettings) -> Result<ReadFirstSettings> {
    desk.signed_in(move |session| read_first::change_settings(session, &request)).await
}

pub async fn impression_commit(
    desk: DeskState<'_>,
    request: ImpressionCommitRequest,
) -> Result<AnalysisView> {
    desk.signed_in(move |session| read_first::commit(session, request)).await
}

pub async fn impression_statistics(desk: DeskState<'_>) -> Result<ImpressionStatistics> {
    desk.signed_in(|session| read_first::statistics(session)).await
}

pub async fn decision_page(desk: DeskState<'_>, request: ExaminationRequest) -> Result<DecisionPageView> {
    desk.signed_in(move |session| decision::page(session, &request)).await
}

pub async fn decision_save(desk: DeskState<'_>, request: DecisionSaveRequest) -> Result<DecisionView> {
    desk.signed_in(move |session| decision::save(session, request)).await
}

pub async fn feedback_give(desk: DeskState<'_>, request: FeedbackGiveRequest) -> Result<FeedbackView> {
    desk.signed_in(move |session| decision::give_feedback(session, request)).await
}

pub async fn referral_write(desk: DeskState<'_>, request: ReferralWriteRequest) -> Result<ReferralView> {
    desk.signed_in(move |session| referral::write(session, request)).await
}

pub async fn referral_export<R: Runtime>(
    app: tauri::AppHandle<R>,
    desk: DeskState<'_>,
    request: ReferralExportRequest,
) -> Result<Saved> {
    let document = desk.signed_in(move |session| referral::export(session, &request)).await?;
    save_bytes(&app, &desk, &document.file_name, PDF, document.pdf).await
}

pub async fn case_set_count(desk: DeskState<'_>, request: CaseSetCountRequest) -> Result<CaseSetCount> {
    desk.signed_in(move |session| case_set::count(session, &request)).await
}

pub async fn case_set_export<R: Runtime>(
    app: tauri::AppHandle<R>,
    desk: DeskState<'_>,
    request: CaseSetExportRequest,
) -> Result<Saved> {
    let permit = desk.signed_in(move |session| case_set::prepare(session, &request)).await?;
    let name = permit.file_name.clone();
    save(&app, &desk, &name, ZIP, move |session, path| case_set::write(session, &permit, path)).await
}
