//! Many readings at once: asked for, followed, paused, cancelled, tried again.

use domain::batch::{BatchState, MOST_ITEMS};
use domain::job::JobState;
use domain::problem::{FieldProblem, ProblemCode};
use jiff::SignedDuration;
use records::batches::{self, Batch, Item};
use records::jobs::{self, Job};
use records::unread::{self, Among, Unread};
use records::{patients, settings};
use serde_json::json;

use crate::analysis::stored_view;
use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::events::Subject;
use crate::jobs::MOST_AT_ONCE;
use crate::models::stored;
use crate::names::Names;
use crate::queue;
use crate::session::Session;
use crate::views::{
    BatchItemView, BatchItems, BatchItemsRequest, BatchOf, BatchPreview, BatchRequest, BatchStartRequest,
    BatchView, JobRequest, JobSettings, JobStatesRequest, JobView, JobsView, SinglesView,
};

/// Batches that are listed besides the open ones.
const MOST_LISTED: u32 = 12;
/// How long an analysis that failed on its own is listed.
const FAILED_FOR: SignedDuration = SignedDuration::from_hours(24);
const MOST_ROWS: u32 = 200;

/// What a batch would read.
///
/// # Errors
/// `not_permitted`, `storage_failed`.
pub fn preview(session: &Session, request: &BatchStartRequest) -> Result<BatchPreview> {
    session.authorise(Command::BatchPreview)?;
    let found = unread_of(session, &request.of)?;
    let consents = session.store().read(|tx| {
        let mut patients_of: Vec<_> = found.iter().map(|item| item.patient_id).collect();
        patients_of.sort();
        patients_of.dedup();
        let mut without = Vec::new();
        for id in &patients_of {
            if !patients::get(tx, *id)?.details.ai_consent {
                without.push(*id);
            }
        }
        Ok((patients_of.len(), without))
    })?;
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(BatchPreview {
        patients: count(consents.0),
        lesions: count(found.len()),
        photographs: count(found.iter().map(|item| item.image_ids.len()).sum()),
        older: found.iter().map(|item| item.older).sum(),
        without_consent: count(found.iter().filter(|item| consents.1.contains(&item.patient_id)).count()),
        most_lesions: count(MOST_ITEMS),
    })
}

/// Puts a reading of every lesion with unread photographs into the queue and answers at once.
///
/// # Errors
/// `invalid_input` (`photographs`) when nothing is unread or more than 2,000 lesions are; `model_unavailable`,
/// `analyses_off`, `not_permitted`.
pub fn start(session: &Session, request: &BatchStartRequest) -> Result<BatchView> {
    let actor = session.authorise(Command::BatchStart)?;
    session.sealed()?;
    crate::settings::admit_analysis(session)?;
    stored::in_use(session.office())?;
    let found = unread_of(session, &request.of)?;
    if found.is_empty() {
        return Err(vec![FieldProblem::new("photographs", ProblemCode::Required)].into());
    }
    if found.len() > MOST_ITEMS {
        let problem = FieldProblem::with_limit("photographs", ProblemCode::TooLong, MOST_ITEMS as u32);
        return Err(vec![problem].into());
    }
    let scope = request.of.scope();
    let batch = session.store().write(&actor, |tx| batches::create(tx, scope, &found))?;
    queue::wake(session)?;
    changed(session, &batch)
}

/// Begins nothing new of a batch; what is under way ends.
///
/// # Errors
/// `not_found`, `conflict` unless it is running.
pub fn pause(session: &Session, request: &BatchRequest) -> Result<BatchView> {
    let actor = session.authorise(Command::BatchPause)?;
    let batch = session.store().write(&actor, |tx| batches::pause(tx, request.id, None))?;
    changed(session, &batch)
}

/// Goes on with a paused batch.
///
/// # Errors
/// `not_found`, `conflict` unless it is paused.
pub fn go_on(session: &Session, request: &BatchRequest) -> Result<BatchView> {
    let actor = session.authorise(Command::BatchContinue)?;
    session.sealed()?;
    let batch = session.store().write(&actor, |tx| batches::go_on(tx, request.id))?;
    queue::wake(session)?;
    changed(session, &batch)
}

/// Ends a batch: what waits is cancelled, what is under way is asked to stop.
///
/// # Errors
/// `not_found`, `conflict` when it has ended already.
pub fn cancel(session: &Session, request: &BatchRequest) -> Result<BatchView> {
    let actor = session.authorise(Command::BatchCancel)?;
    let (batch, under_way) = session.store().write(&actor, |tx| batches::cancel(tx, request.id))?;
    for id in under_way {
        session.workstation().jobs().cancel(id);
    }
    changed(session, &batch)
}

/// Puts what failed back into the queue.
///
/// # Errors
/// `not_found`, `conflict` when nothing failed.
pub fn retry(session: &Session, request: &BatchRequest) -> Result<BatchView> {
    let actor = session.authorise(Command::BatchRetry)?;
    session.sealed()?;
    let (batch, _) = session.store().write(&actor, |tx| batches::retry(tx, request.id))?;
    queue::wake(session)?;
    changed(session, &batch)
}

/// Puts one failed reading back into the queue.
///
/// # Errors
/// `not_found`, `conflict` unless it failed.
pub fn retry_job(session: &Session, request: &JobRequest) -> Result<JobView> {
    let actor = session.authorise(Command::JobRetry)?;
    session.sealed()?;
    let job = session.store().write(&actor, |tx| jobs::again(tx, request.id))?;
    queue::wake(session)?;
    session.workstation().events().changed(Subject::Job, job.id);
    Ok(stored_view(&job))
}

/// Batches and what else waits or runs, without anybody's name.
///
/// # Errors
/// `not_permitted`, `storage_failed`.
pub fn list(session: &Session) -> Result<JobsView> {
    session.authorise(Command::JobList)?;
    let since = session.workstation().clock().now() - FAILED_FOR;
    let (at_once, (waiting, running), batches, singles, names) = session.store().read(|tx| {
        Ok((
            queue::at_once(tx)?,
            jobs::load(tx)?,
            batches::newest(tx, MOST_LISTED)?,
            batches::singles(tx, since)?,
            Names::read(tx)?,
        ))
    })?;
    Ok(JobsView {
        waiting,
        running,
        at_once: u32::try_from(at_once).unwrap_or(1),
        batches: batches.iter().map(|batch| view(batch, &names)).collect(),
        singles: SinglesView { waiting: singles.waiting, running: singles.running, failed: singles.failed },
    })
}

/// A stretch of a batch's readings with the names of patients and lesions.
///
/// # Errors
/// `not_found`.
pub fn items(session: &Session, request: &BatchItemsRequest) -> Result<BatchItems> {
    let actor = session.authorise(Command::BatchItems)?;
    let since = session.workstation().clock().now() - FAILED_FOR;
    let limit = request.limit.clamp(1, MOST_ROWS);
    let items = session
        .store()
        .write(&actor, |tx| batches::read_items(tx, request.id, since, request.offset, limit))?;
    Ok(BatchItems { items: items.into_iter().map(|item| item_view(session, item)).collect() })
}

/// How far some jobs are, for a list that is already on the screen.
///
/// # Errors
/// `not_found`; `invalid_input` for more than 200.
pub fn states(session: &Session, request: &JobStatesRequest) -> Result<Vec<JobView>> {
    session.authorise(Command::JobStates)?;
    if request.ids.len() > MOST_ROWS as usize {
        return Err(Error::with(ErrorCode::InvalidInput, json!({ "most": MOST_ROWS })));
    }
    let found: Vec<Job> = session
        .store()
        .read(|tx| request.ids.iter().map(|id| jobs::get(tx, *id)).collect::<std::result::Result<_, _>>())?;
    Ok(found.iter().map(|job| current(session, job)).collect())
}

/// Changes how many analyses run at once.
///
/// # Errors
/// `invalid_input` outside 1 and 2.
pub fn change_settings(session: &Session, request: &JobSettings) -> Result<JobSettings> {
    let actor = session.authorise(Command::JobSettingsUpdate)?;
    if !(1..=MOST_AT_ONCE).contains(&(request.at_once as usize)) {
        let problem = FieldProblem::with_limit("at_once", ProblemCode::NotAllowed, MOST_AT_ONCE as u32);
        return Err(vec![problem].into());
    }
    let at_once = request.at_once;
    session
        .store()
        .write(&actor, |tx| settings::set(tx, queue::AT_ONCE, &at_once, settings::Shown::Value))?;
    queue::wake(session)?;
    Ok(*request)
}

fn unread_of(session: &Session, of: &BatchOf) -> Result<Vec<Unread>> {
    let today = session.workstation().clock().today();
    let among = match of {
        BatchOf::Patient { patient_id } => Among::Patient(*patient_id),
        BatchOf::Queue { day } => Among::Queue(day.unwrap_or(today)),
        BatchOf::Selection { image_ids } => Among::Picked(image_ids),
    };
    Ok(session.store().read(|tx| unread::among(tx, among))?)
}

/// As the worker sees it where there is one, otherwise as the row tells it.
fn current(session: &Session, job: &Job) -> JobView {
    let live = session.workstation().jobs().view(job.id).filter(|_| job.state == JobState::Processing);
    live.unwrap_or_else(|| stored_view(job))
}

fn changed(session: &Session, batch: &Batch) -> Result<BatchView> {
    session.workstation().events().changed(Subject::Batch, batch.id);
    let names = session.store().read(Names::read)?;
    Ok(view(batch, &names))
}

fn view(batch: &Batch, names: &Names) -> BatchView {
    let counts = batch.counts;
    let reason = batch.pause_reason.as_deref();
    BatchView {
        id: batch.id,
        scope: batch.scope,
        state: batch.state,
        pause_reason: reason.filter(|_| batch.state == BatchState::Paused).map(crate::analysis::code_named),
        asked_by_name: names.name(batch.asked_by),
        created_at: batch.created_at,
        finished_at: batch.finished_at,
        total: counts.total(),
        waiting: counts.waiting,
        running: counts.running,
        completed: counts.completed,
        failed: counts.failed,
        cancelled: counts.cancelled,
    }
}

fn item_view(session: &Session, item: Item) -> BatchItemView {
    BatchItemView {
        job: current(session, &item.job),
        patient_id: item.job.patient_id,
        patient_number: item.patient_number,
        family_name: item.family_name,
        given_names: item.given_names,
        lesion_label: item.lesion_label,
        site: item.site,
    }
}
