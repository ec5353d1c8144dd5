//! The patient's own look at their record.

use std::sync::Arc;

use clinic::commands::Command;
use clinic::views::*;
use clinic::{ErrorCode, Result, patient_view, slips};
use tauri::Runtime;

use super::DeskState;
use super::saving::{PDF, save_bytes};
use crate::wire::{Printable, off_thread};

pub async fn patient_view_issue(
    desk: DeskState<'_>,
    request: PatientViewIssueRequest,
) -> Result<PatientSlipView> {
    let slip = desk.signed_in(move |session| patient_view::issue(session, &request)).await?;
    desk.show_once(Printable::PatientSlip(slip.clone()));
    Ok(slip)
}

pub async fn patient_slip_save<R: Runtime>(app: tauri::AppHandle<R>, desk: DeskState<'_>) -> Result<Saved> {
    desk.session()?.authorise(Command::PatientSlipSave)?;
    let Printable::PatientSlip(slip) = desk.shown()? else { return Err(ErrorCode::NotFound.into()) };
    let slip = desk.signed_in(move |session| slips::patient(session, &slip)).await?;
    save_bytes(&app, &desk, &slip.file_name, PDF, slip.pdf).await
}

pub async fn patient_view_open(
    desk: DeskState<'_>,
    request: PatientViewOpenRequest,
) -> Result<PatientViewing> {
    let workstation = Arc::clone(&desk.workstation);
    let visit = off_thread(move || patient_view::open(&workstation, &request)).await?;
    Ok(desk.receive(visit).viewing())
}

pub async fn patient_view_read(desk: DeskState<'_>) -> Result<PatientViewing> {
    let visit = desk.visit()?;
    visit.touch();
    Ok(visit.viewing())
}

pub async fn patient_view_close(desk: DeskState<'_>) -> Result<()> {
    desk.visit()?;
    desk.end_visit();
    Ok(())
}
