//! A photograph at every size the viewer shows it in: each level half of the one before, cut into tiles.
//!
//! Level 0 has the photograph's own pixels; level `k` is `ceil(width / 2^k)` by `ceil(height / 2^k)`, each pixel
//! the mean of four of the level before, or of those there are at the right and lower edge. The last level fits
//! one tile. The pixels are wiped when the pyramid is dropped.

use image::ExtendedColorType;
use image::codecs::bmp::BmpEncoder;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::decode::Photograph;

/// Side of a tile in pixels; those at the right and lower edge are as large as what is left.
pub const TILE_SIDE: u32 = 512;

/// There is no tile at that place.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the photograph has no such tile")]
pub struct OutsideError;

/// Where a tile lies: the level, and column and row in tiles from the left and upper edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TilePlace {
    pub level: u32,
    pub column: u32,
    pub row: u32,
}

/// A piece of a level, `width * height * 3` bytes; wiped when dropped.
pub struct Tile {
    pub width: u32,
    pub height: u32,
    pub rgb: Zeroizing<Vec<u8>>,
}

impl Tile {
    /// An uncompressed BMP: nothing is lost and nothing has to be computed on either side.
    #[must_use]
    pub fn bmp(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(self.rgb.len() + self.height as usize * 4 + 64));
        // A vector takes everything, and the buffer has the size that it says.
        let _ =
            BmpEncoder::new(&mut *out).encode(&self.rgb, self.width, self.height, ExtendedColorType::Rgb8);
        out
    }
}

struct Level {
    width: u32,
    height: u32,
    rgb: Zeroizing<Vec<u8>>,
}

/// All levels of one photograph.
pub struct Pyramid(Vec<Level>);

impl Pyramid {
    #[must_use]
    pub fn new(photo: Photograph) -> Self {
        let mut levels =
            vec![Level { width: photo.width, height: photo.height, rgb: Zeroizing::new(photo.rgb) }];
        while let Some(above) = levels.last().filter(|level| level.width.max(level.height) > TILE_SIDE) {
            let half = halved(above);
            levels.push(half);
        }
        Self(levels)
    }

    /// Width and height of every level, the largest first.
    pub fn sizes(&self) -> impl Iterator<Item = (u32, u32)> {
        self.0.iter().map(|level| (level.width, level.height))
    }

    /// Memory that the pixels take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.0.iter().map(|level| level.rgb.len()).sum()
    }

    /// # Errors
    /// [`OutsideError`].
    pub fn tile(&self, place: TilePlace) -> Result<Tile, OutsideError> {
        let level = self.0.get(place.level as usize).ok_or(OutsideError)?;
        let span = |index: u32, side: u32| {
            let start = index.checked_mul(TILE_SIDE).filter(|&start| start < side).ok_or(OutsideError)?;
            Ok((start as usize, TILE_SIDE.min(side - start)))
        };
        let (left, width) = span(place.column, level.width)?;
        let (top, height) = span(place.row, level.height)?;
        let mut rgb = Zeroizing::new(Vec::with_capacity(width as usize * height as usize * 3));
        for row in level.rgb.chunks_exact(level.width as usize * 3).skip(top).take(height as usize) {
            rgb.extend_from_slice(&row[left * 3..(left + width as usize) * 3]);
        }
        Ok(Tile { width, height, rgb })
    }
}

fn halved(above: &Level) -> Level {
    let (width, height) = (above.width.div_ceil(2), above.height.div_ceil(2));
    let stride = above.width as usize * 3;
    let mut rgb = Zeroizing::new(Vec::with_capacity(width as usize * height as usize * 3));
    for rows in above.rgb.chunks(2 * stride) {
        // At the lower edge a row may stand for itself.
        let (upper, lower) = (&rows[..stride], &rows[rows.len() - stride..]);
        for (top, bottom) in upper.chunks(6).zip(lower.chunks(6)) {
            let right = top.len() - 3;
            for c in 0..3 {
                let sum =
                    [top[c], top[right + c], bottom[c], bottom[right + c]].map(u16::from).iter().sum::<u16>();
                rgb.push(((sum + 2) / 4) as u8);
            }
        }
    }
    Level { width, height, rgb }
}
