//! Surgical pen.

use crate::plane::{Colour, regions};

/// Share of the picture under pen marks.
pub const MAX_SHARE: f64 = 0.003;

/// Share of pixels in strongly coloured blue, violet or green regions: pen on skin, which has no such
/// hue of its own (a blue-white veil is far less saturated). Regions under 0.05 % of the picture are
/// noise; a colour over half the picture is light or cloth, no mark.
pub fn share(colour: &Colour) -> f64 {
    let total = colour.width * colour.height;
    let mask: Vec<bool> = colour.pixels().map(is_ink).collect();
    let marks: usize = regions(&mask, colour.width)
        .iter()
        .map(|region| region.pixels.len())
        .filter(|&pixels| pixels * 2_000 >= total)
        .sum();
    let covered = marks as f64 / total as f64;
    if covered > 0.5 { 0.0 } else { covered }
}

fn is_ink([r, g, b]: [u8; 3]) -> bool {
    const MIN_SATURATION: f64 = 0.35;
    const MIN_VALUE: f64 = 50.0;
    let [r, g, b] = [r, g, b].map(f64::from);
    let (largest, smallest) = (r.max(g).max(b), r.min(g).min(b));
    let span = largest - smallest;
    if largest < MIN_VALUE || span < MIN_SATURATION * largest {
        return false;
    }
    let hue = if largest == r {
        60.0 * ((g - b) / span).rem_euclid(6.0)
    } else if largest == g {
        60.0 * ((b - r) / span + 2.0)
    } else {
        60.0 * ((r - g) / span + 4.0)
    };
    (90.0..=300.0).contains(&hue)
}
