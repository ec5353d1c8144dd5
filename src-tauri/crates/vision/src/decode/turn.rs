//! EXIF orientation: turning stored pixels upright.

/// The eight orientations of EXIF tag 0x0112, as a transposition followed by mirrors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Orientation {
    /// Rows become columns.
    pub transpose: bool,
    /// Left and right change places, after the transposition.
    pub mirror_x: bool,
    /// Top and bottom change places, after the transposition.
    pub mirror_y: bool,
}

impl Orientation {
    /// `value` is 1 to 8 as in the file.
    #[must_use]
    pub const fn from_exif(value: u16) -> Option<Self> {
        let (transpose, mirror_x, mirror_y) = match value {
            1 => (false, false, false),
            2 => (false, true, false),
            3 => (false, true, true),
            4 => (false, false, true),
            5 => (true, false, false),
            6 => (true, true, false),
            7 => (true, true, true),
            8 => (true, false, true),
            _ => return None,
        };
        Some(Self { transpose, mirror_x, mirror_y })
    }
}

/// Side of the square that is moved at once: source and target of a tile stay in the L1 cache.
const TILE: usize = 64;

/// Returns width, height and pixels after the turn.
pub fn upright(width: u32, height: u32, mut rgb: Vec<u8>, orientation: Orientation) -> (u32, u32, Vec<u8>) {
    let (w, h) = (width as usize, height as usize);
    if !orientation.transpose {
        if orientation.mirror_y {
            swap_rows(&mut rgb, w * 3);
        }
        if orientation.mirror_x {
            for row in rgb.chunks_exact_mut(w * 3) {
                mirror_row(row);
            }
        }
        return (width, height, rgb);
    }
    let mut out = vec![0; rgb.len()];
    for top in (0..w).step_by(TILE) {
        for left in (0..h).step_by(TILE) {
            for y in top..(top + TILE).min(w) {
                let target_y = if orientation.mirror_y { w - 1 - y } else { y };
                for x in left..(left + TILE).min(h) {
                    let target_x = if orientation.mirror_x { h - 1 - x } else { x };
                    let from = (x * w + y) * 3;
                    let to = (target_y * h + target_x) * 3;
                    out[to..to + 3].copy_from_slice(&rgb[from..from + 3]);
                }
            }
        }
    }
    (height, width, out)
}

fn swap_rows(rgb: &mut [u8], stride: usize) {
    let rows = rgb.len() / stride;
    let (top, bottom) = rgb.split_at_mut(rows.div_ceil(2) * stride);
    for (upper, lower) in top.chunks_exact_mut(stride).zip(bottom.chunks_exact_mut(stride).rev()) {
        upper.swap_with_slice(lower);
    }
}

fn mirror_row(row: &mut [u8]) {
    let pixels = row.len() / 3;
    for x in 0..pixels / 2 {
        let (left, right) = row.split_at_mut((pixels - 1 - x) * 3);
        left[x * 3..x * 3 + 3].swap_with_slice(&mut right[..3]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 3 x 2 picture whose red channel counts 0..6.
    fn counted() -> Vec<u8> {
        (0..6).flat_map(|i| [i, 10 + i, 20 + i]).collect()
    }

    fn reds(rgb: &[u8]) -> Vec<u8> {
        rgb.chunks_exact(3).map(|pixel| pixel[0]).collect()
    }

    #[test]
    fn all_eight_orientations_match_the_exif_table() {
        // Stored rows: 0 1 2 / 3 4 5.
        let table: [(u16, u32, [u8; 6]); 8] = [
            (1, 3, [0, 1, 2, 3, 4, 5]),
            (2, 3, [2, 1, 0, 5, 4, 3]),
            (3, 3, [5, 4, 3, 2, 1, 0]),
            (4, 3, [3, 4, 5, 0, 1, 2]),
            (5, 2, [0, 3, 1, 4, 2, 5]),
            (6, 2, [3, 0, 4, 1, 5, 2]),
            (7, 2, [5, 2, 4, 1, 3, 0]),
            (8, 2, [2, 5, 1, 4, 0, 3]),
        ];
        for (value, expected_width, expected) in table {
            let orientation = Orientation::from_exif(value).unwrap();
            let (width, height, rgb) = upright(3, 2, counted(), orientation);
            assert_eq!((width, height), (expected_width, 6 / expected_width), "{value}");
            assert_eq!(reds(&rgb), expected, "{value}");
            assert!(rgb.chunks_exact(3).all(|p| p[1] == p[0] + 10 && p[2] == p[0] + 20));
        }
    }

    #[test]
    fn tiles_join_without_gaps() {
        let (w, h) = (131u32, 77u32);
        let rgb: Vec<u8> = (0..w * h).flat_map(|i| [(i % 251) as u8, (i / 251) as u8, 7]).collect();
        let there = Orientation::from_exif(6).unwrap();
        let back = Orientation::from_exif(8).unwrap();
        let (tw, th, turned) = upright(w, h, rgb.clone(), there);
        assert_eq!(upright(tw, th, turned, back), (w, h, rgb));
    }
}
