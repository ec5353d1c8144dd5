//! From the first zoom into a photograph of 24 megapixels to its first tile, and from there on to each next one.

use std::time::Instant;

use clinic::{entry, picture};
use domain::ImageId;
use support::{World, painted};

use crate::figure::{Figure, Target, median};

const SIDES: (u32, u32) = (6000, 4000);
const RUNS: usize = 3;
/// Tiles of a screen of 900 × 600 at the photograph's own size.
const SCREEN: [(u32, u32); 6] = [(5, 3), (6, 3), (5, 4), (6, 4), (4, 3), (4, 4)];
/// A frame at 30 a second: tiles that come faster never hold up the picture.
const FRAME_MS: f64 = 1000.0 / 30.0;

pub fn figures() -> Vec<Figure> {
    let world = World::founded();
    let photograph = painted(SIDES.0, SIDES.1).to_jpeg(90);
    let lesion = world.adds_lesion(world.registers("Lindenhoff"));
    let image = world.imports(lesion, &photograph).expect("a good photograph").image.id;
    let (mut first, mut next) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        // A lock lets decoded photographs go.
        entry::lock(&world.session).expect("a lock");
        let mut times = SCREEN.iter().map(|&place| tile(&world, image, place));
        first.extend(times.next());
        next.extend(times);
    }
    vec![
        figure("exam_first_tile_24mp", median(first), 500.0),
        figure("exam_next_tile_24mp", median(next), FRAME_MS),
    ]
}

fn tile(world: &World, image: ImageId, (column, row): (u32, u32)) -> f64 {
    let begun = Instant::now();
    let address = format!("/tile/{image}/0/{column}/{row}").parse().expect("an address");
    picture::read(&world.session, &address).expect("a tile");
    begun.elapsed().as_secs_f64() * 1e3
}

fn figure(name: &'static str, value: f64, most: f64) -> Figure {
    Figure { name, value, unit: "ms", peer: None, target: Some(Target::AtMost(most)) }
}
