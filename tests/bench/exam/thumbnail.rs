//! From the drop of a 12-megapixel photograph to its first small picture, as the window asks for it before anything
//! is judged or stored, and to the small picture in the record.

use std::time::Instant;

use clinic::{picture, taking};
use support::World;

use super::clinic::large_photograph;
use crate::figure::{Figure, Target, median};

const RUNS: usize = 5;

pub fn figures() -> Vec<Figure> {
    let world = World::founded();
    let patient = world.registers("Lindenhoff");
    let photograph = large_photograph();
    let (mut first, mut stored) = (vec![], vec![]);
    for _ in 0..=RUNS {
        first.push(milliseconds(|| {
            taking::preview(&world.session, &photograph).expect("a small picture");
        }));
        let lesion = world.adds_lesion(patient);
        stored.push(milliseconds(|| {
            let id = world.imports(lesion, &photograph).expect("a good photograph").image.id;
            let address = format!("/image/{id}/thumbnail").parse().expect("an address");
            picture::read(&world.session, &address).expect("a small picture");
        }));
    }
    // The first of each warms caches and is not counted.
    vec![
        figure("exam_first_thumbnail_12mp", median(first.split_off(1)), Some(Target::AtMost(100.0))),
        figure("exam_stored_thumbnail_12mp", median(stored.split_off(1)), None),
    ]
}

fn figure(name: &'static str, value: f64, target: Option<Target>) -> Figure {
    Figure { name, value, unit: "ms", peer: None, target }
}

fn milliseconds(work: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    work();
    begun.elapsed().as_secs_f64() * 1e3
}
