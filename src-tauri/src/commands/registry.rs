//! Numbers, consents, duplicates and merges of patients.

use clinic::views::*;
use clinic::{Result, merging, registry};

use super::DeskState;

pub async fn number_pattern_read(desk: DeskState<'_>) -> Result<NumberPatternView> {
    desk.signed_in(|session| registry::pattern(session)).await
}

pub async fn number_pattern_preview(
    desk: DeskState<'_>,
    request: NumberPatternRequest,
) -> Result<NumberPatternView> {
    desk.signed_in(move |session| registry::preview_pattern(session, &request)).await
}

pub async fn number_pattern_update(
    desk: DeskState<'_>,
    request: NumberPatternRequest,
) -> Result<NumberPatternView> {
    desk.signed_in(move |session| registry::change_pattern(session, &request)).await
}

pub async fn consent_record(desk: DeskState<'_>, request: ConsentRecordRequest) -> Result<PatientView> {
    desk.signed_in(move |session| registry::record_consent(session, &request)).await
}

pub async fn consent_list(desk: DeskState<'_>, request: ConsentListRequest) -> Result<Vec<ConsentEntryView>> {
    desk.signed_in(move |session| registry::consents(session, &request)).await
}

pub async fn patient_duplicates(
    desk: DeskState<'_>,
    request: PatientDuplicatesRequest,
) -> Result<Vec<DuplicateView>> {
    desk.signed_in(move |session| registry::duplicates(session, &request)).await
}

pub async fn patient_merge_preview(
    desk: DeskState<'_>,
    request: MergePreviewRequest,
) -> Result<MergePreview> {
    desk.signed_in(move |session| merging::preview(session, &request)).await
}

pub async fn patient_merge(desk: DeskState<'_>, request: PatientMergeRequest) -> Result<PatientView> {
    desk.signed_in(move |session| merging::merge(session, &request)).await
}

pub async fn patient_merge_undo(desk: DeskState<'_>, request: MergeUndoRequest) -> Result<PatientView> {
    desk.signed_in(move |session| merging::undo(session, &request)).await
}
