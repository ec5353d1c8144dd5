//! One painted lesion at two visits: its growth and the way between the photographs are known.

use super::{DermoscopicColour, Phantom, PhantomSpec, Retake, noise};
use domain::comparison::Transform;
use std::f64::consts::PI;

/// Sides of the scene.
const SCENE: (u32, u32) = (1600, 1200);
/// Pixels of a photograph a pixel of the scene at the first visit, for a photograph of 640 × 480.
const NEARNESS: f64 = 0.7;

/// Two photographs with their truth.
#[derive(Clone, PartialEq)]
pub struct PhantomPair {
    pub earlier: Phantom,
    pub later: Phantom,
    /// From pixels of the later photograph to those of the earlier one.
    pub later_to_earlier: Transform,
    /// Area of the lesion on the skin, later over earlier.
    pub area_ratio: f64,
}

impl PhantomPair {
    /// A brown lesion, photographed at 640 × 480 from any side, at 0.65 to 1.4 times the distance, in another
    /// light. Its area grows by the factor; its skin stays. One seed always gives the same pair.
    #[must_use]
    pub fn painted(seed: u64, area_ratio: f64) -> Self {
        let draw = |index: i64, low: f64, high: f64| low + (high - low) * noise::unit(seed ^ 0x9A12, index);
        let long = draw(0, 0.1, 0.2);
        let colours = [DermoscopicColour::LightBrown, DermoscopicColour::DarkBrown];
        let spec = PhantomSpec {
            width: SCENE.0,
            height: SCENE.1,
            semi_axes: (long, long * draw(1, 0.7, 1.0)),
            rotation: draw(2, -PI, PI),
            irregularity: draw(3, 0.0, 0.5),
            asymmetry: draw(4, 0.0, 0.4),
            softness: 0.08,
            colours: colours[..1 + (seed % 2) as usize].to_vec(),
            seed,
            ..PhantomSpec::default()
        };
        let growth = area_ratio.sqrt();
        let grown =
            PhantomSpec { semi_axes: (spec.semi_axes.0 * growth, spec.semi_axes.1 * growth), ..spec.clone() };
        let view = |first: i64, zoom: f64, turn: f64| {
            let light = |index: i64| draw(first + index, 0.85, 1.1);
            let shift = (draw(first, -30.0, 30.0), draw(first + 1, -25.0, 25.0));
            Retake {
                width: 640,
                height: 480,
                map: centred(zoom * NEARNESS, turn, shift),
                gain: [light(2), light(3), light(4)],
                seed: seed.wrapping_mul(2).wrapping_add(first as u64),
            }
        };
        let (first, second) = (view(10, 1.0, 0.0), view(20, draw(5, 0.65, 1.4), draw(6, -PI, PI)));
        let (before, after) = (Phantom::render(&spec), Phantom::render(&grown));
        let back = second.map.inverse().expect("a similarity has an inverse");
        Self {
            later_to_earlier: back.then(&first.map),
            area_ratio: after.truth.area_px as f64 / before.truth.area_px as f64,
            earlier: before.retaken(&first),
            later: after.retaken(&second),
        }
    }

    /// Largest distance, over the middle and the corners of the middle half of the later photograph, between
    /// where a map has a place and where it is; in pixels of the earlier photograph with its short side at 448.
    #[must_use]
    pub fn error_of(&self, later_to_earlier: &Transform) -> f64 {
        let (width, height) = (f64::from(self.later.width), f64::from(self.later.height));
        let unit = 448.0 / f64::from(self.earlier.width.min(self.earlier.height));
        [(0.5, 0.5), (0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)]
            .into_iter()
            .map(|(x, y)| {
                let (u, v) = self.later_to_earlier.apply((x * width, y * height));
                let (p, q) = later_to_earlier.apply((x * width, y * height));
                (u - p).hypot(v - q) * unit
            })
            .fold(0.0, f64::max)
    }
}

/// The middle of the scene in the middle of the photograph, but for a shift.
fn centred(scale: f64, turn: f64, shift: (f64, f64)) -> Transform {
    let turned = Transform::similarity(scale, turn, (0.0, 0.0));
    let (x, y) = turned.apply((f64::from(SCENE.0) / 2.0, f64::from(SCENE.1) / 2.0));
    Transform { e: 320.0 + shift.0 - x, f: 240.0 + shift.1 - y, ..turned }
}
