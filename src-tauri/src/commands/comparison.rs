//! Two photographs of a lesion compared; progress travels over a channel.

use clinic::views::*;
use clinic::{Result, comparison};
use tauri::ipc::Channel;

use super::DeskState;

pub async fn comparison_start(
    desk: DeskState<'_>,
    request: ComparisonRequest,
    progress: Channel<ComparisonProgress>,
) -> Result<ComparisonView> {
    desk.signed_in(move |session| {
        comparison::start(session, &request, |step| {
            // A page that has gone away needs no progress.
            let _ = progress.send(*step);
        })
    })
    .await
}

pub async fn comparison_read(
    desk: DeskState<'_>,
    request: ComparisonRequest,
) -> Result<Option<ComparisonView>> {
    desk.signed_in(move |session| comparison::read(session, &request)).await
}
