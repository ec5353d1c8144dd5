use domain::audit::AuditAction;
use domain::batch::{BatchScope, BatchState, MOST_ATTEMPTS};
use domain::image::{ImageKind, ImageRecord};
use domain::job::JobState;
use domain::lesion::Lesion;
use domain::visit::VisitDetails;
use domain::{BatchId, PatientId};
use jiff::{SignedDuration, Timestamp};
use records::audit::{self, AuditFilter};
use records::batches::{self, Batch, Counts};
use records::jobs::{self, JobOutcome};
use records::unread::{self, Among, Unread};
use records::{RecordsError, analyses, deletions, images, visits};

use crate::nouns::analysis_of;
use crate::world::{World, image_of};

fn unread(world: &World, among: Among<'_>) -> Vec<Unread> {
    world.store.read(|tx| unread::among(tx, among)).unwrap()
}

fn photographs(world: &World, lesion: &Lesion, count: usize) -> Vec<ImageRecord> {
    (0..count)
        .map(|at| {
            let mut image = image_of(lesion);
            image.imported_at += SignedDuration::from_secs(at as i64);
            world.write(|tx| images::insert(tx, &image, &[]));
            image
        })
        .collect()
}

/// A batch of this many lesions with one photograph each.
fn batch(world: &World, count: usize) -> (PatientId, Batch) {
    let patient = world.patient();
    for _ in 0..count {
        let lesion = world.lesion(&patient);
        photographs(world, &lesion, 1);
    }
    let items = unread(world, Among::Patient(patient.id));
    assert_eq!(items.len(), count);
    (patient.id, world.write(|tx| batches::create(tx, BatchScope::Patient, &items)))
}

fn read(world: &World, id: BatchId) -> Batch {
    world.store.read(|tx| batches::get(tx, id)).unwrap()
}

/// Takes the next job and ends it.
fn work(world: &World, outcome: Option<JobOutcome>) -> jobs::Job {
    let next = world.store.read(jobs::next).unwrap().expect("a waiting job");
    world.write(|tx| {
        let job = jobs::take(tx, next.id)?.expect("nobody else");
        let outcome = match outcome {
            Some(outcome) => outcome,
            None => {
                let id = serde_json::from_value(job.request["image_ids"][0].clone()).unwrap();
                let image = images::get(tx, id)?;
                let analysis = analysis_of(&[&image]);
                analyses::insert(tx, &analysis, &[])?;
                JobOutcome::Completed(analysis.id)
            }
        };
        jobs::finish(tx, job.id, &outcome)
    })
}

#[test]
fn unread_photographs_are_grouped_by_lesion_and_the_newest_three_count() {
    let world = World::new();
    let patient = world.patient();
    let (many, one, seen) = (world.lesion(&patient), world.lesion(&patient), world.lesion(&patient));
    let four = photographs(&world, &many, 4);
    let single = photographs(&world, &one, 1);
    let read = photographs(&world, &seen, 1);
    let mut overview = image_of(&one);
    overview.kind = ImageKind::Overview;
    world.write(|tx| images::insert(tx, &overview, &[]));
    let analysis = analysis_of(&[&read[0]]);
    world.write(|tx| analyses::insert(tx, &analysis, &[]));

    let found = unread(&world, Among::Patient(patient.id));
    assert_eq!(found.len(), 2, "{found:?}");
    let of = |lesion: &Lesion| found.iter().find(|item| item.lesion_id == lesion.id).unwrap();
    assert_eq!(of(&many).image_ids, [four[3].id, four[2].id, four[1].id]);
    assert_eq!((of(&many).older, of(&one).older), (1, 0));
    assert_eq!(of(&one).image_ids, [single[0].id]);
    assert_eq!(unread(&world, Among::Patient(world.patient().id)), []);

    let picked = [four[0].id, read[0].id, single[0].id];
    let found = unread(&world, Among::Picked(&picked));
    assert_eq!(found.iter().map(|item| item.image_ids.len()).collect::<Vec<_>>(), [1, 1]);

    // A reading that is taken away leaves its photograph unread, a deleted photograph is not looked at.
    world.write(|tx| deletions::delete_reading(tx, analysis.id, "mistaken"));
    assert_eq!(unread(&world, Among::Patient(patient.id)).len(), 3);
    world.write(|tx| deletions::delete_photograph(tx, single[0].id, "mistaken"));
    assert_eq!(unread(&world, Among::Patient(patient.id)).len(), 2);

    // What a job will look at is not asked for twice.
    let items = unread(&world, Among::Patient(patient.id));
    world.write(|tx| batches::create(tx, BatchScope::Patient, &items));
    let rest = unread(&world, Among::Patient(patient.id));
    assert_eq!(rest.iter().map(|item| item.image_ids.clone()).collect::<Vec<_>>(), [[four[0].id]]);
}

#[test]
fn the_queue_of_a_day_is_everybody_who_is_to_come() {
    let world = World::new();
    let (comes, other) = (world.patient(), world.patient());
    for patient in [&comes, &other] {
        let lesion = world.lesion(patient);
        photographs(&world, &lesion, 1);
    }
    let day = jiff::civil::date(2026, 3, 5);
    let details =
        VisitDetails { day, planned_at: None, clinician_id: None, room: String::new(), note: String::new() };
    let added = world.write(|tx| visits::add(tx, comes.id, &details, false)).visit;
    let found = unread(&world, Among::Queue(day));
    assert_eq!(found.iter().map(|item| item.patient_id).collect::<Vec<_>>(), [comes.id]);
    let cancel = domain::visit::VisitStep::Cancel;
    world.write(|tx| visits::step(tx, added.id, added.version, cancel));
    assert_eq!(unread(&world, Among::Queue(day)), []);
}

#[test]
fn a_batch_counts_what_was_done_and_ends_with_its_last_job() {
    let world = World::new();
    let (patient, started) = batch(&world, 3);
    assert_eq!(
        (started.state, started.counts),
        (BatchState::Running, Counts { waiting: 3, ..Counts::default() })
    );
    work(&world, None);
    work(&world, Some(JobOutcome::Failed("consent_missing".into())));
    let world = world.reopened();
    let half = read(&world, started.id);
    assert_eq!(half.counts, Counts { waiting: 1, completed: 1, failed: 1, ..Counts::default() });
    assert_eq!(half.state, BatchState::Running);
    work(&world, None);
    let done = read(&world, started.id);
    assert_eq!(
        (done.state, done.counts.completed, done.finished_at.is_some()),
        (BatchState::Finished, 2, true)
    );

    let (again, count) = world.write(|tx| batches::retry(tx, started.id));
    assert_eq!((again.state, again.counts.waiting, count), (BatchState::Running, 1, 1));
    let job = work(&world, None);
    assert_eq!((job.state, job.attempts, job.message), (JobState::Completed, 1, None));
    assert_eq!(read(&world, started.id).state, BatchState::Finished);
    assert_eq!(world.refused(|tx| batches::retry(tx, started.id)), RecordsError::Conflict);
    assert_eq!(world.store.read(|tx| analyses::of_patient(tx, patient)).unwrap().len(), 3);
    assert_eq!(world.store.read(|tx| batches::newest(tx, 5)).unwrap().len(), 1);
}

#[test]
fn a_paused_batch_waits_and_a_cancelled_one_is_over() {
    let world = World::new();
    let (_, started) = batch(&world, 4);
    work(&world, None);
    let paused = world.write(|tx| batches::pause(tx, started.id, Some("storage_full")));
    assert_eq!((paused.state, paused.pause_reason.as_deref()), (BatchState::Paused, Some("storage_full")));
    assert_eq!(world.store.read(jobs::next), Ok(None));
    assert_eq!(world.store.read(jobs::load), Ok((0, 0)));
    assert_eq!(world.refused(|tx| batches::pause(tx, started.id, None)), RecordsError::Conflict);
    let on = world.write(|tx| batches::go_on(tx, started.id));
    assert_eq!((on.state, on.pause_reason), (BatchState::Running, None));
    assert_eq!(world.store.read(jobs::load), Ok((3, 0)));

    let next = world.store.read(jobs::next).unwrap().unwrap();
    world.write(|tx| jobs::take(tx, next.id));
    assert_eq!(world.write(|tx| jobs::take(tx, next.id)), None, "taken once");
    let (over, under_way) = world.write(|tx| batches::cancel(tx, started.id));
    assert_eq!((over.state, over.counts.cancelled, under_way), (BatchState::Cancelled, 2, vec![next.id]));
    world.write(|tx| jobs::finish(tx, next.id, &JobOutcome::Cancelled));
    let over = read(&world, started.id);
    assert_eq!((over.state, over.counts.cancelled), (BatchState::Cancelled, 3));
    assert_eq!(world.refused(|tx| batches::cancel(tx, started.id)), RecordsError::Conflict);
    assert_eq!(world.refused(|tx| batches::go_on(tx, started.id)), RecordsError::Conflict);
}

#[test]
fn a_job_of_somebody_who_waits_comes_before_a_batch() {
    let world = World::new();
    let (patient, _) = batch(&world, 2);
    let lesion = world.store.read(|tx| records::lesions::of_patient(tx, patient)).unwrap().remove(0);
    world.clock.advance(SignedDuration::from_secs(5));
    let single = jobs::NewJob {
        id: domain::JobId::fresh(),
        kind: jobs::JobKind::Analysis,
        patient_id: patient,
        lesion_id: lesion.id,
        request: serde_json::json!({ "image_ids": [] }),
    };
    world.write(|tx| jobs::create(tx, &single));
    assert_eq!(world.store.read(jobs::next).unwrap().unwrap().id, single.id);
}

#[test]
fn what_a_kill_interrupts_waits_again_but_not_for_ever() {
    let world = World::new();
    let (_, started) = batch(&world, 1);
    let job = world.store.read(jobs::next).unwrap().unwrap();
    for attempt in 1..=MOST_ATTEMPTS {
        let taken = world.write(|tx| jobs::take(tx, job.id)).unwrap();
        assert_eq!(taken.attempts, attempt);
        // The program is killed here.
        assert_eq!(world.store.read(|tx| jobs::interrupted(tx, &[job.id])), Ok(vec![]));
        assert_eq!(world.store.read(|tx| jobs::interrupted(tx, &[])), Ok(vec![job.id]));
        let waits = world.write(|tx| jobs::put_back(tx, job.id, "interrupted"));
        assert_eq!(waits, attempt < MOST_ATTEMPTS);
    }
    let failed = world.store.read(|tx| jobs::get(tx, job.id)).unwrap();
    assert_eq!((failed.state, failed.message.as_deref()), (JobState::Failed, Some("interrupted")));
    assert_eq!(read(&world, started.id).state, BatchState::Finished);
    world.write(|tx| jobs::again(tx, job.id));
    assert_eq!(read(&world, started.id).state, BatchState::Running);
}

#[test]
fn a_reading_made_meanwhile_is_found() {
    let world = World::new();
    let patient = world.patient();
    let lesion = world.lesion(&patient);
    let two = photographs(&world, &lesion, 2);
    let both = [two[0].id, two[1].id];
    let since = Timestamp::UNIX_EPOCH;
    let made = |ids: &[domain::ImageId], since| {
        world.store.read(|tx| jobs::made_since(tx, lesion.id, ids, since)).unwrap()
    };
    assert_eq!(made(&both, since), None);
    let analysis = analysis_of(&[&two[1], &two[0]]);
    world.write(|tx| analyses::insert(tx, &analysis, &[]));
    assert_eq!(made(&both, since), Some(analysis.id));
    assert_eq!(made(&both[..1], since), None);
    assert_eq!(made(&both, analysis.analysed_at + SignedDuration::from_secs(1)), None);
}

#[test]
fn the_items_are_listed_with_names_and_the_look_is_recorded() {
    let world = World::new();
    let (patient, started) = batch(&world, 3);
    let items = world.write(|tx| batches::read_items(tx, Some(started.id), Timestamp::MAX, 1, 10));
    assert_eq!(items.len(), 2);
    assert!(items.iter().all(|item| item.job.patient_id == patient && item.family_name == "Okonkwo"));
    let last = world.store.read(|tx| audit::search(tx, &AuditFilter::default(), None, 1)).unwrap();
    assert_eq!(last[0].action, AuditAction::BatchRead);
    assert_eq!(world.write(|tx| batches::read_items(tx, None, Timestamp::UNIX_EPOCH, 0, 10)), []);
    assert_eq!(
        world.refused(|tx| batches::read_items(tx, Some(BatchId::fresh()), Timestamp::MAX, 0, 10)),
        RecordsError::NotFound
    );
}
