//! Analyses: asked for, run as jobs, stored, read.

use std::sync::Arc;

use domain::advice::DISCLAIMER;
use domain::image::ImageRecord;
use domain::job::{AnalysisStep, JobState};
use domain::{Actor, ImageId, JobId};
use records::jobs::{Job, JobKind, JobOutcome, NewJob};
use records::{analyses, images, jobs, lesions, outlines, patients};
use serde_json::json;

use crate::break_glass;
use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::events::Subject;
use crate::examination;
use crate::jobs::Cancel;
use crate::session::{Office, Session};
use crate::views::{AnalysisReadRequest, AnalysisStartRequest, AnalysisView, JobRequest, JobView};

/// Most photographs of one analysis.
const MAX_IMAGES: usize = 3;

/// Records the job and starts it in the background. `progress` hears every change of it, on the
/// worker's thread.
///
/// # Errors
/// `invalid_input` unless there are one to three different photographs of one lesion; `not_found`,
/// `consent_missing`, `model_unavailable`.
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
    session.workstation().model().classifier()?;
    let job = NewJob {
        id: JobId::fresh(),
        kind: JobKind::Analysis,
        patient_id: first.patient_id,
        lesion_id: first.lesion_id,
        request: json!({ "image_ids": request.image_ids }),
    };
    let job = session.store().write(&actor, |tx| jobs::create(tx, &job))?;
    let view = stored_view(&job);
    launch(Arc::clone(session.office()), actor, view.clone(), progress);
    Ok(view)
}

/// Takes up what was unfinished when the program ended.
pub(crate) fn resume(session: &Session) -> Result<()> {
    for job in session.store().read(jobs::unfinished)? {
        let actor = Actor { user: job.asked_by, role: session.user().role };
        launch(Arc::clone(session.office()), actor, stored_view(&job), |_| {});
    }
    Ok(())
}

/// Asks a job to stop; it ends as `CANCELLED` at its next step.
///
/// # Errors
/// `not_found`; `conflict` when it has ended already.
pub fn cancel(session: &Session, request: &JobRequest) -> Result<JobView> {
    session.authorise(Command::AnalysisCancel)?;
    if session.workstation().jobs().cancel(request.id) {
        return current(session, request.id);
    }
    let view = current(session, request.id)?;
    if view.state.is_finished() { Err(ErrorCode::Conflict.into()) } else { Ok(view) }
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
/// `not_found`.
pub fn read(session: &Session, request: &AnalysisReadRequest) -> Result<AnalysisView> {
    let patient = || Ok(session.store().read(|tx| analyses::patient_of(tx, request.id))?);
    let actor = break_glass::admit(session, Command::AnalysisRead, patient)?;
    let (analysis, images, outlines) = session.store().write(&actor, |tx| {
        let analysis = analyses::read(tx, request.id)?;
        let images = analysis
            .image_ids
            .iter()
            .map(|id| images::get(tx, *id))
            .collect::<std::result::Result<_, _>>()?;
        Ok((analysis, images, outlines::of_analysis(tx, request.id)?))
    })?;
    Ok(AnalysisView { analysis, images, outlines, disclaimer: DISCLAIMER.to_owned() })
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
    if ids.is_empty() || ids.len() > MAX_IMAGES || distinct.len() != ids.len() {
        return Err(Error::with(ErrorCode::InvalidInput, json!({ "max_images": MAX_IMAGES })));
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
    let error = job.message.as_ref().map(|code| Error::new(code_named(code)));
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

fn code_named(word: &str) -> ErrorCode {
    serde_json::from_value(json!(word)).unwrap_or(ErrorCode::Internal)
}

/// One job on its worker thread: what it needs and whom it tells.
struct Run {
    office: Arc<Office>,
    actor: Actor,
    view: JobView,
    progress: Box<dyn Fn(&JobView) + Send>,
}

fn launch(office: Arc<Office>, actor: Actor, view: JobView, progress: impl Fn(&JobView) + Send + 'static) {
    let jobs = office.workstation.jobs().clone();
    let mut run = Run { office, actor, view: view.clone(), progress: Box::new(progress) };
    jobs.start(view, move |cancel| run.run_through(cancel));
}

impl Run {
    fn run_through(&mut self, cancel: &Cancel) {
        let outcome = match self.examine(cancel) {
            Ok(()) => return,
            Err(error) if error.code == ErrorCode::AnalysisCancelled => JobOutcome::Cancelled,
            Err(error) => {
                let code = json!(error.code).as_str().unwrap_or("internal").to_owned();
                self.view.error = Some(error);
                JobOutcome::Failed(code)
            }
        };
        let id = self.view.id;
        if let Err(error) = self.office.store.write(&self.actor, |tx| jobs::finish(tx, id, &outcome)) {
            tracing::error!(%error, "the end of a job could not be recorded");
        }
        self.view.state = match outcome {
            JobOutcome::Cancelled => JobState::Cancelled,
            _ => JobState::Failed,
        };
        self.tell(AnalysisStep::Done);
    }

    fn examine(&mut self, cancel: &Cancel) -> Result<()> {
        if cancel.is_requested() {
            return Err(ErrorCode::AnalysisCancelled.into());
        }
        self.consent()?;
        let id = self.view.id;
        self.office.store.write(&self.actor, |tx| jobs::start(tx, id))?;
        self.view.state = JobState::Processing;
        self.tell(AnalysisStep::Opening);
        let office = Arc::clone(&self.office);
        let images = self.view.image_ids.clone();
        let finding = examination::examine(&office, &images, &mut |step| self.tell(step), cancel)?;
        self.tell(AnalysisStep::Saving);
        let analysis_id = finding.analysis.id;
        let stored = office.store.write(&self.actor, |tx| {
            analyses::insert_outlined(tx, &finding.analysis, &finding.explanations, &finding.outlines)?;
            jobs::finish(tx, id, &JobOutcome::Completed(analysis_id))
        });
        if let Err(error) = stored {
            examination::discard(&office, &finding);
            return Err(error.into());
        }
        self.view.analysis_id = Some(analysis_id);
        self.view.state = JobState::Completed;
        self.tell(AnalysisStep::Done);
        Ok(())
    }

    /// A job may wait, also over a restart, and the consent may be withdrawn meanwhile.
    fn consent(&self) -> Result<()> {
        let lesion = self.view.lesion_id;
        let patient = self.office.store.read(|tx| patients::get(tx, lesions::get(tx, lesion)?.patient_id))?;
        if patient.details.ai_consent {
            return Ok(());
        }
        Err(Error::with(ErrorCode::ConsentMissing, json!({ "consent": "ai" })))
    }

    fn tell(&mut self, step: AnalysisStep) {
        self.view.step = step;
        self.view.fraction = step.fraction();
        self.office.workstation.jobs().note(&self.view);
        (self.progress)(&self.view);
        if self.view.state.is_finished() {
            self.office.workstation.events().changed(Subject::Job, self.view.id);
        }
    }
}
