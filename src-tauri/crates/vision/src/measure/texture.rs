//! Texture from the grey-level co-occurrence matrix (Haralick, Shanmugam and Dinstein, IEEE Trans
//! Syst Man Cybern 1973;3:610).

use super::view::View;
use domain::measure::Texture;

/// Grey levels of the matrix, over 0 to 255.
const LEVELS: usize = 32;
/// Neighbours at distance 1: 0, 45, 90 and 135 degrees, each both ways.
const DIRECTIONS: [(i64, i64); 4] = [(1, 0), (1, -1), (0, 1), (1, 1)];
/// Fewest pairs of neighbours that make a texture.
const MIN_PAIRS: u32 = 64;

/// `None` for fewer than 64 pairs of neighbours.
pub fn measure(view: &View) -> Option<Texture> {
    let levels: Vec<usize> = view.rgb.iter().map(|&pixel| level(pixel)).collect();
    let mut matrix = vec![0u32; LEVELS * LEVELS];
    let mut pairs = 0;
    for (x, y) in view.mask.places() {
        let here = levels[y * view.width + x];
        for (dx, dy) in DIRECTIONS {
            let (u, v) = (x as i64 + dx, y as i64 + dy);
            if view.mask.contains(u, v) {
                let there = levels[v as usize * view.width + u as usize];
                matrix[here * LEVELS + there] += 1;
                matrix[there * LEVELS + here] += 1;
                pairs += 1;
            }
        }
    }
    (pairs >= MIN_PAIRS).then(|| of(&matrix))
}

fn of(matrix: &[u32]) -> Texture {
    let total = f64::from(matrix.iter().sum::<u32>());
    let mut texture = Texture { contrast: 0.0, entropy: 0.0, homogeneity: 0.0, energy: 0.0 };
    for (index, &count) in matrix.iter().enumerate().filter(|(_, count)| **count > 0) {
        let p = f64::from(count) / total;
        let gap = (index / LEVELS).abs_diff(index % LEVELS) as f64;
        texture.contrast += gap * gap * p;
        texture.entropy -= p * p.log2();
        texture.homogeneity += p / (1.0 + gap * gap);
        texture.energy += p * p;
    }
    texture
}

fn level([r, g, b]: [u8; 3]) -> usize {
    let grey = (299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b) + 500) / 1000;
    grey as usize * LEVELS / 256
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::Photograph;
    use crate::mask::Mask;
    use domain::image::ImageFormat;

    fn texture(grey: impl Fn(u32, u32) -> u8) -> Texture {
        let rgb = (0..20 * 20).flat_map(|i| [grey(i % 20, i / 20); 3]).collect();
        let photo = Photograph::new(20, 20, rgb, ImageFormat::Png).unwrap();
        let mask = Mask::new(20, 20, vec![true; 400]).unwrap();
        measure(&View::new(&photo, &mask).unwrap()).unwrap()
    }

    #[test]
    fn an_even_surface_has_no_texture() {
        let even = texture(|_, _| 100);
        assert_eq!((even.contrast, even.homogeneity, even.energy), (0.0, 1.0, 1.0));
        assert!(even.entropy.abs() < 1e-12);
    }

    #[test]
    fn stripes_have_the_figures_of_the_formulas() {
        // Levels 0 and 10 in columns: along y no change (380 pairs), the other directions always change
        // (380 across, 361 on each diagonal).
        let stripes = texture(|x, _| if x % 2 == 0 { 0 } else { 80 });
        let changing = (380.0 + 2.0 * 361.0) / (2.0 * 380.0 + 2.0 * 361.0);
        assert!((stripes.contrast - 100.0 * changing).abs() < 1e-9, "{stripes:?}");
        assert!((stripes.homogeneity - (1.0 - changing + changing / 101.0)).abs() < 1e-9);
        let parts = [changing / 2.0, changing / 2.0, (1.0 - changing) / 2.0, (1.0 - changing) / 2.0];
        let entropy: f64 = parts.iter().map(|p| -p * p.log2()).sum();
        assert!((stripes.entropy - entropy).abs() < 1e-9);
    }
}
