//! Lesions of a patient.

use domain::analysis::Analysis;
use domain::job::{AnalysisStep, JobState};
use domain::lesion::{Lesion, LesionDetails};
use records::{Reading, RecordsError, analyses, images, jobs, lesions};

use crate::analysis::stored_view;
use crate::commands::Command;
use crate::error::Result;
use crate::events::Subject;
use crate::session::Session;
use crate::views::{AnalysisSummary, LesionCreateRequest, LesionView};

/// # Errors
/// `invalid_input` with the fields, `not_found` for the patient.
pub fn create(session: &Session, request: LesionCreateRequest) -> Result<LesionView> {
    let actor = session.authorise(Command::LesionCreate)?;
    let details = LesionDetails {
        label: request.details.label.trim().to_owned(),
        note: request.details.note.trim().to_owned(),
        ..request.details
    };
    details.validate()?;
    let lesion = session.store().write(&actor, |tx| lesions::add(tx, request.patient_id, &details))?;
    session.workstation().events().changed(Subject::Lesion, lesion.id);
    Ok(LesionView { lesion, images: vec![], analyses: vec![], jobs: vec![] })
}

/// The lesion with its photographs, analyses and open work, newest first.
pub(crate) fn view(
    session: &Session,
    tx: &Reading<'_>,
    lesion: Lesion,
) -> std::result::Result<LesionView, RecordsError> {
    let mut images = images::of_lesion(tx, lesion.id)?;
    images.reverse();
    let analyses = analyses::of_lesion(tx, lesion.id)?.iter().map(summary).collect();
    let running = session.workstation().jobs();
    let jobs = jobs::of_lesion(tx, lesion.id)?
        .iter()
        .filter(|job| job.state != JobState::Completed)
        .map(|job| running.view(job.id).unwrap_or_else(|| stored_view(job)))
        .filter(|view| view.step != AnalysisStep::Done || view.state != JobState::Completed)
        .collect();
    Ok(LesionView { lesion, images, analyses, jobs })
}

fn summary(analysis: &Analysis) -> AnalysisSummary {
    let assessment = &analysis.assessment;
    AnalysisSummary {
        id: analysis.id,
        analysed_at: analysis.analysed_at,
        image_ids: analysis.image_ids.clone(),
        band: assessment.band,
        urgency: assessment.urgency,
        gate: assessment.gate,
        label: assessment.label.clone(),
        malignant_sum: assessment.malignant_sum,
        headline: assessment.advice.headline.clone(),
    }
}
