//! Painted lesions whose outline, size and colours are known exactly.
//!
//! They stand in where no patient's photograph may: in the demonstration, in tests and in the
//! verification of measures. A phantom is a pure function of its [`PhantomSpec`].

mod artefacts;
mod dermoscopy;
mod noise;
mod paint;
mod pair;
mod retake;
mod samples;

pub use crate::encode::{encode_jpeg, encode_png};
pub use crate::measure::DermoscopicColour;
pub use pair::PhantomPair;
pub use retake::Retake;
pub use samples::{Sample, samples};

use crate::decode::Photograph;
use domain::image::ImageFormat;

/// Things laid over the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Artefacts {
    /// Number of hairs.
    pub hairs: u32,
    /// Millimetre ticks along the lower edge.
    pub ruler: bool,
    /// Violet pen marks around the lesion.
    pub ink: bool,
    /// The dark surround of a dermoscope's round field.
    pub dark_corners: bool,
    /// Number of gel bubbles.
    pub bubbles: u32,
}

/// A round piece that is missing from a lesion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bite {
    /// Where on the border its middle lies: radians from the lesion's first semi-axis.
    pub angle: f64,
    /// Radius in units of the semi-axes.
    pub radius: f64,
}

/// How skin and pigment are painted. The outline is that of the specification either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// Patches of one colour each on grainy skin: every colour of the specification is there to be counted.
    #[default]
    Plain,
    /// As through a dermoscope: smooth skin, a pigment network with globules, patches that run into each other.
    Dermoscopic,
}

/// A lesion to paint. Lengths are shares of the picture's short side, so that one lesion can be
/// painted at any resolution.
#[derive(Clone, Debug, PartialEq)]
pub struct PhantomSpec {
    /// Pixels, at least 16.
    pub width: u32,
    /// Pixels, at least 16.
    pub height: u32,
    /// Colour of the skin around.
    pub skin: [u8; 3],
    /// Offset of the lesion from the middle of the picture.
    pub centre: (f64, f64),
    /// Semi-axes of the ellipse before it is made irregular.
    pub semi_axes: (f64, f64),
    /// Radians, from the x axis towards the y axis.
    pub rotation: f64,
    /// 0 for a smooth border to 1 for a ragged one.
    pub irregularity: f64,
    /// 0 for two axes of symmetry to 1 for a lesion grown to one side.
    pub asymmetry: f64,
    pub bite: Option<Bite>,
    /// Width of the soft border as a share of the lesion's radius, above 0.
    pub softness: f64,
    /// The colours of the lesion: the first is its ground, the others lie in it as patches.
    /// Repetitions are painted once; empty means light brown.
    pub colours: Vec<DermoscopicColour>,
    /// Where the first patch lies: radians from the lesion's first semi-axis; `None` leaves it to the
    /// seed.
    pub patch_angle: Option<f64>,
    /// Gain of red, green and blue, as a lamp or a camera's white balance gives them.
    pub tint: [f64; 3],
    pub look: Look,
    pub seed: u64,
    pub artefacts: Artefacts,
}

impl Default for PhantomSpec {
    /// A plain round naevus of 800 × 600 pixels.
    fn default() -> Self {
        Self {
            width: 800,
            height: 600,
            skin: [222, 178, 152],
            centre: (0.0, 0.0),
            semi_axes: (0.22, 0.2),
            rotation: 0.3,
            irregularity: 0.1,
            asymmetry: 0.0,
            bite: None,
            softness: 0.1,
            colours: vec![DermoscopicColour::LightBrown],
            patch_angle: None,
            tint: [1.0; 3],
            look: Look::Plain,
            seed: 1,
            artefacts: Artefacts::default(),
        }
    }
}

/// What is known of a phantom without looking at it.
#[derive(Clone, Debug, PartialEq)]
pub struct Truth {
    /// Pixels inside the outline.
    pub area_px: u64,
    /// Largest distance between two pixels of the lesion (Feret), in pixels.
    pub diameter_px: f64,
    /// Colours in the lesion, without repetitions, in the order of the specification.
    pub colours: Vec<DermoscopicColour>,
}

/// A painted lesion.
#[derive(Clone, PartialEq)]
pub struct Phantom {
    pub width: u32,
    pub height: u32,
    /// `width * height * 3` bytes.
    pub rgb: Vec<u8>,
    /// `width * height` bytes, 255 inside the lesion and 0 outside.
    pub mask: Vec<u8>,
    pub truth: Truth,
}

impl Phantom {
    /// Paints a specification. One specification always gives the same bytes.
    #[must_use]
    pub fn render(spec: &PhantomSpec) -> Self {
        paint::render(spec)
    }

    /// The phantom as if it had been decoded from a PNG.
    #[must_use]
    pub fn photograph(&self) -> Photograph {
        Photograph { width: self.width, height: self.height, rgb: self.rgb.clone(), format: ImageFormat::Png }
    }

    /// The phantom as a JPEG file.
    ///
    /// # Panics
    /// When a side exceeds 65,535 pixels, the most a JPEG can hold.
    #[must_use]
    pub fn to_jpeg(&self, quality: u8) -> Vec<u8> {
        encode_jpeg(&self.rgb, self.width, self.height, quality).expect("sides fit a JPEG")
    }

    /// The phantom as a PNG file.
    ///
    /// # Panics
    /// Never: the buffer always fits its sides.
    #[must_use]
    pub fn to_png(&self) -> Vec<u8> {
        encode_png(&self.rgb, self.width, self.height).expect("the buffer fits its sides")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_one_picture() {
        let spec = PhantomSpec { width: 200, height: 150, ..PhantomSpec::default() };
        assert!(Phantom::render(&spec) == Phantom::render(&spec));
        let other = PhantomSpec { seed: 2, ..spec.clone() };
        assert!(Phantom::render(&spec).rgb != Phantom::render(&other).rgb);
    }

    #[test]
    fn a_smooth_ellipse_has_the_area_and_diameter_of_one() {
        let spec =
            PhantomSpec { irregularity: 0.0, semi_axes: (0.3, 0.2), rotation: 0.7, ..PhantomSpec::default() };
        let truth = Phantom::render(&spec).truth;
        let (a, b) = (0.3 * 600.0, 0.2 * 600.0);
        let area = std::f64::consts::PI * a * b;
        assert!((truth.area_px as f64 / area - 1.0).abs() < 0.005, "{}", truth.area_px);
        assert!((truth.diameter_px / (2.0 * a) - 1.0).abs() < 0.01, "{}", truth.diameter_px);
    }

    #[test]
    fn the_mask_is_dark_against_the_skin() {
        let phantom = Phantom::render(&PhantomSpec::default());
        let mean = |inside: bool| {
            let levels: Vec<f64> = phantom
                .mask
                .iter()
                .zip(phantom.rgb.chunks_exact(3))
                .filter(|(m, _)| (**m == 255) == inside)
                .map(|(_, p)| f64::from(p[1]))
                .collect();
            levels.iter().sum::<f64>() / levels.len() as f64
        };
        assert!(mean(false) - mean(true) > 40.0);
    }

    #[test]
    fn a_bite_takes_its_area() {
        let spec = PhantomSpec { irregularity: 0.0, semi_axes: (0.25, 0.25), ..PhantomSpec::default() };
        let whole = Phantom::render(&spec).truth.area_px as f64;
        let bite = Some(Bite { angle: 0.8, radius: 0.5 });
        let bitten = Phantom::render(&PhantomSpec { bite, ..spec }).truth.area_px as f64;
        // The lens of two circles of radii 1 and r whose centres are 1 apart.
        let r: f64 = 0.5;
        let lens = r * r * (r / 2.0).acos() + (1.0 - r * r / 2.0).acos() - 0.5 * r * (4.0 - r * r).sqrt();
        let missing = 1.0 - bitten / whole;
        assert!((missing - lens / std::f64::consts::PI).abs() < 0.002, "{missing}");
    }

    #[test]
    fn each_colour_is_painted_inside_the_lesion() {
        let spec = PhantomSpec {
            colours: DermoscopicColour::ALL.to_vec(),
            semi_axes: (0.35, 0.3),
            ..PhantomSpec::default()
        };
        let phantom = Phantom::render(&spec);
        let inside = phantom.mask.iter().filter(|&&m| m == 255).count();
        for colour in DermoscopicColour::ALL {
            let near = phantom
                .mask
                .iter()
                .zip(phantom.rgb.chunks_exact(3))
                .filter(|(m, _)| **m == 255)
                .filter(|(_, p)| p.iter().zip(colour.rgb()).all(|(&got, want)| got.abs_diff(want) < 22))
                .count();
            assert!(near * 33 > inside, "{colour:?}: {near} of {inside}");
        }
    }
}
