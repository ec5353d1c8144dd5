//! CIE L*a*b*, in which distances are about as large as they look.

use std::sync::LazyLock;

/// `[L*, a*, b*]`: L* 0..100, a* and b* about -100..100.
pub type Lab = [f32; 3];

/// D65, 2° observer (IEC 61966-2-1).
const WHITE: [f32; 3] = [0.950_47, 1.0, 1.088_83];

/// Linear light of each sRGB byte.
static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|byte| {
        let value = byte as f32 / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    })
});

/// sRGB to L*a*b* under D65 (CIE 15:2004).
pub fn from_srgb(rgb: [u8; 3]) -> Lab {
    let [r, g, b] = rgb.map(|byte| LINEAR[usize::from(byte)]);
    let xyz = [
        0.412_456_4 * r + 0.357_576_1 * g + 0.180_437_5 * b,
        0.212_672_9 * r + 0.715_152_2 * g + 0.072_175 * b,
        0.019_333_9 * r + 0.119_192 * g + 0.950_304_1 * b,
    ];
    let f = |t: f32| if t > 216.0 / 24_389.0 { cube_root(t) } else { (24_389.0 / 27.0 * t + 16.0) / 116.0 };
    let [x, y, z] = [f(xyz[0] / WHITE[0]), f(xyz[1]), f(xyz[2] / WHITE[2])];
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// Of a positive number, to the last digits that `f32` has: a guess from the exponent, then twice Halley's step, each
/// with thrice the digits. `f32::cbrt` is a call, and there are three for every pixel.
fn cube_root(t: f32) -> f32 {
    let nearer = |root: f32| {
        let cube = root * root * root;
        root * (cube + 2.0 * t) / (2.0 * cube + t)
    };
    nearer(nearer(f32::from_bits(t.to_bits() / 3 + 0x2a51_37a0)))
}

/// Colour difference ΔE*ab (CIE 1976).
pub fn difference(a: Lab, b: Lab) -> f32 {
    ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2) + (a[2] - b[2]).powi(2)).sqrt()
}

/// The median of each component; `None` without colours.
pub fn median(colours: impl Iterator<Item = Lab>) -> Option<Lab> {
    let mut parts: [Vec<f32>; 3] = Default::default();
    for colour in colours {
        for (part, value) in parts.iter_mut().zip(colour) {
            part.push(value);
        }
    }
    if parts[0].is_empty() {
        return None;
    }
    let middle = parts[0].len() / 2;
    Some(parts.map(|mut part| *part.select_nth_unstable_by(middle, f32::total_cmp).1))
}

/// Mean over a square of `2 * radius + 1` pixels, cut off at the frame. One value a pixel, row by row.
pub fn blurred(lab: &[Lab], width: usize, radius: usize) -> Vec<Lab> {
    let height = lab.len() / width;
    let mut rows = Vec::with_capacity(lab.len());
    for row in lab.chunks_exact(width) {
        slide(row, radius, &mut rows);
    }
    let mut out = Vec::with_capacity(lab.len());
    // Sums of the rows that a square spans, whole rows at a time. `f64` keeps them exact enough.
    let mut sums = vec![[0.0f64; 3]; width];
    let row = |y: usize| &rows[y * width..(y + 1) * width];
    (0..radius.min(height)).for_each(|y| add(&mut sums, row(y), 1.0));
    for y in 0..height {
        if y + radius < height {
            add(&mut sums, row(y + radius), 1.0);
        }
        if y > radius {
            add(&mut sums, row(y - radius - 1), -1.0);
        }
        let share = 1.0 / ((y + radius + 1).min(height) - y.saturating_sub(radius)) as f64;
        out.extend(sums.iter().map(|sum| sum.map(|value| (value * share) as f32)));
    }
    out
}

/// Adds so many times a row, which for -1 takes it off.
fn add(sums: &mut [[f64; 3]], row: &[Lab], times: f64) {
    for (sum, colour) in sums.iter_mut().zip(row) {
        for (sum, &value) in sum.iter_mut().zip(colour) {
            *sum += times * f64::from(value);
        }
    }
}

/// The same along one row.
fn slide(row: &[Lab], radius: usize, out: &mut Vec<Lab>) {
    let mut sum = [[0.0f64; 3]];
    row.iter().take(radius).for_each(|colour| add(&mut sum, std::slice::from_ref(colour), 1.0));
    for at in 0..row.len() {
        if let Some(ahead) = row.get(at + radius) {
            add(&mut sum, std::slice::from_ref(ahead), 1.0);
        }
        if at > radius {
            add(&mut sum, std::slice::from_ref(&row[at - radius - 1]), -1.0);
        }
        let share = 1.0 / ((at + radius + 1).min(row.len()) - at.saturating_sub(radius)) as f64;
        out.push(sum[0].map(|value| (value * share) as f32));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_colours_have_their_published_values() {
        let cases = [
            ([255, 255, 255], [100.0, 0.0, 0.0]),
            ([0, 0, 0], [0.0, 0.0, 0.0]),
            ([255, 0, 0], [53.24, 80.09, 67.20]),
            ([0, 0, 255], [32.30, 79.19, -107.86]),
            ([119, 119, 119], [50.03, 0.0, 0.0]),
        ];
        for (rgb, want) in cases {
            let got = from_srgb(rgb);
            for (got, want) in got.iter().zip(want) {
                assert!((got - want).abs() < 0.05, "{rgb:?}: {got} instead of {want}");
            }
        }
    }

    #[test]
    fn cube_roots_are_right_to_the_last_digits() {
        for n in 1..=20_000 {
            let t = n as f32 / 10_000.0;
            assert!((cube_root(t) / t.cbrt() - 1.0).abs() < 4e-7, "{t}");
        }
    }

    #[test]
    fn a_blur_is_the_mean_of_the_square() {
        let lab: Vec<Lab> = (0..35).map(|i| [i as f32, (i % 7) as f32, 1.0]).collect();
        let out = blurred(&lab, 7, 1);
        let mean = |places: &[usize]| places.iter().sum::<usize>() as f32 / places.len() as f32;
        assert!((out[8][0] - mean(&[0, 1, 2, 7, 8, 9, 14, 15, 16])).abs() < 1e-4);
        assert!((out[0][0] - mean(&[0, 1, 7, 8])).abs() < 1e-4);
        assert!(out.iter().all(|v| (v[2] - 1.0).abs() < 1e-6));
    }

    #[test]
    fn the_median_is_taken_in_each_component() {
        let colours = [[1.0, 9.0, 5.0], [2.0, 8.0, 5.0], [100.0, 7.0, 5.0]];
        assert_eq!(median(colours.into_iter()), Some([2.0, 8.0, 5.0]));
        assert_eq!(median(std::iter::empty()), None);
    }
}
