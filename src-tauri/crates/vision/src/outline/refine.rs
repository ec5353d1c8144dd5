//! From a field of evidence to one clean outline.

use crate::cam::upscale;
use crate::mask::Mask;

/// One value a pixel, row by row.
pub struct Field {
    pub width: usize,
    pub height: usize,
    pub values: Vec<f32>,
}

impl Field {
    pub fn new(width: usize, height: usize, value: f32) -> Self {
        Self { width, height, values: vec![value; width * height] }
    }

    pub fn above(&self, threshold: f32) -> Mask {
        let inside = self.values.iter().map(|&value| value >= threshold).collect();
        Mask::of(self.width, self.height, inside)
    }
}

/// Radius of the disc that smooths, as a share of the radius of the circle with the lesion's area.
const SMOOTH: f64 = 0.05;

/// The outline in the logits of a network; `None` where nothing reaches the threshold.
pub fn learned(field: &Field, threshold: f32) -> Option<Mask> {
    single(&field.above(threshold), SMOOTH)
}

/// The part that counts, without holes, its frays and notches smaller than a disc of `smooth` times its
/// radius taken away.
pub fn single(mask: &Mask, smooth: f64) -> Option<Mask> {
    let part = central_part(mask).filled();
    let radius = (part.area() as f64 / std::f64::consts::PI).sqrt() * smooth;
    let smoothed = central_part(&part.opened(radius)).closed(radius).filled();
    let whole = if smoothed.area() > 0 { smoothed } else { part };
    (whole.area() > 0).then_some(whole)
}

/// The connected part with the most pixels, those near the middle counting more: a Gaussian of half the
/// short side. People centre what they photograph, and rulers, ink and frames lie at the edge.
pub fn central_part(mask: &Mask) -> Mask {
    let (cx, cy) = (mask.width() as f64 / 2.0, mask.height() as f64 / 2.0);
    let spread = 2.0 * (mask.width().min(mask.height()) as f64 / 2.0).powi(2);
    mask.heaviest_part(|x, y| {
        let (dx, dy) = (x as f64 + 0.5 - cx, y as f64 + 0.5 - cy);
        (-(dx * dx + dy * dy) / spread).exp()
    })
}

/// The mask at another size, its border straight between the old pixels' centres.
pub fn enlarged(mask: &Mask, width: usize, height: usize) -> Mask {
    if (mask.width(), mask.height()) == (width, height) {
        return mask.clone();
    }
    let values: Vec<f32> = mask.pixels().iter().map(|&inside| f32::from(u8::from(inside))).collect();
    let large = upscale(&values, (mask.width(), mask.height()), (width, height));
    Mask::of(width, height, large.into_iter().map(|value| value > 0.5).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn discs(discs: &[(f64, f64, f64)]) -> Mask {
        let inside = (0..120 * 100)
            .map(|i| {
                let (x, y) = (f64::from(i % 120), f64::from(i / 120));
                discs.iter().any(|(cx, cy, r)| (x - cx).hypot(y - cy) <= *r)
            })
            .collect();
        Mask::new(120, 100, inside).unwrap()
    }

    #[test]
    fn the_part_in_the_middle_wins_over_a_somewhat_larger_one_at_the_edge() {
        let chosen = single(&discs(&[(60.0, 50.0, 14.0), (8.0, 8.0, 18.0)]), SMOOTH).unwrap();
        assert!(chosen.contains(60, 50) && !chosen.contains(5, 5));
    }

    #[test]
    fn frays_go_and_the_body_stays() {
        let body = discs(&[(60.0, 50.0, 25.0)]);
        let mut frayed = body.pixels().to_vec();
        for x in 60..118 {
            frayed[50 * 120 + x] = true;
        }
        for x in 50..70 {
            frayed[45 * 120 + x] = false;
        }
        let clean = single(&Mask::new(120, 100, frayed).unwrap(), SMOOTH).unwrap();
        assert!(clean.jaccard(&body) > 0.98, "{}", clean.jaccard(&body));
    }

    #[test]
    fn a_mask_keeps_its_share_when_enlarged() {
        let small = discs(&[(55.0, 48.0, 30.0)]);
        let large = enlarged(&small, 900, 750);
        let share = |mask: &Mask| mask.area() as f64 / (mask.width() * mask.height()) as f64;
        assert!((share(&large) / share(&small) - 1.0).abs() < 0.01);
        assert!(single(&discs(&[]), SMOOTH).is_none());
    }
}
