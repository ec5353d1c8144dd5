//! Like cases of the clinic's own archive.

use clinic::views::*;
use clinic::{Result, similar};

use super::DeskState;

pub async fn similar_read(desk: DeskState<'_>, request: AnalysisReadRequest) -> Result<SimilarView> {
    desk.signed_in(move |session| similar::read(session, &request)).await
}

pub async fn similar_open(desk: DeskState<'_>, request: SimilarOpenRequest) -> Result<SimilarOpened> {
    desk.signed_in(move |session| similar::open(session, &request)).await
}
