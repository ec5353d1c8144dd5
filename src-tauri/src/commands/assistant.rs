//! The assistant and its rules.

use clinic::views::*;
use clinic::{Result, assistant};
use domain::assistant::AssistantConversation;

use super::DeskState;

pub async fn assistant_ask(desk: DeskState<'_>, request: AssistantAskRequest) -> Result<AssistantReply> {
    desk.signed_in(move |session| assistant::ask(session, &request)).await
}

pub async fn assistant_list(desk: DeskState<'_>) -> Result<Vec<AssistantConversation>> {
    desk.signed_in(|session| assistant::conversations(session)).await
}

pub async fn assistant_read(
    desk: DeskState<'_>,
    request: AssistantReadRequest,
) -> Result<AssistantConversationView> {
    desk.signed_in(move |session| assistant::read(session, &request)).await
}

pub async fn assistant_clear(
    desk: DeskState<'_>,
    request: AssistantClearRequest,
) -> Result<AssistantCleared> {
    desk.signed_in(move |session| assistant::clear(session, &request)).await
}

pub async fn assistant_sheet_list(desk: DeskState<'_>) -> Result<AssistantSheetsView> {
    desk.signed_in(|session| assistant::sheets::list(session)).await
}

pub async fn assistant_sheet_save(
    desk: DeskState<'_>,
    request: AssistantSheetSaveRequest,
) -> Result<AssistantSheetsView> {
    desk.signed_in(move |session| assistant::sheets::save(session, request)).await
}

pub async fn assistant_sheet_restore(
    desk: DeskState<'_>,
    request: AssistantSheetRequest,
) -> Result<AssistantSheetsView> {
    desk.signed_in(move |session| assistant::sheets::restore(session, &request)).await
}

pub async fn assistant_sheet_remove(
    desk: DeskState<'_>,
    request: AssistantSheetRequest,
) -> Result<AssistantSheetsView> {
    desk.signed_in(move |session| assistant::sheets::remove(session, &request)).await
}

pub async fn assistant_sheet_try(
    desk: DeskState<'_>,
    request: AssistantTryRequest,
) -> Result<AssistantTrial> {
    desk.signed_in(move |session| assistant::sheets::try_out(session, &request)).await
}
