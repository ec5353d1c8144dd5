//! Changes of a lesion.

use clinic::views::*;
use clinic::{Result, lesion};

use super::DeskState;

pub async fn lesion_update(desk: DeskState<'_>, request: LesionUpdateRequest) -> Result<LesionView> {
    desk.signed_in(move |session| lesion::update(session, request)).await
}

pub async fn lesion_move(desk: DeskState<'_>, request: LesionMoveRequest) -> Result<LesionView> {
    desk.signed_in(move |session| lesion::relocate(session, &request)).await
}

pub async fn lesion_close(desk: DeskState<'_>, request: LesionCloseRequest) -> Result<LesionView> {
    desk.signed_in(move |session| lesion::close(session, request)).await
}

pub async fn lesion_reopen(desk: DeskState<'_>, request: LesionReopenRequest) -> Result<LesionView> {
    desk.signed_in(move |session| lesion::reopen(session, &request)).await
}
