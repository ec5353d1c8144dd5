//! Pillow's antialiased bilinear resize, to the bit.
//!
//! The model was trained on pictures that Pillow reduced, and a calibrated probability is sharp enough
//! to show single levels. The arithmetic is that of `Resample.c`: a triangle filter whose support grows
//! with the reduction, weights of 22 bits, rows first, 8-bit pixels in between.

/// Bits behind the point of a weight: 32 less 8 of the pixel and 2 of headroom.
const PRECISION: u32 = 22;

/// Weights of one output position.
struct Taps {
    first: usize,
    weights: Vec<i32>,
}

/// Part of an interleaved RGB picture, in pixels.
#[derive(Clone, Copy)]
pub struct Window<'a> {
    pub rgb: &'a [u8],
    /// Pixels from one row of `rgb` to the next.
    pub stride: usize,
    pub left: usize,
    pub top: usize,
    pub width: usize,
    pub height: usize,
}

/// Resizes a window to `width * height * 3` bytes.
pub fn bilinear(window: Window<'_>, width: usize, height: usize) -> Vec<u8> {
    let narrow = across(window, width);
    if height == window.height { narrow } else { down(&narrow, width, window.height, height) }
}

fn taps(from: usize, to: usize) -> Vec<Taps> {
    let scale = from as f64 / to as f64;
    let support = scale.max(1.0);
    (0..to)
        .map(|position| {
            let centre = (position as f64 + 0.5) * scale;
            let first = (centre - support + 0.5).max(0.0) as usize;
            let end = ((centre + support + 0.5) as usize).min(from);
            let raw: Vec<f64> =
                (first..end).map(|x| (1.0 - ((x as f64 - centre + 0.5) / support).abs()).max(0.0)).collect();
            let total: f64 = raw.iter().sum();
            let unit = f64::from(1u32 << PRECISION);
            let weights = raw.iter().map(|w| (w / total * unit + 0.5) as i32).collect();
            Taps { first, weights }
        })
        .collect()
}

fn settle(sum: i32) -> u8 {
    (sum >> PRECISION).clamp(0, 255) as u8
}

/// Source rows from which a second thread pays.
const SHARED_FROM: usize = 1024;

/// Every row reduced on its own, so the rows of a large picture are shared between threads.
fn across(window: Window<'_>, width: usize) -> Vec<u8> {
    let taps = taps(window.width, width);
    let stride = width * 3;
    let mut out = vec![0; stride * window.height];
    let threads = match window.height {
        ..SHARED_FROM => 1,
        _ => std::thread::available_parallelism().map_or(1, |count| count.get().min(4)),
    };
    let share = window.height.div_ceil(threads);
    std::thread::scope(|scope| {
        let mut parts = out.chunks_mut(stride * share).enumerate();
        let own = parts.next();
        for (index, part) in parts {
            let taps = &taps;
            scope.spawn(move || rows(window, taps, index * share, part));
        }
        if let Some((_, part)) = own {
            rows(window, &taps, 0, part);
        }
    });
    out
}

fn rows(window: Window<'_>, taps: &[Taps], first_row: usize, out: &mut [u8]) {
    for (index, target) in out.chunks_exact_mut(taps.len() * 3).enumerate() {
        let start = ((window.top + first_row + index) * window.stride + window.left) * 3;
        let row = &window.rgb[start..start + window.width * 3];
        if taps.len() == window.width {
            target.copy_from_slice(row);
            continue;
        }
        for (Taps { first, weights }, target) in taps.iter().zip(target.chunks_exact_mut(3)) {
            let mut sums = [1i32 << (PRECISION - 1); 3];
            for (pixel, weight) in row[first * 3..].chunks_exact(3).zip(weights) {
                sums[0] += i32::from(pixel[0]) * weight;
                sums[1] += i32::from(pixel[1]) * weight;
                sums[2] += i32::from(pixel[2]) * weight;
            }
            target.copy_from_slice(&sums.map(settle));
        }
    }
}

fn down(rows: &[u8], width: usize, from: usize, to: usize) -> Vec<u8> {
    let stride = width * 3;
    let mut out = Vec::with_capacity(stride * to);
    let mut sums = vec![0i32; stride];
    for Taps { first, weights } in taps(from, to) {
        sums.fill(1 << (PRECISION - 1));
        for (row, weight) in rows[first * stride..].chunks_exact(stride).zip(&weights) {
            for (sum, &byte) in sums.iter_mut().zip(row) {
                *sum += i32::from(byte) * weight;
            }
        }
        out.extend(sums.iter().map(|&sum| settle(sum)));
    }
    out
}
