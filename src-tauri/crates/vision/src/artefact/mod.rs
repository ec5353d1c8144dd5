//! Detectors of what photographs of skin have in them besides skin.
//!
//! Rulers, ink, dark corners, hair and gel bubbles mislead classifiers. Each detector measures one
//! figure on a copy of the photograph whose short side has at most 448 pixels; a score of 0 to 1 follows
//! from it, in which 0.5 is the figure from which the artefact counts as present.

mod bubbles;
pub(crate) mod corners;
pub(crate) mod hair;
pub(crate) mod ink;
pub(crate) mod ruler;

pub use domain::artefact::{Artefact, ArtefactScores, PRESENT};

use crate::decode::Photograph;
use crate::plane::Colour;
use crate::resize::{shrink, with_short_side};

/// Short side of the copy.
pub(crate) const SIDE: u32 = 448;
/// Grey levels a line must stand out by.
const LINE_DEPTH: u8 = 26;
/// Looks for every artefact.
#[must_use]
pub fn detect(photo: &Photograph) -> ArtefactScores {
    let size = with_short_side(photo.width, photo.height, SIDE);
    let colour = Colour::new(size, shrink(&photo.rgb, (photo.width, photo.height), size));
    let found = Figures::of(&colour);
    let rings = bubbles::rings(&colour.grey()).len() as f64;
    ArtefactScores {
        ruler: ramp(found.ruler_ticks, ruler::MIN_TICKS),
        ink: ramp(found.ink_share, ink::MAX_SHARE),
        dark_corners: ramp((1.0 - found.corner_ratio).max(0.0), 1.0 - corners::MIN_RATIO),
        hair: ramp(found.hair_share, hair::MAX_SHARE),
        bubbles: ramp(rings, bubbles::MIN_RINGS),
    }
}

/// Straight from 0 at no artefact over 0.5 at the limit to 1 at twice the limit.
fn ramp(figure: f64, limit: f64) -> f64 {
    (PRESENT * figure / limit).min(1.0)
}

/// The figures that the quality checks share with the detectors.
pub(crate) struct Figures {
    pub corner_ratio: f64,
    pub ruler_ticks: f64,
    pub ink_share: f64,
    pub hair_share: f64,
}

impl Figures {
    pub(crate) fn of(colour: &Colour) -> Self {
        let grey = colour.grey();
        Self {
            corner_ratio: corners::ratio(&grey),
            ruler_ticks: ruler::ticks(&grey) as f64,
            ink_share: ink::share(colour),
            hair_share: hair::share(colour, &grey),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::image::ImageFormat;

    #[test]
    fn tiny_and_even_pictures_have_no_artefacts() {
        for (width, height) in [(1, 1), (3, 2), (1, 60), (50, 7), (300, 300)] {
            let rgb = [200u8, 160, 130].repeat((width * height) as usize);
            let scores = detect(&Photograph::new(width, height, rgb, ImageFormat::Png).unwrap());
            assert_eq!(scores.present().count(), 0, "{width}x{height}: {scores:?}");
        }
    }

    #[test]
    fn the_ramp_is_half_at_the_limit() {
        assert_eq!([ramp(0.0, 8.0), ramp(8.0, 8.0), ramp(40.0, 8.0)], [0.0, 0.5, 1.0]);
    }
}
