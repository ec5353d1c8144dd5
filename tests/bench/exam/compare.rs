//! Two photographs laid over each other: how long it takes, and how far off it is.

use std::time::Instant;

use vision::mask::Mask;
use vision::phantom::{Phantom, PhantomPair};
use vision::register::register;

use crate::figure::{Figure, Target, median};

const PAIRS: u64 = 10;

pub fn figures() -> Vec<Figure> {
    let mask = |phantom: &Phantom| {
        Mask::from_bytes(phantom.width, phantom.height, &phantom.mask).expect("a phantom has its mask")
    };
    let (mut times, mut place, mut area, mut refused) = (Vec::new(), 0.0f64, 0.0f64, 0u32);
    for seed in 0..PAIRS {
        let pair = PhantomPair::painted(seed, 0.9 + 0.05 * seed as f64);
        let (before, after) = (pair.earlier.photograph(), pair.later.photograph());
        let (a, b) = (mask(&pair.earlier), mask(&pair.later));
        let begun = Instant::now();
        let found = register((&before, Some(&a)), (&after, Some(&b)));
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        let found = match found {
            Ok(found) => found,
            Err(why) => {
                eprintln!("pair {seed} is not registered: {why:?}");
                refused += 1;
                continue;
            }
        };
        place = place.max(pair.error_of(&found.transform));
        let ratio = b.area() as f64 * found.scale * found.scale / a.area() as f64;
        area = area.max((ratio / pair.area_ratio - 1.0).abs());
    }
    let figure = |name, value, unit, target| Figure { name, value, unit, peer: None, target };
    let most = |most| Some(Target::AtMost(most));
    vec![
        figure("exam_registration", median(times), "ms", most(1000.0)),
        figure("exam_registration_refused", f64::from(refused), "pairs", None),
        figure("exam_registration_error", place, "px", most(1.0)),
        figure("exam_growth_error", 100.0 * area, "%", most(3.0)),
    ]
}
