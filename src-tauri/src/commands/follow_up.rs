//! Recalls, biopsies, notes, the call list and the safety net.

use clinic::views::*;
use clinic::{Result, biopsy, case_note, follow_up, recall, safety_net};

use super::DeskState;

pub async fn follow_up_read(desk: DeskState<'_>, request: FollowUpRequest) -> Result<FollowUpView> {
    desk.signed_in(move |session| follow_up::read(session, &request)).await
}

pub async fn recall_plan(desk: DeskState<'_>, request: RecallPlanRequest) -> Result<RecallView> {
    desk.signed_in(move |session| recall::plan(session, request)).await
}

pub async fn recall_change(desk: DeskState<'_>, request: RecallChangeRequest) -> Result<RecallView> {
    desk.signed_in(move |session| recall::change(session, request)).await
}

pub async fn recall_contact(desk: DeskState<'_>, request: RecallContactRequest) -> Result<RecallView> {
    desk.signed_in(move |session| recall::contact(session, request)).await
}

pub async fn recall_unbook(desk: DeskState<'_>, request: RecallRequest) -> Result<RecallView> {
    desk.signed_in(move |session| recall::unbook(session, &request)).await
}

pub async fn recall_close(desk: DeskState<'_>, request: RecallCloseRequest) -> Result<RecallView> {
    desk.signed_in(move |session| recall::close(session, &request)).await
}

pub async fn call_list(desk: DeskState<'_>, request: CallListRequest) -> Result<CallListView> {
    desk.signed_in(move |session| recall::call_list(session, &request)).await
}

pub async fn biopsy_take(desk: DeskState<'_>, request: BiopsyTakeRequest) -> Result<BiopsyView> {
    desk.signed_in(move |session| biopsy::take(session, request)).await
}

pub async fn biopsy_change(desk: DeskState<'_>, request: BiopsyChangeRequest) -> Result<BiopsyView> {
    desk.signed_in(move |session| biopsy::change(session, request)).await
}

pub async fn biopsy_send(desk: DeskState<'_>, request: BiopsySendRequest) -> Result<BiopsyView> {
    desk.signed_in(move |session| biopsy::send(session, &request)).await
}

pub async fn biopsy_withdraw(desk: DeskState<'_>, request: BiopsyWithdrawRequest) -> Result<BiopsyView> {
    desk.signed_in(move |session| biopsy::withdraw(session, &request)).await
}

pub async fn histology_enter(desk: DeskState<'_>, request: HistologyEnterRequest) -> Result<BiopsyView> {
    desk.signed_in(move |session| biopsy::enter_histology(session, request)).await
}

pub async fn histology_acknowledge(desk: DeskState<'_>, request: BiopsyRequest) -> Result<BiopsyView> {
    desk.signed_in(move |session| biopsy::acknowledge(session, &request)).await
}

pub async fn morphology_list(desk: DeskState<'_>) -> Result<Vec<MorphologyView>> {
    desk.signed_in(|session| biopsy::morphologies(session)).await
}

pub async fn case_note_write(desk: DeskState<'_>, request: CaseNoteWriteRequest) -> Result<CaseNoteView> {
    desk.signed_in(move |session| case_note::write(session, request)).await
}

pub async fn case_note_done(desk: DeskState<'_>, request: CaseNoteDoneRequest) -> Result<CaseNoteView> {
    desk.signed_in(move |session| case_note::mark_done(session, &request)).await
}

pub async fn case_note_strike(desk: DeskState<'_>, request: CaseNoteStrikeRequest) -> Result<CaseNoteView> {
    desk.signed_in(move |session| case_note::strike(session, &request)).await
}

pub async fn safety_net_read(desk: DeskState<'_>, request: SafetyNetRequest) -> Result<SafetyNetView> {
    desk.signed_in(move |session| safety_net::read(session, &request)).await
}

pub async fn safety_net_count(desk: DeskState<'_>) -> Result<SafetyNetCounts> {
    desk.signed_in(|session| safety_net::count(session)).await
}
