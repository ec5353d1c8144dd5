//! What photographs of skin have in them besides skin.

use super::{Phantom, PhantomSpec, noise};
use std::f64::consts::TAU;

/// Lays the artefacts of the specification over the picture, the field of view last.
pub fn lay_over(phantom: &mut Phantom, spec: &PhantomSpec) {
    let artefacts = spec.artefacts;
    let mut canvas =
        Canvas { width: phantom.width as i64, height: phantom.height as i64, rgb: &mut phantom.rgb };
    for index in 0..artefacts.bubbles {
        bubble(&mut canvas, spec.seed, i64::from(index));
    }
    if artefacts.ink {
        ink(&mut canvas, spec);
    }
    if artefacts.ruler {
        ruler(&mut canvas);
    }
    for index in 0..artefacts.hairs {
        hair(&mut canvas, spec.seed, i64::from(index));
    }
    if artefacts.dark_corners {
        field_of_view(&mut canvas);
    }
}

struct Canvas<'a> {
    width: i64,
    height: i64,
    rgb: &'a mut [u8],
}

impl Canvas<'_> {
    fn short(&self) -> f64 {
        self.width.min(self.height) as f64
    }

    fn blend(&mut self, x: i64, y: i64, colour: [f64; 3], share: f64) {
        if x < 0 || y < 0 || x >= self.width || y >= self.height || share <= 0.0 {
            return;
        }
        let at = (y * self.width + x) as usize * 3;
        for (byte, over) in self.rgb[at..at + 3].iter_mut().zip(colour) {
            let under = f64::from(*byte);
            *byte = (under + (over - under) * share.min(1.0)).round().clamp(0.0, 255.0) as u8;
        }
    }

    /// A stroke through the points with round ends. Each pixel is covered once, by its distance to
    /// the nearest segment.
    fn stroke(&mut self, points: &[(f64, f64)], radius: f64, colour: [f64; 3], opacity: f64) {
        let reach = radius + 1.0;
        let (mut left, mut top) = (f64::MAX, f64::MAX);
        let (mut right, mut bottom) = (f64::MIN, f64::MIN);
        for (x, y) in points {
            (left, right) = (left.min(*x), right.max(*x));
            (top, bottom) = (top.min(*y), bottom.max(*y));
        }
        let (x0, x1) = ((left - reach).max(0.0) as i64, (right + reach) as i64);
        let (y0, y1) = ((top - reach).max(0.0) as i64, (bottom + reach) as i64);
        let columns = (x1 - x0 + 1).max(0) as usize;
        let mut nearest = vec![f64::MAX; columns * (y1 - y0 + 1).max(0) as usize];
        for pair in points.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let (low_x, high_x) = (from.0.min(to.0) - reach, from.0.max(to.0) + reach);
            let (low_y, high_y) = (from.1.min(to.1) - reach, from.1.max(to.1) + reach);
            for y in (low_y as i64).max(y0)..=(high_y as i64).min(y1) {
                for x in (low_x as i64).max(x0)..=(high_x as i64).min(x1) {
                    let distance = to_segment((x as f64 + 0.5, y as f64 + 0.5), from, to);
                    let slot = &mut nearest[(y - y0) as usize * columns + (x - x0) as usize];
                    *slot = slot.min(distance);
                }
            }
        }
        for (index, distance) in nearest.into_iter().enumerate() {
            let share = opacity * (radius + 0.5 - distance).clamp(0.0, 1.0);
            let (x, y) = ((index % columns) as i64 + x0, (index / columns) as i64 + y0);
            self.blend(x, y, colour, share);
        }
    }
}

fn to_segment(point: (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx * dx + dy * dy;
    let along = ((point.0 - from.0) * dx + (point.1 - from.1) * dy) / length.max(1e-9);
    let t = along.clamp(0.0, 1.0);
    (point.0 - from.0 - t * dx).hypot(point.1 - from.1 - t * dy)
}

/// A dark curved line of a fifth to two thirds of the short side.
fn hair(canvas: &mut Canvas<'_>, seed: u64, index: i64) {
    let draw = |field: u64| noise::unit(seed ^ field, index);
    let short = canvas.short();
    let start = (draw(0x11) * canvas.width as f64, draw(0x12) * canvas.height as f64);
    let angle = TAU * draw(0x13);
    let length = short * (0.3 + 0.4 * draw(0x14));
    let bend = length * 0.35 * (draw(0x15) - 0.5);
    let points: Vec<(f64, f64)> = (0..=48)
        .map(|step| {
            let t = f64::from(step) / 48.0;
            let (along, across) = (length * t, 4.0 * bend * t * (1.0 - t));
            (
                start.0 + along * angle.cos() - across * angle.sin(),
                start.1 + along * angle.sin() + across * angle.cos(),
            )
        })
        .collect();
    let radius = (short * (0.0016 + 0.0012 * draw(0x16))).max(0.6);
    canvas.stroke(&points, radius, [42.0, 30.0, 24.0], 0.9);
}

/// Ticks every 1/40 of the short side along the lower edge, each fifth longer.
fn ruler(canvas: &mut Canvas<'_>) {
    let short = canvas.short();
    let gap = short / 40.0;
    let bottom = canvas.height as f64 - short * 0.02;
    let radius = (short * 0.0016).max(0.6);
    let ticks = (canvas.width as f64 / gap) as i64;
    for tick in 1..ticks {
        let x = tick as f64 * gap;
        let length = if tick % 5 == 0 { 0.07 } else { 0.045 } * short;
        canvas.stroke(&[(x, bottom), (x, bottom - length)], radius, [25.0, 25.0, 28.0], 0.95);
    }
    canvas.stroke(&[(gap, bottom), ((ticks - 1) as f64 * gap, bottom)], radius, [25.0, 25.0, 28.0], 0.95);
}

/// Two arcs and a dot of violet surgical pen.
fn ink(canvas: &mut Canvas<'_>, spec: &PhantomSpec) {
    const VIOLET: [f64; 3] = [72.0, 48.0, 150.0];
    let short = canvas.short();
    let centre = (
        canvas.width as f64 / 2.0 + spec.centre.0 * short,
        canvas.height as f64 / 2.0 + spec.centre.1 * short,
    );
    let around = (spec.semi_axes.0.max(spec.semi_axes.1) * 1.45 * short).min(0.47 * short);
    let first = TAU * noise::unit(spec.seed ^ 0x21, 0);
    for arc in 0..2 {
        let from = first + f64::from(arc) * TAU / 2.0;
        let points: Vec<(f64, f64)> = (0..=24)
            .map(|step| {
                let angle = from + f64::from(step) / 24.0 * 0.9;
                (centre.0 + around * angle.cos(), centre.1 + around * angle.sin())
            })
            .collect();
        canvas.stroke(&points, short * 0.008, VIOLET, 0.85);
    }
    let angle = first + TAU / 4.0;
    let dot = (centre.0 + around * angle.cos(), centre.1 + around * angle.sin());
    canvas.stroke(&[dot, (dot.0 + 1.0, dot.1)], short * 0.016, VIOLET, 0.85);
}

/// A ring with a bright spot, as gel under a contact plate shows.
fn bubble(canvas: &mut Canvas<'_>, seed: u64, index: i64) {
    let draw = |field: u64| noise::unit(seed ^ field, index);
    let short = canvas.short();
    let centre = (draw(0x31) * canvas.width as f64, draw(0x32) * canvas.height as f64);
    let radius = short * (0.01 + 0.025 * draw(0x33));
    let ring: Vec<(f64, f64)> = (0..=32)
        .map(|step| {
            let angle = TAU * f64::from(step) / 32.0;
            (centre.0 + radius * angle.cos(), centre.1 + radius * angle.sin())
        })
        .collect();
    canvas.stroke(&ring, (radius * 0.1).max(0.6), [250.0, 244.0, 238.0], 0.55);
    let spot = (centre.0 - radius * 0.4, centre.1 - radius * 0.4);
    canvas.stroke(&[spot, (spot.0 + 1.0, spot.1)], radius * 0.18, [255.0, 255.0, 255.0], 0.8);
}

/// Everything outside a circle a little smaller than the picture's diagonal goes dark.
fn field_of_view(canvas: &mut Canvas<'_>) {
    let (middle_x, middle_y) = (canvas.width as f64 / 2.0, canvas.height as f64 / 2.0);
    let radius = 0.82 * middle_x.hypot(middle_y);
    let soft = 0.03 * radius;
    for y in 0..canvas.height {
        for x in 0..canvas.width {
            let distance = (x as f64 + 0.5 - middle_x).hypot(y as f64 + 0.5 - middle_y);
            let share = ((distance - radius) / soft + 0.5).clamp(0.0, 1.0);
            canvas.blend(x, y, [8.0, 7.0, 7.0], share);
        }
    }
}
