//! A day of examinations: many photographs at once, the memory of large ones, the window meanwhile. One file a
//! figure; a new one is a module with `figures()` and a line in [`PARTS`].

mod batch;
mod clinic;
mod compare;
mod frames;
mod memory;
mod python;
mod similar;
mod thumbnail;
mod zoom;

use crate::figure::Figure;

pub use memory::{FLAG, run as probe};

pub const PARTS: [fn() -> Vec<Figure>; 7] = [
    batch::figures,
    memory::figures,
    thumbnail::figures,
    similar::figures,
    compare::figures,
    zoom::figures,
    frames::figures,
];

/// `LENTIGO_BENCH_PHOTOGRAPHS` makes the batch smaller, for a quick look.
fn scaled(count: usize) -> usize {
    let asked = std::env::var("LENTIGO_BENCH_PHOTOGRAPHS").ok().and_then(|text| text.parse().ok());
    asked.map_or(count, |most: usize| most.clamp(2, count))
}
