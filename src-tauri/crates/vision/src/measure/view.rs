//! The copy of a lesion that symmetry, border, colours and texture are read from.

use crate::decode::Photograph;
use crate::lab::{self, Lab};
use crate::mask::{Mask, squared_distance};

/// Longest side of the lesion in the copy.
const SIDE: usize = 256;
/// Skin kept around the lesion, as a share of its longer side.
const MARGIN: f64 = 0.25;

/// A channel at most this bright is no skin in any light that a photograph is taken in: a dermoscope's rim, ink.
const DARK: u8 = 40;
/// Radius of the disc that a part of the surround holds, as a share of the lesion's radius: hairs are thinner.
const SURROUND: f64 = 0.08;
/// How far the surround fades into the picture, as a share of the same radius.
const FADE: f64 = 0.05;
/// Share of the same radius along which a lesion that meets the surround is cut off by it.
const CUT: f64 = 0.15;

/// The lesion with some skin around it; each pixel is the mean of `step` × `step` of the photograph's.
pub struct View {
    pub width: usize,
    pub rgb: Vec<[u8; 3]>,
    pub lab: Vec<Lab>,
    pub mask: Mask,
    /// Distance to the border in pixels of the view: positive inside, negative outside; infinite where
    /// there is no border.
    pub depth: Vec<f32>,
    /// What is neither lesion nor skin: the dark around a dermoscope's field of view; none in most pictures.
    pub surround: Option<Mask>,
    /// Pixels inside; may be 0 where the lesion is thinner than a pixel of the view.
    pub area: usize,
}

impl View {
    /// `None` for an empty mask.
    pub fn new(photo: &Photograph, mask: &Mask) -> Option<Self> {
        let bounds = mask.bounds()?;
        let longest = bounds.width().max(bounds.height());
        let step = longest.div_ceil(SIDE);
        let margin = (longest as f64 * MARGIN).ceil() as usize + step;
        let (left, top) = (bounds.left.saturating_sub(margin), bounds.top.saturating_sub(margin));
        let width = ((bounds.right + margin + 1).min(mask.width()) - left).div_ceil(step);
        let height = ((bounds.bottom + margin + 1).min(mask.height()) - top).div_ceil(step);
        let mut rgb = Vec::with_capacity(width * height);
        let mut inside = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let cell = Cell::over(photo, mask, (left + x * step, top + y * step), step);
                rgb.push(cell.mean);
                inside.push(cell.inside);
            }
        }
        let mask = Mask::of(width, height, inside);
        let lab = rgb.iter().map(|&pixel| lab::from_srgb(pixel)).collect();
        let (depth, area) = (signed_depth(&mask), mask.area());
        let surround = surround(&rgb, &mask, radius_of(area));
        Some(Self { width, rgb, lab, mask, depth, surround, area })
    }

    /// Radius of the circle with the lesion's area, in pixels of the view.
    pub fn radius(&self) -> f64 {
        radius_of(self.area)
    }

    /// Pixels of skin between these distances from the outline, as shares of the radius.
    pub fn skin(&self, (near, far): (f64, f64)) -> impl Iterator<Item = usize> {
        let range = -(self.radius() * far) as f32..-(self.radius() * near) as f32;
        (0..self.depth.len()).filter(move |&index| range.contains(&self.depth[index]) && self.is_skin(index))
    }

    /// Whether a pixel outside the lesion shows skin.
    pub fn is_skin(&self, index: usize) -> bool {
        !self.mask.pixels()[index] && self.surround.as_ref().is_none_or(|dark| !dark.pixels()[index])
    }

    /// Whether the dark surround cuts the lesion off.
    pub fn meets_surround(&self) -> bool {
        let Some(surround) = &self.surround else { return false };
        let cut = surround.dilated(1.5);
        let met =
            cut.pixels().iter().zip(self.mask.pixels()).filter(|(cut, inside)| **cut && **inside).count();
        met as f64 >= (self.radius() * CUT).max(1.0)
    }

    /// Colours without pores and noise: the mean over a square of about 4 % of the lesion's diameter.
    pub fn smooth(&self) -> Vec<Lab> {
        lab::blurred(&self.lab, self.width, (self.radius() * 0.04).round() as usize)
    }
}

fn radius_of(area: usize) -> f64 {
    (area as f64 / std::f64::consts::PI).sqrt()
}

fn surround(rgb: &[[u8; 3]], mask: &Mask, radius: f64) -> Option<Mask> {
    let dark: Vec<bool> = rgb
        .iter()
        .zip(mask.pixels())
        .map(|(pixel, inside)| !inside && pixel.iter().all(|&channel| channel <= DARK))
        .collect();
    let disc = (radius * SURROUND).max(1.0);
    // Looking for discs costs more than counting.
    if (dark.iter().filter(|dark| **dark).count() as f64) < disc * disc {
        return None;
    }
    let found = Mask::of(mask.width(), mask.height(), dark).opened(disc);
    (found.area() > 0).then(|| found.dilated(radius * FADE))
}

struct Cell {
    mean: [u8; 3],
    /// More than half of it is lesion.
    inside: bool,
}

impl Cell {
    fn over(photo: &Photograph, mask: &Mask, (left, top): (usize, usize), step: usize) -> Self {
        let (right, bottom) = ((left + step).min(mask.width()), (top + step).min(mask.height()));
        let (mut sums, mut lesion) = ([0u32; 3], 0);
        for y in top..bottom {
            let row = y * mask.width();
            for at in row + left..row + right {
                lesion += usize::from(mask.pixels()[at]);
                for (sum, &byte) in sums.iter_mut().zip(&photo.rgb[at * 3..at * 3 + 3]) {
                    *sum += u32::from(byte);
                }
            }
        }
        let count = (right - left) * (bottom - top);
        let half = count as u32 / 2;
        Self { mean: sums.map(|sum| ((sum + half) / count as u32) as u8), inside: lesion * 2 > count }
    }
}

fn signed_depth(mask: &Mask) -> Vec<f32> {
    let outside: Vec<bool> = mask.pixels().iter().map(|inside| !inside).collect();
    let to_outside = squared_distance(&outside, mask.width());
    let to_inside = squared_distance(mask.pixels(), mask.width());
    // The border runs half a pixel beyond the last centre on either side.
    to_outside
        .iter()
        .zip(to_inside)
        .map(|(inner, outer)| inner.sqrt() - outer.sqrt())
        .map(|depth| if depth > 0.0 { depth - 0.5 } else { depth + 0.5 })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::image::ImageFormat;

    const SIDE: u32 = 120;
    const LESION: [u8; 3] = [110, 70, 50];
    const SKIN: [u8; 3] = [220, 180, 160];

    /// A round lesion in the middle, seen through a dermoscope whose dark begins at `rim`, in pixels from the middle.
    fn through_a_dermoscope(rim: f64, dark: [u8; 3]) -> View {
        let from_middle = |i: u32| (f64::from(i % SIDE) - 59.5).hypot(f64::from(i / SIDE) - 59.5);
        let places: Vec<f64> = (0..SIDE * SIDE).map(from_middle).collect();
        let colour = |&far: &f64| {
            if far > rim {
                dark
            } else if far < 40.0 {
                LESION
            } else {
                SKIN
            }
        };
        let photo =
            Photograph::new(SIDE, SIDE, places.iter().flat_map(colour).collect(), ImageFormat::Png).unwrap();
        let lesion = places.iter().map(|&far| far < 40.0_f64.min(rim)).collect();
        View::new(&photo, &Mask::new(SIDE, SIDE, lesion).unwrap()).unwrap()
    }

    #[test]
    fn the_dark_around_the_field_of_view_is_no_skin_and_may_cut_the_lesion_off() {
        let wide = through_a_dermoscope(52.0, [8, 7, 7]);
        let skin: Vec<usize> = wide.skin((0.0, 2.0)).collect();
        assert!(skin.len() > 2_000 && skin.iter().all(|&index| wide.rgb[index] == SKIN));
        assert!(!wide.meets_surround());
        let narrow = through_a_dermoscope(38.0, [8, 7, 7]);
        assert!(narrow.meets_surround() && narrow.skin((0.0, 2.0)).next().is_none());
        assert!(through_a_dermoscope(100.0, [8, 7, 7]).surround.is_none());
    }

    #[test]
    fn a_lesion_that_runs_under_the_rim_is_cut_off() {
        let shifted = |i: u32| (f64::from(i % SIDE) - 30.0).hypot(f64::from(i / SIDE) - 59.5);
        let lesion: Vec<bool> = (0..SIDE * SIDE).map(|i| shifted(i) < 30.0 && i % SIDE > 20).collect();
        let colour = |i: u32| match (i % SIDE <= 20, lesion[i as usize]) {
            (true, _) => [10, 10, 10],
            (false, true) => LESION,
            (false, false) => SKIN,
        };
        let rgb: Vec<u8> = (0..SIDE * SIDE).flat_map(colour).collect();
        let photo = Photograph::new(SIDE, SIDE, rgb, ImageFormat::Png).unwrap();
        let found = crate::measure::measure(&photo, &Mask::new(SIDE, SIDE, lesion).unwrap(), None).unwrap();
        assert!(found.touches_frame);
        let border = found.border.unwrap();
        assert!(border.eighths.iter().filter(|eighth| eighth.is_none()).count() >= 2, "{border:?}");
    }
}
