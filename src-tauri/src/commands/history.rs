//! The history of uploads, and deleting from it.

use clinic::views::*;
use clinic::{Result, history};

use super::DeskState;

pub async fn history_read(desk: DeskState<'_>, request: HistoryRequest) -> Result<HistoryView> {
    desk.signed_in(move |session| history::read(session, request)).await
}

pub async fn reading_delete(desk: DeskState<'_>, request: ReadingDeleteRequest) -> Result<()> {
    desk.signed_in(move |session| history::delete_reading(session, &request)).await
}

pub async fn photograph_delete(desk: DeskState<'_>, request: PhotographDeleteRequest) -> Result<()> {
    desk.signed_in(move |session| history::delete_photograph(session, &request)).await
}

pub async fn history_clear(desk: DeskState<'_>, request: HistoryClearRequest) -> Result<HistoryCleared> {
    desk.signed_in(move |session| history::clear(session, &request)).await
}

pub async fn deletion_undo(desk: DeskState<'_>, request: DeletionRequest) -> Result<()> {
    desk.signed_in(move |session| history::undo(session, &request)).await
}

pub async fn retention_read(desk: DeskState<'_>) -> Result<RetentionSettings> {
    desk.signed_in(|session| history::retention(session)).await
}

pub async fn retention_update(desk: DeskState<'_>, request: RetentionSettings) -> Result<RetentionSettings> {
    desk.signed_in(move |session| history::change_retention(session, &request)).await
}
