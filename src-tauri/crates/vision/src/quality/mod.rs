//! Quality of a photograph: hard checks reject it, soft checks warn.
//!
//! Everything is measured on two small copies, so that a 12-megapixel photograph costs no more than
//! one pass of the resizer: a colour copy with a short side of 448 pixels for artefacts, and from it
//! a grey copy (ITU-R BT.601) with a short side of 224 pixels for sharpness and light. Smaller
//! photographs are measured as they are.

mod artefact;

use crate::artefact::SIDE as COLOUR_SIDE;
use crate::decode::Photograph;
use crate::plane::{Colour, Grey};
use crate::resize::{scale, shrink, with_short_side};
use domain::quality::{QualityCheck, QualityCode, QualityReport};
use thiserror::Error;

/// Shortest side a photograph may have.
pub const MIN_SIDE: u32 = 224;
/// A pixel is black when none of its channels reaches this level.
pub const BLACK_LEVEL: u8 = 16;
/// Largest share of black pixels, 95 %.
pub const MAX_BLACK_SHARE: f64 = 0.95;

/// Variance of the Laplacian below which a photograph counts as blurred.
pub const MIN_LAPLACIAN_VARIANCE: f64 = 100.0;
/// Mean grey level below which a photograph counts as too dark.
pub const MIN_BRIGHTNESS: f64 = 30.0;
/// Mean grey level above which a photograph counts as too bright.
pub const MAX_BRIGHTNESS: f64 = 225.0;
/// Standard deviation of the grey level below which contrast counts as low.
pub const MIN_CONTRAST: f64 = 30.0;

const GREY_SIDE: u32 = 224;

/// Why a photograph is not analysed at all.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
pub enum HardCheckError {
    #[error("the photograph is {width} x {height} pixels, each side needs at least {MIN_SIDE}")]
    TooSmall { width: u32, height: u32 },
    #[error("{:.1} % of the photograph is black", share * 100.0)]
    TooBlack { share: f64 },
}

impl HardCheckError {
    /// Stable code for the border.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooSmall { .. } => "image_too_small",
            Self::TooBlack { .. } => "image_too_black",
        }
    }
}

/// All checks of a photograph.
///
/// The score starts at 1 and loses a fixed weight for every warning: blur, darkness and glare 0.3
/// each, low contrast 0.2, each artefact 0.1; it ends at 0.
///
/// # Errors
/// [`HardCheckError`] when the photograph must not be analysed.
pub fn check(photo: &Photograph) -> Result<QualityReport, HardCheckError> {
    if photo.width < MIN_SIDE || photo.height < MIN_SIDE {
        return Err(HardCheckError::TooSmall { width: photo.width, height: photo.height });
    }
    let size = (photo.width, photo.height);
    let colour_size = with_short_side(photo.width, photo.height, COLOUR_SIDE);
    let colour = Colour::new(colour_size, shrink(&photo.rgb, size, colour_size));
    let share = colour.black_share();
    if share > MAX_BLACK_SHARE {
        return Err(HardCheckError::TooBlack { share });
    }
    let grey_size = with_short_side(photo.width, photo.height, GREY_SIDE);
    let small = Colour::new(grey_size, scale(&colour.rgb, colour_size, grey_size)).grey();
    let mut checks = light(&small);
    checks.extend(artefact::checks(&colour));
    let lost: f64 = checks.iter().filter(|c| !c.passed).map(|c| weight(c.code)).sum();
    Ok(QualityReport { checks, score: (1.0 - lost).max(0.0) })
}

const fn weight(code: QualityCode) -> f64 {
    match code {
        QualityCode::Blurred | QualityCode::TooDark | QualityCode::TooBright => 0.3,
        QualityCode::LowContrast => 0.2,
        QualityCode::DarkCorners | QualityCode::Ruler | QualityCode::InkMarks | QualityCode::Hair => 0.1,
    }
}

fn light(grey: &Grey) -> Vec<QualityCheck> {
    let scale = "grey, short side 224 px";
    let row =
        |code, passed, value, limit| QualityCheck { code, passed, value, limit, scale: scale.to_owned() };
    let sharpness = grey.laplacian_variance();
    let (mean, deviation) = grey.mean_and_deviation();
    vec![
        row(QualityCode::Blurred, sharpness >= MIN_LAPLACIAN_VARIANCE, sharpness, MIN_LAPLACIAN_VARIANCE),
        row(QualityCode::TooDark, mean >= MIN_BRIGHTNESS, mean, MIN_BRIGHTNESS),
        row(QualityCode::TooBright, mean <= MAX_BRIGHTNESS, mean, MAX_BRIGHTNESS),
        row(QualityCode::LowContrast, deviation >= MIN_CONTRAST, deviation, MIN_CONTRAST),
    ]
}
