//! Changing over to a large version of the classifier while photographs are read.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use clinic::models;
use clinic::patient;
use clinic::views::*;
use domain::ModelVersionId;
use domain::batch::BatchState;
use support::onnx::Tiny;
use support::{PASSWORD, World, painted};

use crate::figure::{Figure, Target};

/// Values of a hidden layer; its weights are this many squared, 4 bytes each: 100 MB.
const HIDDEN: i64 = 5_000;
const LESIONS: usize = 24;
const BETWEEN_CALLS: Duration = Duration::from_millis(5);
/// What people take as at once (Nielsen 1993).
const AT_ONCE_MS: f64 = 100.0;

pub fn run() -> Vec<Figure> {
    let world = World::founded();
    let large = Tiny { hidden: Some(HIDDEN), ..Tiny::default() };
    let network = large.bytes();
    let id = added(&world, &network, &large.card(&network));
    // The shipped model loads with the first reading; that is not what is measured here.
    world.workstation.model().classifier().expect("the shipped model");
    world.workstation.model().outliner().expect("the outline model");
    let patient = world.registers("Lindenhoff");
    let jpeg = painted(640, 480).to_jpeg(90);
    for _ in 0..LESIONS {
        world.imports(world.adds_lesion(patient), &jpeg).expect("a good photograph");
    }
    let request = BatchStartRequest { of: BatchOf::Patient { patient_id: patient } };
    let batch = clinic::batch::start(&world.session, &request).expect("a batch").id;
    let over = AtomicBool::new(false);
    let (longest, took) = thread::scope(|scope| {
        let calls = scope.spawn(|| longest_call(&world, &over));
        // Readings are under way before the change and after it.
        thread::sleep(Duration::from_millis(500));
        let begun = Instant::now();
        let request = ModelActivateRequest { id: Some(id), password: PASSWORD.into() };
        models::activate(&world.session, &request).expect("an activation");
        let took = begun.elapsed();
        thread::sleep(Duration::from_millis(500));
        over.store(true, Ordering::Release);
        (calls.join().expect("calls"), took)
    });
    let failed = loop {
        let jobs = clinic::batch::list(&world.session).expect("a list");
        let view = jobs.batches.iter().find(|view| view.id == batch).expect("the batch");
        if view.state == BatchState::Finished {
            break view.failed;
        }
        thread::sleep(BETWEEN_CALLS);
    };
    let figure = |name, value, unit, target| Figure { name, value, unit, peer: None, target };
    vec![
        figure("models_activation_failed_analyses", f64::from(failed), "", Some(Target::AtMost(0.0))),
        figure(
            "models_activation_longest_stall_ms",
            longest.as_secs_f64() * 1e3,
            "ms",
            Some(Target::AtMost(AT_ONCE_MS)),
        ),
        figure("models_activation_s", took.as_secs_f64(), "s", None),
        figure("models_activation_mb", network.len() as f64 / 1e6, "MB", None),
    ]
}

/// Adds a version, tries it out and compares it.
fn added(world: &World, network: &[u8], card: &serde_json::Value) -> ModelVersionId {
    let folder = tempfile::tempdir().expect("a folder");
    let paths = [folder.path().join("large.onnx"), folder.path().join("large.card.json")];
    std::fs::write(&paths[0], network).expect("room on the disk");
    std::fs::write(&paths[1], card.to_string()).expect("room on the disk");
    let picked = models::pick(&world.session, &paths).expect("two files");
    assert_eq!(picked.refusal, None);
    let version = models::upload(&world.session, &ModelUploadRequest { form: None }).expect("a version");
    let id = version.id.expect("an identity");
    let view = models::try_out(&world.session, &ModelVersionRequest { id }).expect("a trial");
    assert_eq!(view.refusal, None);
    let request = ModelCompareRequest { id, recall_floor: 0.0 };
    models::compare(&world.session, &request, |_| {}).expect("a comparison");
    id
}

/// The longest of the calls that a window makes all the while: what the session shows, and a search.
fn longest_call(world: &World, over: &AtomicBool) -> Duration {
    let mut longest = Duration::ZERO;
    while !over.load(Ordering::Acquire) {
        let begun = Instant::now();
        let _ = world.session.view();
        let request = PatientSearchRequest { text: "Linden".into(), limit: 10, offset: 0 };
        patient::search(&world.session, &request).expect("a search");
        longest = longest.max(begun.elapsed());
        thread::sleep(BETWEEN_CALLS);
    }
    longest
}
