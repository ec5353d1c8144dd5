//! What is measured of a photograph to tell a dermoscopic one from a clinical one.
//!
//! On a copy with a long side of 96 pixels, so that neither the size of the file nor its compression counts:
//! the light of the corners (a dermatoscope's round field), of the whole and of the ring where a centred lesion
//! leaves skin, the colour of that ring (contact fluid and cross-polarised light take the grey out of it), and how
//! strong its texture is, fine and coarse (skin lines, hair and clothes against the even plane behind a glass plate).

use crate::decode::Photograph;
use crate::resize::{shrink, with_long_side};

pub const COUNT: usize = 20;
const SIDE: u32 = 96;

/// In the order of `models/training/kind.py`.
pub fn features(photo: &Photograph) -> [f64; COUNT] {
    let (width, height) = with_long_side(photo.width, photo.height, SIDE);
    let rgb = if (width, height) == (photo.width, photo.height) {
        photo.rgb.clone()
    } else {
        shrink(&photo.rgb, (photo.width, photo.height), (width, height))
    };
    Small::new(width as usize, height as usize, &rgb).features()
}

/// Levels are 0 to 1.
struct Small {
    width: usize,
    height: usize,
    red: Vec<f64>,
    green: Vec<f64>,
    blue: Vec<f64>,
    light: Vec<f64>,
}

impl Small {
    fn new(width: usize, height: usize, rgb: &[u8]) -> Self {
        let channel = |at: usize| rgb.chunks_exact(3).map(|p| f64::from(p[at]) / 255.0).collect::<Vec<_>>();
        let (red, green, blue) = (channel(0), channel(1), channel(2));
        let light = (0..red.len()).map(|i| 0.2126 * red[i] + 0.7152 * green[i] + 0.0722 * blue[i]).collect();
        Self { width, height, red, green, blue, light }
    }

    fn features(&self) -> [f64; COUNT] {
        let radius = |i: usize| {
            let (half_width, half_height) = (self.width as f64 / 2.0, self.height as f64 / 2.0);
            let x = ((i % self.width) as f64 + 0.5 - half_width) / half_width;
            let y = ((i / self.width) as f64 + 0.5 - half_height) / half_height;
            x.hypot(y)
        };
        let all: Vec<usize> = (0..self.light.len()).collect();
        let ring: Vec<usize> =
            all.iter().copied().filter(|&i| radius(i) > 0.75 && radius(i) <= 1.0).collect();
        let corner: Vec<usize> = all.iter().copied().filter(|&i| radius(i) > 1.15).collect();
        let saturation: Vec<f64> = all.iter().map(|&i| self.saturation(i)).collect();
        let high: Vec<f64> = all.iter().map(|&i| self.extremes(i).1).collect();

        let corners = self.corners();
        let middle = median(self.light.clone());
        let (bright, ground) = (middle.max(1e-3), middle.max(0.05));
        let (red, green, blue) = (of(&self.red, &ring), of(&self.green, &ring), of(&self.blue, &ring));
        let (warm, cool) = (mean(&red) - mean(&green), mean(&green) - mean(&blue));
        let (near, far) = (self.blurred(1), self.blurred(4));
        let fine: Vec<f64> = ring.iter().map(|&i| (self.light[i] - near[i]).abs()).collect();
        let coarse: Vec<f64> = ring.iter().map(|&i| (near[i] - far[i]).abs()).collect();
        let share = |places: &[usize], test: &dyn Fn(f64) -> bool| {
            places.iter().filter(|&&i| test(self.light[i])).count() as f64 / places.len().max(1) as f64
        };
        let ratio = |value: f64| (value / bright).clamp(0.0, 2.0);
        let strength = |value: f64| (value / ground + 1e-3).ln();
        [
            ratio(mean(&corners)),
            ratio(corners.iter().copied().fold(f64::INFINITY, f64::min)),
            ratio(corners.iter().copied().fold(0.0, f64::max)),
            ratio(mean(&of(&self.light, &corner))),
            share(&corner, &|level| level < 0.12),
            middle,
            deviation(&self.light),
            deviation(&of(&self.light, &ring)),
            mean(&of(&saturation, &ring)),
            deviation(&saturation),
            warm,
            cool,
            strength(median(self.edges(&ring))),
            strength(mean(&fine)),
            strength(mean(&coarse)),
            share(&all, &|level| level > 0.92),
            mean(&of(&high, &ring)),
            mean(&blue),
            warm / mean(&red).max(0.05),
            cool / mean(&red).max(0.05),
        ]
    }

    fn extremes(&self, i: usize) -> (f64, f64) {
        let (r, g, b) = (self.red[i], self.green[i], self.blue[i]);
        (r.min(g).min(b), r.max(g).max(b))
    }

    fn saturation(&self, i: usize) -> f64 {
        let (low, high) = self.extremes(i);
        if high > 0.0 { (high - low) / high } else { 0.0 }
    }

    /// Mean light of the four corner squares, their side 8 % of the short side.
    fn corners(&self) -> [f64; 4] {
        let leg = ((self.width.min(self.height) as f64 * 0.08).round_ties_even() as usize).max(2);
        let square = |right: bool, bottom: bool| {
            let (left, top) = (
                if right { self.width.saturating_sub(leg) } else { 0 },
                if bottom { self.height.saturating_sub(leg) } else { 0 },
            );
            let columns = left..(left + leg).min(self.width);
            let rows = top..(top + leg).min(self.height);
            let levels: Vec<f64> =
                rows.flat_map(|y| columns.clone().map(move |x| self.light[y * self.width + x])).collect();
            mean(&levels)
        };
        [square(false, false), square(true, false), square(false, true), square(true, true)]
    }

    /// Absolute Laplacian at places that have four neighbours.
    fn edges(&self, places: &[usize]) -> Vec<f64> {
        let inside = |i: usize| {
            let (x, y) = (i % self.width, i / self.width);
            x > 0 && y > 0 && x + 1 < self.width && y + 1 < self.height
        };
        let level = &self.light;
        places
            .iter()
            .filter(|&&i| inside(i))
            .map(|&i| {
                (4.0 * level[i] - level[i - self.width] - level[i + self.width] - level[i - 1] - level[i + 1])
                    .abs()
            })
            .collect()
    }

    /// Mean over a square of `2 * radius + 1`, the edge repeated outwards.
    fn blurred(&self, radius: isize) -> Vec<f64> {
        let rows = self.slid(&self.light, radius, true);
        self.slid(&rows, radius, false)
    }

    fn slid(&self, plane: &[f64], radius: isize, across: bool) -> Vec<f64> {
        let (width, height) = (self.width.cast_signed(), self.height.cast_signed());
        let at = |x: isize, y: isize| {
            plane[(y.clamp(0, height - 1) * width + x.clamp(0, width - 1)).cast_unsigned()]
        };
        let side = (2 * radius + 1) as f64;
        (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .map(|(x, y)| {
                let reach = -radius..=radius;
                let sum: f64 = if across {
                    reach.map(|step| at(x + step, y)).sum()
                } else {
                    reach.map(|step| at(x, y + step)).sum()
                };
                sum / side
            })
            .collect()
    }
}

fn of(plane: &[f64], places: &[usize]) -> Vec<f64> {
    places.iter().map(|&i| plane[i]).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn deviation(values: &[f64]) -> f64 {
    let mean = mean(values);
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len().max(1) as f64).sqrt()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => 0.0,
        n if n % 2 == 1 => values[n / 2],
        n => (values[n / 2 - 1] + values[n / 2]) / 2.0,
    }
}
