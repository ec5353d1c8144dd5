//! What an outline and a photograph say of a lesion: size, shape, symmetry, border, colours, texture.
//!
//! The figures are measured in `vision`, whose modules name the published definition of each.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::tds::{DifferentialStructures, Tds, TdsError};
use crate::uncertainty::Spread;

/// Measures of one lesion in one photograph. `None` stands where a measure has no meaning: no
/// millimetres without a scale, no border where nothing but lesion is in the picture, no texture of a
/// single pixel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Measures {
    /// Millimetres a pixel; `None` means that the picture is uncalibrated.
    pub mm_per_px: Option<f64>,
    /// How unsure the millimetres are for the error of the scale; nothing where its source states none.
    pub spread: Option<Spread>,
    /// The lesion reaches the frame, or the dark around a dermoscope's view: sizes are lower bounds, and
    /// symmetry and border speak of the visible part alone.
    pub touches_frame: bool,
    pub size: Size,
    pub shape: Shape,
    pub asymmetry: Option<Asymmetry>,
    pub border: Option<Border>,
    pub colours: Option<Colours>,
    pub texture: Option<Texture>,
}

impl Measures {
    /// The asymmetry of the lesion; nothing where the frame cuts it off and only a part of it was measured.
    #[must_use]
    pub fn whole_asymmetry(&self) -> Option<&Asymmetry> {
        self.asymmetry.as_ref().filter(|_| !self.touches_frame)
    }

    /// The border of the lesion; nothing where the frame cuts it off.
    #[must_use]
    pub fn whole_border(&self) -> Option<&Border> {
        self.border.as_ref().filter(|_| !self.touches_frame)
    }

    /// The total dermoscopy score these measures suggest. `structures` are the clinician's count of
    /// differential structures (1 to 5); without it the count is proposed from texture and marked so.
    /// `Ok(None)` where a component could not be measured.
    ///
    /// # Errors
    /// [`TdsError`] for a count outside 1 to 5.
    pub fn tds(&self, structures: Option<u8>) -> Result<Option<Tds>, TdsError> {
        let structures = match (structures, &self.texture) {
            (Some(count), _) => Some(DifferentialStructures::counted(count)?),
            (None, texture) => texture.as_ref().map(DifferentialStructures::proposed),
        };
        let (Some(asymmetry), Some(border), Some(colours), Some(structures)) =
            (&self.asymmetry, &self.border, &self.colours, structures)
        else {
            return Ok(None);
        };
        Tds::new(asymmetry.score, border.score, colours.count(), structures).map(Some)
    }
}

/// Lengths of the lesion. For diameters a pixel is a disc of diameter 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Size {
    /// Pixels inside the outline.
    #[ts(type = "number")]
    pub area_px: u64,
    pub area_mm2: Option<f64>,
    /// Diameter of the circle with the lesion's area, `2 √(A / π)`.
    pub equivalent_diameter_px: f64,
    pub equivalent_diameter_mm: Option<f64>,
    /// Largest distance between two points of the lesion (maximum Feret or caliper diameter).
    pub feret_px: f64,
    pub feret_mm: Option<f64>,
    /// Smallest distance between two parallel lines around the lesion (minimum Feret diameter).
    pub min_feret_px: f64,
    pub min_feret_mm: Option<f64>,
    /// Length of the border by Crofton's formula over four directions (Legland, Kiêu and Devaux,
    /// Image Anal Stereol 2007;26:83), holes and every part included. A smooth round border comes out
    /// within 1 %, one along the pixel rows up to 5 % short.
    pub perimeter_px: f64,
    pub perimeter_mm: Option<f64>,
}

/// Irregularity of the outline, without units.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Shape {
    /// `P² / (4 π A)` (compactness or irregularity index; Golston et al., IEEE Trans Med Imaging
    /// 1992): 1 for a circle, larger for long or ragged outlines.
    pub compactness: f64,
    /// Area over the area of the convex hull: 1 for a convex outline, less with notches.
    pub solidity: f64,
    /// Perimeter of the convex hull over the perimeter: 1 for a convex outline, less for a ragged one.
    pub convexity: f64,
    /// Minor over major axis of the ellipse with the same second moments: 1 for a circle.
    pub roundness: f64,
}

impl Shape {
    /// Share by which the border is longer than that of the ellipse with the same area and roundness, from 0 upwards;
    /// nothing where the outline is a line. Compactness alone would call a long, smooth lesion irregular. The length
    /// of the ellipse is Ramanujan's second approximation, here within 0.1 %.
    #[must_use]
    pub fn border_excess(&self) -> Option<f64> {
        let ratio = self.roundness;
        if !(self.compactness.is_finite() && ratio > 0.0 && ratio <= 1.0) {
            return None;
        }
        let h = ((1.0 - ratio) / (1.0 + ratio)).powi(2);
        let half = (1.0 + ratio) * (1.0 + 3.0 * h / (10.0 + (4.0 - 3.0 * h).sqrt()));
        let smooth = half * half / (4.0 * ratio);
        Some(((self.compactness / smooth).sqrt() - 1.0).max(0.0))
    }
}

/// The lesion folded over one axis.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AxisFold {
    /// Radians from the x axis of the picture towards its y axis (downwards).
    pub angle: f64,
    /// Share of the lesion whose mirror image lies outside it, 0 to 1.
    pub contour: f64,
    /// Share of the pixels inside on both sides whose colours differ by ΔE*ab 15 or more, 0 to 1.
    pub colour: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Asymmetry {
    /// The ABCD rule's A: axes of asymmetry, 0 to 2.
    pub score: u8,
    /// Mean over the two axes of the larger of contour and colour over its limit: finer than the score,
    /// 0 upwards.
    pub index: f64,
    /// The perpendicular pair with the fewest points and then the lowest index.
    pub axes: [AxisFold; 2],
    /// The principal axes of the outline, the longer one first.
    pub principal: [AxisFold; 2],
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Border {
    /// The ABCD rule's B: eighths with an abrupt border, 0 to 8.
    pub score: u8,
    /// Eighths of 45 degrees around the centroid, the first beginning at the first axis of symmetry and
    /// going towards the y axis. `None` where the eighth has no outline, as at the frame.
    pub eighths: [Option<Eighth>; 8],
}

/// The border over 45 degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Eighth {
    /// ΔE*ab between the inner and the outer end of the profile.
    pub contrast: f64,
    /// Largest share of the change within a tenth of the lesion's radius, 0 upwards.
    pub steepness: f64,
    pub abrupt: bool,
}

/// The six colours of dermoscopy (Menzies; ABCD rule of Stolz).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DermoscopicColour {
    White,
    Red,
    LightBrown,
    DarkBrown,
    BlueGrey,
    Black,
}

impl DermoscopicColour {
    pub const ALL: [Self; 6] =
        [Self::White, Self::Red, Self::LightBrown, Self::DarkBrown, Self::BlueGrey, Self::Black];

    /// The reference in sRGB.
    #[must_use]
    pub const fn rgb(self) -> [u8; 3] {
        match self {
            Self::White => [240, 232, 226],
            Self::Red => [186, 62, 58],
            Self::LightBrown => [176, 118, 74],
            Self::DarkBrown => [98, 58, 38],
            Self::BlueGrey => [96, 112, 134],
            Self::Black => [34, 28, 28],
        }
    }
}

/// A colour that counts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ColourShare {
    pub colour: DermoscopicColour,
    /// Share of the lesion without its rim, 0 to 1.
    pub share: f64,
}

/// The colours of a lesion, the largest first. Shares need not sum to 1: blends and skin have no name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Colours {
    pub present: Vec<ColourShare>,
}

impl Colours {
    /// The ABCD rule's C, 1 to 6. A lesion of the skin's own colour has none of the six and gets the 1
    /// that is the rule's least.
    #[must_use]
    pub fn count(&self) -> u8 {
        self.present.len().max(1) as u8
    }
}

/// Measures of the grey-level co-occurrence matrix (Haralick, Shanmugam and Dinstein, IEEE Trans Syst
/// Man Cybern 1973;3:610) over four directions, neighbours both inside the lesion, 32 grey levels
/// (ITU-R BT.601), on a copy of at most 256 pixels.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Texture {
    /// `Σ (i - j)² p`: 0 for an even surface, 961 at most.
    pub contrast: f64,
    /// `-Σ p log₂ p` in bits: 0 for an even surface, 10 at most.
    pub entropy: f64,
    /// `Σ p / (1 + (i - j)²)`: 1 for an even surface (inverse difference moment).
    pub homogeneity: f64,
    /// `Σ p²`: 1 for an even surface (angular second moment).
    pub energy: f64,
}
