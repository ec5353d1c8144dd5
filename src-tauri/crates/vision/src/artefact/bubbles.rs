//! Gel bubbles: thin bright rings, as a contact plate over gel shows them.

use crate::plane::Grey;
use std::f64::consts::TAU;

/// Rings that make a picture one with bubbles.
pub const MIN_RINGS: f64 = 2.0;

/// Radii looked for in pixels, each an eighth larger than the last.
const RADII: [f64; 14] = [5.0, 5.6, 6.3, 7.1, 8.0, 9.0, 10.1, 11.4, 12.8, 14.4, 16.2, 18.2, 20.5, 23.0];
/// Places looked at on a ring.
const PLACES: usize = 24;
/// Places that must be brighter than inside and outside.
const MIN_BRIGHT: usize = 20;
const MOST_DULL: i16 = (PLACES - MIN_BRIGHT) as i16;
/// Grey levels by which a place must be brighter, and by which all are in the mean.
const MIN_LEVEL: i16 = 3;
const MIN_MEAN: i32 = 9;
/// Neighbouring middles that are looked at together, which the compiler turns into a few wide instructions, and looks
/// after which it is asked whether any of them is left.
const AT_ONCE: usize = 64;
const LOOKS: usize = 4;

/// A ring in pixels of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ring {
    pub x: usize,
    pub y: usize,
    pub radius: f64,
    /// Mean of the grey levels by which it stands out.
    strength: i32,
}

/// The rings that lie wholly in the picture, the strongest first, none with its middle in another.
pub fn rings(grey: &Grey) -> Vec<Ring> {
    let smooth = smoothed(grey);
    let mut candidates: Vec<Ring> = Vec::new();
    for radius in RADII {
        let probe = Probe::new(radius, grey.width);
        let margin = probe.reach;
        for y in margin..grey.height.saturating_sub(margin) {
            let end = grey.width.saturating_sub(margin);
            for left in (margin..end).step_by(AT_ONCE) {
                let start = y * grey.width + left;
                let dull = probe.dull(&smooth, start, AT_ONCE.min(end - left));
                let bright = dull.iter().enumerate().filter(|(_, dull)| **dull <= MOST_DULL);
                candidates.extend(bright.filter_map(|(k, _)| {
                    let strength = probe.strength(&smooth, start + k)?;
                    Some(Ring { x: left + k, y, radius, strength })
                }));
            }
        }
    }
    candidates.sort_by(|a, b| b.strength.cmp(&a.strength).then((a.y, a.x).cmp(&(b.y, b.x))));
    let mut kept: Vec<Ring> = Vec::new();
    for ring in candidates {
        let apart = |other: &Ring| {
            let (dx, dy) = (ring.x.abs_diff(other.x) as f64, ring.y.abs_diff(other.y) as f64);
            dx.hypot(dy) >= ring.radius.max(other.radius)
        };
        if kept.iter().all(apart) {
            kept.push(ring);
        }
    }
    kept
}

/// Binomial blur over 3 × 3 pixels, times 16.
fn smoothed(grey: &Grey) -> Vec<i16> {
    let (width, height) = (grey.width, grey.height);
    let mut out = Vec::with_capacity(width * height);
    for y in 0..height {
        let rows = [grey.row(y.saturating_sub(1)), grey.row(y), grey.row((y + 1).min(height - 1))];
        for x in 0..width {
            let columns = [x.saturating_sub(1), x, (x + 1).min(width - 1)];
            let sum = |row: &[u8]| {
                i16::from(row[columns[0]]) + 2 * i16::from(row[columns[1]]) + i16::from(row[columns[2]])
            };
            out.push(sum(rows[0]) + 2 * sum(rows[1]) + sum(rows[2]));
        }
    }
    out
}

/// Offsets of one radius into the picture: on the ring, inside and outside of it. Neighbouring entries lie far apart on
/// the ring, so that a place that is no ring is left after few looks.
struct Probe {
    places: [[isize; 3]; PLACES],
    reach: usize,
}

impl Probe {
    /// `reach` keeps every place in the picture.
    fn new(radius: f64, width: usize) -> Self {
        let gap = (0.3 * radius).max(2.5);
        let places = std::array::from_fn(|index| {
            let angle = TAU * (index * 7 % PLACES) as f64 / PLACES as f64;
            [radius, radius - gap, radius + gap].map(|r| {
                (r * angle.sin()).round() as isize * width as isize + (r * angle.cos()).round() as isize
            })
        });
        Self { places, reach: (radius + gap).ceil() as usize + 1 }
    }

    /// How many places are not bright enough, for `count` middles from `start` on; once there are too many around all of
    /// them, so far as was looked.
    fn dull(&self, smooth: &[i16], start: usize, count: usize) -> [i16; AT_ONCE] {
        let mut dull = [i16::MAX; AT_ONCE];
        dull[..count].fill(0);
        let levels = |offset: isize| &smooth[start.wrapping_add_signed(offset)..][..count];
        for looks in self.places.chunks(LOOKS) {
            for [on, inside, outside] in looks {
                let around = levels(*inside).iter().zip(levels(*outside));
                for ((dull, on), (inside, outside)) in dull.iter_mut().zip(levels(*on)).zip(around) {
                    *dull += i16::from(on - inside.max(outside) < 16 * MIN_LEVEL);
                }
            }
            if dull.iter().all(|&dull| dull > MOST_DULL) {
                break;
            }
        }
        dull
    }

    /// By how much the ring stands out in the mean, where that is enough.
    fn strength(&self, smooth: &[i16], at: usize) -> Option<i32> {
        let level = |offset: isize| i32::from(smooth[at.wrapping_add_signed(offset)]);
        let over = |[on, inside, outside]: &[isize; 3]| level(*on) - level(*inside).max(level(*outside));
        let mean = self.places.iter().map(over).sum::<i32>() / (16 * PLACES as i32);
        (mean >= MIN_MEAN).then_some(mean)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rings_are_found_where_they_are_and_discs_are_none() {
        let (width, height) = (160usize, 120usize);
        let paint = |x: f64, y: f64| {
            let ring = ((x - 50.0).hypot(y - 60.0) - 14.0).abs() < 1.2;
            let disc = (x - 120.0).hypot(y - 50.0) < 12.0;
            if ring || disc { 230 } else { 170 }
        };
        let values = (0..width * height).map(|i| paint((i % width) as f64, (i / width) as f64)).collect();
        let found = rings(&Grey { width, height, values });
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].x.abs_diff(50) <= 1 && found[0].y.abs_diff(60) <= 1, "{found:?}");
        assert!((found[0].radius - 14.0).abs() < 2.0);
    }
}
