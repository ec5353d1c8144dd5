//! The copy of a lesion that symmetry, border, colours and texture are read from.

use crate::decode::Photograph;
use crate::lab::{self, Lab};
use crate::mask::{Mask, squared_distance};

/// Longest side of the lesion in the copy.
const SIDE: usize = 256;
/// Skin kept around the lesion, as a share of its longer side.
const MARGIN: f64 = 0.25;

/// The lesion with some skin around it; each pixel is the mean of `step` × `step` of the photograph's.
pub struct View {
    pub width: usize,
    pub rgb: Vec<[u8; 3]>,
    pub lab: Vec<Lab>,
    pub mask: Mask,
    /// Distance to the border in pixels of the view: positive inside, negative outside; infinite where
    /// there is no border.
    pub depth: Vec<f32>,
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
        Some(Self { width, rgb, lab, mask, depth, area })
    }

    /// Radius of the circle with the lesion's area, in pixels of the view.
    pub fn radius(&self) -> f64 {
        (self.area as f64 / std::f64::consts::PI).sqrt()
    }

    /// Colours without pores and noise: the mean over a square of about 4 % of the lesion's diameter.
    pub fn smooth(&self) -> Vec<Lab> {
        lab::blurred(&self.lab, self.width, (self.radius() * 0.04).round() as usize)
    }
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
