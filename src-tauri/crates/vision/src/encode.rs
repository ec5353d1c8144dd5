//! Pixels to files.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use thiserror::Error;

/// The picture cannot be put into the format: its sides or its buffer do not fit.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the picture cannot be encoded")]
pub struct EncodeError;

/// Baseline JPEG of `width * height * 3` bytes with 4:2:0 chroma. `quality` is 1 to 100.
///
/// # Errors
/// [`EncodeError`] when a side is 0 or over 65,535 or the buffer has another length.
pub fn encode_jpeg(rgb: &[u8], width: u32, height: u32, quality: u8) -> Result<Vec<u8>, EncodeError> {
    let side = |side: u32| u16::try_from(side).map_err(|_| EncodeError);
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, quality);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    encoder.encode(rgb, side(width)?, side(height)?, ColorType::Rgb).map_err(|_| EncodeError)?;
    Ok(out)
}

/// PNG of `width * height * 3` bytes.
///
/// # Errors
/// [`EncodeError`] when a side is 0 or the buffer has another length.
pub fn encode_png(rgb: &[u8], width: u32, height: u32) -> Result<Vec<u8>, EncodeError> {
    png(rgb, width, height, (3, ExtendedColorType::Rgb8), FilterType::Adaptive)
}

/// [`encode_png`] in a quarter of the time and a little larger: for what can be made anew.
///
/// # Errors
/// [`EncodeError`] when a side is 0 or the buffer has another length.
pub fn encode_png_quickly(rgb: &[u8], width: u32, height: u32) -> Result<Vec<u8>, EncodeError> {
    png(rgb, width, height, (3, ExtendedColorType::Rgb8), FilterType::Up)
}

/// PNG of `width * height * 4` bytes, alpha last and not premultiplied.
///
/// # Errors
/// [`EncodeError`] when a side is 0 or the buffer has another length.
pub fn encode_png_rgba(rgba: &[u8], width: u32, height: u32) -> Result<Vec<u8>, EncodeError> {
    png(rgba, width, height, (4, ExtendedColorType::Rgba8), FilterType::Up)
}

/// PNG of one grey byte a pixel.
///
/// # Errors
/// [`EncodeError`] when a side is 0 or the buffer has another length.
pub fn encode_grey_png(grey: &[u8], width: u32, height: u32) -> Result<Vec<u8>, EncodeError> {
    png(grey, width, height, (1, ExtendedColorType::L8), FilterType::Up)
}

fn png(
    bytes: &[u8],
    width: u32,
    height: u32,
    (channels, colour): (usize, ExtendedColorType),
    filter: FilterType,
) -> Result<Vec<u8>, EncodeError> {
    if bytes.is_empty() || bytes.len() != width as usize * height as usize * channels {
        return Err(EncodeError);
    }
    let mut out = Vec::new();
    PngEncoder::new_with_quality(&mut out, CompressionType::Fast, filter)
        .write_image(bytes, width, height, colour)
        .map_err(|_| EncodeError)?;
    Ok(out)
}
