//! Small pictures that checks, detectors and outlines measure on.

use crate::quality::BLACK_LEVEL;

/// Interleaved RGB.
pub struct Colour {
    pub width: usize,
    pub height: usize,
    pub rgb: Vec<u8>,
}

impl Colour {
    pub fn new((width, height): (u32, u32), rgb: Vec<u8>) -> Self {
        Self { width: width as usize, height: height as usize, rgb }
    }

    pub fn pixels(&self) -> impl Iterator<Item = [u8; 3]> + '_ {
        self.rgb.chunks_exact(3).map(|p| [p[0], p[1], p[2]])
    }

    pub fn black_share(&self) -> f64 {
        let black = self.pixels().filter(|p| p.iter().all(|&c| c < BLACK_LEVEL)).count();
        black as f64 / (self.width * self.height) as f64
    }

    /// ITU-R BT.601 luma.
    pub fn grey(&self) -> Grey {
        let values = self
            .pixels()
            .map(|[r, g, b]| {
                let sum = 299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b);
                ((sum + 500) / 1000) as u8
            })
            .collect();
        Grey { width: self.width, height: self.height, values }
    }
}

/// Each channel's median over a square of `2 * radius + 1` pixels, cut off at the frame, from a
/// histogram that slides along the row (Huang 1979).
pub fn median(picture: &Colour, radius: usize) -> Colour {
    let (width, height) = (picture.width, picture.height);
    let mut rgb = vec![0; picture.rgb.len()];
    for channel in 0..3 {
        for y in 0..height {
            let rows = y.saturating_sub(radius)..(y + radius + 1).min(height);
            let mut window = Histogram::default();
            let column = |x: usize| rows.clone().map(move |v| picture.rgb[(v * width + x) * 3 + channel]);
            for x in 0..radius.min(width) {
                column(x).for_each(|level| window.add(level));
            }
            for x in 0..width {
                if x + radius < width {
                    column(x + radius).for_each(|level| window.add(level));
                }
                if x > radius {
                    column(x - radius - 1).for_each(|level| window.remove(level));
                }
                rgb[(y * width + x) * 3 + channel] = window.median();
            }
        }
    }
    Colour { width, height, rgb }
}

/// Counts of levels, and of runs of 16 levels to skip along.
struct Histogram {
    fine: [u32; 256],
    coarse: [u32; 16],
    total: u32,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { fine: [0; 256], coarse: [0; 16], total: 0 }
    }
}

impl Histogram {
    fn add(&mut self, level: u8) {
        self.fine[usize::from(level)] += 1;
        self.coarse[usize::from(level >> 4)] += 1;
        self.total += 1;
    }

    fn remove(&mut self, level: u8) {
        self.fine[usize::from(level)] -= 1;
        self.coarse[usize::from(level >> 4)] -= 1;
        self.total -= 1;
    }

    /// The smallest level that at least half of the counted do not exceed.
    fn median(&self) -> u8 {
        let mut left = self.total.div_ceil(2);
        let mut run = 0;
        while self.coarse[run] < left {
            left -= self.coarse[run];
            run += 1;
        }
        let mut level = run * 16;
        while self.fine[level] < left {
            left -= self.fine[level];
            level += 1;
        }
        level as u8
    }
}

/// One byte a pixel.
pub struct Grey {
    pub width: usize,
    pub height: usize,
    pub values: Vec<u8>,
}

impl Grey {
    pub fn row(&self, y: usize) -> &[u8] {
        &self.values[y * self.width..(y + 1) * self.width]
    }

    /// Mean and population standard deviation of the level.
    pub fn mean_and_deviation(&self) -> (f64, f64) {
        let count = self.values.len() as f64;
        let (sum, squares) = self.values.iter().fold((0u64, 0u64), |(sum, squares), &v| {
            let v = u64::from(v);
            (sum + v, squares + v * v)
        });
        let mean = sum as f64 / count;
        (mean, (squares as f64 / count - mean * mean).max(0.0).sqrt())
    }

    /// Variance of the 4-neighbour Laplacian over the inner pixels (Pech-Pacheco 2000).
    pub fn laplacian_variance(&self) -> f64 {
        let (mut sum, mut squares, mut count) = (0i64, 0i64, 0i64);
        for y in 1..self.height - 1 {
            let (above, here, below) = (self.row(y - 1), self.row(y), self.row(y + 1));
            for x in 1..self.width - 1 {
                let around = i64::from(above[x])
                    + i64::from(below[x])
                    + i64::from(here[x - 1])
                    + i64::from(here[x + 1]);
                let value = around - 4 * i64::from(here[x]);
                sum += value;
                squares += value * value;
                count += 1;
            }
        }
        let mean = sum as f64 / count as f64;
        squares as f64 / count as f64 - mean * mean
    }

    /// Rows become columns.
    pub fn transposed(&self) -> Self {
        let mut values = Vec::with_capacity(self.values.len());
        for x in 0..self.width {
            values.extend((0..self.height).map(|y| self.values[y * self.width + x]));
        }
        Self { width: self.height, height: self.width, values }
    }

    pub fn inverted(&self) -> Self {
        let values = self.values.iter().map(|v| 255 - v).collect();
        Self { width: self.width, height: self.height, values }
    }

    /// Closing by a line through each pixel: fills what is dark and shorter than the line along it.
    /// `step` is the line's direction, `radius` half its length in steps.
    pub fn closed(&self, step: (isize, isize), radius: isize) -> Self {
        self.extreme(step, radius, u8::max).extreme(step, radius, u8::min)
    }

    /// `pick` is a type of its own, so that the inner loop is compiled for it and handles many bytes at once.
    fn extreme(&self, (dx, dy): (isize, isize), radius: isize, pick: impl Fn(u8, u8) -> u8) -> Self {
        let (width, height) = (self.width as isize, self.height as isize);
        let mut values = self.values.clone();
        for k in (-radius..=radius).filter(|&k| k != 0) {
            let (shift_x, shift_y) = (k * dx, k * dy);
            let from = (-shift_x).max(0)..width - shift_x.max(0);
            if from.is_empty() {
                continue;
            }
            for y in (-shift_y).max(0)..height - shift_y.max(0) {
                let source = ((y + shift_y) * width + from.start + shift_x) as usize;
                let target = (y * width + from.start) as usize;
                let length = (from.end - from.start) as usize;
                let out = &mut values[target..target + length];
                for (value, &other) in out.iter_mut().zip(&self.values[source..source + length]) {
                    *value = pick(*value, other);
                }
            }
        }
        Self { width: self.width, height: self.height, values }
    }
}

/// A connected region of a mask, 8-neighbourhood.
pub struct Region {
    /// Indices of its pixels.
    pub pixels: Vec<usize>,
    pub width: usize,
    pub height: usize,
}

/// All connected regions of the pixels that are set.
pub fn regions(mask: &[bool], width: usize) -> Vec<Region> {
    let height = mask.len() / width;
    let mut open = mask.to_vec();
    let mut found = Vec::new();
    let mut stack = Vec::new();
    for start in 0..mask.len() {
        if !open[start] {
            continue;
        }
        open[start] = false;
        stack.push(start);
        let mut pixels = Vec::new();
        let (mut left, mut right, mut top, mut bottom) = (width, 0, height, 0);
        while let Some(at) = stack.pop() {
            let (x, y) = (at % width, at / width);
            pixels.push(at);
            (left, right) = (left.min(x), right.max(x));
            (top, bottom) = (top.min(y), bottom.max(y));
            for ny in y.saturating_sub(1)..=(y + 1).min(height - 1) {
                for nx in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                    let next = ny * width + nx;
                    if open[next] {
                        open[next] = false;
                        stack.push(next);
                    }
                }
            }
        }
        found.push(Region { pixels, width: right - left + 1, height: bottom - top + 1 });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_laplacian_of_a_checkerboard_is_known() {
        let values = (0..64).map(|i| if (i % 8 + i / 8) % 2 == 0 { 10 } else { 0 }).collect();
        let grey = Grey { width: 8, height: 8, values };
        // Every inner value is +40 or -40, in equal numbers.
        assert!((grey.laplacian_variance() - 1600.0).abs() < 1e-9);
        let (mean, deviation) = grey.mean_and_deviation();
        assert!((mean - 5.0).abs() < 1e-9 && (deviation - 5.0).abs() < 1e-9);
    }

    #[test]
    fn the_median_is_that_of_the_sorted_square() {
        let (width, height) = (13usize, 9usize);
        let rgb: Vec<u8> = (0..width * height * 3).map(|i| (i * 7919 % 256) as u8).collect();
        let picture = Colour { width, height, rgb };
        for radius in [0, 1, 3, 20] {
            let found = median(&picture, radius);
            for (index, &got) in found.rgb.iter().enumerate() {
                let (x, y, k) = (index / 3 % width, index / 3 / width, index % 3);
                let rows = y.saturating_sub(radius)..(y + radius + 1).min(height);
                let columns = x.saturating_sub(radius)..(x + radius + 1).min(width);
                let mut levels: Vec<u8> = rows
                    .flat_map(|v| columns.clone().map(move |u| (u, v)))
                    .map(|(u, v)| picture.rgb[(v * width + u) * 3 + k])
                    .collect();
                levels.sort_unstable();
                assert_eq!(got, levels[(levels.len() - 1) / 2], "{x} {y} {k} {radius}");
            }
        }
    }

    #[test]
    fn closing_fills_a_thin_line_across_and_keeps_it_along() {
        let values = (0..21 * 21).map(|i| if i % 21 == 10 { 0 } else { 200 }).collect();
        let grey = Grey { width: 21, height: 21, values };
        assert!(grey.closed((1, 0), 3).values.iter().all(|&v| v == 200));
        assert_eq!(grey.closed((0, 1), 3).values, grey.values);
    }

    #[test]
    fn regions_touch_by_corners() {
        let picture = ["#..#", ".#..", "...#"];
        let mask: Vec<bool> = picture.iter().flat_map(|row| row.chars().map(|c| c == '#')).collect();
        let mut sizes: Vec<usize> = regions(&mask, 4).iter().map(|region| region.pixels.len()).collect();
        sizes.sort_unstable();
        assert_eq!(sizes, [1, 1, 2]);
    }
}
