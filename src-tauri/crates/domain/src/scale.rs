//! How large a pixel of a photograph is. Without a scale there are pixels and no millimetres.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use ts_rs::TS;

use crate::id::{ImageId, ImagingDeviceId, UserId};
use crate::mark::PixelPoint;
use crate::measure::Measures;
use crate::problem::{FieldProblem, ProblemCode, Problems};

/// Smallest pixel in micrometres: below stands no camera, only a microscope.
pub const LEAST_UM_PER_PX: f64 = 0.1;
/// Largest pixel in micrometres: a person of two metres on 200 pixels.
pub const MOST_UM_PER_PX: f64 = 10_000.0;
/// Least distance in pixels between two points of a ruler; below, pointing is most of the figure.
pub const LEAST_RULER_PX: f64 = 20.0;
/// A ruler shows half a millimetre to one metre.
pub const RULER_MM: std::ops::RangeInclusive<f64> = 0.5..=1000.0;
/// Lines of a ruler are this well placed, in millimetres: a half of the 0.1 mm that school rulers keep.
const RULER_TOLERANCE_MM: f64 = 0.05;
/// Sides that differ by less count as square.
const SQUARE: f64 = 0.02;

/// Where a scale comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ScaleSource {
    /// Pixel Spacing of a DICOM file (PS3.3, 10.7.1.1).
    Dicom,
    /// The profile of a camera or dermatoscope.
    Device,
    /// Two points of a ruler in the photograph.
    Ruler,
}

/// Size of a pixel of the upright photograph in micrometres, along a row and down a column.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PixelScale {
    pub um_per_px_x: f64,
    pub um_per_px_y: f64,
}

/// Why a scale is none.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ScaleError {
    /// Outside [`LEAST_UM_PER_PX`] to [`MOST_UM_PER_PX`], or sides that differ by more than four times.
    #[error("a pixel of that size is not plausible")]
    Implausible,
    /// Two points that nearly coincide.
    #[error("the points are too near each other")]
    TooNear,
    #[error("the distance is outside what a ruler shows")]
    Distance,
}

impl PixelScale {
    /// # Errors
    /// [`ScaleError::Implausible`].
    pub fn new(um_per_px_x: f64, um_per_px_y: f64) -> Result<Self, ScaleError> {
        let plausible = |side: f64| (LEAST_UM_PER_PX..=MOST_UM_PER_PX).contains(&side);
        let ratio = um_per_px_x / um_per_px_y;
        if plausible(um_per_px_x) && plausible(um_per_px_y) && (0.25..=4.0).contains(&ratio) {
            Ok(Self { um_per_px_x, um_per_px_y })
        } else {
            Err(ScaleError::Implausible)
        }
    }

    /// # Errors
    /// [`ScaleError::Implausible`].
    pub fn square(um_per_px: f64) -> Result<Self, ScaleError> {
        Self::new(um_per_px, um_per_px)
    }

    /// Millimetres a pixel where pixels are square within 2 %, the geometric mean of the sides; `None` for other
    /// pixels, whose lengths depend on their direction.
    #[must_use]
    pub fn mm_per_px(&self) -> Option<f64> {
        let square = (self.um_per_px_x / self.um_per_px_y - 1.0).abs() <= SQUARE;
        square.then(|| (self.um_per_px_x * self.um_per_px_y).sqrt() / 1000.0)
    }

    /// A vector in pixels as millimetres.
    #[must_use]
    pub fn millimetres(&self, x: f64, y: f64) -> (f64, f64) {
        (x * self.um_per_px_x / 1000.0, y * self.um_per_px_y / 1000.0)
    }
}

/// Two points of a ruler in the photograph, and how far apart they are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RulerReading {
    pub from: PixelPoint,
    pub to: PixelPoint,
    /// 0.5 to 1,000 millimetres.
    pub distance_mm: f64,
    /// How well the points could be placed: pixels of the photograph in one of the screen, 0.01 to 100.
    pub pointing_px: f64,
}

impl RulerReading {
    /// The scale of square pixels that follows, and its error as a share of it: both points are placed to one
    /// pixel of photograph or screen, whichever is larger, and the lines of the ruler to 0.05 mm.
    ///
    /// # Errors
    /// [`ScaleError::Distance`], [`ScaleError::TooNear`], [`ScaleError::Implausible`].
    pub fn scale(&self) -> Result<(PixelScale, f64), ScaleError> {
        if !RULER_MM.contains(&self.distance_mm) {
            return Err(ScaleError::Distance);
        }
        let length = self.from.distance(&self.to);
        // Also what is no number.
        if !length.is_finite() || length < LEAST_RULER_PX || !(0.01..=100.0).contains(&self.pointing_px) {
            return Err(ScaleError::TooNear);
        }
        let scale = PixelScale::square(self.distance_mm * 1000.0 / length)?;
        let pointing = std::f64::consts::SQRT_2 * self.pointing_px.max(1.0) / length;
        let lines = std::f64::consts::SQRT_2 * RULER_TOLERANCE_MM / self.distance_mm;
        Ok((scale, pointing.hypot(lines)))
    }
}

/// A scale that is given to a photograph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NewScale {
    pub scale: PixelScale,
    pub source: ScaleSource,
    /// The profile, where the source is one.
    pub device: Option<ImagingDeviceId>,
    /// Estimated error as a share of the scale; `None` where the source states none.
    pub error: Option<f64>,
}

impl NewScale {
    /// Pixel Spacing of a DICOM file in micrometres, along a row and down a column of the upright picture.
    ///
    /// # Errors
    /// [`ScaleError::Implausible`].
    pub fn dicom(um_per_px_x: f64, um_per_px_y: f64) -> Result<Self, ScaleError> {
        let scale = PixelScale::new(um_per_px_x, um_per_px_y)?;
        Ok(Self { scale, source: ScaleSource::Dicom, device: None, error: None })
    }
}

/// The scale of a photograph as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ImageScale {
    pub image_id: ImageId,
    #[serde(flatten)]
    pub scale: PixelScale,
    pub source: ScaleSource,
    pub device_id: Option<ImagingDeviceId>,
    /// Estimated error as a share of the scale; nothing where the source states none.
    pub error: Option<f64>,
    pub set_by: UserId,
    #[ts(type = "string")]
    pub set_at: Timestamp,
}

/// A camera or dermatoscope whose pictures have a known scale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DeviceProfile {
    pub name: String,
    /// EXIF Make that its photographs carry; empty where they carry none.
    pub make: String,
    /// EXIF Model.
    pub model: String,
    /// Long side in pixels of the photographs for which `um_per_px` holds; larger and smaller ones of the same
    /// field are scaled in proportion.
    pub image_width: u32,
    /// Micrometres a pixel at that size.
    pub um_per_px: f64,
}

impl DeviceProfile {
    /// # Errors
    /// The fields with their problems.
    pub fn validate(&self) -> Result<(), Vec<FieldProblem>> {
        let mut problems = Problems::default();
        problems.required_text("name", &self.name, 80);
        problems.one_line("name", &self.name);
        for (field, text) in [("make", &self.make), ("model", &self.model)] {
            problems.text(field, text, 80);
            problems.one_line(field, text);
        }
        if !(100..=16_384).contains(&self.image_width) {
            problems.add("image_width", ProblemCode::NotAllowed);
        }
        if PixelScale::square(self.um_per_px).is_err() {
            problems.add("um_per_px", ProblemCode::NotAllowed);
        }
        problems.into_result()
    }

    /// The scale of a photograph whose long side has so many pixels: a camera that is held upright turns the
    /// picture and not the size of its pixels.
    ///
    /// # Errors
    /// [`ScaleError::Implausible`].
    pub fn scale_at(&self, long_side: u32) -> Result<PixelScale, ScaleError> {
        PixelScale::square(self.um_per_px * f64::from(self.image_width) / f64::from(long_side.max(1)))
    }

    /// Whether a photograph with this make and model is one of the device. A profile without either matches none.
    #[must_use]
    pub fn matches(&self, make: &str, model: &str) -> bool {
        let fits = |wanted: &str, found: &str| {
            wanted.trim().is_empty() || wanted.trim().eq_ignore_ascii_case(found.trim())
        };
        let says_something = !(self.make.trim().is_empty() && self.model.trim().is_empty());
        says_something && fits(&self.make, make) && fits(&self.model, model)
    }
}

impl Measures {
    /// The same measures with millimetres by this scale, or without any. Pixels stay as they are; how unsure the
    /// scale is has to be said beside it.
    #[must_use]
    pub fn with_scale(&self, scale: Option<&PixelScale>) -> Self {
        let mm = scale.and_then(PixelScale::mm_per_px);
        let mut measures = self.clone();
        measures.mm_per_px = mm;
        measures.spread = None;
        let size = &mut measures.size;
        size.area_mm2 = mm.map(|mm| size.area_px as f64 * mm * mm);
        size.equivalent_diameter_mm = mm.map(|mm| size.equivalent_diameter_px * mm);
        size.feret_mm = mm.map(|mm| size.feret_px * mm);
        size.min_feret_mm = mm.map(|mm| size.min_feret_px * mm);
        size.perimeter_mm = mm.map(|mm| size.perimeter_px * mm);
        measures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ruler(length_px: f64, distance_mm: f64, pointing_px: f64) -> Result<(PixelScale, f64), ScaleError> {
        let from = PixelPoint { x: 10.0, y: 20.0 };
        let to = PixelPoint { x: 10.0 + length_px * 0.6, y: 20.0 + length_px * 0.8 };
        RulerReading { from, to, distance_mm, pointing_px }.scale()
    }

    #[test]
    fn a_ruler_gives_the_size_of_a_pixel_and_how_sure_it_is() {
        let (scale, error) = ruler(1000.0, 10.0, 1.0).unwrap();
        assert!((scale.um_per_px_x - 10.0).abs() < 1e-9 && scale.um_per_px_x == scale.um_per_px_y);
        assert!((scale.mm_per_px().unwrap() - 0.01).abs() < 1e-12);
        // Two points of one pixel each, two lines of 0.05 mm each.
        assert!((error - (2.0f64 / 1e6 + 2.0 * 0.0025 / 100.0).sqrt()).abs() < 1e-12, "{error}");
        let coarse = ruler(1000.0, 10.0, 8.0).unwrap().1;
        assert!(coarse > error && (coarse - 0.0134).abs() < 1e-3, "{coarse}");
        // Sharper than a pixel nobody points.
        assert_eq!(ruler(1000.0, 10.0, 0.1).unwrap().1, error);
    }

    #[test]
    fn what_no_ruler_shows_is_refused() {
        assert_eq!(ruler(19.0, 10.0, 1.0), Err(ScaleError::TooNear));
        assert_eq!(ruler(f64::NAN, 10.0, 1.0), Err(ScaleError::TooNear));
        assert_eq!(ruler(100.0, 10.0, f64::INFINITY), Err(ScaleError::TooNear));
        for distance in [0.0, -3.0, 0.4, 1001.0, f64::NAN] {
            assert_eq!(ruler(500.0, distance, 1.0), Err(ScaleError::Distance), "{distance}");
        }
        assert_eq!(ruler(20.0, 1000.0, 1.0), Err(ScaleError::Implausible));
    }

    #[test]
    fn pixels_are_of_a_plausible_size_and_shape() {
        for (x, y) in [(0.0, 1.0), (1.0, f64::NAN), (0.09, 0.09), (10_001.0, 10_001.0), (10.0, 41.0)] {
            assert_eq!(PixelScale::new(x, y), Err(ScaleError::Implausible), "{x} {y}");
        }
        assert!((PixelScale::new(10.0, 10.1).unwrap().mm_per_px().unwrap() - 0.010_05).abs() < 1e-5);
        assert_eq!(PixelScale::new(10.0, 10.3).unwrap().mm_per_px(), None);
        assert_eq!(PixelScale::new(10.0, 20.0).unwrap().millimetres(100.0, 100.0), (1.0, 2.0));
    }

    #[test]
    fn a_device_is_known_by_what_it_says_of_itself() {
        let mut device = DeviceProfile {
            name: "Handyscope".into(),
            make: "Apple".into(),
            model: "iPhone 14".into(),
            image_width: 4000,
            um_per_px: 5.0,
        };
        assert!(device.validate().is_ok());
        assert!(device.matches("apple ", "IPHONE 14") && !device.matches("Apple", "iPhone 15"));
        assert_eq!(device.scale_at(2000).unwrap().um_per_px_x, 10.0);
        assert_eq!(device.scale_at(1), Err(ScaleError::Implausible));
        device.make.clear();
        assert!(device.matches("", "iPhone 14"));
        device.model.clear();
        assert!(!device.matches("", ""));
        let bad = DeviceProfile { name: " ".into(), image_width: 0, um_per_px: f64::NAN, ..device };
        let fields: Vec<_> = bad.validate().unwrap_err().into_iter().map(|problem| problem.field).collect();
        assert_eq!(fields, ["name", "image_width", "um_per_px"]);
    }
}
