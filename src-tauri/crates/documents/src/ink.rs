//! What can be put on paper: styled text, rules, shapes and pictures.

use crate::fonts::Face;

/// The palette: greys and one accent. Every pair used together keeps its order of lightness when
/// printed without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    Text,
    Muted,
    Hairline,
    Tint,
    Paper,
    Accent,
    /// Under text: it must not make any letter harder to read.
    Watermark,
}

impl Ink {
    /// sRGB, 0 to 1.
    pub const fn rgb(self) -> [f32; 3] {
        match self {
            Self::Text => [0.09, 0.11, 0.13],
            Self::Muted => [0.36, 0.39, 0.42],
            Self::Hairline => [0.76, 0.78, 0.80],
            Self::Tint => [0.955, 0.962, 0.968],
            Self::Paper => [1.0, 1.0, 1.0],
            Self::Accent => [0.07, 0.31, 0.38],
            Self::Watermark => [0.925, 0.93, 0.935],
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    pub face: Face,
    /// Points.
    pub size: f32,
    pub ink: Ink,
}

impl Style {
    pub const fn new(face: Face, size: f32, ink: Ink) -> Self {
        Self { face, size, ink }
    }

    /// Distance of two baselines, in points.
    pub fn leading(self) -> f32 {
        self.size * 1.42
    }

    /// Baseline from the top of a line, so that capitals sit in its middle.
    pub fn baseline(self) -> f32 {
        const CAP_HEIGHT: f32 = 0.714;
        f32::midpoint(self.leading(), self.size * CAP_HEIGHT)
    }
}

/// One thing on paper, in points from the upper left corner of whatever holds it.
#[derive(Clone, Debug)]
pub enum Mark {
    /// `y` is the baseline.
    Text {
        x: f32,
        y: f32,
        style: Style,
        text: String,
    },
    Fill {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        ink: Ink,
    },
    Line {
        from: (f32, f32),
        to: (f32, f32),
        thickness: f32,
        ink: Ink,
    },
    /// A closed polygon.
    Shape {
        points: Vec<(f32, f32)>,
        fill: Option<Ink>,
        stroke: Option<(f32, Ink)>,
    },
    /// Rings of one shape; those that run the other way round are holes.
    Glyphs {
        rings: Vec<Vec<(f32, f32)>>,
        ink: Ink,
    },
    /// `picture` counts the pictures handed to the writer, from 0.
    Picture {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        picture: usize,
    },
}

impl Mark {
    pub fn moved(mut self, dx: f32, dy: f32) -> Self {
        match &mut self {
            Self::Text { x, y, .. } | Self::Fill { x, y, .. } | Self::Picture { x, y, .. } => {
                *x += dx;
                *y += dy;
            }
            Self::Line { from, to, .. } => {
                for point in [from, to] {
                    point.0 += dx;
                    point.1 += dy;
                }
            }
            Self::Shape { points, .. } => {
                for point in points {
                    point.0 += dx;
                    point.1 += dy;
                }
            }
            Self::Glyphs { rings, .. } => {
                for point in rings.iter_mut().flatten() {
                    point.0 += dx;
                    point.1 += dy;
                }
            }
        }
        self
    }
}
