//! The patient's line of time.

use clinic::views::*;
use clinic::{Result, timeline};

use super::DeskState;

pub async fn timeline_read(desk: DeskState<'_>, request: TimelineRequest) -> Result<TimelineView> {
    desk.signed_in(move |session| timeline::read(session, request)).await
}
