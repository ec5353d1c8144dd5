//! Size and shape of the outline.

use crate::mask::{Mask, hull_of_centres, hull_of_corners};
use domain::measure::{Shape, Size};
use std::f64::consts::{FRAC_PI_8, PI, SQRT_2};

/// `None` for an empty mask.
pub fn measure(mask: &Mask, mm_per_px: Option<f64>) -> Option<(Size, Shape)> {
    let hull = hull_of_corners(mask)?;
    let area = mask.area() as f64;
    let perimeter = perimeter(mask);
    let (feret, min_feret) = hull_of_centres(mask)?.feret();
    let (feret, min_feret) = (feret + 1.0, min_feret + 1.0);
    let diameter = 2.0 * (area / PI).sqrt();
    let mm = |length: f64| mm_per_px.map(|scale| length * scale);
    let size = Size {
        area_px: mask.area() as u64,
        area_mm2: mm_per_px.map(|scale| area * scale * scale),
        equivalent_diameter_px: diameter,
        equivalent_diameter_mm: mm(diameter),
        feret_px: feret,
        feret_mm: mm(feret),
        min_feret_px: min_feret,
        min_feret_mm: mm(min_feret),
        perimeter_px: perimeter,
        perimeter_mm: mm(perimeter),
    };
    let (major, minor) = moments(mask)?;
    let shape = Shape {
        compactness: perimeter * perimeter / (4.0 * PI * area),
        solidity: (area / hull.area()).min(1.0),
        convexity: (hull.perimeter() / perimeter).min(1.0),
        roundness: (minor / major).sqrt(),
    };
    Some((size, shape))
}

/// π/8 times the crossings of the border with lines in four directions, each times the distance between
/// its lines. Every change from outside to inside along a line is matched by one back.
fn perimeter(mask: &Mask) -> f64 {
    let nothing = vec![false; mask.width()];
    let (mut straight, mut diagonal) = (0u64, 0u64);
    let mut above = &nothing[..];
    for row in mask.pixels().chunks_exact(mask.width()) {
        let before = |row: &[bool], x: usize| x > 0 && row[x - 1];
        for (x, _) in row.iter().enumerate().filter(|(_, inside)| **inside) {
            straight += u64::from(!before(row, x)) + u64::from(!above[x]);
            let after = above.get(x + 1).copied().unwrap_or(false);
            diagonal += u64::from(!before(above, x)) + u64::from(!after);
        }
        above = row;
    }
    FRAC_PI_8 * (2.0 * straight as f64 + 2.0 * diagonal as f64 / SQRT_2)
}

/// Largest and smallest second moment about the centroid. A pixel is a square, which alone has 1/12.
fn moments(mask: &Mask) -> Option<(f64, f64)> {
    let (xx, xy, yy) = covariance(mask)?;
    let (mean, spread) = ((xx + yy) / 2.0, (((xx - yy) / 2.0).powi(2) + xy * xy).sqrt());
    Some((mean + spread + 1.0 / 12.0, mean - spread + 1.0 / 12.0))
}

fn covariance(mask: &Mask) -> Option<(f64, f64, f64)> {
    let sums = mask.sums();
    let count = sums.count as f64;
    let (cx, cy) = mask.centroid()?;
    let about = |squares: u64, product: f64| squares as f64 / count - product;
    Some((about(sums.xx, cx * cx), about(sums.xy, cx * cy), about(sums.yy, cy * cy)))
}

/// Angle of the major principal axis in radians, from the x axis towards the y axis, in -π/2..=π/2.
pub fn principal_angle(mask: &Mask) -> Option<f64> {
    let (xx, xy, yy) = covariance(mask)?;
    Some(0.5 * (2.0 * xy).atan2(xx - yy))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ellipse(a: f64, b: f64, turn: f64) -> Mask {
        let (width, height) = (300u32, 260u32);
        let (sin, cos) = turn.sin_cos();
        let inside = (0..width * height)
            .map(|i| {
                let (x, y) = (f64::from(i % width) - 150.2, f64::from(i / width) - 129.7);
                ((x * cos + y * sin) / a).powi(2) + ((y * cos - x * sin) / b).powi(2) <= 1.0
            })
            .collect();
        Mask::new(width, height, inside).unwrap()
    }

    /// Ramanujan's second approximation.
    fn ellipse_perimeter(a: f64, b: f64) -> f64 {
        let h = ((a - b) / (a + b)).powi(2);
        PI * (a + b) * (1.0 + 3.0 * h / (10.0 + (4.0 - 3.0 * h).sqrt()))
    }

    #[test]
    fn ellipses_have_the_figures_of_the_formulas() {
        let mut worst = [0.0f64; 5];
        for (a, b, turn) in [(100.0, 100.0, 0.0), (120.0, 60.0, 0.0), (110.0, 70.0, 0.6), (90.0, 40.0, 2.1)] {
            let (size, shape) = measure(&ellipse(a, b, turn), None).unwrap();
            let errors = [
                size.area_px as f64 / (PI * a * b) - 1.0,
                size.feret_px / (2.0 * a) - 1.0,
                size.min_feret_px / (2.0 * b) - 1.0,
                size.perimeter_px / ellipse_perimeter(a, b) - 1.0,
                shape.roundness / (b / a) - 1.0,
            ];
            for (worst, error) in worst.iter_mut().zip(errors) {
                *worst = worst.max(error.abs());
            }
            assert!(shape.solidity > 0.98 && shape.convexity > 0.97, "{shape:?}");
        }
        eprintln!("largest errors of area, diameters, perimeter and roundness: {worst:.4?}");
        for (worst, limit) in worst.into_iter().zip([0.005, 0.012, 0.02, 0.03, 0.01]) {
            assert!(worst <= limit, "{worst} over {limit}");
        }
    }

    #[test]
    fn a_circle_is_compact_and_a_star_is_not() {
        let (_, round) = measure(&ellipse(100.0, 100.0, 0.0), None).unwrap();
        assert!((round.compactness - 1.0).abs() < 0.02, "{round:?}");
        let star = (0..300 * 300)
            .map(|i| {
                let (x, y) = (f64::from(i % 300) - 150.0, f64::from(i / 300) - 150.0);
                x.hypot(y) <= 90.0 * (1.0 + 0.3 * (8.0 * y.atan2(x)).cos())
            })
            .collect();
        let (_, star) = measure(&Mask::new(300, 300, star).unwrap(), None).unwrap();
        assert!(star.compactness > 1.8 && star.solidity < 0.85 && star.convexity < 0.8, "{star:?}");
    }

    #[test]
    fn millimetres_follow_the_scale() {
        let (size, _) = measure(&ellipse(80.0, 50.0, 0.0), Some(0.05)).unwrap();
        assert!((size.feret_mm.unwrap() - 0.05 * size.feret_px).abs() < 1e-9);
        assert!((size.area_mm2.unwrap() - 0.0025 * size.area_px as f64).abs() < 1e-9);
    }

    #[test]
    fn the_principal_axis_is_the_long_one() {
        for turn in [0.0, 0.4, 1.2, -0.9] {
            let found = principal_angle(&ellipse(100.0, 60.0, turn)).unwrap();
            assert!((found - turn).sin().abs() < 0.01, "{found} instead of {turn}");
        }
    }
}
