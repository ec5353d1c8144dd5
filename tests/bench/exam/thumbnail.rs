//! From the drop of a 12-megapixel photograph to its first small picture.

use std::time::Instant;

use clinic::picture;
use support::World;

use super::clinic::large_photograph;
use crate::figure::{Figure, Target, median};

const RUNS: usize = 5;

pub fn figures() -> Vec<Figure> {
    let world = World::founded();
    let patient = world.registers("Lindenhoff");
    let photograph = large_photograph();
    let times = (0..=RUNS).map(|_| {
        let lesion = world.adds_lesion(patient);
        let begun = Instant::now();
        let id = world.imports(lesion, &photograph).expect("a good photograph").image.id;
        let address = format!("/image/{id}/thumbnail").parse().expect("an address");
        picture::read(&world.session, &address).expect("a small picture");
        begun.elapsed().as_secs_f64() * 1e3
    });
    vec![Figure {
        name: "exam_first_thumbnail_12mp",
        // The first warms caches and is not counted.
        value: median(times.skip(1).collect()),
        unit: "ms",
        peer: None,
        target: Some(Target::AtMost(100.0)),
    }]
}
