use domain::ImageId;
use domain::analysis::Analysis;
use domain::audit::AuditAction;
use domain::consent::ConsentKind;
use domain::erasure::ErasureReason;
use domain::image::ImageRecord;
use domain::lesion::Lesion;
use records::audit::{self, AuditFilter};
use records::embeddings::{self, ImageDirection};
use records::{RecordsError, analyses, deletions, patients, rights};
use serde_json::json;

use crate::nouns::analysis_of;
use crate::world::World;

const MODEL: &str = "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd";

/// Of a patient who agrees to models that look at photographs.
fn lesion(world: &World) -> Lesion {
    let patient = world.patient();
    world.write(|tx| patients::record_consent(tx, patient.id, ConsentKind::Ai, true, ""));
    world.lesion(&patient)
}

fn analysed(world: &World, images: &[&ImageRecord], at: &str) -> Analysis {
    let analysis = Analysis { analysed_at: at.parse().unwrap(), ..analysis_of(images) };
    world.write(|tx| analyses::insert(tx, &analysis, &[]));
    analysis
}

fn direction(image: &ImageRecord) -> ImageDirection {
    ImageDirection { image_id: image.id, bytes: vec![127, 0, 255, 3] }
}

fn keep(world: &World, image: &ImageRecord) {
    assert_eq!(world.write(|tx| embeddings::fill(tx, MODEL, &[direction(image)])), 1);
}

fn missing(world: &World) -> Vec<ImageId> {
    world.store.read(|tx| embeddings::missing(tx, MODEL, None, 9)).unwrap()
}

fn kept(world: &World) -> usize {
    world.store.read(|tx| embeddings::since(tx, MODEL, 0, 99)).unwrap().len()
}

#[test]
fn directions_are_kept_once_for_a_photograph_and_a_model() {
    let world = World::new();
    let lesion = lesion(&world);
    let (first, second) = (world.image(&lesion), world.image(&lesion));
    assert_eq!(missing(&world), [], "without a reading there is nothing to compare");
    analysed(&world, &[&first, &second], "2026-03-05T10:01:00Z");
    assert_eq!(missing(&world), [first.id, second.id]);
    let behind = world.store.read(|tx| embeddings::missing(tx, MODEL, Some(first.id), 9)).unwrap();
    assert_eq!(behind, [second.id]);

    keep(&world, &first);
    assert_eq!(world.write(|tx| embeddings::fill(tx, MODEL, &[direction(&first)])), 0);
    let other = "ab".repeat(32);
    assert_eq!(world.write(|tx| embeddings::fill(tx, &other, &[direction(&first)])), 1);
    assert_eq!(missing(&world), [second.id]);
    let world = world.reopened();
    let rows = world.store.read(|tx| embeddings::since(tx, MODEL, 0, 9)).unwrap();
    assert_eq!(rows, [(1, direction(&first))]);
    assert_eq!(world.store.read(|tx| embeddings::since(tx, MODEL, 1, 9)).unwrap(), []);
    let bytes = world.store.read(|tx| embeddings::of_image(tx, MODEL, first.id)).unwrap();
    assert_eq!(bytes, Some(direction(&first).bytes));
    assert_eq!(world.store.read(|tx| embeddings::of_image(tx, MODEL, second.id)).unwrap(), None);
}

#[test]
fn a_background_pass_is_recorded_and_passes_over_what_was_deleted_meanwhile() {
    let world = World::new();
    let lesion = world.lesion(&world.patient());
    let (stays, goes) = (world.image(&lesion), world.image(&lesion));
    for image in [&stays, &goes] {
        analysed(&world, &[image], "2026-03-05T10:01:00Z");
    }
    world.write(|tx| deletions::delete_photograph(tx, goes.id, "blurred"));
    let filled = world.write(|tx| embeddings::fill(tx, MODEL, &[direction(&stays), direction(&goes)]));
    assert_eq!((filled, kept(&world)), (1, 1));
    let trail = world.store.read(|tx| audit::search(tx, &AuditFilter::default(), None, 1)).unwrap();
    assert_eq!(trail[0].action, AuditAction::EmbeddingsFilled);
    assert_eq!(trail[0].details, json!({ "photographs": 1, "model": MODEL }));
    let unknown = ImageDirection { image_id: ImageId::fresh(), bytes: vec![1] };
    assert_eq!(world.write(|tx| embeddings::fill(tx, MODEL, std::slice::from_ref(&unknown))), 0);
    let refused = world.refused(|tx| embeddings::keep(tx, MODEL, std::slice::from_ref(&unknown)));
    assert!(matches!(refused, RecordsError::Storage(_) | RecordsError::NotFound), "{refused:?}");
}

#[test]
fn a_direction_goes_with_the_last_reading_and_an_undone_deletion_misses_it() {
    let world = World::new();
    let lesion = lesion(&world);
    let image = world.image(&lesion);
    let older = analysed(&world, &[&image], "2026-03-05T10:01:00Z");
    let newer = analysed(&world, &[&image], "2026-03-05T10:02:00Z");
    keep(&world, &image);
    let case = |world: &World| world.store.read(|tx| embeddings::case(tx, image.id)).unwrap();
    assert_eq!(case(&world).unwrap().analysis_id, newer.id);

    world.write(|tx| deletions::delete_reading(tx, newer.id, "wrong lesion"));
    assert_eq!((kept(&world), case(&world).unwrap().analysis_id), (1, older.id));
    let last = world.write(|tx| deletions::delete_reading(tx, older.id, "wrong lesion"));
    assert_eq!((kept(&world), case(&world)), (0, None));
    world.write(|tx| deletions::undo(tx, last.id));
    assert_eq!(missing(&world), [image.id]);

    world.write(|tx| patients::record_consent(tx, lesion.patient_id, ConsentKind::Ai, false, "Withdrawn"));
    assert_eq!(missing(&world), [], "who does not agree any more is not added");
    world.write(|tx| patients::record_consent(tx, lesion.patient_id, ConsentKind::Ai, true, ""));
    keep(&world, &image);
    world.write(|tx| deletions::delete_photograph(tx, image.id, "blurred"));
    assert_eq!((kept(&world), case(&world), missing(&world)), (0, None, vec![]));
}

#[test]
fn a_cleared_history_and_an_erasure_take_directions_with_them() {
    let world = World::new();
    let (patient, other) = (world.patient(), world.patient());
    let (image, others) = (world.image(&world.lesion(&patient)), world.image(&world.lesion(&other)));
    for image in [&image, &others] {
        analysed(&world, &[image], "2026-03-05T10:00:00Z");
        keep(&world, image);
    }
    world.write(|tx| deletions::clear_history(tx, patient.id, tx.now(), "asked for it"));
    assert_eq!(kept(&world), 1);
    world.write(|tx| rights::erase(tx, other.id, ErasureReason::PatientRequest));
    assert_eq!(kept(&world), 0);
    assert_eq!(world.store.read(embeddings::removals).unwrap(), 2, "whoever read them before is told");
}

#[test]
fn whoever_was_shown_finds_it_in_their_access_log() {
    let world = World::new();
    let (patient, other) = (world.patient(), world.patient());
    let (image, others) = (world.image(&world.lesion(&patient)), world.image(&world.lesion(&other)));
    let asked = analysed(&world, &[&image], "2026-03-05T10:01:00Z");
    let shown = analysed(&world, &[&others], "2026-03-05T10:01:00Z");
    world.write(|tx| {
        let case = embeddings::case(tx, others.id)?.unwrap();
        embeddings::searched(tx, asked.id, patient.id, &[case])
    });
    let last = |patient| world.store.read(|tx| audit::of_patient(tx, patient, 1)).unwrap().remove(0);
    assert_eq!(last(patient.id).action, AuditAction::SimilarSearched);
    assert_eq!(last(patient.id).details, json!({ "shown": 1 }));
    assert_eq!(last(other.id).action, AuditAction::SimilarShown);
    assert_eq!(last(other.id).subject.unwrap().id, shown.id.to_string());
    let opened = world.write(|tx| embeddings::opened(tx, asked.id, others.id));
    assert_eq!((opened.patient_id, opened.analysis_id), (other.id, shown.id));
    assert_eq!(last(other.id).action, AuditAction::SimilarOpened);
    world.write(|tx| deletions::delete_reading(tx, shown.id, "wrong lesion"));
    assert_eq!(world.refused(|tx| embeddings::opened(tx, asked.id, others.id)), RecordsError::NotFound);
}
