//! Pictures, heatmaps and features looked through and made anew. The work goes on behind; the page hears of it by events.

use clinic::views::{DerivedStartRequest, DerivedView};
use clinic::{Result, derived};

use super::DeskState;

pub async fn derived_read(desk: DeskState<'_>) -> Result<DerivedView> {
    desk.signed_in(|session| derived::read(session)).await
}

pub async fn derived_start(desk: DeskState<'_>, request: DerivedStartRequest) -> Result<DerivedView> {
    desk.signed_in(move |session| derived::start(session, request)).await
}

pub async fn derived_cancel(desk: DeskState<'_>) -> Result<DerivedView> {
    desk.signed_in(|session| derived::cancel(session)).await
}
