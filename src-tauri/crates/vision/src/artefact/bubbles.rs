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
/// Grey levels by which a place must be brighter, and by which all are in the mean.
const MIN_LEVEL: i32 = 3;
const MIN_MEAN: i32 = 9;

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
        let probe = Probe::new(radius);
        let margin = probe.reach;
        for y in margin..grey.height.saturating_sub(margin) {
            for x in margin..grey.width.saturating_sub(margin) {
                if let Some(strength) = probe.strength(&smooth, grey.width, x as i32, y as i32) {
                    candidates.push(Ring { x, y, radius, strength });
                }
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
fn smoothed(grey: &Grey) -> Vec<i32> {
    let (width, height) = (grey.width, grey.height);
    let mut out = Vec::with_capacity(width * height);
    for y in 0..height {
        let rows = [grey.row(y.saturating_sub(1)), grey.row(y), grey.row((y + 1).min(height - 1))];
        for x in 0..width {
            let columns = [x.saturating_sub(1), x, (x + 1).min(width - 1)];
            let sum = |row: &[u8]| {
                i32::from(row[columns[0]]) + 2 * i32::from(row[columns[1]]) + i32::from(row[columns[2]])
            };
            out.push(sum(rows[0]) + 2 * sum(rows[1]) + sum(rows[2]));
        }
    }
    out
}

/// Offsets of one radius: on the ring, inside and outside of it. Neighbouring entries lie far apart on
/// the ring, so that a place that is no ring is left after few looks.
struct Probe {
    places: Vec<[(i32, i32); 3]>,
    reach: usize,
}

impl Probe {
    fn new(radius: f64) -> Self {
        let gap = (0.3 * radius).max(2.5);
        let places = (0..PLACES)
            .map(|index| {
                let angle = TAU * (index * 7 % PLACES) as f64 / PLACES as f64;
                [radius, radius - gap, radius + gap]
                    .map(|r| ((r * angle.cos()).round() as i32, (r * angle.sin()).round() as i32))
            })
            .collect();
        Self { places, reach: (radius + gap).ceil() as usize + 1 }
    }

    fn strength(&self, smooth: &[i32], width: usize, x: i32, y: i32) -> Option<i32> {
        let level = |(dx, dy): (i32, i32)| smooth[(y + dy) as usize * width + (x + dx) as usize];
        let (mut dull, mut sum) = (0, 0);
        for [on, inside, outside] in &self.places {
            let over = level(*on) - level(*inside).max(level(*outside));
            sum += over;
            if over < 16 * MIN_LEVEL {
                dull += 1;
                if dull > PLACES - MIN_BRIGHT {
                    return None;
                }
            }
        }
        let mean = sum / (16 * PLACES as i32);
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
