//! Analyses run as jobs; progress travels over a channel.

use clinic::views::*;
use clinic::{Result, analysis, model};
use tauri::ipc::Channel;

use super::DeskState;

pub async fn analysis_start(
    desk: DeskState<'_>,
    request: AnalysisStartRequest,
    progress: Channel<JobView>,
) -> Result<JobView> {
    desk.signed_in(move |session| {
        analysis::start(session, &request, move |job| {
            // A page that has gone away needs no progress.
            let _ = progress.send(job.clone());
        })
    })
    .await
}

pub async fn analysis_cancel(desk: DeskState<'_>, request: JobRequest) -> Result<JobView> {
    desk.signed_in(move |session| analysis::cancel(session, &request)).await
}

pub async fn job_read(desk: DeskState<'_>, request: JobRequest) -> Result<JobView> {
    desk.signed_in(move |session| analysis::job(session, &request)).await
}

pub async fn analysis_read(desk: DeskState<'_>, request: AnalysisReadRequest) -> Result<AnalysisView> {
    desk.signed_in(move |session| analysis::read(session, &request)).await
}

pub async fn model_read(desk: DeskState<'_>) -> Result<ModelView> {
    desk.signed_in(|session| model::read(session)).await
}
