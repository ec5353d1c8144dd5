//! Analyses: asked for, run as jobs, stored, read.

use domain::advice::DISCLAIMER;
use domain::batch::MOST_IMAGES;
use domain::disagreement::disagreement;
use domain::image::ImageRecord;
use domain::job::AnalysisStep;
use domain::{ImageId, JobId};
use records::jobs::{Job, JobKind, JobOutcome, NewJob};
use records::{analyses, images, jobs, outlines, patients};
use serde_json::json;

use crate::break_glass;
use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::events::Subject;
use crate::measuring;
use crate::models::stored;
use crate::queue;
use crate::read_first;
use crate::session::Session;
use crate::settings;
use crate::views::{AnalysisReadRequest, AnalysisStartRequest, AnalysisView, JobRequest, JobView};

/// Records the job and starts it in the background. `progress` hears every change of it, on the
/// worker's thread.
///
/// # Errors
/// `invalid_input` unless there are one to three different photographs of one lesion; `not_found`,
/// `consent_missing`, `model_unavailable`, `analyses_off`.
pub fn start(
    session: &Session,
    request: &AnalysisStartRequest,
    progress: impl Fn(&JobView) + Send + 'static,
) -> Result<JobView> {
    let actor = session.authorise(Command::AnalysisStart)?;
    session.sealed()?;
    let images = images_of_one_lesion(session, &request.image_ids)?;
    let first = images.first().ok_or(ErrorCode::InvalidInput)?;
    let patient = session.store().read(|tx| patients::get(tx, first.patient_id))?;
    if !patient.details.ai_consent {
        return Err(Error::with(ErrorCode::ConsentMissing, json!({ "consent": "ai" })));
    }
    settings::admit_analysis(session)?;
    stored::in_use(session.office())?;
    let job = NewJob {
        id: JobId::fresh(),
        kind: JobKind::Analysis,
        patient_id: first.patient_id,
        lesion_id: first.lesion_id,
        request: json!({ "image_ids": request.image_ids }),
    };
    let running = session.workstation().jobs();
    let view = {
        // Nobody takes the job before it is known who listens.
        let _choosing = running.choosing();
        let view = stored_view(&session.store().write(&actor, |tx| jobs::create(tx, &job))?);
        running.expect(view.clone(), Box::new(progress));
        view
    };
    queue::wake(session)?;
    Ok(view)
}

/// Asks a job to stop; it ends as `CANCELLED` at its next step, at once while it waits.
///
/// # Errors
/// `not_found`; `conflict` when it has ended already.
pub fn cancel(session: &Session, request: &JobRequest) -> Result<JobView> {
    let actor = session.authorise(Command::AnalysisCancel)?;
    let running = session.workstation().jobs();
    let view = {
        let _choosing = running.choosing();
        if running.cancel(request.id) {
            return current(session, request.id);
        }
        let cancelled = |tx: &records::Writing<'_>| jobs::finish(tx, request.id, &JobOutcome::Cancelled);
        stored_view(&session.store().write(&actor, cancelled)?)
    };
    running.ended_waiting(&view);
    session.workstation().events().changed(Subject::Job, view.id);
    Ok(view)
}

/// The state of a job.
///
/// # Errors
/// `not_found`.
pub fn job(session: &Session, request: &JobRequest) -> Result<JobView> {
    session.authorise(Command::JobRead)?;
    current(session, request.id)
}

/// A finished analysis with its photographs.
///
/// # Errors
/// `not_found`; `impression_required` while the clinic reads first.
pub fn read(session: &Session, request: &AnalysisReadRequest) -> Result<AnalysisView> {
    let patient = || Ok(session.store().read(|tx| analyses::patient_of(tx, request.id))?);
    let actor = break_glass::admit(session, Command::AnalysisRead, patient)?;
    read_first::admit(session, request.id)?;
    let (analysis, images, outlines) = session.store().write(&actor, |tx| {
        let analysis = analyses::read(tx, request.id)?;
        let images = analysis
            .image_ids
            .iter()
            .map(|id| images::get(tx, *id))
            .collect::<std::result::Result<_, _>>()?;
        let outlines = measuring::scaled(tx, outlines::of_analysis(tx, request.id)?)?;
        Ok((analysis, images, outlines))
    })?;
    let disagreement = disagreement(&analysis.assessment, &outlines);
    Ok(AnalysisView { analysis, images, outlines, disagreement, disclaimer: DISCLAIMER.to_owned() })
}

fn current(session: &Session, id: JobId) -> Result<JobView> {
    if let Some(view) = session.workstation().jobs().view(id) {
        return Ok(view);
    }
    Ok(stored_view(&session.store().read(|tx| jobs::get(tx, id))?))
}

fn images_of_one_lesion(session: &Session, ids: &[ImageId]) -> Result<Vec<ImageRecord>> {
    let mut distinct = ids.to_vec();
    distinct.sort();
    distinct.dedup();
    if ids.is_empty() || ids.len() > MOST_IMAGES || distinct.len() != ids.len() {
        return Err(Error::with(ErrorCode::InvalidInput, json!({ "max_images": MOST_IMAGES })));
    }
    let images = session
        .store()
        .read(|tx| ids.iter().map(|id| images::get(tx, *id)).collect::<std::result::Result<Vec<_>, _>>())?;
    if images.iter().any(|image| image.lesion_id != images[0].lesion_id) {
        return Err(ErrorCode::InvalidInput.into());
    }
    Ok(images)
}

/// A job as its row tells it.
pub(crate) fn stored_view(job: &Job) -> JobView {
    let image_ids = serde_json::from_value(job.request["image_ids"].clone()).unwrap_or_default();
    let step = if job.state.is_finished() { AnalysisStep::Done } else { AnalysisStep::Queued };
    let error = job.message.as_deref().map(|code| Error::new(code_named(code)));
    JobView {
        id: job.id,
        lesion_id: job.lesion_id,
        image_ids,
        state: job.state,
        step,
        fraction: step.fraction(),
        analysis_id: job.analysis_id,
        error,
        created_at: job.created_at,
    }
}

pub(crate) fn code_named(word: &str) -> ErrorCode {
    serde_json::from_value(json!(word)).unwrap_or(ErrorCode::Internal)
}
