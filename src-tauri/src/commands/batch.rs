//! The queue of analyses and its batches.

use clinic::views::*;
use clinic::{Result, batch};

use super::DeskState;

pub async fn job_list(desk: DeskState<'_>) -> Result<JobsView> {
    desk.signed_in(|session| batch::list(session)).await
}

pub async fn job_states(desk: DeskState<'_>, request: JobStatesRequest) -> Result<Vec<JobView>> {
    desk.signed_in(move |session| batch::states(session, &request)).await
}

pub async fn job_retry(desk: DeskState<'_>, request: JobRequest) -> Result<JobView> {
    desk.signed_in(move |session| batch::retry_job(session, &request)).await
}

pub async fn job_settings_update(desk: DeskState<'_>, request: JobSettings) -> Result<JobSettings> {
    desk.signed_in(move |session| batch::change_settings(session, &request)).await
}

pub async fn batch_preview(desk: DeskState<'_>, request: BatchStartRequest) -> Result<BatchPreview> {
    desk.signed_in(move |session| batch::preview(session, &request)).await
}

pub async fn batch_start(desk: DeskState<'_>, request: BatchStartRequest) -> Result<BatchView> {
    desk.signed_in(move |session| batch::start(session, &request)).await
}

pub async fn batch_items(desk: DeskState<'_>, request: BatchItemsRequest) -> Result<BatchItems> {
    desk.signed_in(move |session| batch::items(session, &request)).await
}

pub async fn batch_pause(desk: DeskState<'_>, request: BatchRequest) -> Result<BatchView> {
    desk.signed_in(move |session| batch::pause(session, &request)).await
}

pub async fn batch_continue(desk: DeskState<'_>, request: BatchRequest) -> Result<BatchView> {
    desk.signed_in(move |session| batch::go_on(session, &request)).await
}

pub async fn batch_cancel(desk: DeskState<'_>, request: BatchRequest) -> Result<BatchView> {
    desk.signed_in(move |session| batch::cancel(session, &request)).await
}

pub async fn batch_retry(desk: DeskState<'_>, request: BatchRequest) -> Result<BatchView> {
    desk.signed_in(move |session| batch::retry(session, &request)).await
}
