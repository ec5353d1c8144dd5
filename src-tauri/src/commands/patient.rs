//! Patients and their lesions.

use clinic::views::*;
use clinic::{Result, lesion, patient};

use super::DeskState;

pub async fn patient_create(desk: DeskState<'_>, request: PatientCreateRequest) -> Result<PatientView> {
    desk.signed_in(move |session| patient::create(session, request)).await
}

pub async fn patient_update(desk: DeskState<'_>, request: PatientUpdateRequest) -> Result<PatientView> {
    desk.signed_in(move |session| patient::update(session, request)).await
}

pub async fn patient_read(desk: DeskState<'_>, request: PatientReadRequest) -> Result<PatientPageView> {
    desk.signed_in(move |session| patient::read(session, &request)).await
}

pub async fn patient_search(
    desk: DeskState<'_>,
    request: PatientSearchRequest,
) -> Result<PatientSearchResult> {
    desk.signed_in(move |session| patient::search(session, &request)).await
}

pub async fn lesion_create(desk: DeskState<'_>, request: LesionCreateRequest) -> Result<LesionView> {
    desk.signed_in(move |session| lesion::create(session, request)).await
}
