//! Pictures that show no skin lesion, made up here: writing, noise, stripes, objects, X-rays.

use domain::image::ImageFormat;
use vision::{Classifier, Explain, Photograph};

use super::{Draw, each, plain, read, share};
use crate::figure::{Figure, Target};

const PICTURES_OF_A_KIND: u64 = 60;
const WIDTH: usize = 320;
const HEIGHT: usize = 240;

type Painter = fn(&mut Canvas, &mut Draw);

const KINDS: [(&str, Painter); 5] =
    [("text", text), ("noise", noise), ("stripes", stripes), ("objects", objects), ("x_ray", x_ray)];

pub fn figures(classifier: &Classifier) -> Vec<Figure> {
    let at_least = Some(Target::AtLeast(0.95));
    let mut all = Vec::new();
    let mut figures = Vec::new();
    for (name, painter) in KINDS {
        let seeds: Vec<u64> = (0..PICTURES_OF_A_KIND).collect();
        let flagged = each(&seeds, |&seed| {
            let assessment = read(classifier, &painted(painter, seed), Explain::Nothing).assessment;
            assessment.novelty.is_some_and(|novelty| novelty.outside)
        });
        figures.push(plain("foreign_flagged", name, share(&flagged, |&yes| yes), None));
        all.extend(flagged);
    }
    figures.push(plain("foreign_flagged", "all", share(&all, |&yes| yes), at_least));
    figures
}

fn painted(painter: Painter, seed: u64) -> Photograph {
    let mut canvas = Canvas { rgb: vec![0; WIDTH * HEIGHT * 3] };
    painter(&mut canvas, &mut Draw(seed));
    Photograph::new(WIDTH as u32, HEIGHT as u32, canvas.rgb, ImageFormat::Png).expect("a canvas")
}

struct Canvas {
    rgb: Vec<u8>,
}

impl Canvas {
    /// Every pixel by its place.
    fn fill(&mut self, mut colour: impl FnMut(f64, f64) -> [u8; 3]) {
        for (index, pixel) in self.rgb.chunks_exact_mut(3).enumerate() {
            pixel.copy_from_slice(&colour((index % WIDTH) as f64, (index / WIDTH) as f64));
        }
    }

    /// The pixels of a shape, given by the box around it and what lies inside.
    fn shape(&mut self, left: f64, top: f64, (width, height): (f64, f64), colour: [u8; 3], round: bool) {
        let columns = left.max(0.0) as usize..(left + width).clamp(0.0, WIDTH as f64) as usize;
        for y in top.max(0.0) as usize..(top + height).clamp(0.0, HEIGHT as f64) as usize {
            for x in columns.clone() {
                let u = (x as f64 - left) / width * 2.0 - 1.0;
                let v = (y as f64 - top) / height * 2.0 - 1.0;
                if !round || u.hypot(v) <= 1.0 {
                    self.rgb[(y * WIDTH + x) * 3..][..3].copy_from_slice(&colour);
                }
            }
        }
    }
}

/// A page: lines of words, the letters as upright and level strokes.
fn text(canvas: &mut Canvas, draw: &mut Draw) {
    let paper: [u8; 3] = std::array::from_fn(|_| 225 + draw.below(31) as u8);
    let ink = [draw.below(80) as u8; 3];
    canvas.fill(|_, _| paper);
    let size = draw.within(7.0, 22.0);
    let stroke = (size / 7.0).max(1.0);
    let mut top = size;
    while top < HEIGHT as f64 - size {
        let end = WIDTH as f64 * draw.within(0.6, 0.97);
        let mut left = WIDTH as f64 * 0.04;
        while left < end {
            if draw.unit() < 0.84 {
                letter(canvas, draw, (left, top), (size, stroke), ink);
            }
            left += size * 0.62;
        }
        top += size * 1.7;
    }
}

fn letter(
    canvas: &mut Canvas,
    draw: &mut Draw,
    (left, top): (f64, f64),
    (size, stroke): (f64, f64),
    ink: [u8; 3],
) {
    let width = size * 0.45;
    for x in [left, left + width - stroke] {
        if draw.unit() < 0.7 {
            canvas.shape(x, top, (stroke, size), ink, false);
        }
    }
    for y in [top, top + size / 2.0, top + size - stroke] {
        if draw.unit() < 0.5 {
            canvas.shape(left, y, (width, stroke), ink, false);
        }
    }
}

/// Grain of one to eight pixels, grey or coloured.
fn noise(canvas: &mut Canvas, draw: &mut Draw) {
    let grain = 1 + draw.below(8) as usize;
    let coloured = draw.unit() < 0.6;
    let columns = WIDTH.div_ceil(grain);
    let grains: Vec<[u8; 3]> = (0..columns * HEIGHT.div_ceil(grain))
        .map(|_| if coloured { draw.colour() } else { [draw.below(256) as u8; 3] })
        .collect();
    canvas.fill(|x, y| grains[y as usize / grain * columns + x as usize / grain]);
}

/// Bars of two colours at any angle.
fn stripes(canvas: &mut Canvas, draw: &mut Draw) {
    let (first, second) = (draw.colour(), draw.colour());
    let (sin, cos) = draw.within(0.0, std::f64::consts::PI).sin_cos();
    let period = draw.within(5.0, 70.0);
    canvas.fill(|x, y| if ((x * cos + y * sin) / period).rem_euclid(1.0) < 0.5 { first } else { second });
}

/// Things on a table: boxes and discs with a highlight, shaded from one side.
fn objects(canvas: &mut Canvas, draw: &mut Draw) {
    let table = draw.colour();
    canvas.fill(|x, _| table.map(|level| (f64::from(level) * (0.75 + 0.25 * x / WIDTH as f64)) as u8));
    for _ in 0..3 + draw.below(8) {
        let (left, top) = (draw.within(-30.0, WIDTH as f64 - 30.0), draw.within(-30.0, HEIGHT as f64 - 30.0));
        let size = (draw.within(25.0, 150.0), draw.within(25.0, 150.0));
        let (colour, round) = (draw.colour(), draw.unit() < 0.5);
        canvas.shape(left + 5.0, top + 5.0, size, table.map(|level| level / 3), round);
        canvas.shape(left, top, size, colour, round);
        let bright = colour.map(|level| level.saturating_add(70));
        canvas.shape(left + size.0 * 0.2, top + size.1 * 0.15, (size.0 * 0.25, size.1 * 0.2), bright, round);
    }
}

/// A spine, leaning, and ribs of a chest, soft and grey on black.
fn x_ray(canvas: &mut Canvas, draw: &mut Draw) {
    let (middle, lean, spine) = (draw.within(0.3, 0.7), draw.within(-0.3, 0.3), draw.within(0.02, 0.1));
    let (ribs, slope, strength) = (draw.within(3.0, 14.0), draw.within(0.0, 1.5), draw.within(0.05, 0.5));
    let (body, brightness) = (draw.within(0.3, 0.8), draw.within(90.0, 250.0));
    let (lung, dust) = (draw.within(0.1, 0.6), draw.within(0.0, 0.1));
    let mut grain = Draw(draw.below(u32::MAX).into());
    canvas.fill(|x, y| {
        let v = y / HEIGHT as f64;
        let u = x / WIDTH as f64 - middle - lean * (v - 0.5);
        let soft = |distance: f64, width: f64| (-(distance / width).powi(2)).exp();
        let rib = ((v + slope * u * u * 2.0) * ribs * std::f64::consts::TAU).sin().max(0.0).powi(2);
        let inside = 1.0 / (1.0 + ((u.abs() - body) * 30.0).exp());
        let air = lung * soft(u.abs() - body / 2.0, 0.15) * soft(v - 0.45, 0.4);
        let light = inside * (0.5 + strength * rib - air * 0.7 + 0.5 * soft(u, spine)) + dust * grain.unit();
        [(light * brightness).clamp(0.0, 255.0) as u8; 3]
    });
}
