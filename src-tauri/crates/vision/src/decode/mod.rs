//! From the bytes of a file to upright sRGB pixels.
//!
//! A photograph comes from outside, so its file is judged by content and never by name, and every
//! reader is bounded: file size, sides, pixels, JPEG scans, the inflated size of a colour profile.

mod camera;
mod colour;
mod exif;
mod jpeg;
mod png;
mod raster;
mod turn;
mod vp8l;
mod webp;

use domain::image::ImageFormat;
use thiserror::Error;

pub use camera::{Camera, camera};
pub use turn::Orientation;

/// Largest side of a picture in pixels.
pub const MAX_SIDE: u32 = 16_384;
/// Largest picture in pixels: 60 megapixels.
pub const MAX_PIXELS: u64 = 60_000_000;
/// Largest file that any configuration may admit: 64 MiB.
pub const MAX_FILE_BYTES: usize = 64 << 20;
/// Most bytes of pixels that decoding one file may take at once.
pub const MAX_DECODE_BYTES: u64 = 380_000_000;
/// Most scans a JPEG may hold; a hostile file repeats scans to burn time.
pub const MAX_JPEG_SCANS: usize = 64;

/// What a clinic may set; the other caps are fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeLimits {
    /// Largest file in bytes. Values over [`MAX_FILE_BYTES`] act as [`MAX_FILE_BYTES`].
    pub max_file_bytes: usize,
}

impl Default for DecodeLimits {
    /// 32 MiB.
    fn default() -> Self {
        Self { max_file_bytes: 32 << 20 }
    }
}

/// Upright sRGB pixels, 8 bits a channel.
#[derive(Clone, PartialEq, Eq)]
pub struct Photograph {
    pub width: u32,
    pub height: u32,
    /// Rows from the top, `width * height * 3` bytes, red first.
    pub rgb: Vec<u8>,
    /// The format of the file it came from.
    pub format: ImageFormat,
}

impl std::fmt::Debug for Photograph {
    /// Size and format; pixels of a patient belong in no log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Photograph({}x{} {:?})", self.width, self.height, self.format)
    }
}

impl Photograph {
    /// # Errors
    /// [`DecodeError::Corrupt`] when the buffer does not hold `width * height` pixels or none at all.
    pub fn new(width: u32, height: u32, rgb: Vec<u8>, format: ImageFormat) -> Result<Self, DecodeError> {
        check_size(width, height)?;
        if rgb.len() != width as usize * height as usize * 3 {
            return Err(DecodeError::Corrupt);
        }
        Ok(Self { width, height, rgb, format })
    }

    /// Length of the shorter side in pixels.
    #[must_use]
    pub fn short_side(&self) -> u32 {
        self.width.min(self.height)
    }
}

/// Why a file gave no photograph. No variant carries anything of the file but its measures.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DecodeError {
    #[error("the file is empty")]
    Empty,
    #[error("the file is no JPEG, PNG, TIFF, WebP or BMP image")]
    UnsupportedFormat,
    #[error("the file is an HEIC or HEIF image")]
    Heic,
    #[error("the image is damaged or incomplete")]
    Corrupt,
    #[error("the file has {bytes} bytes, more than the limit of {limit}")]
    FileTooLarge { bytes: usize, limit: usize },
    #[error("the image is {width} x {height} pixels, more than can be read")]
    TooManyPixels { width: u32, height: u32 },
    #[error("the JPEG holds {scans} scans, more than the limit of {MAX_JPEG_SCANS}")]
    TooManyScans { scans: usize },
}

impl DecodeError {
    /// Stable code for the border.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "image_empty",
            Self::UnsupportedFormat => "image_unsupported_format",
            Self::Heic => "image_heic",
            Self::Corrupt => "image_corrupt",
            Self::FileTooLarge { .. } => "image_file_too_large",
            Self::TooManyPixels { .. } => "image_too_many_pixels",
            Self::TooManyScans { .. } => "image_too_complex",
        }
    }
}

/// Names the format by the first bytes; `None` for anything that cannot be imported.
#[must_use]
pub fn sniff(bytes: &[u8]) -> Option<ImageFormat> {
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Some(ImageFormat::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(ImageFormat::Png),
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Some(ImageFormat::Tiff),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(ImageFormat::WebP),
        // The two reserved words of BITMAPFILEHEADER are zero in practice and keep text that
        // happens to start with "BM" out.
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Some(ImageFormat::Bmp),
        _ => None,
    }
}

/// Decodes a file: sniff, caps, decoder, colour to sRGB, alpha onto white, EXIF orientation.
///
/// # Errors
/// Every way in which the file is not a complete picture within the caps; see [`DecodeError`].
pub fn decode(bytes: &[u8], limits: &DecodeLimits) -> Result<Photograph, DecodeError> {
    let limit = limits.max_file_bytes.min(MAX_FILE_BYTES);
    if bytes.is_empty() {
        return Err(DecodeError::Empty);
    }
    if bytes.len() > limit {
        return Err(DecodeError::FileTooLarge { bytes: bytes.len(), limit });
    }
    let format = sniff(bytes).ok_or_else(|| unsupported(bytes))?;
    let stored = match format {
        ImageFormat::Jpeg => jpeg::decode(bytes)?,
        ImageFormat::Png => png::decode(bytes)?,
        ImageFormat::Tiff | ImageFormat::WebP | ImageFormat::Bmp => raster::decode(bytes, format)?,
    };
    let (width, height, rgb) = turn::upright(stored.width, stored.height, stored.rgb, stored.orientation);
    Photograph::new(width, height, rgb, format)
}

/// A small upright sRGB copy, long side about `long` pixels or somewhat more, as fast as the format allows:
/// of a JPEG only the coarse coefficients are read. For the eye alone; nothing is measured on it.
///
/// # Errors
/// As [`decode`].
pub fn decode_small(bytes: &[u8], limits: &DecodeLimits, long: u32) -> Result<Photograph, DecodeError> {
    if sniff(bytes) == Some(ImageFormat::Jpeg)
        && bytes.len() <= limits.max_file_bytes.min(MAX_FILE_BYTES)
        && let Some(stored) = jpeg::decode_small(bytes, long)?
    {
        let (width, height, rgb) = turn::upright(stored.width, stored.height, stored.rgb, stored.orientation);
        return Photograph::new(width, height, rgb, ImageFormat::Jpeg);
    }
    decode(bytes, limits)
}

/// Year, month and day on which the camera says the photograph was taken (EXIF tag 0x9003). Whether such a
/// day exists is not asked.
#[must_use]
pub fn taken_on(bytes: &[u8]) -> Option<(i16, i8, i8)> {
    match sniff(bytes)? {
        ImageFormat::Jpeg => jpeg::taken_on(bytes),
        ImageFormat::Png => png::taken_on(bytes),
        format => raster::taken_on(bytes, format),
    }
}

/// Whether this is a JPEG whose samples lie as they are looked at, so that it can be passed on as it is.
#[must_use]
pub fn is_upright_jpeg(bytes: &[u8]) -> bool {
    sniff(bytes) == Some(ImageFormat::Jpeg) && jpeg::lies_upright(bytes)
}

/// HEIC is told apart, for telephones write it and a person can do something about it: a `ftyp` box with a
/// brand of ISO/IEC 23008-12, section 10.
fn unsupported(bytes: &[u8]) -> DecodeError {
    const BRANDS: [&[u8; 4]; 10] =
        [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"];
    let length = bytes.first_chunk::<4>().map_or(0, |length| u32::from_be_bytes(*length) as usize);
    let brands = bytes.get(8..length.clamp(8, 256).min(bytes.len())).unwrap_or_default();
    let heic = bytes.get(4..8) == Some(b"ftyp")
        && brands.chunks_exact(4).any(|brand| BRANDS.iter().any(|known| brand == *known));
    let avif = brands.chunks_exact(4).any(|brand| brand == b"avif" || brand == b"avis");
    if heic && !avif { DecodeError::Heic } else { DecodeError::UnsupportedFormat }
}

/// Pixels as they lie in the file, already sRGB, with the turn that makes them upright.
struct Stored {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
    orientation: Orientation,
}

fn check_size(width: u32, height: u32) -> Result<(), DecodeError> {
    if width == 0 || height == 0 {
        return Err(DecodeError::Corrupt);
    }
    let pixels = u64::from(width) * u64::from(height);
    if width > MAX_SIDE || height > MAX_SIDE || pixels > MAX_PIXELS {
        return Err(DecodeError::TooManyPixels { width, height });
    }
    Ok(())
}
