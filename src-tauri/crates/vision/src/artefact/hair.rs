//! Hair: long thin dark lines.

use super::LINE_DEPTH;
use crate::plane::{Colour, Grey, regions};

/// Share of the picture under dark, thin, long lines.
pub const MAX_SHARE: f64 = 0.004;

/// Share of pixels in long thin dark lines: black-hat by lines of 11 pixels in four directions
/// (DullRazor, Lee 1997), then regions at least a fifth of the short side long. Three kinds of region
/// fall out: those with many pixels to a pixel of length, as a pigment network joins into, unless
/// they span more than the picture's short side, as a growth of crossing hairs does; those that lie
/// along an axis, as rulers and frames do; and those that are more blue than red in three tenths of
/// their pixels, as pen is.
pub fn share(colour: &Colour, grey: &Grey) -> f64 {
    const RADIUS: isize = 5;
    const MAX_DENSITY: f64 = 9.0;
    const MAX_DENSITY_WIDE: f64 = 30.0;
    const MIN_SLENDERNESS: f64 = 0.12;
    let short = grey.width.min(grey.height) as f64;
    let min_length = 0.2 * short;
    let mut lines = vec![false; grey.values.len()];
    for step in [(1, 0), (0, 1), (1, 1), (1, -1)] {
        let closed = grey.closed(step, RADIUS);
        for (line, (filled, level)) in lines.iter_mut().zip(closed.values.iter().zip(&grey.values)) {
            *line |= filled - level > LINE_DEPTH;
        }
    }
    let hair: usize = regions(&lines, grey.width)
        .iter()
        .filter(|region| {
            let (width, height) = (region.width as f64, region.height as f64);
            let length = width.hypot(height);
            let count = region.pixels.len();
            let blue = |&&at: &&usize| colour.rgb[at * 3 + 2] > colour.rgb[at * 3];
            length >= min_length
                && count as f64 / length <= if length > short { MAX_DENSITY_WIDE } else { MAX_DENSITY }
                && width.min(height) >= MIN_SLENDERNESS * width.max(height)
                && region.pixels.iter().filter(blue).count() * 10 < count * 3
        })
        .map(|region| region.pixels.len())
        .sum();
    hair as f64 / grey.values.len() as f64
}
