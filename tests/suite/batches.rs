//! Many analyses at once: what is read, what fails and why, pause, cancel, retry, and the program killed in the
//! middle.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use clinic::events::Event;
use clinic::views::*;
use clinic::{ErrorCode, Session, Workstation, analysis, batch, entry, patient};
use domain::batch::{BatchScope, BatchState};
use domain::disagreement::disagreement;
use domain::job::JobState;
use domain::patient::PatientDetails;
use domain::{BatchId, PatientId};
use support::{EMAIL, PASSWORD, World, details, melanoma_like_jpeg, naevus_jpeg, painted, signed_in};
use vault::KdfPolicy;

const PATIENCE: Duration = Duration::from_secs(240);
/// Names the clinic's folder to the child that is killed.
const CHILD: &str = "LENTIGO_KILLED_CHILD";
const KILLS: usize = 4;

fn small() -> Vec<u8> {
    painted(420, 320).to_jpeg(90)
}

fn of(patient_id: PatientId) -> BatchStartRequest {
    BatchStartRequest { of: BatchOf::Patient { patient_id } }
}

/// A patient with this many lesions of one photograph each.
fn patient_with(world: &World, lesions: usize) -> PatientId {
    let patient = world.registers("Lindenhoff");
    for _ in 0..lesions {
        world.imports(world.adds_lesion(patient), &small()).unwrap();
    }
    patient
}

fn read(session: &Session, id: BatchId) -> BatchView {
    let jobs = batch::list(session).unwrap();
    jobs.batches.into_iter().find(|batch| batch.id == id).unwrap()
}

fn until(session: &Session, id: BatchId, reached: impl Fn(&BatchView) -> bool) -> BatchView {
    let begun = Instant::now();
    loop {
        let view = read(session, id);
        if reached(&view) {
            return view;
        }
        assert!(begun.elapsed() < PATIENCE, "{view:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn items(session: &Session, id: BatchId) -> Vec<BatchItemView> {
    batch::items(session, &BatchItemsRequest { id: Some(id), offset: 0, limit: 200 }).unwrap().items
}

#[test]
fn every_lesion_is_read_once_and_consent_is_asked_for_each() {
    let world = World::founded();
    let patient = patient_with(&world, 2);
    let lesion = world.adds_lesion(patient);
    let pair = [&small(), &naevus_jpeg()].map(|bytes| world.imports(lesion, bytes).unwrap().image.id);
    let silent = world.registers("Quill");
    let record = patient::read(&world.session, &PatientReadRequest { id: silent }).unwrap().patient.patient;
    let without = PatientDetails { family_name: "Quill".into(), ai_consent: false, ..details() };
    let update = PatientUpdateRequest { id: silent, version: record.version, details: without };
    patient::update(&world.session, update).unwrap();
    let unread = world.imports(world.adds_lesion(silent), &small()).unwrap().image.id;

    let mut all: Vec<_> = patient::read(&world.session, &PatientReadRequest { id: patient })
        .unwrap()
        .lesions
        .iter()
        .flat_map(|lesion| lesion.images.iter().map(|image| image.id))
        .collect();
    all.push(unread);
    let request = BatchStartRequest { of: BatchOf::Selection { image_ids: all } };
    let preview = batch::preview(&world.session, &request).unwrap();
    assert_eq!((preview.lesions, preview.photographs, preview.without_consent), (4, 5, 1));
    let started = batch::start(&world.session, &request).unwrap();
    assert_eq!((started.scope, started.total), (BatchScope::Selection, 4));
    assert_eq!(batch::preview(&world.session, &request).unwrap().lesions, 0, "nothing is asked for twice");

    let done = until(&world.session, started.id, |batch| batch.state == BatchState::Finished);
    assert_eq!((done.completed, done.failed), (3, 1));
    for item in items(&world.session, started.id) {
        if item.patient_id == silent {
            assert_eq!(item.job.error.unwrap().code, ErrorCode::ConsentMissing);
        } else {
            let request = AnalysisReadRequest { id: item.job.analysis_id.unwrap() };
            let view = analysis::read(&world.session, &request).unwrap();
            assert_eq!(view.analysis.image_ids.len(), if item.job.lesion_id == lesion { 2 } else { 1 });
        }
    }
    assert!(pair.len() == 2 && batch::list(&world.session).unwrap().waiting == 0);

    let with = PatientDetails { family_name: "Quill".into(), ..details() };
    let update = PatientUpdateRequest { id: silent, version: record.version + 1, details: with };
    patient::update(&world.session, update).unwrap();
    batch::retry(&world.session, &BatchRequest { id: started.id }).unwrap();
    let done = until(&world.session, started.id, |batch| batch.state == BatchState::Finished);
    assert_eq!((done.completed, done.failed), (4, 0));
    let refused = batch::start(&world.session, &of(patient)).unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidInput);
}

#[test]
fn a_batch_pauses_goes_on_and_is_cancelled() {
    let world = World::founded();
    let patient = patient_with(&world, 6);
    let started = batch::start(&world.session, &of(patient)).unwrap();
    let request = BatchRequest { id: started.id };
    batch::pause(&world.session, &request).unwrap();
    let paused = until(&world.session, started.id, |batch| batch.running == 0);
    assert_eq!(paused.state, BatchState::Paused);
    assert!(paused.waiting >= 4, "{paused:?}");
    assert_eq!(batch::list(&world.session).unwrap().waiting, 0, "what is paused does not wait for its turn");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(read(&world.session, started.id).completed, paused.completed);

    // A single analysis is not held up by it.
    let extra = world.imports(world.adds_lesion(patient), &small()).unwrap().image.id;
    assert_eq!(world.analyses(&[extra]).unwrap().last().unwrap().state, JobState::Completed);

    batch::go_on(&world.session, &request).unwrap();
    until(&world.session, started.id, |batch| batch.completed > paused.completed);
    let over = batch::cancel(&world.session, &request).unwrap();
    assert_eq!(over.state, BatchState::Cancelled);
    let over = until(&world.session, started.id, |batch| batch.running == 0);
    assert_eq!(over.completed + over.cancelled, 6);
    assert_eq!(batch::cancel(&world.session, &request).unwrap_err().code, ErrorCode::Conflict);
}

#[test]
fn a_batch_waits_for_the_next_sign_in_after_a_sign_out() {
    waits_for_the_next_sign_in(entry::sign_out);
}

#[test]
fn a_batch_waits_for_the_next_sign_in_after_a_lock() {
    waits_for_the_next_sign_in(entry::lock);
}

fn waits_for_the_next_sign_in(leave: fn(&Session) -> clinic::Result<()>) {
    let world = World::founded();
    // A session that was left answers nothing any more.
    let onlooker = signed_in(&world.workstation, EMAIL, PASSWORD).unwrap();
    let started = batch::start(&world.session, &of(patient_with(&world, 5))).unwrap();
    leave(&world.session).unwrap();
    let left = until(&onlooker, started.id, |batch| batch.running == 0);
    assert!(left.waiting >= 1, "{left:?}");
    let again = signed_in(&world.workstation, EMAIL, PASSWORD).unwrap();
    assert_eq!(until(&again, started.id, |batch| batch.state == BatchState::Finished).completed, 5);
}

#[test]
fn without_a_model_a_batch_stands_still_and_says_why() {
    let world = World::founded();
    let started = batch::start(&world.session, &of(patient_with(&world, 3))).unwrap();
    batch::pause(&world.session, &BatchRequest { id: started.id }).unwrap();
    let before = until(&world.session, started.id, |batch| batch.running == 0);
    let nothing = tempfile::tempdir().unwrap();
    let world = world.reopened_with(nothing.path());
    batch::go_on(&world.session, &BatchRequest { id: started.id }).unwrap();
    let still =
        until(&world.session, started.id, |batch| batch.state == BatchState::Paused && batch.running == 0);
    assert_eq!(still.pause_reason, Some(ErrorCode::ModelUnavailable));
    assert_eq!(
        (still.completed, still.failed),
        (before.completed, 0),
        "nothing is invented and nothing lost"
    );
}

#[test]
fn how_far_photographs_disagree_is_told_with_the_result() {
    let world = World::founded();
    let lesion = world.adds_lesion(world.registers("Lindenhoff"));
    let ids = [&melanoma_like_jpeg(), &small()].map(|bytes| world.imports(lesion, bytes).unwrap().image.id);
    let both = world.analyses(&ids).unwrap().last().unwrap().analysis_id.unwrap();
    let view = analysis::read(&world.session, &AnalysisReadRequest { id: both }).unwrap();
    assert_eq!(view.disagreement, disagreement(&view.analysis.assessment, &view.outlines));
    let one = world.analyses(&ids[..1]).unwrap().last().unwrap().analysis_id.unwrap();
    let view = analysis::read(&world.session, &AnalysisReadRequest { id: one }).unwrap();
    assert_eq!(view.disagreement, None);
}

/// The program is killed in the middle of a batch, again and again: nothing is lost and nothing done twice.
#[test]
fn a_batch_outlives_being_killed() {
    const LESIONS: usize = 11;
    let world = World::founded();
    let patient = patient_with(&world, LESIONS);
    let id = batch::start(&world.session, &of(patient)).unwrap().id;
    batch::pause(&world.session, &BatchRequest { id }).unwrap();
    until(&world.session, id, |batch| batch.running == 0);
    let World { folder, workstation, session, .. } = world;
    drop((session, workstation));

    for kill in 0..KILLS {
        killed_after(folder.path(), 1, Duration::from_millis(40 + 90 * kill as u64));
    }
    let workstation = program(folder.path());
    let session = entered(&workstation);
    let done = until(&session, id, |batch| batch.state == BatchState::Finished);
    assert_eq!((done.completed as usize, done.failed), (LESIONS, 0), "{done:?}");
    let page = patient::read(&session, &PatientReadRequest { id: patient }).unwrap();
    assert_eq!(page.lesions.len(), LESIONS);
    assert!(page.lesions.iter().all(|lesion| lesion.analyses.len() == 1), "one reading each");
    let chain = clinic::audit_trail::verify(&session).unwrap();
    assert!(chain.intact, "{chain:?}");
}

/// Starts the program on a clinic, waits for some readings, and a moment later kills it.
fn killed_after(folder: &Path, readings: usize, moment: Duration) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["batches::the_program_that_is_killed", "--exact", "--ignored", "--nocapture"])
        .env(CHILD, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let seen = lines.map_while(Result::ok).filter(|line| line.contains("read one")).take(readings).count();
    assert_eq!(seen, readings, "the program ended by itself");
    std::thread::sleep(moment);
    // SIGKILL on Unix: nothing in the program gets to say goodbye.
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
#[ignore = "the program that another test starts and kills"]
fn the_program_that_is_killed() {
    let Some(folder) = std::env::var_os(CHILD) else { return };
    let workstation = program(Path::new(&folder));
    workstation.events().listen(|event| {
        if matches!(event, Event::RecordChanged { what: clinic::events::Subject::Job, .. }) {
            let _ = writeln!(std::io::stdout().lock(), "read one");
        }
    });
    let session = entered(&workstation);
    let jobs = batch::list(&session).unwrap();
    for paused in jobs.batches.iter().filter(|batch| batch.state == BatchState::Paused) {
        batch::go_on(&session, &BatchRequest { id: paused.id }).unwrap();
    }
    std::thread::sleep(PATIENCE);
}

fn program(folder: &Path) -> Arc<Workstation> {
    let models = support::root().join("models");
    Arc::new(Workstation::new(folder.join("clinic"), models).with_kdf(KdfPolicy::for_tests()))
}

/// Signs in as soon as a program that ended has let go of the clinic.
fn entered(workstation: &Arc<Workstation>) -> Session {
    let begun = Instant::now();
    loop {
        match signed_in(workstation, EMAIL, PASSWORD) {
            Ok(session) => return session,
            Err(error) if error.code == ErrorCode::ClinicInUse && begun.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(50));
            }
            Err(error) => panic!("{error:?}"),
        }
    }
}
