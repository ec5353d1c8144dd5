//! Smooth noise from a seed.

/// A number for a seed and a place (SplitMix64, Steele 2014).
pub fn hash(seed: u64, x: i64, y: i64) -> u64 {
    let mut z = seed
        .wrapping_add((x as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15))
        .wrapping_add((y as u64).wrapping_mul(0xC2B2_AE3D_27D4_EB4F));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Uniform in 0..1 for a seed and a number.
pub fn unit(seed: u64, index: i64) -> f64 {
    fraction(hash(seed, index, 0))
}

fn fraction(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1u64 << 53) as f64
}

/// Value noise in -1..1: random values on the integer lattice, joined smoothly.
pub fn value(seed: u64, x: f64, y: f64) -> f64 {
    let (left, top) = (x.floor(), y.floor());
    let smooth = |t: f64| t * t * (3.0 - 2.0 * t);
    let (u, v) = (smooth(x - left), smooth(y - top));
    let corner = |dx: i64, dy: i64| 2.0 * fraction(hash(seed, left as i64 + dx, top as i64 + dy)) - 1.0;
    let upper = corner(0, 0) * (1.0 - u) + corner(1, 0) * u;
    let lower = corner(0, 1) * (1.0 - u) + corner(1, 1) * u;
    upper * (1.0 - v) + lower * v
}

/// Octaves of value noise, each of twice the frequency and half the weight, in about -1..1.
pub fn fractal(seed: u64, x: f64, y: f64, octaves: u32) -> f64 {
    let (mut sum, mut weight, mut frequency) = (0.0, 0.5, 1.0);
    for octave in 0..octaves {
        let shifted = seed.wrapping_add(u64::from(octave) * 7_919);
        sum += weight * value(shifted, x * frequency, y * frequency);
        weight *= 0.5;
        frequency *= 2.0;
    }
    sum
}

/// Distances to the nearest and the second nearest of points strewn one to a cell (Worley 1996), in cells.
pub fn cellular(seed: u64, x: f64, y: f64) -> (f64, f64) {
    let (column, row) = (x.floor() as i64, y.floor() as i64);
    let (mut nearest, mut second) = (f64::MAX, f64::MAX);
    for (i, j) in (-1..=1).flat_map(|i| (-1..=1).map(move |j| (column + i, row + j))) {
        let (px, py) = (fraction(hash(seed, i, j)), fraction(hash(seed ^ 0x57, i, j)));
        let distance = (i as f64 + px - x).hypot(j as f64 + py - y);
        if distance < nearest {
            (nearest, second) = (distance, nearest);
        } else {
            second = second.min(distance);
        }
    }
    (nearest, second)
}
