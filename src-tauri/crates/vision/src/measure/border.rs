//! How abruptly the pigment ends, in eighths of the border.
//!
//! The ABCD rule (Stolz et al. 1994, Nachbar et al. 1994) divides the lesion into eighths and gives a
//! point for each in which the pigment pattern breaks off sharply at the margin: 0 to 8. An eighth is
//! judged here by its mean colour at each distance from the outline: the profile is abrupt when most of
//! the whole change happens within a short stretch. The dark around a dermoscope's field of view is no
//! skin: an eighth that it takes up is not judged.

use super::view::View;
use crate::lab::{Lab, difference};
use domain::measure::{Border, Eighth};
use std::f64::consts::{FRAC_PI_4, TAU};

/// Distance looked at on either side of the outline, as a share of the radius of the circle with the
/// lesion's area.
const REACH: f64 = 0.25;
/// Stretch that an abrupt border takes, as a share of the same radius.
const STRETCH: f64 = 0.10;
/// Share of the whole change within the stretch.
const ABRUPT: f64 = 0.6;
/// ΔE*ab between lesion and skin below which there is no border to judge.
const CONTRAST: f32 = 8.0;
/// Steps of a profile from the outer to the inner end.
const STEPS: usize = 20;
/// Smallest radius in pixels of the view: a step must not be shorter than a quarter of a pixel.
const MIN_RADIUS: f64 = 10.0;

/// `None` for a lesion of fewer than 10 pixels' radius in the view and where no eighth has an outline.
pub fn measure(view: &View, axis: f64) -> Option<Border> {
    let radius = view.radius();
    if radius < MIN_RADIUS {
        return None;
    }
    let (cx, cy) = view.mask.centroid()?;
    let reach = radius * REACH;
    let mut profiles = vec![Profile::default(); 8];
    for (index, depth) in view.depth.iter().map(|&depth| f64::from(depth)).enumerate() {
        if depth.abs() >= reach || (depth < 0.0 && !view.is_skin(index)) {
            continue;
        }
        let (x, y) = ((index % view.width) as f64 - cx, (index / view.width) as f64 - cy);
        let eighth = ((y.atan2(x) - axis).rem_euclid(TAU) / FRAC_PI_4) as usize;
        let step = ((depth + reach) / (2.0 * reach) * STEPS as f64) as usize;
        profiles[eighth.min(7)].add(step.min(STEPS - 1), view.lab[index]);
    }
    let eighths: [Option<Eighth>; 8] = std::array::from_fn(|k| profiles[k].judge());
    if eighths.iter().all(Option::is_none) {
        return None;
    }
    let score = eighths.iter().flatten().map(|eighth| u8::from(eighth.abrupt)).sum();
    Some(Border { score, eighths })
}

#[derive(Clone)]
struct Profile {
    sums: [[f64; 3]; STEPS],
    counts: [u32; STEPS],
}

impl Default for Profile {
    fn default() -> Self {
        Self { sums: [[0.0; 3]; STEPS], counts: [0; STEPS] }
    }
}

impl Profile {
    fn add(&mut self, step: usize, colour: Lab) {
        self.counts[step] += 1;
        for (sum, value) in self.sums[step].iter_mut().zip(colour) {
            *sum += f64::from(value);
        }
    }

    fn mean(&self, steps: std::ops::Range<usize>) -> Option<Lab> {
        let count: u32 = self.counts[steps.clone()].iter().sum();
        let sum = |k: usize| self.sums[steps.clone()].iter().map(|sum| sum[k]).sum::<f64>();
        (count > 0).then(|| std::array::from_fn(|k| (sum(k) / f64::from(count)) as f32))
    }

    fn judge(&self) -> Option<Eighth> {
        const ENDS: usize = STEPS / 10;
        let (outer, inner) = (self.mean(0..ENDS)?, self.mean(STEPS - ENDS..STEPS)?);
        let contrast = difference(outer, inner);
        if contrast < CONTRAST {
            return Some(Eighth { contrast: contrast.into(), steepness: 0.0, abrupt: false });
        }
        // Position of each step's colour on the way from the outer to the inner end.
        let along = |colour: Lab| {
            let dot: f32 = (0..3).map(|k| (colour[k] - outer[k]) * (inner[k] - outer[k])).sum();
            f64::from(dot / (contrast * contrast))
        };
        let places: Vec<f64> = (0..STEPS).filter_map(|step| self.mean(step..step + 1)).map(along).collect();
        let stretch = (STRETCH / (2.0 * REACH) * STEPS as f64).round() as usize;
        let steepness = places.windows(stretch + 1).map(|w| w[stretch] - w[0]).fold(0.0, f64::max);
        Some(Eighth { contrast: contrast.into(), steepness, abrupt: steepness >= ABRUPT })
    }
}
