//! A second look for a lesion that grew: its outline fits at a scale that its skin contradicts.
//!
//! Turn and middle are kept about as the lesion has them; the scale is varied, and for each the skin alone
//! is correlated over a few shifts.

use super::level::Level;
use domain::comparison::Transform;

/// Scales tried: this to the power of -24 to 24, 0.7 to 1.43.
const RATIO: f64 = 1.015;
const HALF_SCALES: i32 = 24;
/// Degrees tried to either side.
const TURNS: [f64; 5] = [-2.0, -1.0, 0.0, 1.0, 2.0];
/// Shifts tried in pixels of the later level, along either axis.
const SHIFTS: [f64; 5] = [-3.0, -1.5, 0.0, 1.5, 3.0];
/// Every so many pixels of a row and rows are looked at.
const STRIDE: usize = 2;
/// Fewest shared pixels looked at.
const MIN_SHARED: u32 = 300;

/// The best maps from the earlier level to the later one, the best first. `middle` is the lesion's in the
/// earlier level.
pub fn starts(a: &Level, b: &Level, map: &Transform, middle: (f64, f64), count: usize) -> Vec<Transform> {
    let places = skin_of(a);
    let mut found: Vec<(f32, Transform)> = Vec::new();
    for power in -HALF_SCALES..=HALF_SCALES {
        for turn in TURNS {
            let about = about(middle, RATIO.powi(power), turn.to_radians()).then(map);
            let best = SHIFTS
                .iter()
                .flat_map(|dx| SHIFTS.iter().map(move |dy| (*dx, *dy)))
                .map(|(dx, dy)| Transform { e: about.e + dx, f: about.f + dy, ..about })
                .filter_map(|map| Some((correlation(&places, b, &map)?, map)))
                .max_by(|a, b| a.0.total_cmp(&b.0));
            found.extend(best);
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().take(count).map(|(_, map)| map).collect()
}

/// A scale and a turn about a place.
fn about((x, y): (f64, f64), scale: f64, turn: f64) -> Transform {
    let turned = Transform::similarity(scale, turn, (0.0, 0.0));
    let (u, v) = turned.apply((x, y));
    Transform { e: x - u, f: y - v, ..turned }
}

/// Places of the skin and the detail there.
fn skin_of(a: &Level) -> Vec<(f64, f64, f32)> {
    let rows = (0..a.height).step_by(STRIDE);
    rows.flat_map(|y| (0..a.width).step_by(STRIDE).map(move |x| (x, y)))
        .filter(|(x, y)| a.skin[y * a.width + x])
        .map(|(x, y)| (x as f64 + 0.5, y as f64 + 0.5, a.values[y * a.width + x]))
        .collect()
}

/// Of the skin that both show, from the nearest pixel.
fn correlation(places: &[(f64, f64, f32)], b: &Level, map: &Transform) -> Option<f32> {
    let (mut count, mut ab, mut aa, mut bb, mut sum_a, mut sum_b) =
        (0u32, 0.0f32, 0.0f32, 0.0f32, 0.0f32, 0.0f32);
    for &(x, y, here) in places {
        let (u, v) = map.apply((x, y));
        if u < 0.0 || v < 0.0 || u >= b.width as f64 || v >= b.height as f64 {
            continue;
        }
        let at = v as usize * b.width + u as usize;
        if !b.skin[at] {
            continue;
        }
        let there = b.values[at];
        count += 1;
        ab += here * there;
        aa += here * here;
        bb += there * there;
        sum_a += here;
        sum_b += there;
    }
    if count < MIN_SHARED {
        return None;
    }
    let share = 1.0 / count as f32;
    let spread = (aa - sum_a * sum_a * share) * (bb - sum_b * sum_b * share);
    (spread > 0.0).then(|| (ab - sum_a * sum_b * share) / spread.sqrt())
}
