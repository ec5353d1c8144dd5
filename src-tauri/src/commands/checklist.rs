//! Checklists of lesions.

use clinic::views::*;
use clinic::{Result, checklist};
use domain::checklist::ChecklistResult;

use super::DeskState;

pub async fn checklist_page(desk: DeskState<'_>, request: ExaminationRequest) -> Result<ChecklistPageView> {
    desk.signed_in(move |session| checklist::page(session, &request)).await
}

pub async fn checklist_judge(desk: DeskState<'_>, request: ChecklistJudgeRequest) -> Result<ChecklistResult> {
    desk.signed_in(move |session| checklist::judge(session, &request)).await
}

pub async fn checklist_save(
    desk: DeskState<'_>,
    request: ChecklistSaveRequest,
) -> Result<FilledChecklistView> {
    desk.signed_in(move |session| checklist::save(session, &request)).await
}
