//! A clinic with painted photographs, and the ways a batch is driven.

use std::time::{Duration, Instant};

use clinic::views::*;
use clinic::{Session, batch};
use domain::PatientId;
use domain::batch::BatchState;
use support::World;
use vision::phantom::{Phantom, PhantomSpec, samples};

const LOOK: Duration = Duration::from_millis(25);

/// The painted samples as JPEG, 1600 × 1200 pixels each.
pub fn photographs() -> Vec<Vec<u8>> {
    samples().iter().map(|sample| sample.render().to_jpeg(92)).collect()
}

/// One of 12 megapixels.
pub fn large_photograph() -> Vec<u8> {
    let spec = PhantomSpec { width: 4000, height: 3000, irregularity: 0.5, ..PhantomSpec::default() };
    Phantom::render(&spec).to_jpeg(92)
}

/// A patient with this many lesions, a photograph each.
pub fn patient_with(world: &World, photographs: &[Vec<u8>], count: usize) -> PatientId {
    let patient = world.registers("Lindenhoff");
    for photograph in photographs.iter().cycle().take(count) {
        let lesion = world.adds_lesion(patient);
        world.imports(lesion, photograph).expect("a good photograph");
    }
    patient
}

/// Has all of a patient's photographs read and calls `meanwhile` until they are. The answer is how long it took.
pub fn read_all(session: &Session, patient_id: PatientId, mut meanwhile: impl FnMut()) -> Duration {
    let request = BatchStartRequest { of: BatchOf::Patient { patient_id } };
    let begun = Instant::now();
    let id = batch::start(session, &request).expect("a batch").id;
    loop {
        let jobs = batch::list(session).expect("a list");
        let view = jobs.batches.iter().find(|batch| batch.id == id).expect("the batch");
        if view.state == BatchState::Finished {
            assert_eq!(view.failed, 0, "every photograph is read");
            return begun.elapsed();
        }
        meanwhile();
        std::thread::sleep(LOOK);
    }
}
