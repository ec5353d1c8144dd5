//! Measures of a lesion from its outline and its photograph.
//!
//! Size and shape follow from the outline at full resolution. Symmetry, border, colours and texture
//! are read from a copy of the lesion whose longer side has at most 256 pixels, so that they mean the
//! same at every resolution. Everything follows published definitions where there are any (each module
//! names its own); the limits that turn a figure into a point of the ABCD rule are stated constants.

mod asymmetry;
mod border;
mod colours;
mod geometry;
mod texture;
pub(crate) mod view;

pub use domain::measure::{
    Asymmetry, AxisFold, Border, ColourShare, Colours, DermoscopicColour, Eighth, Measures, Shape, Size,
    Texture,
};
pub use domain::tds::{DifferentialStructures, StructureSource, Tds, TdsError, TdsProposal, TdsRange};

use crate::decode::Photograph;
use crate::mask::Mask;
use domain::outline::OutlineGap;
use thiserror::Error;
use view::View;

/// The colours of a lesion in a copy that has the light it is to be judged in.
pub(crate) fn colours_of(view: &View) -> Option<Colours> {
    colours::measure(view)
}

/// Why a lesion was not measured.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum MeasureError {
    #[error("the outline is empty")]
    EmptyOutline,
    #[error("the outline and the photograph differ in size")]
    SizeMismatch,
    #[error("the scale must be a positive number of millimetres a pixel")]
    Scale,
}

impl MeasureError {
    /// The reason as it is stored and shown.
    #[must_use]
    pub const fn gap(&self) -> OutlineGap {
        match self {
            Self::EmptyOutline => OutlineGap::OutlineEmpty,
            Self::SizeMismatch => OutlineGap::OutlineSize,
            Self::Scale => OutlineGap::ScaleInvalid,
        }
    }
}

/// Measures a lesion. `mask` has the size of the photograph; `mm_per_px` comes from a calibrated scale
/// and from nowhere else.
///
/// # Errors
/// [`MeasureError`] for an empty outline, sizes that differ, or a scale that is no positive number.
pub fn measure(photo: &Photograph, mask: &Mask, mm_per_px: Option<f64>) -> Result<Measures, MeasureError> {
    if (photo.width as usize, photo.height as usize) != (mask.width(), mask.height()) {
        return Err(MeasureError::SizeMismatch);
    }
    if mm_per_px.is_some_and(|scale| !scale.is_finite() || scale <= 0.0) {
        return Err(MeasureError::Scale);
    }
    let (size, shape) = geometry::measure(mask, mm_per_px).ok_or(MeasureError::EmptyOutline)?;
    let view = View::new(photo, mask).ok_or(MeasureError::EmptyOutline)?;
    let asymmetry = asymmetry::measure(&view);
    let axis = asymmetry.as_ref().map_or(0.0, |asymmetry| asymmetry.axes[0].angle);
    Ok(Measures {
        spread: None,
        mm_per_px,
        touches_frame: mask.touches_frame() || view.meets_surround(),
        size,
        shape,
        border: border::measure(&view, axis),
        colours: colours::measure(&view),
        texture: texture::measure(&view),
        asymmetry,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::image::ImageFormat;

    fn even(width: u32, height: u32) -> Photograph {
        let rgb = [150u8, 100, 80].repeat((width * height) as usize);
        Photograph::new(width, height, rgb, ImageFormat::Png).unwrap()
    }

    fn mask(width: u32, height: u32, inside: impl Fn(u32, u32) -> bool) -> Mask {
        let pixels = (0..width * height).map(|i| inside(i % width, i / width)).collect();
        Mask::new(width, height, pixels).unwrap()
    }

    #[test]
    fn what_cannot_be_measured_is_refused_with_a_code() {
        let photo = even(20, 10);
        let full = mask(20, 10, |_, _| true);
        let gap = |result: Result<Measures, MeasureError>| result.unwrap_err().gap();
        assert_eq!(gap(measure(&photo, &mask(20, 10, |_, _| false), None)), OutlineGap::OutlineEmpty);
        assert_eq!(gap(measure(&photo, &mask(10, 20, |_, _| true), None)), OutlineGap::OutlineSize);
        for scale in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(gap(measure(&photo, &full, Some(scale))), OutlineGap::ScaleInvalid);
        }
    }

    #[test]
    fn odd_outlines_are_measured_as_far_as_they_go() {
        let photo = even(60, 40);
        let cases: [(&str, Mask); 6] = [
            ("whole frame", mask(60, 40, |_, _| true)),
            ("one pixel", mask(60, 40, |x, y| (x, y) == (30, 20))),
            ("a corner pixel", mask(60, 40, |x, y| (x, y) == (0, 0))),
            ("a line", mask(60, 40, |_, y| y == 7)),
            ("at the frame", mask(60, 40, |x, _| x < 15)),
            ("two parts", mask(60, 40, |x, y| (x < 5 && y < 5) || (x > 50 && y > 30))),
        ];
        for (name, mask) in cases {
            let found = measure(&photo, &mask, Some(0.1)).unwrap();
            assert_eq!(found.size.area_px, mask.area() as u64, "{name}");
            let finite = [
                found.size.feret_px,
                found.size.perimeter_px,
                found.size.equivalent_diameter_px,
                found.shape.compactness,
                found.shape.solidity,
                found.shape.convexity,
            ];
            assert!(finite.iter().all(|v| v.is_finite() && *v > 0.0), "{name}: {finite:?}");
            assert!(found.tds(None).is_ok() && found.tds(Some(3)).is_ok(), "{name}");
        }
    }

    #[test]
    fn the_whole_frame_has_neither_border_nor_score() {
        let found = measure(&even(60, 40), &mask(60, 40, |_, _| true), None).unwrap();
        assert!(found.touches_frame && found.border.is_none());
        assert_eq!(found.tds(Some(2)), Ok(None));
        assert!(found.size.area_mm2.is_none() && found.mm_per_px.is_none());
    }

    #[test]
    fn a_line_over_a_large_picture_is_no_area_to_look_at() {
        let found = measure(&even(1200, 30), &mask(1200, 30, |_, y| y == 7), None).unwrap();
        assert!(found.colours.is_none() && found.texture.is_none() && found.asymmetry.is_none());
        assert!((found.size.feret_px / 1200.0 - 1.0).abs() < 0.01);
    }
}
