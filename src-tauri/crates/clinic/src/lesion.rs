//! Lesions of a patient.

use domain::analysis::Analysis;
use domain::job::{AnalysisStep, JobState};
use domain::lesion::{Lesion, LesionClosure, LesionDetails, LesionPlace};
use records::{Reading, RecordsError, analyses, images, jobs, lesions};

use crate::analysis::stored_view;
use crate::commands::Command;
use crate::error::Result;
use crate::events::Subject;
use crate::read_first::Curtain;
use crate::session::Session;
use crate::views::{
    AnalysisSummary, LesionCloseRequest, LesionCreateRequest, LesionMoveRequest, LesionReopenRequest,
    LesionUpdateRequest, LesionView, WithheldReading,
};

/// # Errors
/// `invalid_input` with the fields, `not_found` for the patient.
pub fn create(session: &Session, request: LesionCreateRequest) -> Result<LesionView> {
    let actor = session.authorise(Command::LesionCreate)?;
    let details = checked(request.details, request.place)?;
    changed(
        session,
        session.store().write(&actor, |tx| {
            let lesion = lesions::add_at(tx, request.patient_id, &details, request.place)?;
            view(session, tx, lesion)
        })?,
    )
}

/// # Errors
/// `invalid_input` with the fields, `not_found`; `conflict` when somebody else changed the lesion since
/// `version`.
pub fn update(session: &Session, request: LesionUpdateRequest) -> Result<LesionView> {
    let actor = session.authorise(Command::LesionUpdate)?;
    let details = checked(request.details, request.place)?;
    changed(
        session,
        session.store().write(&actor, |tx| {
            let lesion = lesions::update(tx, request.id, request.version, &details, request.place)?;
            view(session, tx, lesion)
        })?,
    )
}

/// Puts a lesion at another place of the body map, or takes it off.
///
/// # Errors
/// `invalid_input`, `not_found`, `conflict`.
pub fn relocate(session: &Session, request: &LesionMoveRequest) -> Result<LesionView> {
    let actor = session.authorise(Command::LesionMove)?;
    if let Some(place) = request.place {
        place.validate()?;
    }
    changed(
        session,
        session.store().write(&actor, |tx| {
            let lesion = lesions::relocate(tx, request.id, request.version, request.place)?;
            view(session, tx, lesion)
        })?,
    )
}

/// Ends the following of a lesion.
///
/// # Errors
/// `invalid_input` with the fields, `not_found`; `conflict` also for a lesion that is closed.
pub fn close(session: &Session, request: LesionCloseRequest) -> Result<LesionView> {
    let actor = session.authorise(Command::LesionClose)?;
    let closure = LesionClosure { note: request.closure.note.trim().to_owned(), ..request.closure };
    closure.validate(session.workstation().clock().today())?;
    changed(
        session,
        session.store().write(&actor, |tx| {
            let lesion = lesions::close(tx, request.id, request.version, &closure)?;
            view(session, tx, lesion)
        })?,
    )
}

/// Takes a closed lesion up again.
///
/// # Errors
/// `not_found`; `conflict` also for a lesion that is open.
pub fn reopen(session: &Session, request: &LesionReopenRequest) -> Result<LesionView> {
    let actor = session.authorise(Command::LesionReopen)?;
    changed(
        session,
        session.store().write(&actor, |tx| {
            let lesion = lesions::reopen(tx, request.id, request.version)?;
            view(session, tx, lesion)
        })?,
    )
}

fn checked(details: LesionDetails, place: Option<LesionPlace>) -> Result<LesionDetails> {
    let details = LesionDetails {
        label: details.label.trim().to_owned(),
        note: details.note.trim().to_owned(),
        ..details
    };
    details.validate()?;
    if let Some(place) = place {
        place.validate()?;
    }
    Ok(details)
}

fn changed(session: &Session, view: LesionView) -> Result<LesionView> {
    session.workstation().events().changed(Subject::Lesion, view.lesion.id);
    Ok(view)
}

/// The lesion with its photographs, analyses and open work, newest first.
pub(crate) fn view(
    session: &Session,
    tx: &Reading<'_>,
    lesion: Lesion,
) -> std::result::Result<LesionView, RecordsError> {
    let mut images = images::of_lesion(tx, lesion.id)?;
    images.reverse();
    let hidden = Curtain::of(session, tx)?.hidden_of(tx, lesion.patient_id)?;
    let (closed, open): (Vec<Analysis>, Vec<Analysis>) =
        analyses::of_lesion(tx, lesion.id)?.into_iter().partition(|analysis| hidden.contains(&analysis.id));
    let withheld = closed
        .into_iter()
        .map(|analysis| WithheldReading {
            id: analysis.id,
            analysed_at: analysis.analysed_at,
            image_ids: analysis.image_ids,
        })
        .collect();
    let running = session.workstation().jobs();
    let jobs = jobs::of_lesion(tx, lesion.id)?
        .iter()
        .filter(|job| job.state != JobState::Completed)
        .map(|job| running.view(job.id).unwrap_or_else(|| stored_view(job)))
        .filter(|view| view.step != AnalysisStep::Done || view.state != JobState::Completed)
        .collect();
    Ok(LesionView {
        uid: lesion.uid(),
        site_term: lesion.details.site.term(),
        side_term: lesion.details.laterality.term(),
        lesion,
        images,
        analyses: open.iter().map(summary).collect(),
        withheld,
        jobs,
    })
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
