use domain::analysis::Analysis;
use domain::audit::AuditAction;
use domain::biopsy::Finding;
use domain::hold::HoldDetails;
use domain::image::ImageRecord;
use domain::lesion::Lesion;
use domain::morphology::Behaviour;
use domain::patient::Patient;
use domain::{AnalysisId, Clock, ImageId, JobId, ReportId};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use records::analyses::{ExplanationFile, ExplanationKind};
use records::audit::{self, AuditFilter, AuditRow};
use records::images::Rendition;
use records::jobs::{self, JobKind, JobOutcome, NewJob};
use records::purges::{self, Purged};
use records::reports::{self, NewReport};
use records::{RecordsError, analyses, biopsies, deletions, files, holds, images, patients};
use serde_json::json;

use crate::follow_up::{finding, specimen};
use crate::nouns::analysis_of;
use crate::world::{World, details, image_of, sealed_file};

const REASON: &str = "Wrong patient";

struct Examined {
    world: World,
    patient: Patient,
    lesion: Lesion,
    image: ImageRecord,
    reading: Analysis,
}

fn photograph(world: &World, lesion: &Lesion) -> ImageRecord {
    let image = ImageRecord { imported_at: world.clock.now(), ..image_of(lesion) };
    let files = [(Rendition::Original, sealed_file()), (Rendition::Display, sealed_file())];
    world.write(|tx| images::insert(tx, &image, &files));
    image
}

/// A reading with an explaining picture and the job that asked for it.
fn read(world: &World, image: &ImageRecord) -> Analysis {
    let reading = Analysis { analysed_at: world.clock.now(), ..analysis_of(&[image]) };
    let explanation = ExplanationFile {
        image_id: image.id,
        kind: ExplanationKind::Heatmap,
        class_code: "mel".into(),
        file: sealed_file(),
    };
    let job = NewJob {
        id: JobId::fresh(),
        kind: JobKind::Analysis,
        patient_id: image.patient_id,
        lesion_id: image.lesion_id,
        request: json!({}),
    };
    world.write(|tx| {
        jobs::create(tx, &job)?;
        jobs::take(tx, job.id)?;
        analyses::insert(tx, &reading, &[explanation])?;
        jobs::finish(tx, job.id, &JobOutcome::Completed(reading.id))
    });
    reading
}

fn examined() -> Examined {
    let world = World::new();
    let patient = world.patient();
    let lesion = world.lesion(&patient);
    let image = photograph(&world, &lesion);
    let reading = read(&world, &image);
    Examined { world, patient, lesion, image, reading }
}

impl Examined {
    fn days_pass(&self, days: i64) {
        self.world.clock.advance(SignedDuration::from_hours(24 * days));
    }

    fn purge(&self) -> Purged {
        self.world.write(purges::purge)
    }

    fn delete_photograph(&self, id: ImageId) {
        self.world.write(|tx| deletions::delete_photograph(tx, id, REASON));
    }

    fn delete_reading(&self, id: AnalysisId) {
        self.world.write(|tx| deletions::delete_reading(tx, id, REASON));
    }

    fn files(&self) -> usize {
        self.world.store.read(files::known).unwrap().len()
    }

    fn newest(&self) -> AuditRow {
        self.world.store.read(|tx| audit::search(tx, &AuditFilter::default(), None, 1)).unwrap().remove(0)
    }
}

#[test]
fn what_was_deleted_goes_for_good_when_its_time_is_over_and_not_before() {
    let clinic = examined();
    let deletion = clinic.world.write(|tx| deletions::delete_photograph(tx, clinic.image.id, REASON));
    let trail = clinic.newest().seq;
    clinic.days_pass(29);
    assert_eq!(clinic.purge(), Purged::default());
    assert_eq!(clinic.newest().seq, trail, "a look that finds nothing leaves no row");
    assert_eq!(clinic.files(), 3);

    clinic.days_pass(1);
    let purged = clinic.purge();
    assert_eq!((purged.readings, purged.photographs, purged.files.len()), (1, 1, 3));
    assert_eq!(clinic.files(), 0, "the keys are gone with the rows");
    let row = clinic.newest();
    assert_eq!((row.action, row.patient), (AuditAction::DeletionPurged, Some(clinic.patient.id)));
    assert_eq!(row.details, json!({ "deletion": deletion.id, "readings": 1, "photographs": 1, "files": 3 }));
    let gone = |refused: RecordsError| assert_eq!(refused, RecordsError::NotFound);
    gone(clinic.world.store.read(|tx| images::get(tx, clinic.image.id)).unwrap_err());
    gone(clinic.world.store.read(|tx| analyses::get(tx, clinic.reading.id)).unwrap_err());
    gone(clinic.world.store.read(|tx| images::file(tx, clinic.image.id, Rendition::Original)).unwrap_err());
    assert!(clinic.world.store.read(|tx| jobs::of_lesion(tx, clinic.lesion.id)).unwrap().is_empty());
    purges::settle(&clinic.world.store).unwrap();

    // A longer time set afterwards brings nothing back.
    clinic.world.write(|tx| deletions::set_retention_days(tx, 100));
    assert_eq!(clinic.world.refused(|tx| deletions::undo(tx, deletion.id)), RecordsError::Conflict);
    assert!(clinic.world.store.verify_chain().unwrap().problems.is_empty());
}

#[test]
fn a_purge_happens_once_a_day() {
    let clinic = examined();
    let second = photograph(&clinic.world, &clinic.lesion);
    clinic.delete_photograph(clinic.image.id);
    clinic.world.clock.advance(SignedDuration::from_hours(1));
    clinic.delete_photograph(second.id);
    clinic.days_pass(30);
    clinic.world.clock.advance(SignedDuration::from_mins(-30));
    assert_eq!(clinic.purge().photographs, 1);
    clinic.world.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(clinic.purge(), Purged::default(), "the second is due by now, and waits for the next day");
    clinic.days_pass(1);
    assert_eq!(clinic.purge().photographs, 1);
}

#[test]
fn nothing_goes_while_a_hold_stands() {
    let clinic = examined();
    let other = clinic.world.write(|tx| patients::register(tx, &details("Lindqvist", "Bo")));
    let others = photograph(&clinic.world, &clinic.world.lesion(&other));
    clinic.delete_photograph(clinic.image.id);
    clinic.delete_photograph(others.id);
    clinic.days_pass(40);
    let until = clinic.world.clock.today().checked_add(jiff::Span::new().days(10)).unwrap();
    let hold = HoldDetails { reason: "Court order".into(), until: Some(until) };
    clinic.world.write(|tx| holds::set(tx, clinic.patient.id, &hold));
    let purged = clinic.purge();
    assert_eq!((purged.readings, purged.photographs), (0, 1), "only the other patient's");
    assert_eq!(clinic.newest().patient, Some(other.id));
    clinic.days_pass(10);
    assert_eq!(clinic.purge(), Purged::default(), "the last day of the hold");
    clinic.days_pass(1);
    assert_eq!(clinic.purge().photographs, 1);
}

#[test]
fn what_was_brought_back_stays() {
    let clinic = examined();
    let deletion = clinic.world.write(|tx| deletions::delete_reading(tx, clinic.reading.id, REASON));
    clinic.days_pass(20);
    clinic.world.write(|tx| deletions::undo(tx, deletion.id));
    clinic.days_pass(20);
    assert_eq!(clinic.purge(), Purged::default());
    assert!(clinic.world.store.read(|tx| analyses::get(tx, clinic.reading.id)).is_ok());
}

#[test]
fn what_a_report_or_a_specimen_rests_on_stays() {
    let clinic = examined();
    let world = &clinic.world;
    let report = NewReport {
        id: ReportId::fresh(),
        patient_id: clinic.patient.id,
        analysis_id: clinic.reading.id,
        conclusion: "Excise".into(),
        content: json!({}),
    };
    world.write(|tx| reports::create(tx, &report));
    let second = photograph(world, &clinic.lesion);
    let without = read(world, &second);
    let sited = photograph(world, &clinic.lesion);
    let biopsy = world.write(|tx| biopsies::take(tx, clinic.lesion.id, &specimen(world, &sited, "H-1")));
    world.write(|tx| biopsies::withdraw(tx, biopsy.id, biopsy.version, "Wrong tube"));
    for id in [clinic.image.id, second.id, sited.id] {
        clinic.delete_photograph(id);
    }
    clinic.days_pass(31);
    let purged = clinic.purge();
    assert_eq!((purged.readings, purged.photographs), (1, 1));
    let kept = |id| world.store.read(|tx| images::get(tx, id)).is_ok();
    assert!(kept(clinic.image.id) && kept(sited.id) && !kept(second.id));
    assert!(world.store.read(|tx| analyses::get(tx, clinic.reading.id)).is_ok());
    assert!(world.store.read(|tx| analyses::get(tx, without.id)).is_err());
    assert_eq!(world.refused(|tx| analyses::read(tx, clinic.reading.id)), RecordsError::NotFound);
}

#[test]
fn a_draft_that_was_given_up_goes_with_its_reading() {
    let clinic = examined();
    let world = &clinic.world;
    let draft = |conclusion: &str| {
        let report = NewReport {
            id: ReportId::fresh(),
            patient_id: clinic.patient.id,
            analysis_id: clinic.reading.id,
            conclusion: conclusion.into(),
            content: json!({}),
        };
        world.write(|tx| reports::create(tx, &report))
    };
    let (given_up, standing) = (draft("Benign"), draft("Excise"));
    world.write(|tx| reports::discard(tx, given_up.id, 1));
    clinic.delete_photograph(clinic.image.id);
    clinic.days_pass(31);
    assert_eq!(clinic.purge(), Purged::default(), "the other draft rests on it");
    world.write(|tx| reports::discard(tx, standing.id, 1));
    let purged = clinic.purge();
    assert_eq!((purged.readings, purged.photographs), (1, 1));
    for id in [given_up.id, standing.id] {
        assert_eq!(world.store.read(|tx| reports::get(tx, id)).unwrap_err(), RecordsError::NotFound);
    }
    assert_eq!(clinic.files(), 0);
}

#[test]
fn a_reading_that_a_finding_was_compared_with_stays() {
    let clinic = examined();
    let world = &clinic.world;
    let biopsy =
        world.write(|tx| biopsies::take(tx, clinic.lesion.id, &specimen(world, &clinic.image, "H-1")));
    let found = Finding { text: "Melanoma".into(), ..finding(Behaviour::Malignant) };
    let compared =
        world.write(|tx| biopsies::enter_histology(tx, biopsy.id, biopsy.version, &found, &TimeZone::UTC));
    assert_eq!(compared.id, biopsy.id);
    clinic.delete_reading(clinic.reading.id);
    clinic.days_pass(31);
    assert_eq!(clinic.purge(), Purged::default());
}

#[test]
fn a_purge_leaves_the_rest_for_the_next() {
    let clinic = examined();
    let readings: Vec<_> = (0..purges::MOST_PURGED).map(|_| read(&clinic.world, &clinic.image)).collect();
    let before = clinic.world.clock.now() + SignedDuration::from_secs(1);
    clinic.world.write(|tx| deletions::clear_history(tx, clinic.patient.id, before, REASON));
    clinic.days_pass(31);
    assert_eq!(clinic.purge().readings, readings.len());
    assert_eq!(clinic.purge().readings, 1);
    assert_eq!(clinic.purge(), Purged::default());
    assert_eq!(clinic.files(), 2, "the photograph was not deleted");
}
