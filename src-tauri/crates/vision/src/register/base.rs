//! The copy of a photograph that all levels are made of.

use crate::decode::Photograph;
use crate::mask::{Mask, squared_distance};
use crate::outline::{enlarged, surround};
use crate::plane::Colour;
use crate::resize::{scale, with_short_side};

/// Short side of the copy, and the unit of the residual.
pub const SIDE: u32 = 448;
/// The lesion's border is left out of the skin up to this far outside, as a share of the radius of the
/// circle with the lesion's area: a grown border must not pull at the skin.
const BORDER: f64 = 0.15;

pub struct Base {
    pub picture: Colour,
    /// Pixels of the copy a pixel of the photograph.
    pub step: (f64, f64),
    /// Field of view: not the dark surround of a dermoscope.
    pub valid: Vec<bool>,
    pub skin: Vec<bool>,
    /// Centroid and radius of the lesion in pixels of the copy.
    pub lesion: Option<((f64, f64), f64)>,
}

impl Base {
    pub fn new(photo: &Photograph, outline: Option<&Mask>) -> Self {
        let size = with_short_side(photo.width, photo.height, SIDE);
        let from = (photo.width, photo.height);
        let rgb = if size == from { photo.rgb.clone() } else { scale(&photo.rgb, from, size) };
        let picture = Colour::new(size, rgb);
        let (width, height) = (picture.width, picture.height);
        let dark = surround(&picture, width.min(height) as f64);
        let valid: Vec<bool> = dark.pixels().iter().map(|dark| !dark).collect();
        let small = outline.map(|mask| enlarged(mask, width, height)).filter(|mask| mask.area() > 0);
        let (skin, lesion) = match &small {
            Some(mask) => {
                let radius = (mask.area() as f64 / std::f64::consts::PI).sqrt();
                let reach = ((radius * BORDER).max(3.0)).powi(2) as f32;
                let away = squared_distance(mask.pixels(), width);
                let skin = away.iter().zip(&valid).map(|(away, valid)| *valid && *away > reach).collect();
                (skin, mask.centroid().map(|(x, y)| ((x + 0.5, y + 0.5), radius)))
            }
            None => (valid.clone(), None),
        };
        let step = (width as f64 / f64::from(photo.width), height as f64 / f64::from(photo.height));
        Self { picture, step, valid, skin, lesion }
    }

    pub const fn short_side(&self) -> f64 {
        (if self.picture.width < self.picture.height { self.picture.width } else { self.picture.height })
            as f64
    }

    pub const fn long_side(&self) -> f64 {
        (if self.picture.width > self.picture.height { self.picture.width } else { self.picture.height })
            as f64
    }
}
