//! Soft checks on things in the picture that are not the lesion and mislead classifiers.

use crate::artefact::{Figures, corners, hair, ink, ruler};
use crate::plane::Colour;
use domain::quality::{QualityCheck, QualityCode};

pub fn checks(colour: &Colour) -> [QualityCheck; 4] {
    let found = Figures::of(colour);
    let row = |code, passed, value, limit, what: &str| QualityCheck {
        code,
        passed,
        value,
        limit,
        scale: format!("{what}, short side 448 px"),
    };
    [
        row(
            QualityCode::DarkCorners,
            found.corner_ratio >= corners::MIN_RATIO,
            found.corner_ratio,
            corners::MIN_RATIO,
            "grey of the corners over grey of the ring",
        ),
        row(
            QualityCode::Ruler,
            found.ruler_ticks < ruler::MIN_TICKS,
            found.ruler_ticks,
            ruler::MIN_TICKS,
            "evenly spaced ticks in a row",
        ),
        row(
            QualityCode::InkMarks,
            found.ink_share <= ink::MAX_SHARE,
            found.ink_share,
            ink::MAX_SHARE,
            "share of pixels",
        ),
        row(
            QualityCode::Hair,
            found.hair_share <= hair::MAX_SHARE,
            found.hair_share,
            hair::MAX_SHARE,
            "share of pixels",
        ),
    ]
}
