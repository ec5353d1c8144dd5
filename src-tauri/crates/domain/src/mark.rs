//! Lengths and areas that somebody measured by hand in a photograph. What is stored are points in pixels of the
//! upright picture; millimetres follow from its scale.

use std::f64::consts::PI;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::{ImageId, ImageMarkId, UserId};
use crate::problem::{FieldProblem, ProblemCode, Problems};
use crate::scale::PixelScale;
use crate::uncertainty::Spread;

/// Most corners of a polygon.
pub const MOST_CORNERS: usize = 200;
/// Longest label in characters.
pub const MOST_LABEL: usize = 80;

/// A place in the upright photograph: pixels from its left and upper edge; the middle of the first pixel is 0.5.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PixelPoint {
    pub x: f64,
    pub y: f64,
}

impl PixelPoint {
    #[must_use]
    pub fn distance(&self, other: &Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

/// What was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// Two ends.
    Line,
    /// Both ends of one axis, and a point as far from it as the other axis is half long.
    Ellipse,
    /// Three corners or more in order; the last is joined to the first.
    Polygon,
}

/// A measurement as it is drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MarkEntry {
    pub kind: MarkKind,
    pub points: Vec<PixelPoint>,
    pub label: String,
}

/// A measurement as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ImageMark {
    pub id: ImageMarkId,
    pub image_id: ImageId,
    #[serde(flatten)]
    pub entry: MarkEntry,
    pub author: UserId,
    #[ts(type = "string")]
    pub made_at: Timestamp,
}

/// What a measurement says. Millimetres stand only where the photograph has a scale.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MarkFigures {
    /// The line, or the largest diameter.
    pub length_px: f64,
    pub length_mm: Option<f64>,
    /// The smaller axis of an ellipse.
    pub width_px: Option<f64>,
    pub width_mm: Option<f64>,
    /// Of ellipse and polygon.
    pub area_px: Option<f64>,
    pub area_mm2: Option<f64>,
    /// How unsure the millimetres are for the error of the scale; nothing where its source states none.
    pub spread: Option<Spread>,
}

impl MarkFigures {
    /// The same by a scale that is so unsure.
    #[must_use]
    pub fn with_spread(self, spread: Option<Spread>) -> Self {
        Self { spread, ..self }
    }
}

impl MarkEntry {
    /// Checks the drawing against the photograph it is drawn on.
    ///
    /// # Errors
    /// `points` or `label`.
    pub fn validate(&self, width: u32, height: u32) -> Result<(), Vec<FieldProblem>> {
        let mut problems = Problems::default();
        problems.text("label", &self.label, MOST_LABEL);
        problems.one_line("label", &self.label);
        if !self.is_drawn() || !self.points.iter().all(|point| lies_in(point, width, height)) {
            problems.add("points", ProblemCode::NotAllowed);
        }
        problems.into_result()
    }

    /// The right number of points, at least a pixel across, and no border that crosses itself.
    fn is_drawn(&self) -> bool {
        let points = &self.points;
        let number = match self.kind {
            MarkKind::Line => points.len() == 2,
            MarkKind::Ellipse => points.len() == 3,
            MarkKind::Polygon => (3..=MOST_CORNERS).contains(&points.len()),
        };
        if !number || points.iter().any(|point| !point.x.is_finite() || !point.y.is_finite()) {
            return false;
        }
        let figures = self.figures(None);
        figures.length_px >= 1.0
            && figures.width_px.is_none_or(|width| width >= 1.0)
            && figures.area_px.is_none_or(|area| area >= 1.0)
            && (self.kind != MarkKind::Polygon || !crosses_itself(points))
    }

    /// Length, width and area in pixels, and by the scale in millimetres. Every kind is scaled before it is
    /// measured, so that pixels need not be square.
    #[must_use]
    pub fn figures(&self, scale: Option<&PixelScale>) -> MarkFigures {
        let px = self.measured(|x, y| (x, y));
        let mm = scale.map(|scale| self.measured(|x, y| scale.millimetres(x, y)));
        MarkFigures {
            length_px: px.length,
            length_mm: mm.map(|mm| mm.length),
            width_px: px.width,
            width_mm: mm.and_then(|mm| mm.width),
            area_px: px.area,
            area_mm2: mm.and_then(|mm| mm.area),
            spread: None,
        }
    }

    fn measured(&self, to: impl Fn(f64, f64) -> (f64, f64)) -> Measured {
        match (self.kind, &self.points[..]) {
            (MarkKind::Line, [from, end]) => {
                let (x, y) = to(end.x - from.x, end.y - from.y);
                Measured { length: x.hypot(y), width: None, area: None }
            }
            (MarkKind::Ellipse, [from, end, aside]) => ellipse(from, end, aside, to),
            (MarkKind::Polygon, corners) => polygon(corners, to),
            _ => Measured { length: 0.0, width: None, area: None },
        }
    }
}

#[derive(Clone, Copy)]
struct Measured {
    length: f64,
    width: Option<f64>,
    area: Option<f64>,
}

fn lies_in(point: &PixelPoint, width: u32, height: u32) -> bool {
    (0.0..=f64::from(width)).contains(&point.x) && (0.0..=f64::from(height)).contains(&point.y)
}

/// An ellipse stays one when its plane is stretched; its new axes are the eigenvectors of `u uᵀ + v vᵀ`, where
/// `u` and `v` are the stretched semi-axes.
fn ellipse(
    from: &PixelPoint,
    end: &PixelPoint,
    aside: &PixelPoint,
    to: impl Fn(f64, f64) -> (f64, f64),
) -> Measured {
    let (half_x, half_y) = ((end.x - from.x) / 2.0, (end.y - from.y) / 2.0);
    let half = half_x.hypot(half_y);
    if half == 0.0 {
        return Measured { length: 0.0, width: Some(0.0), area: Some(0.0) };
    }
    let across = ((aside.x - from.x) * half_y - (aside.y - from.y) * half_x).abs() / half;
    let u = to(half_x, half_y);
    let v = to(-half_y / half * across, half_x / half * across);
    let (xx, yy, xy) = (u.0 * u.0 + v.0 * v.0, u.1 * u.1 + v.1 * v.1, u.0 * u.1 + v.0 * v.1);
    let (mean, spread) = (f64::midpoint(xx, yy), ((xx - yy) / 2.0).hypot(xy));
    let axis = |squared: f64| 2.0 * squared.max(0.0).sqrt();
    Measured {
        length: axis(mean + spread),
        width: Some(axis(mean - spread)),
        area: Some(PI * (u.0 * v.1 - u.1 * v.0).abs()),
    }
}

/// Largest distance of two corners, and the area by the shoelace formula.
fn polygon(corners: &[PixelPoint], to: impl Fn(f64, f64) -> (f64, f64)) -> Measured {
    let corners: Vec<(f64, f64)> = corners.iter().map(|corner| to(corner.x, corner.y)).collect();
    let mut twice = 0.0;
    let mut length = 0.0f64;
    for (at, a) in corners.iter().enumerate() {
        let b = &corners[(at + 1) % corners.len()];
        twice += a.0 * b.1 - b.0 * a.1;
        for other in &corners[at + 1..] {
            length = length.max((a.0 - other.0).hypot(a.1 - other.1));
        }
    }
    Measured { length, width: None, area: Some(twice.abs() / 2.0) }
}

/// Whether two sides that are no neighbours meet.
fn crosses_itself(corners: &[PixelPoint]) -> bool {
    let side = |at: usize| (&corners[at], &corners[(at + 1) % corners.len()]);
    let turn = |a: &PixelPoint, b: &PixelPoint, c: &PixelPoint| {
        ((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)).partial_cmp(&0.0)
    };
    let count = corners.len();
    (0..count).any(|first| {
        (first + 2..count).filter(|second| (second + 1) % count != first).any(|second| {
            let ((a, b), (c, d)) = (side(first), side(second));
            turn(a, b, c) != turn(a, b, d) && turn(c, d, a) != turn(c, d, b)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(kind: MarkKind, points: &[(f64, f64)]) -> MarkEntry {
        let points = points.iter().map(|&(x, y)| PixelPoint { x, y }).collect();
        MarkEntry { kind, points, label: String::new() }
    }

    fn near(value: Option<f64>, wanted: f64) -> bool {
        value.is_some_and(|value| (value - wanted).abs() < 1e-9 * wanted.max(1.0))
    }

    #[test]
    fn a_line_is_as_long_as_its_pixels_are_large() {
        let line = entry(MarkKind::Line, &[(10.0, 10.0), (310.0, 410.0)]);
        let bare = line.figures(None);
        assert_eq!((bare.length_px, bare.length_mm, bare.area_px), (500.0, None, None));
        let square = PixelScale::square(20.0).unwrap();
        assert!(near(line.figures(Some(&square)).length_mm, 10.0));
        let oblong = PixelScale::new(20.0, 10.0).unwrap();
        assert!(near(line.figures(Some(&oblong)).length_mm, 6.0f64.hypot(4.0)));
    }

    #[test]
    fn an_ellipse_has_two_axes_whichever_is_drawn_first() {
        let first = entry(MarkKind::Ellipse, &[(0.0, 100.0), (200.0, 100.0), (60.0, 150.0)]);
        let second = entry(MarkKind::Ellipse, &[(100.0, 50.0), (100.0, 150.0), (0.0, 20.0)]);
        for drawn in [first, second] {
            let figures = drawn.figures(None);
            assert!(near(Some(figures.length_px), 200.0) && near(figures.width_px, 100.0), "{figures:?}");
            assert!(near(figures.area_px, PI * 100.0 * 50.0));
        }
    }

    #[test]
    fn a_slanted_circle_on_oblong_pixels_is_measured_where_it_lies() {
        let circle = entry(MarkKind::Ellipse, &[(40.0, 20.0), (100.0, 100.0), (30.0, 90.0)]);
        let square = circle.figures(None);
        assert!(near(Some(square.length_px), 100.0) && near(square.width_px, 100.0), "{square:?}");
        let figures = circle.figures(Some(&PixelScale::new(20.0, 10.0).unwrap()));
        assert!(near(figures.length_mm, 2.0) && near(figures.width_mm, 1.0), "{figures:?}");
        assert!(near(figures.area_mm2, PI * 0.5));
    }

    #[test]
    fn a_polygon_has_its_area_and_its_largest_diameter() {
        let square = entry(MarkKind::Polygon, &[(0.0, 0.0), (300.0, 0.0), (300.0, 400.0), (0.0, 400.0)]);
        let figures = square.figures(Some(&PixelScale::square(10.0).unwrap()));
        assert_eq!((figures.length_px, figures.area_px), (500.0, Some(120_000.0)));
        assert!(near(figures.length_mm, 5.0) && near(figures.area_mm2, 12.0));
        assert_eq!(figures.width_px, None);
    }

    #[test]
    fn only_what_is_drawn_on_the_photograph_is_taken() {
        let fine = |kind, points: &[(f64, f64)]| entry(kind, points).validate(400, 300).is_ok();
        assert!(fine(MarkKind::Line, &[(0.0, 0.0), (400.0, 300.0)]));
        assert!(fine(MarkKind::Polygon, &[(0.0, 0.0), (50.0, 0.0), (0.0, 50.0)]));
        for (kind, points) in [
            (MarkKind::Line, &[(0.0, 0.0)][..]),
            (MarkKind::Line, &[(5.0, 5.0), (5.5, 5.5)]),
            (MarkKind::Line, &[(0.0, 0.0), (400.1, 3.0)]),
            (MarkKind::Line, &[(0.0, 0.0), (f64::NAN, 3.0)]),
            (MarkKind::Ellipse, &[(0.0, 0.0), (50.0, 0.0), (25.0, 0.0)]),
            (MarkKind::Ellipse, &[(9.0, 9.0), (9.0, 9.0), (25.0, 0.0)]),
            (MarkKind::Polygon, &[(0.0, 0.0), (50.0, 0.0)]),
            (MarkKind::Polygon, &[(0.0, 0.0), (50.0, 50.0), (50.0, 0.0), (0.0, 30.0)]),
        ] {
            assert!(!fine(kind, points), "{kind:?} {points:?}");
        }
        let mut long = entry(MarkKind::Line, &[(0.0, 0.0), (40.0, 30.0)]);
        long.label = "x".repeat(81);
        assert_eq!(long.validate(400, 300).unwrap_err()[0].field, "label");
    }
}
