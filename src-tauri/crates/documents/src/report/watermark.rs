//! A word across the page, under everything else. It is drawn as shapes: nobody finds it as text between the lines
//! of the report, which says the same in its foot.

use ttf_parser::OutlineBuilder;

use crate::fonts::{Face, Fonts};
use crate::ink::{Ink, Mark, Style};

/// How far from level, in radians: from lower left to upper right.
const SLOPE: f32 = 0.95;
/// Share of the diagonal that the word takes.
const LENGTH: f32 = 0.78;
const LARGEST: f32 = 108.0;
/// Straight pieces of a curve.
const PIECES: u8 = 6;

/// The word in the middle of a sheet of `width` by `height` points.
pub fn watermark(fonts: &Fonts, word: &str, (width, height): (f32, f32)) -> Mark {
    const FACE: Face = Face::SemiBold;
    let unit = fonts.width(Style::new(FACE, 1.0, Ink::Watermark), word).max(0.1);
    let size = (LENGTH * width.hypot(height) / unit).min(LARGEST);
    let (sine, cosine) = SLOPE.sin_cos();
    let (middle, rise) = (unit * size / 2.0, size * 0.357);
    let face = fonts.face(FACE);
    let scale = size / f32::from(face.units_per_em());
    let mut rings = Vec::new();
    let mut pen = 0.0;
    for character in word.chars() {
        let drawn = fonts.draw(FACE, character);
        let mut outline = Rings::default();
        face.outline_glyph(ttf_parser::GlyphId(drawn.glyph), &mut outline);
        for ring in outline.rings {
            let turned = ring.into_iter().map(|(x, y)| {
                // From the middle of the word, upwards, in points.
                let (x, y) = (x * scale + pen - middle, y * scale - rise);
                (width / 2.0 + x * cosine - y * sine, height / 2.0 - x * sine - y * cosine)
            });
            rings.push(turned.collect());
        }
        pen += drawn.advance * size;
    }
    Mark::Glyphs { rings, ink: Ink::Watermark }
}

/// The outline of a glyph with its curves cut into straight pieces.
#[derive(Default)]
struct Rings {
    rings: Vec<Vec<(f32, f32)>>,
    at: (f32, f32),
}

impl Rings {
    fn to(&mut self, point: (f32, f32)) {
        self.at = point;
        if let Some(ring) = self.rings.last_mut() {
            ring.push(point);
        }
    }
}

impl OutlineBuilder for Rings {
    fn move_to(&mut self, x: f32, y: f32) {
        self.rings.push(vec![(x, y)]);
        self.at = (x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.to((x, y));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let from = self.at;
        for piece in 1..=PIECES {
            let t = f32::from(piece) / f32::from(PIECES);
            let s = 1.0 - t;
            let along = |a: f32, b: f32, c: f32| s * s * a + 2.0 * s * t * b + t * t * c;
            self.to((along(from.0, x1, x), along(from.1, y1, y)));
        }
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let from = self.at;
        for piece in 1..=PIECES {
            let t = f32::from(piece) / f32::from(PIECES);
            let s = 1.0 - t;
            let along = |a: f32, b: f32, c: f32, d: f32| {
                s * s * s * a + 3.0 * s * s * t * b + 3.0 * s * t * t * c + t * t * t * d
            };
            self.to((along(from.0, x1, x2, x), along(from.1, y1, y2, y)));
        }
    }

    fn close(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_stays_on_the_sheet_around_its_middle() {
        let fonts = Fonts::load().unwrap();
        for word in ["UNSIGNED DRAFT", "WITHDRAWN", "A"] {
            let Mark::Glyphs { rings, .. } = watermark(&fonts, word, (595.0, 842.0)) else {
                panic!("no shapes")
            };
            let points: Vec<_> = rings.concat();
            assert!(
                points.iter().all(|(x, y)| (0.0..595.0).contains(x) && (0.0..842.0).contains(y)),
                "{word}"
            );
            let middle = |values: Vec<f32>| {
                let (least, most) = values
                    .iter()
                    .fold((f32::MAX, f32::MIN), |(least, most), v| (least.min(*v), most.max(*v)));
                f32::midpoint(least, most)
            };
            let (x, y) = points.iter().copied().unzip();
            let (across, down) = (middle(x), middle(y));
            assert!((across - 297.5).abs() < 12.0 && (down - 421.0).abs() < 12.0, "{word}: {across}, {down}");
        }
    }
}
