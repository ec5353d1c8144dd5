//! The queue at work: a worker takes the job that is next, does it, and looks again.
//!
//! Result and end of a job are one transaction, so a kill loses nothing and nothing is done twice: what was
//! under way waits again when the clinic is opened next, and fails when that happens too often.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use domain::job::{AnalysisStep, JobState};
use domain::user::UserState;
use domain::{Actor, BatchId, JobId, UserId};
use records::jobs::{Job, JobOutcome};
use records::{analyses, batches, embeddings, jobs, patients, settings, users};
use serde_json::json;

use crate::analysis::stored_view;
use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::events::Subject;
use crate::examination;
use crate::jobs::{Cancel, Jobs, MOST_AT_ONCE, Progress};
use crate::session::{Office, Session};
use crate::views::JobView;

/// How many analyses run at once: one or two.
pub(crate) const AT_ONCE: &str = "jobs.at_once";
/// The scheduler's word for work that gives way to the window.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// Takes up whatever waits, also what was under way when the program ended. Does nothing in a session that
/// opens no photographs.
///
/// # Errors
/// `storage_failed`, `record_damaged`.
pub(crate) fn wake(session: &Session) -> Result<()> {
    let office = session.office();
    if office.sealed.is_none() {
        return Ok(());
    }
    let running = office.workstation.jobs();
    {
        let _choosing = running.choosing();
        let (under_way, reason) = (running.under_way(), code(ErrorCode::Interrupted));
        for id in office.store.read(|tx| jobs::interrupted(tx, &under_way))? {
            office.store.write(&session.actor(), |tx| jobs::put_back(tx, id, &reason))?;
        }
    }
    if office.store.read(next)?.is_some() {
        let most = office.store.read(at_once)?;
        running.call(office, most, work, || !session.has_ended());
    }
    Ok(())
}

/// How many analyses may run at once.
pub(crate) fn at_once(tx: &records::Reading<'_>) -> std::result::Result<usize, records::RecordsError> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Ok(settings::get::<usize>(tx, AT_ONCE)?.unwrap_or(cores).clamp(1, MOST_AT_ONCE))
}

fn work(running: &Jobs) {
    give_way();
    while let Some(turn) = running.turn() {
        match take(running, &turn.office) {
            Ok(Some(run)) => run.through(),
            Ok(None) if running.rest(&turn) => return,
            Ok(None) => {}
            Err(error) => {
                tracing::error!(code = ?error.code, "the queue stands still");
                running.dismiss();
            }
        }
    }
}

/// The window comes first, where the system lets a thread say so.
fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICE) {
        tracing::debug!(%error, "priority");
    }
}

/// The next job, unless the clinic has switched analyses off meanwhile.
fn next(tx: &records::Reading<'_>) -> std::result::Result<Option<Job>, records::RecordsError> {
    if crate::settings::analyses(tx)? { jobs::next(tx) } else { Ok(None) }
}

fn take(running: &Jobs, office: &Arc<Office>) -> Result<Option<Run>> {
    let _choosing = running.choosing();
    while let Some(next) = office.store.read(next)? {
        let actor = actor_of(office, next.asked_by)?;
        let begun = running.begin(stored_view(&next));
        let taken =
            office.store.write(&actor, |tx| jobs::take(tx, next.id)).inspect_err(|_| running.end(next.id));
        if let Some(job) = taken? {
            let view = stored_view(&job);
            let office = Arc::clone(office);
            return Ok(Some(Run {
                office,
                actor,
                job,
                view,
                cancel: begun.cancel,
                progress: begun.progress,
            }));
        }
        // It was cancelled or its batch paused between the two.
        running.end(next.id);
        if let Some(progress) = begun.progress {
            progress(&stored_view(&office.store.read(|tx| jobs::get(tx, next.id))?));
        }
    }
    Ok(None)
}

/// Whoever asked acts, in the role they have now.
fn actor_of(office: &Office, user: UserId) -> Result<Actor> {
    let role = office.store.read(|tx| users::get(tx, user))?.role;
    Ok(Actor { user, role })
}

/// Every item of a batch would end like this one: it waits until somebody has seen to it.
const fn concerns_all(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::StorageFull | ErrorCode::StorageFailed | ErrorCode::ModelUnavailable)
}

/// One job on its worker thread: what it needs and whom it tells.
struct Run {
    office: Arc<Office>,
    actor: Actor,
    job: Job,
    view: JobView,
    cancel: Cancel,
    progress: Option<Progress>,
}

impl Run {
    fn through(mut self) {
        let done = catch_unwind(AssertUnwindSafe(|| self.examine())).unwrap_or_else(|_| {
            tracing::error!("an analysis panicked");
            Err(ErrorCode::Internal.into())
        });
        let recorded = match done {
            Ok(()) => Ok(()),
            Err(error) => self.end_without_result(error),
        };
        if let Err(error) = recorded {
            // It counts as under way until the next sign-in takes it up again.
            tracing::error!(code = ?error.code, "the end of a job could not be recorded");
            self.view.state = JobState::Failed;
            self.view.error = Some(error);
            self.office.workstation.jobs().dismiss();
        }
        tracing::info!(state = ?self.view.state, code = ?self.view.error.as_ref().map(|e| e.code), "a reading ends");
        self.tell(AnalysisStep::Done);
        self.office.workstation.jobs().end(self.job.id);
        self.changed();
    }

    fn end_without_result(&mut self, error: Error) -> Result<()> {
        let id = self.job.id;
        if let (Some(batch), true) = (self.job.batch_id, concerns_all(error.code)) {
            let reason = code(error.code);
            let waits = self.office.store.write(&self.actor, |tx| stall(tx, id, batch, &reason))?;
            if waits {
                self.view.state = JobState::Pending;
                return Ok(());
            }
        } else {
            let outcome = match error.code {
                ErrorCode::AnalysisCancelled => JobOutcome::Cancelled,
                other => JobOutcome::Failed(code(other)),
            };
            self.office.store.write(&self.actor, |tx| jobs::finish(tx, id, &outcome))?;
        }
        self.view.state = self.office.store.read(|tx| jobs::get(tx, id))?.state;
        self.view.error = (self.view.state == JobState::Failed).then_some(error);
        Ok(())
    }

    fn examine(&mut self) -> Result<()> {
        self.view.state = JobState::Processing;
        self.tell(AnalysisStep::Opening);
        self.changed();
        self.may_be_read()?;
        let id = self.job.id;
        if let Some(analysis) = self.made_meanwhile()? {
            let outcome = JobOutcome::Completed(analysis);
            self.office.store.write(&self.actor, |tx| jobs::finish(tx, id, &outcome))?;
            return self.completed(analysis);
        }
        let office = Arc::clone(&self.office);
        let images = self.view.image_ids.clone();
        let cancel = self.cancel.clone();
        let finding = examination::examine(&office, &images, &mut |step| self.tell(step), &cancel)?;
        self.tell(AnalysisStep::Saving);
        let analysis = finding.analysis.id;
        let stored = office.store.write(&self.actor, |tx| {
            analyses::insert_outlined(tx, &finding.analysis, &finding.explanations, &finding.outlines)?;
            embeddings::keep(tx, &finding.analysis.model.sha256, &finding.directions)?;
            jobs::finish(tx, id, &JobOutcome::Completed(analysis))
        });
        if let Err(error) = stored {
            examination::discard(&office, &finding);
            return Err(error.into());
        }
        self.completed(analysis)
    }

    fn completed(&mut self, analysis: domain::AnalysisId) -> Result<()> {
        self.view.analysis_id = Some(analysis);
        self.view.state = JobState::Completed;
        Ok(())
    }

    /// A job may wait, also over a restart: its asker may have left, the consent been withdrawn, a photograph
    /// been deleted meanwhile.
    fn may_be_read(&self) -> Result<()> {
        if self.cancel.is_requested() {
            return Err(ErrorCode::AnalysisCancelled.into());
        }
        let asker = self.office.store.read(|tx| users::get(tx, self.actor.user))?;
        let allowed = Command::AnalysisStart.access().allows(Some(asker.role));
        if asker.state != UserState::Active || !allowed {
            return Err(ErrorCode::NotPermitted.into());
        }
        let consent = self.office.store.read(|tx| {
            jobs::images_stand(tx, &self.view.image_ids)?;
            Ok(patients::get(tx, self.job.patient_id)?.details.ai_consent)
        })?;
        if consent {
            return Ok(());
        }
        Err(Error::with(ErrorCode::ConsentMissing, json!({ "consent": "ai" })))
    }

    /// Somebody may have had the photographs of a batch read while it waited.
    fn made_meanwhile(&self) -> Result<Option<domain::AnalysisId>> {
        if self.job.batch_id.is_none() {
            return Ok(None);
        }
        let Job { lesion_id, created_at, .. } = self.job;
        let images = &self.view.image_ids;
        Ok(self.office.store.read(|tx| jobs::made_since(tx, lesion_id, images, created_at))?)
    }

    fn tell(&mut self, step: AnalysisStep) {
        self.view.step = if self.view.state == JobState::Pending { AnalysisStep::Queued } else { step };
        self.view.fraction = self.view.step.fraction();
        self.office.workstation.jobs().note(&self.view);
        if let Some(progress) = &self.progress {
            progress(&self.view);
        }
    }

    fn changed(&self) {
        let events = self.office.workstation.events();
        if self.view.state.is_finished() {
            events.changed(Subject::Job, self.job.id);
        }
        if let Some(batch) = self.job.batch_id {
            events.changed(Subject::Batch, batch);
        }
    }
}

/// Puts a job back and pauses its batch for a reason that concerns all of it; says whether the job waits.
fn stall(
    tx: &records::Writing<'_>,
    id: JobId,
    batch: BatchId,
    reason: &str,
) -> std::result::Result<bool, records::RecordsError> {
    let waits = jobs::put_back(tx, id, reason)?;
    if waits && batches::get(tx, batch)?.state == domain::batch::BatchState::Running {
        batches::pause(tx, batch, Some(reason))?;
    }
    Ok(waits)
}

fn code(code: ErrorCode) -> String {
    json!(code).as_str().unwrap_or("internal").to_owned()
}
