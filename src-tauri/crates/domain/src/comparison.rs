//! Two photographs of one lesion laid over each other, and what has changed between them.
//!
//! A comparison describes change and names no disease. The figures are measured in `vision`, whose
//! modules say how; [`Monitoring`] is the rule of short-term monitoring as it is published.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::{ComparisonId, ImageId, PatientId, UserId};
use crate::measure::DermoscopicColour;
use crate::model::ModelIdentity;
use crate::outline::{OutlineGap, OutlineMethod};

/// Raised when registration or measures of change are worked out another way; older comparisons are then
/// made anew.
pub const COMPARISON_VERSION: u32 = 2;

/// An affine map of the plane in the order of CSS `matrix()`: `x' = a x + c y + e`, `y' = b x + d y + f`.
/// Places are in pixels from the upper left corner of the picture; the first pixel's centre is at 0.5.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Transform {
    pub a: f64,
    pub b: f64,
    pub c: f64,
    pub d: f64,
    pub e: f64,
    pub f: f64,
}

impl Transform {
    pub const IDENTITY: Self = Self { a: 1.0, b: 0.0, c: 0.0, d: 1.0, e: 0.0, f: 0.0 };

    /// A turn by `angle` radians (from the x axis towards the y axis) and a scale about the origin, then
    /// a shift.
    #[must_use]
    pub fn similarity(scale: f64, angle: f64, shift: (f64, f64)) -> Self {
        let (sin, cos) = angle.sin_cos();
        Self { a: scale * cos, b: scale * sin, c: -scale * sin, d: scale * cos, e: shift.0, f: shift.1 }
    }

    /// A scale of each axis.
    #[must_use]
    pub const fn scaling(x: f64, y: f64) -> Self {
        Self { a: x, b: 0.0, c: 0.0, d: y, e: 0.0, f: 0.0 }
    }

    #[must_use]
    pub fn apply(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f)
    }

    /// This map, and then another.
    #[must_use]
    pub fn then(&self, next: &Self) -> Self {
        let (e, f) = next.apply((self.e, self.f));
        Self {
            a: next.a * self.a + next.c * self.b,
            b: next.b * self.a + next.d * self.b,
            c: next.a * self.c + next.c * self.d,
            d: next.b * self.c + next.d * self.d,
            e,
            f,
        }
    }

    #[must_use]
    pub fn determinant(&self) -> f64 {
        self.a * self.d - self.b * self.c
    }

    /// The map back; `None` where the plane is folded to a line.
    #[must_use]
    pub fn inverse(&self) -> Option<Self> {
        let determinant = self.determinant();
        if !determinant.is_finite() || determinant.abs() < 1e-12 {
            return None;
        }
        let (a, b) = (self.d / determinant, -self.b / determinant);
        let (c, d) = (-self.c / determinant, self.a / determinant);
        Some(Self { a, b, c, d, e: -(a * self.e + c * self.f), f: -(b * self.e + d * self.f) })
    }

    /// Square root of the factor by which areas grow.
    #[must_use]
    pub fn scale(&self) -> f64 {
        self.determinant().abs().sqrt()
    }

    /// Turn in degrees from the x axis towards the y axis, -180 to 180.
    #[must_use]
    pub fn turn_degrees(&self) -> f64 {
        (self.b - self.c).atan2(self.a + self.d).to_degrees()
    }
}

/// What held the scale between the photographs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// The skin around the lesion agrees on its own: growth of the lesion does not disguise itself as
    /// another distance of the camera.
    Skin,
    /// Only the picture with the lesion in it agrees. Growth and camera distance cannot be told apart.
    Lesion,
}

/// How the later photograph lies on the earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Registration {
    /// From pixels of the later photograph to pixels of the earlier one.
    pub transform: Transform,
    /// Length in the earlier photograph over length in the later one.
    pub scale: f64,
    /// Degrees by which the later photograph is turned.
    pub turn_degrees: f64,
    /// Robust root mean square (1.4826 × median) of what is left between the two at the places that can
    /// be compared, in pixels of the earlier photograph with its short side at 448.
    pub residual_px: f64,
    /// Correlation of the detail in the shared part after alignment, -1 to 1.
    pub correlation: f64,
    /// Share of the smaller photograph's field that both show, 0 to 1.
    pub overlap: f64,
    /// Share of the comparable places that agree within 2 px, 0 to 1.
    pub agreement: f64,
    pub anchor: Anchor,
}

/// Why two photographs could not be laid over each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CannotRegister {
    /// One photograph has too little detail to hold on to: blurred, overexposed, or too small.
    TooLittleDetail,
    /// No turn, scale and shift brings the details together.
    NoAgreement,
    /// What agrees is too small a part of the pictures.
    TooLittleOverlap,
}

impl CannotRegister {
    pub const ALL: [Self; 3] = [Self::TooLittleDetail, Self::NoAgreement, Self::TooLittleOverlap];
}

/// The result of registration, either way.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Alignment {
    Registered { registration: Registration },
    Refused { reason: CannotRegister },
}

impl Alignment {
    #[must_use]
    pub const fn registration(&self) -> Option<&Registration> {
        match self {
            Self::Registered { registration } => Some(registration),
            Self::Refused { .. } => None,
        }
    }
}

/// A figure with the interval in which 95 of 100 repeated pairs of an unchanged lesion would leave it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Bounded {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

impl Bounded {
    /// A ratio whose logarithm has this half width.
    #[must_use]
    pub fn ratio(value: f64, half_width: f64) -> Self {
        Self { value, low: value * (-half_width).exp(), high: value * half_width.exp() }
    }
}

/// What sizes are compared by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SizeBasis {
    /// Both photographs have a calibrated scale.
    Calibrated,
    /// The skin around the lesion.
    Skin,
}

/// Growth of the lesion, later over earlier: 1 is unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SizeChange {
    pub basis: SizeBasis,
    pub area: Bounded,
    /// Largest (Feret) diameter.
    pub diameter: Bounded,
    /// Largest diameter of the earlier and the later photograph in millimetres, where calibrated.
    pub diameters_mm: Option<[f64; 2]>,
    /// Areas in square millimetres, where calibrated.
    pub areas_mm2: Option<[f64; 2]>,
    /// Standard uncertainty of the ratio of both scales that the intervals hold, as a share of it
    /// ([`crate::uncertainty`]): 0 for two photographs of one device profile. Nothing where a source states none or
    /// the skin is the scale.
    pub scale_error: Option<f64>,
}

/// Share of a colour of dermoscopy before and after; 0 where it did not count.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ColourShift {
    pub colour: DermoscopicColour,
    pub earlier: f64,
    pub later: f64,
}

/// Mean colour of the lesion, later less earlier, in CIE L*a*b* after both skins were brought to one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MeanColourChange {
    /// Positive is lighter.
    pub lightness: f64,
    /// Positive is redder.
    pub red_green: f64,
    /// Positive is yellower.
    pub yellow_blue: f64,
    /// ΔE*ab of the three.
    pub difference: f64,
    /// ΔE*ab below which repeated photographs of an unchanged lesion remain in 95 of 100 pairs.
    pub noise: f64,
}

/// A figure of the earlier and the later photograph.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Both {
    pub earlier: f64,
    pub later: f64,
}

/// What the outlines say after registration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Change {
    /// `None` where the scale rests on the lesion alone.
    pub size: Option<SizeChange>,
    /// New area outside the earlier outline, as a share of the earlier area; `None` as for `size`.
    pub gained: Option<f64>,
    /// Area of the earlier outline that is no longer lesion, as a share of it; `None` as for `size`.
    pub lost: Option<f64>,
    pub colour: Option<MeanColourChange>,
    /// Every colour that counts in either.
    pub colours: Vec<ColourShift>,
    /// Index of asymmetry, from 0 upwards.
    pub asymmetry: Option<Both>,
    /// Eighths with an abrupt border, 0 to 8.
    pub border: Option<Both>,
    /// Compactness of the outline: 1 for a circle.
    pub compactness: Both,
    /// The lesion reaches a frame: sizes are lower bounds and growth is not told.
    pub touches_frame: bool,
    /// Calibrated scales and registration differ by more than 5 %: later over earlier, where known.
    pub scale_conflict: Option<f64>,
}

/// The lesion's outline in one photograph of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ComparedOutline {
    Found {
        /// Corners in pixels of the photograph, without repeating the first.
        polygon: Vec<[f64; 2]>,
    },
    Missing {
        reason: OutlineGap,
    },
}

/// A pair of photographs and what was found, as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    pub id: ComparisonId,
    pub patient_id: PatientId,
    pub earlier_id: ImageId,
    pub later_id: ImageId,
    pub alignment: Alignment,
    /// `None` without registration, and where an outline is missing.
    pub change: Option<Change>,
    pub earlier_outline: ComparedOutline,
    pub later_outline: ComparedOutline,
    pub outline_method: OutlineMethod,
    pub outline_model: Option<ModelIdentity>,
    /// Millimetres a pixel of the earlier and the later photograph, as they were known.
    pub mm_per_px: [Option<f64>; 2],
    /// [`COMPARISON_VERSION`] at the time.
    pub version: u32,
    pub author: UserId,
    pub compared_at: Timestamp,
}

/// Short-term digital monitoring (Menzies et al., Arch Dermatol 2001;137:1583): a suspicious melanocytic
/// lesion without features of melanoma is photographed again after three months, 2.5 to 4.5, and any
/// change leads to excision. Shown as information, never as a conclusion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Monitoring {
    /// Before 2.5 months.
    TooEarly,
    /// 2.5 to 4.5 months: the interval of the rule.
    ShortTerm,
    /// Later: long-term monitoring, where the rule does not hold.
    LongTerm,
}

impl Monitoring {
    /// Days in a mean month of the Gregorian calendar.
    const MONTH: f64 = 30.4369;

    #[must_use]
    pub fn of_days(days: i64) -> Self {
        let months = days.unsigned_abs() as f64 / Self::MONTH;
        match months {
            ..2.5 => Self::TooEarly,
            2.5..=4.5 => Self::ShortTerm,
            _ => Self::LongTerm,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_and_its_inverse_are_the_identity() {
        let map = Transform::similarity(1.7, 2.1, (30.0, -12.0)).then(&Transform::scaling(0.8, 1.1));
        let back = map.then(&map.inverse().unwrap());
        let (x, y) = back.apply((123.0, 45.0));
        assert!((x - 123.0).abs() < 1e-9 && (y - 45.0).abs() < 1e-9);
        assert!(Transform::scaling(0.0, 1.0).inverse().is_none());
    }

    #[test]
    fn scale_and_turn_are_those_of_the_similarity() {
        let map = Transform::similarity(1.25, -2.5, (3.0, 4.0));
        assert!((map.scale() - 1.25).abs() < 1e-12);
        assert!((map.turn_degrees() - (-2.5f64).to_degrees()).abs() < 1e-9);
    }

    #[test]
    fn the_interval_of_the_rule_is_two_and_a_half_to_four_and_a_half_months() {
        let of = Monitoring::of_days;
        assert_eq!(
            [of(0), of(76), of(77)],
            [Monitoring::TooEarly, Monitoring::TooEarly, Monitoring::ShortTerm]
        );
        assert_eq!(of(-100), of(100));
        assert_eq!([of(136), of(137)], [Monitoring::ShortTerm, Monitoring::LongTerm]);
    }

    #[test]
    fn a_ratio_leaves_one_out_only_beyond_its_width() {
        let leaves_out = |ratio: Bounded| ratio.low > 1.0 || ratio.high < 1.0;
        assert!(!leaves_out(Bounded::ratio(1.05, 0.1)) && leaves_out(Bounded::ratio(1.2, 0.1)));
        assert!(leaves_out(Bounded::ratio(0.8, 0.1)));
    }
}
