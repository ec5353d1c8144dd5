//! What the error of a scale does to lengths, areas and their growth.
//!
//! The law of propagation of uncertainty (Guide to the expression of uncertainty in measurement, JCGM 100:2008,
//! 5.1.2) for a product `y = c Π xᵢ^pᵢ` of uncorrelated inputs is, by 5.1.6,
//!
//! ```text
//! (u(y) / y)² = Σ (pᵢ u(xᵢ) / xᵢ)²
//! ```
//!
//! - A length is pixels times scale, `L = n s`: `u(L)/L = u(s)/s`.
//! - An area is pixels times the scale twice, `A = n s²`, one input with the power 2 and not two inputs:
//!   `u(A)/A = 2 u(s)/s`.
//! - Growth between two photographs is `R = (n₂ s₂) / (n₁ s₁)`. Scales that were found one by one, by two rulers or
//!   one ruler clicked twice, are independent, and both add: `(u(R)/R)² = (u(s₁)/s₁)² + (u(s₂)/s₂)²`, twice that
//!   share for areas. Scales of one device profile share their error, a correlation of 1, and by 5.2.2
//!   `u(R)/R = |u(s₁)/s₁ − u(s₂)/s₂|`, which is nothing for two photographs of the same profile: whatever is wrong
//!   with the profile falls out of the ratio.
//!
//! The counts of pixels are taken as exact: how well an outline repeats is a part of the interval of a comparison
//! already, and how well the ends of a line were placed is not known. What is shown is expanded by `k = 2` (6.2.1;
//! about 95 of 100), the share that the intervals of comparisons have, too.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::scale::ImageScale;

/// Coverage factor of what is shown.
pub const COVERAGE: f64 = 2.0;

/// Half widths of intervals that follow from the error of a scale, as shares of a length and of an area, expanded
/// by [`COVERAGE`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Spread {
    pub length: f64,
    pub area: f64,
}

impl Spread {
    /// `error` is the standard uncertainty of a scale, or of a ratio of scales, as a share of it.
    #[must_use]
    pub fn of_scale(error: f64) -> Self {
        Self { length: COVERAGE * error, area: 2.0 * COVERAGE * error }
    }
}

impl ImageScale {
    /// What the error of the scale makes of lengths and areas; nothing where its source states none.
    #[must_use]
    pub fn spread(&self) -> Option<Spread> {
        self.error.map(Spread::of_scale)
    }

    /// Standard uncertainty of the ratio of two scales as a share of it; nothing where one of two independent
    /// sources states none.
    #[must_use]
    pub fn error_of_ratio(&self, other: &Self) -> Option<f64> {
        if self.device_id.is_some() && self.device_id == other.device_id {
            let share = |scale: &Self| scale.error.unwrap_or(0.0);
            return Some((share(self) - share(other)).abs());
        }
        Some(self.error?.hypot(other.error?))
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::id::{ImageId, ImagingDeviceId, UserId};
    use crate::mark::{MarkEntry, MarkKind, PixelPoint};
    use crate::scale::{PixelScale, RulerReading, ScaleSource};

    fn scale(source: ScaleSource, device: Option<ImagingDeviceId>, error: Option<f64>) -> ImageScale {
        ImageScale {
            image_id: ImageId::fresh(),
            scale: PixelScale::square(10.0).unwrap(),
            source,
            device_id: device,
            error,
            set_by: UserId::fresh(),
            set_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn an_area_is_twice_as_unsure_as_a_length() {
        let spread = scale(ScaleSource::Ruler, None, Some(0.01)).spread().unwrap();
        assert!((spread.length - 0.02).abs() < 1e-12 && (spread.area - 0.04).abs() < 1e-12);
        assert_eq!(scale(ScaleSource::Dicom, None, None).spread(), None);
    }

    #[test]
    fn independent_scales_add_and_one_profile_cancels() {
        let ruler = |error| scale(ScaleSource::Ruler, None, error);
        let told = ruler(Some(0.03)).error_of_ratio(&ruler(Some(0.04))).unwrap();
        assert!((told - 0.05).abs() < 1e-12);
        assert_eq!(ruler(Some(0.03)).error_of_ratio(&ruler(None)), None);
        let (one, another) = (ImagingDeviceId::fresh(), ImagingDeviceId::fresh());
        let device = |id, error| scale(ScaleSource::Device, Some(id), error);
        assert_eq!(device(one, Some(0.02)).error_of_ratio(&device(one, Some(0.02))), Some(0.0));
        assert_eq!(device(one, None).error_of_ratio(&device(one, None)), Some(0.0));
        assert_eq!(device(one, None).error_of_ratio(&device(another, None)), None);
        let two = device(one, Some(0.02)).error_of_ratio(&device(another, Some(0.02))).unwrap();
        assert!((two - 0.02 * std::f64::consts::SQRT_2).abs() < 1e-12);
    }

    /// The formula against trials: a ruler of 10 mm on 400 pixels, clicked again and again with the errors that its
    /// scale assumes; the lengths and areas of a known square must lie within their intervals in about 95 of 100.
    #[test]
    fn repeated_calibrations_lie_within_the_interval() {
        let mut state = 0x2545_f491_4f6c_dd1du64;
        let mut uniform = move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        let mut normal =
            move || (-2.0 * (1.0 - uniform()).ln()).sqrt() * (std::f64::consts::TAU * uniform()).cos();
        let corners = [(0.0, 0.0), (200.0, 0.0), (200.0, 200.0), (0.0, 200.0)];
        let square = MarkEntry {
            kind: MarkKind::Polygon,
            points: corners.map(|(x, y)| PixelPoint { x, y }).to_vec(),
            label: String::new(),
        };
        let (true_side, mut lengths, mut areas, trials) = (5.0f64, 0, 0, 2_000);
        for _ in 0..trials {
            let reading = RulerReading {
                from: PixelPoint { x: normal(), y: 0.0 },
                to: PixelPoint { x: 400.0 + normal(), y: 0.0 },
                distance_mm: 10.0 + 0.05 * (normal() + normal()),
                pointing_px: 1.0,
            };
            let (found, error) = reading.scale().unwrap();
            let (figures, spread) = (square.figures(Some(&found)), Spread::of_scale(error));
            let (diagonal, area) = (figures.length_mm.unwrap(), figures.area_mm2.unwrap());
            lengths += usize::from((diagonal - true_side * 2f64.sqrt()).abs() <= diagonal * spread.length);
            areas += usize::from((area - true_side * true_side).abs() <= area * spread.area);
        }
        for hits in [lengths, areas] {
            let share = hits as f64 / f64::from(trials);
            assert!((0.93..0.98).contains(&share), "{share}");
        }
    }
}
