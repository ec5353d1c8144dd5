//! Two records of one person become one, and two again.

use domain::merge::composed;
use domain::patient::Patient;
use domain::{MergeId, PatientId};
use records::patients::{self, Merge};
use records::{Reading, RecordsError, Writing};
use serde_json::json;

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::events::Subject;
use crate::names::Names;
use crate::patient;
use crate::session::Session;
use crate::views::{
    MergeCounts, MergePreview, MergePreviewRequest, MergeUndoRequest, MergeView, PatientMergeRequest,
    PatientView,
};

/// Both records side by side, and what would move. Looking at them is recorded for both.
///
/// # Errors
/// `not_found`, `same_patient`, `patient_merged`.
pub fn preview(session: &Session, request: &MergePreviewRequest) -> Result<MergePreview> {
    let actor = session.authorise(Command::PatientMergePreview)?;
    distinct(request.kept, request.other)?;
    let (kept, other, counts) = session.store().write(&actor, |tx| {
        let (kept, other) = (patients::read(tx, request.kept)?, patients::read(tx, request.other)?);
        Ok((kept, other, patients::counts_of(tx, request.other)?))
    })?;
    standing(&kept)?;
    standing(&other)?;
    let mut moves = MergeCounts::default();
    for (table, count) in counts {
        let place = match table {
            "lesions" => &mut moves.lesions,
            "images" => &mut moves.photographs,
            "analyses" => &mut moves.analyses,
            "reports" => &mut moves.reports,
            _ => &mut moves.others,
        };
        *place = place.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
    }
    Ok(MergePreview { kept: patient::view(session, kept), other: patient::view(session, other), moves })
}

/// Makes one record of two; the answer is the one that stays.
///
/// # Errors
/// `not_found`, `same_patient`, `patient_merged`; `conflict` when either was changed since the choice was
/// made; `busy` while an analysis of either runs; `invalid_input` when joined texts grow too long.
pub fn merge(session: &Session, request: &PatientMergeRequest) -> Result<PatientView> {
    let actor = session.authorise(Command::PatientMerge)?;
    distinct(request.kept, request.other)?;
    let (kept, other) = session
        .store()
        .read(|tx| Ok((patients::get(tx, request.kept)?, patients::get(tx, request.other)?)))?;
    standing(&kept)?;
    standing(&other)?;
    let details = composed(&kept.details, &other.details, &request.choices);
    details.validate(session.workstation().clock().today())?;
    let patient = session.store().write(&actor, |tx| {
        let (kept, other) = ((kept.id, request.kept_version), (other.id, request.other_version));
        patients::merge(tx, kept, other, &details)?;
        patients::get(tx, kept.0)
    })?;
    told(session, &[request.kept, request.other]);
    Ok(patient::view(session, patient))
}

/// Makes two records of one again; the answer is the one that had stayed.
///
/// # Errors
/// `not_found`; `conflict` when it was undone before; `patient_merged` while the record is itself merged into
/// another; `busy`.
pub fn undo(session: &Session, request: &MergeUndoRequest) -> Result<PatientView> {
    let actor = session.authorise(Command::PatientMergeUndo)?;
    let (merge, patient) = session.store().write(&actor, |tx| undone(tx, request.id))?;
    told(session, &[merge.survivor_id, merge.merged_id]);
    Ok(patient::view(session, patient))
}

fn undone(tx: &Writing<'_>, id: MergeId) -> std::result::Result<(Merge, Patient), RecordsError> {
    let merge = patients::undo_merge(tx, id)?;
    let patient = patients::get(tx, merge.survivor_id)?;
    Ok((merge, patient))
}

fn distinct(kept: PatientId, other: PatientId) -> Result<()> {
    if kept == other { Err(ErrorCode::SamePatient.into()) } else { Ok(()) }
}

fn standing(patient: &Patient) -> Result<()> {
    match patient.merged_into {
        None => Ok(()),
        Some(id) => Err(Error::with(ErrorCode::PatientMerged, json!({ "patient_id": id }))),
    }
}

fn told(session: &Session, patients: &[PatientId]) {
    for patient in patients {
        session.workstation().events().changed(Subject::Patient, patient);
    }
}

/// Records that were merged into a patient's, newest first.
pub(crate) fn of_patient(
    tx: &Reading<'_>,
    patient: PatientId,
) -> std::result::Result<Vec<MergeView>, RecordsError> {
    let merges = patients::merges_of(tx, patient)?;
    if merges.is_empty() {
        return Ok(Vec::new());
    }
    let names = Names::read(tx)?;
    Ok(merges.into_iter().map(|merge| view(&names, merge)).collect())
}

fn view(names: &Names, merge: Merge) -> MergeView {
    MergeView {
        id: merge.id,
        merged_id: merge.merged_id,
        number: merge.merged_number,
        family_name: merge.merged_family_name,
        given_names: merge.merged_given_names,
        merged_at: merge.merged_at,
        merged_by: names.name(merge.merged_by),
        undone_at: merge.undone_at,
        undone_by: names.name_or_none(merge.undone_by),
    }
}
