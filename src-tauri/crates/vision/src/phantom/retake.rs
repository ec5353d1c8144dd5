//! A painted scene photographed again: from another place, in another light.

use super::{Phantom, Truth, noise, paint};
use domain::comparison::Transform;

/// How a scene was photographed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retake {
    /// Pixels of the photograph.
    pub width: u32,
    pub height: u32,
    /// From pixels of the scene to those of the photograph.
    pub map: Transform,
    /// Gain of red, green and blue.
    pub gain: [f64; 3],
    /// Of the grain, which is another one in every photograph.
    pub seed: u64,
}

/// Points looked at in a pixel, along a side.
const POINTS: u32 = 3;
/// Height of the grain.
const GRAIN: f64 = 2.5;

impl Phantom {
    /// The scene as a photograph. What lies outside the scene repeats its edge.
    ///
    /// # Panics
    /// When the map folds the plane.
    #[must_use]
    pub fn retaken(&self, retake: &Retake) -> Self {
        let back = retake.map.inverse().expect("a photograph does not fold the plane");
        let pixels = retake.width as usize * retake.height as usize;
        let (mut rgb, mut mask) = (Vec::with_capacity(pixels * 3), Vec::with_capacity(pixels));
        for y in 0..retake.height {
            for x in 0..retake.width {
                let (mut sums, mut inside) = ([0.0; 3], 0);
                for point in 0..POINTS * POINTS {
                    let part = |index: u32| (f64::from(index) + 0.5) / f64::from(POINTS);
                    let at = (f64::from(x) + part(point % POINTS), f64::from(y) + part(point / POINTS));
                    let (u, v) = back.apply(at);
                    inside += u32::from(self.is_lesion(u, v));
                    for (sum, level) in sums.iter_mut().zip(self.level(u, v)) {
                        *sum += level;
                    }
                }
                let count = f64::from(POINTS * POINTS);
                let grain = GRAIN * (2.0 * noise::unit(retake.seed, i64::from(y * retake.width + x)) - 1.0);
                rgb.extend(
                    (0..3)
                        .map(|k| (sums[k] / count * retake.gain[k] + grain).round().clamp(0.0, 255.0) as u8),
                );
                mask.push(if 2 * inside > POINTS * POINTS { 255 } else { 0 });
            }
        }
        let truth = Truth {
            area_px: mask.iter().filter(|&&inside| inside == 255).count() as u64,
            diameter_px: paint::feret(&mask, retake.width as usize),
            colours: self.truth.colours.clone(),
        };
        Self { width: retake.width, height: retake.height, rgb, mask, truth }
    }

    fn is_lesion(&self, x: f64, y: f64) -> bool {
        let inside = x >= 0.0 && y >= 0.0 && x < f64::from(self.width) && y < f64::from(self.height);
        inside && self.mask[y as usize * self.width as usize + x as usize] == 255
    }

    /// Straight between the pixels' centres.
    fn level(&self, x: f64, y: f64) -> [f64; 3] {
        let (width, height) = (self.width as usize, self.height as usize);
        let u = (x - 0.5).clamp(0.0, width as f64 - 1.001);
        let v = (y - 0.5).clamp(0.0, height as f64 - 1.001);
        let (left, top) = (u as usize, v as usize);
        let (fu, fv) = (u.fract(), v.fract());
        let at = |x: usize, y: usize, k: usize| f64::from(self.rgb[(y * width + x) * 3 + k]);
        std::array::from_fn(|k| {
            let upper = at(left, top, k) * (1.0 - fu) + at(left + 1, top, k) * fu;
            let lower = at(left, top + 1, k) * (1.0 - fu) + at(left + 1, top + 1, k) * fu;
            upper * (1.0 - fv) + lower * fv
        })
    }
}
