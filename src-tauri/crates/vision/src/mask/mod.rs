//! A lesion's outline as a binary picture, and the operations measures and outlines share.

mod distance;
mod hull;
mod morphology;

use crate::encode::{EncodeError, encode_grey_png};
use thiserror::Error;

pub(crate) use distance::squared_distance;
pub(crate) use hull::{hull_of_centres, hull_of_corners};

/// A byte from this value on counts as lesion.
const INSIDE_FROM: u8 = 128;

/// The buffer does not hold `width * height` pixels, or none at all.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a mask of {width} x {height} pixels does not fit a buffer of {length}")]
pub struct MaskError {
    pub width: u32,
    pub height: u32,
    pub length: usize,
}

impl MaskError {
    /// Stable code for the border.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "mask_size"
    }
}

/// A binary picture: rows from the top, `true` inside the lesion. It has at least one pixel, which
/// need not be inside.
#[derive(Clone, PartialEq, Eq)]
pub struct Mask {
    width: usize,
    height: usize,
    inside: Vec<bool>,
}

impl std::fmt::Debug for Mask {
    /// Size alone: an outline is a patient's.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mask({}x{})", self.width, self.height)
    }
}

/// The smallest upright rectangle around the lesion, in pixels; `right` and `bottom` are inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub left: usize,
    pub top: usize,
    pub right: usize,
    pub bottom: usize,
}

impl Bounds {
    #[must_use]
    pub const fn width(&self) -> usize {
        self.right - self.left + 1
    }

    #[must_use]
    pub const fn height(&self) -> usize {
        self.bottom - self.top + 1
    }
}

/// The lesion with some ground around it, cut out of a mask.
pub(crate) struct Window {
    pub mask: Mask,
    pub left: usize,
    pub top: usize,
}

/// Sums over places: how many, their coordinates, and the products of these.
#[derive(Default)]
pub(crate) struct Sums {
    pub count: u64,
    pub x: u64,
    pub y: u64,
    pub xx: u64,
    pub xy: u64,
    pub yy: u64,
}

impl Mask {
    /// One byte a pixel, row by row; 128 and more is lesion.
    ///
    /// # Errors
    /// [`MaskError`] when sides and buffer disagree or the picture is empty.
    pub fn from_bytes(width: u32, height: u32, bytes: &[u8]) -> Result<Self, MaskError> {
        Self::new(width, height, bytes.iter().map(|&byte| byte >= INSIDE_FROM).collect())
    }

    /// One value a pixel, row by row.
    ///
    /// # Errors
    /// [`MaskError`] when sides and buffer disagree or the picture is empty.
    pub fn new(width: u32, height: u32, inside: Vec<bool>) -> Result<Self, MaskError> {
        let (columns, rows) = (width as usize, height as usize);
        if inside.is_empty() || columns.checked_mul(rows) != Some(inside.len()) {
            return Err(MaskError { width, height, length: inside.len() });
        }
        Ok(Self { width: columns, height: rows, inside })
    }

    /// For buffers whose size follows from the sides.
    pub(crate) fn of(width: usize, height: usize, inside: Vec<bool>) -> Self {
        debug_assert_eq!(inside.len(), width * height);
        Self { width, height, inside }
    }

    #[must_use]
    pub const fn width(&self) -> usize {
        self.width
    }

    #[must_use]
    pub const fn height(&self) -> usize {
        self.height
    }

    /// Row by row.
    #[must_use]
    pub fn pixels(&self) -> &[bool] {
        &self.inside
    }

    /// 255 inside, 0 outside, row by row.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.inside.iter().map(|&inside| if inside { 255 } else { 0 }).collect()
    }

    /// The mask as an 8-bit grey PNG, 255 inside.
    ///
    /// # Errors
    /// [`EncodeError`] when the encoder fails.
    pub fn to_png(&self) -> Result<Vec<u8>, EncodeError> {
        encode_grey_png(&self.to_bytes(), self.width as u32, self.height as u32)
    }

    /// Number of pixels inside.
    #[must_use]
    pub fn area(&self) -> usize {
        self.inside.iter().filter(|&&inside| inside).count()
    }

    /// `None` for an empty mask.
    #[must_use]
    pub fn bounds(&self) -> Option<Bounds> {
        let mut found: Option<Bounds> = None;
        for (y, row) in self.inside.chunks_exact(self.width).enumerate() {
            let Some(first) = row.iter().position(|&inside| inside) else { continue };
            let last = row.iter().rposition(|&inside| inside).unwrap_or(first);
            let bounds = found.get_or_insert(Bounds { left: first, top: y, right: last, bottom: y });
            bounds.left = bounds.left.min(first);
            bounds.right = bounds.right.max(last);
            bounds.bottom = y;
        }
        found
    }

    /// The part within `margin` of the lesion's bounds: what happens at its border happens there. `None` for an
    /// empty mask.
    pub(crate) fn window(&self, margin: usize) -> Option<Window> {
        let bounds = self.bounds()?;
        let (left, top) = (bounds.left.saturating_sub(margin), bounds.top.saturating_sub(margin));
        let right = (bounds.right + margin + 1).min(self.width);
        let bottom = (bounds.bottom + margin + 1).min(self.height);
        let rows = self.inside.chunks_exact(self.width).take(bottom).skip(top);
        let mut inside = Vec::with_capacity((right - left) * (bottom - top));
        rows.for_each(|row| inside.extend_from_slice(&row[left..right]));
        Some(Window { mask: Self::of(right - left, bottom - top, inside), left, top })
    }

    /// A part in its place, in a mask of this size that has nothing else inside.
    pub(crate) fn around(&self, part: &Window) -> Self {
        let mut inside = vec![false; self.inside.len()];
        for (y, row) in part.mask.inside.chunks_exact(part.mask.width).enumerate() {
            let start = (part.top + y) * self.width + part.left;
            inside[start..start + row.len()].copy_from_slice(row);
        }
        Self::of(self.width, self.height, inside)
    }

    /// Mean place of the pixels inside, `(x, y)` of pixel centres with the first pixel at 0; `None` for
    /// an empty mask.
    #[must_use]
    pub fn centroid(&self) -> Option<(f64, f64)> {
        let Sums { count, x, y, .. } = self.sums();
        (count > 0).then(|| (x as f64 / count as f64, y as f64 / count as f64))
    }

    /// Sums over the places of the pixels inside, in whole numbers.
    pub(crate) fn sums(&self) -> Sums {
        let mut sums = Sums::default();
        for (y, row) in (0..).zip(self.inside.chunks_exact(self.width)) {
            let (mut count, mut sum, mut squares) = (0u64, 0u64, 0u64);
            for (x, &inside) in (0..).zip(row) {
                let inside = u64::from(inside);
                count += inside;
                sum += inside * x;
                squares += inside * x * x;
            }
            sums.count += count;
            sums.x += sum;
            sums.y += count * y;
            sums.xx += squares;
            sums.xy += sum * y;
            sums.yy += count * y * y;
        }
        sums
    }

    /// Columns and rows of the pixels inside.
    pub(crate) fn places(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.inside.chunks_exact(self.width).enumerate().flat_map(|(y, row)| {
            let columns = row.iter().enumerate().filter(|(_, inside)| **inside);
            columns.map(move |(x, _)| (x, y))
        })
    }

    /// Whether a place lies inside; places beyond the frame do not.
    #[must_use]
    pub fn contains(&self, x: i64, y: i64) -> bool {
        x >= 0
            && y >= 0
            && (x as usize) < self.width
            && (y as usize) < self.height
            && self.inside[y as usize * self.width + x as usize]
    }

    /// Whether the lesion reaches the frame, so that part of it may lie outside the picture.
    #[must_use]
    pub fn touches_frame(&self) -> bool {
        self.bounds().is_some_and(|b| {
            b.left == 0 || b.top == 0 || b.right + 1 == self.width || b.bottom + 1 == self.height
        })
    }

    /// Intersection over union of two masks of one size; 1 when both are empty.
    ///
    /// # Panics
    /// When the sizes differ.
    #[must_use]
    pub fn jaccard(&self, other: &Self) -> f64 {
        assert_eq!((self.width, self.height), (other.width, other.height), "masks of one size");
        let (mut both, mut either) = (0u64, 0u64);
        for (&a, &b) in self.inside.iter().zip(&other.inside) {
            both += u64::from(a && b);
            either += u64::from(a || b);
        }
        if either == 0 { 1.0 } else { both as f64 / either as f64 }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A mask from lines of `#` and `.`.
    pub fn drawn(lines: &[&str]) -> Mask {
        let inside = lines.iter().flat_map(|line| line.chars().map(|c| c == '#')).collect();
        Mask::new(lines[0].len() as u32, lines.len() as u32, inside).unwrap()
    }

    #[test]
    fn sides_and_buffer_must_agree() {
        assert_eq!(Mask::from_bytes(3, 2, &[0; 5]).unwrap_err().code(), "mask_size");
        assert!(Mask::from_bytes(0, 0, &[]).is_err());
        assert!(Mask::from_bytes(u32::MAX, u32::MAX, &[0; 4]).is_err());
        assert_eq!(Mask::from_bytes(2, 1, &[127, 128]).unwrap().area(), 1);
    }

    #[test]
    fn bounds_centroid_and_frame_are_those_of_the_drawing() {
        let mask = drawn(&["....", ".##.", ".#..", "...."]);
        assert_eq!(mask.bounds(), Some(Bounds { left: 1, top: 1, right: 2, bottom: 2 }));
        let (x, y) = mask.centroid().unwrap();
        assert!((x - 4.0 / 3.0).abs() < 1e-12 && (y - 4.0 / 3.0).abs() < 1e-12);
        assert!(!mask.touches_frame());
        assert!(drawn(&["#.", ".."]).touches_frame());
        let empty = drawn(&["..", ".."]);
        assert!(empty.bounds().is_none() && empty.centroid().is_none() && !empty.touches_frame());
    }

    #[test]
    fn jaccard_counts_shared_over_joined() {
        let (a, b) = (drawn(&["##.."]), drawn(&[".##."]));
        assert!((a.jaccard(&b) - 1.0 / 3.0).abs() < 1e-12);
        assert!((a.jaccard(&a) - 1.0).abs() < 1e-12);
        let empty = drawn(&["...."]);
        assert!((empty.jaccard(&empty) - 1.0).abs() < 1e-12 && empty.jaccard(&a).abs() < 1e-12);
    }
}
