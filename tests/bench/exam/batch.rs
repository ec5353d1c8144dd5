//! Throughput of a batch beside the bare forward passes on both cores and beside Python, and how long a search
//! takes while it runs.

use std::time::{Duration, Instant};

use clinic::patient;
use clinic::views::PatientSearchRequest;
use domain::image::ImageFormat;
use support::World;
use vision::outline::Outliner;
use vision::phantom::{Phantom, PhantomSpec};
use vision::preprocess::prepare;
use vision::{Classifier, DecodeLimits, Explain, Photograph, examine};

use super::clinic::{patient_with, photographs, read_all};
use super::{python, scaled};
use crate::figure::{Figure, Target};

const PHOTOGRAPHS: usize = 200;
/// Analyses at once, and threads of everything it is compared with.
const THREADS: usize = 2;
const BETWEEN_SEARCHES: Duration = Duration::from_millis(25);
/// What people take as at once (Nielsen 1993).
const AT_ONCE_MS: f64 = 100.0;

pub fn figures() -> Vec<Figure> {
    let world = World::founded();
    let samples = photographs();
    let count = scaled(PHOTOGRAPHS);
    let patient = patient_with(&world, &samples, count);
    let idle = latencies(&world, 40);
    // The models load with the first reading; that is not what is measured here.
    world.workstation.model().classifier().expect("the shipped model");
    world.workstation.model().outliner().expect("the shipped model");

    let mut under_load = vec![];
    let mut last = Instant::now();
    let took = read_all(&world.session, patient, || {
        if last.elapsed() >= BETWEEN_SEARCHES {
            under_load.push(search(&world));
            last = Instant::now();
        }
    });
    let ours = count as f64 / took.as_secs_f64();
    let bare = bare(count.max(20));
    let theirs = python::throughput(&samples[0], THREADS);
    let beside = theirs.map(|theirs| ("Pillow+PyTorch", theirs));
    let twice = theirs.map(|_| Target::AtLeast(2.0));
    let figure = |name, value, unit, peer, target| Figure { name, value, unit, peer, target };
    vec![
        figure(
            "exam_batch_throughput",
            ours,
            "1/s",
            Some(("bare forward passes", bare)),
            Some(Target::AtLeast(0.9)),
        ),
        figure("exam_batch_beside_python", ours, "1/s", beside, twice),
        figure("exam_same_steps_beside_python", same_steps(&samples[0], count.max(20)), "1/s", beside, twice),
        figure(
            "exam_search_under_load_p50",
            quantile(under_load.clone(), 0.5),
            "ms",
            Some(("the same without a batch", quantile(idle.clone(), 0.5))),
            None,
        ),
        figure(
            "exam_search_under_load_p99",
            quantile(under_load, 0.99),
            "ms",
            None,
            Some(Target::AtMost(AT_ONCE_MS)),
        ),
    ]
}

/// Photographs a second when nothing is done but what the Python pipeline does: decode, check, classify, one heatmap.
fn same_steps(jpeg: &[u8], count: usize) -> f64 {
    let classifier = Classifier::load(&support::root().join("models")).expect("the shipped model");
    let (limits, leading) = (DecodeLimits::default(), Explain::Leading);
    on_all_threads(count, || {
        examine(jpeg, &limits, &classifier, leading, &mut |_| {}, &|| false).expect("a good photograph");
    })
}

/// Photographs a second that the forward passes of both models allow, nothing else done.
fn bare(count: usize) -> f64 {
    let models = support::root().join("models");
    let classifier = Classifier::load(&models).expect("the shipped model");
    let outliner = Outliner::of_folder(&models).expect("the shipped model");
    let side = outliner.card().map_or(256, |card| card.input.width);
    let input = prepare(&painted(classifier.card().input.width), &classifier.card().input);
    let small = painted(side);
    let pass = || {
        classifier.network().run(&input.values).expect("a forward pass");
        let _ = std::hint::black_box(outliner.outline(&small));
    };
    on_all_threads(count, pass)
}

/// How often a second this is done, once warm.
fn on_all_threads(count: usize, work: impl Fn() + Sync) -> f64 {
    work();
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| (0..count / THREADS).for_each(|_| work()));
        }
    });
    (count / THREADS * THREADS) as f64 / begun.elapsed().as_secs_f64()
}

/// A lesion of just this size, so that nothing is left to prepare but the tensor.
fn painted(side: u32) -> Photograph {
    let phantom = Phantom::render(&PhantomSpec { width: side, height: side, ..PhantomSpec::default() });
    Photograph::new(phantom.width, phantom.height, phantom.rgb, ImageFormat::Png).expect("a phantom")
}

fn latencies(world: &World, count: usize) -> Vec<f64> {
    (0..count).map(|_| search(world)).collect()
}

/// What a person feels who types a name: the answer with its row in the trail.
fn search(world: &World) -> f64 {
    let begun = Instant::now();
    let request = PatientSearchRequest { text: "lind".into(), limit: 20, offset: 0 };
    patient::search(&world.session, &request).expect("an answer");
    begun.elapsed().as_secs_f64() * 1e3
}

fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get((values.len().saturating_sub(1) as f64 * share) as usize).copied().unwrap_or(f64::NAN)
}
