//! PNG, TIFF, WebP and BMP through the `image` crate.

use super::colour::{self, Pixels};
use super::{DecodeError, MAX_DECODE_BYTES, MAX_SIDE, Orientation, Stored, check_size, exif, webp};
use domain::image::ImageFormat;
use image::metadata::Orientation as ImageOrientation;
use image::{ColorType, DynamicImage, ImageDecoder, ImageReader, Limits};
use std::io::Cursor;

/// When the camera says it was taken.
pub fn taken_on(bytes: &[u8], format: ImageFormat) -> Option<(i16, i8, i8)> {
    match format {
        ImageFormat::Tiff => exif::taken_on(bytes),
        ImageFormat::WebP => exif::taken_on(webp::exif(bytes)?),
        _ => None,
    }
}

/// Profile and orientation come from the file itself.
pub fn decode(bytes: &[u8], format: ImageFormat) -> Result<Stored, DecodeError> {
    let mut decoder = open(bytes, format)?;
    let own = own(bytes, format, decoder.dimensions())?;
    let profile = decoder.icc_profile().ok().flatten();
    let orientation = decoder.orientation().map(turned).unwrap_or_default();
    finish(decoder, own, profile, orientation)
}

/// The profile was read elsewhere, and the file is upright.
pub fn decode_with(
    bytes: &[u8],
    format: ImageFormat,
    profile: Option<Vec<u8>>,
) -> Result<Stored, DecodeError> {
    let decoder = open(bytes, format)?;
    let own = own(bytes, format, decoder.dimensions())?;
    finish(decoder, own, profile, Orientation::default())
}

fn open(bytes: &[u8], format: ImageFormat) -> Result<impl ImageDecoder, DecodeError> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODE_BYTES);
    // Dimensions first, without limits, so that a picture beyond the caps is told apart from a damaged one.
    let mut reader = ImageReader::with_format(Cursor::new(bytes), codec(format));
    reader.no_limits();
    let (width, height) = reader.into_dimensions().map_err(|_| DecodeError::Corrupt)?;
    check_size(width, height)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), codec(format));
    reader.limits(limits);
    reader.into_decoder().map_err(|_| DecodeError::Corrupt)
}

fn finish(
    decoder: impl ImageDecoder,
    own: Own,
    profile: Option<Vec<u8>>,
    orientation: Orientation,
) -> Result<Stored, DecodeError> {
    let (width, height) = decoder.dimensions();
    let colour = decoder.color_type();
    if memory(own, colour, decoder.total_bytes(), u64::from(width) * u64::from(height)) > MAX_DECODE_BYTES {
        return Err(DecodeError::TooManyPixels { width, height });
    }
    let pixels = match colour {
        ColorType::L8
        | ColorType::L16
        | ColorType::La8
        | ColorType::La16
        | ColorType::Rgb8
        | ColorType::Rgb16
        | ColorType::Rgba8
        | ColorType::Rgba16 => {
            let length = usize::try_from(decoder.total_bytes()).map_err(|_| DecodeError::Corrupt)?;
            let mut bytes = vec![0; length];
            decoder.read_image(&mut bytes).map_err(|_| DecodeError::Corrupt)?;
            if colour.bytes_per_pixel() > colour.channel_count() {
                bytes = narrowed(bytes);
            }
            match colour.channel_count() {
                1 => Pixels::Grey(bytes),
                2 => Pixels::Rgb(colour::onto_white(&spread(&bytes))),
                3 => Pixels::Rgb(bytes),
                _ => Pixels::Rgb(colour::laid_on_white(bytes)),
            }
        }
        // Numbers with a point: TIFF alone has them.
        _ => {
            let image = DynamicImage::from_decoder(decoder).map_err(|_| DecodeError::Corrupt)?;
            if image.color().has_alpha() {
                Pixels::Rgb(colour::laid_on_white(image.into_rgba8().into_raw()))
            } else {
                Pixels::Rgb(image.into_rgb8().into_raw())
            }
        }
    };
    let rgb = colour::to_srgb(pixels, profile.as_deref());
    Ok(Stored { width, height, rgb, orientation })
}

/// What a decoder holds besides the pixels that it gives.
#[derive(Clone, Copy)]
enum Own {
    Nothing,
    /// All of them once more.
    Again,
    Bytes(u64),
}

fn own(bytes: &[u8], format: ImageFormat, (width, height): (u32, u32)) -> Result<Own, DecodeError> {
    Ok(match format {
        ImageFormat::Tiff => Own::Again,
        ImageFormat::WebP => Own::Bytes(webp::memory(bytes, width, height).ok_or(DecodeError::Corrupt)?),
        _ => Own::Nothing,
    })
}

/// Most bytes that decoding takes at once: the decoder's own buffers, the file's pixels, the sRGB made of them.
fn memory(own: Own, colour: ColorType, raw: u64, pixels: u64) -> u64 {
    let own = match own {
        Own::Nothing => 0,
        Own::Again => raw,
        Own::Bytes(bytes) => bytes,
    };
    let made = match colour {
        ColorType::L8 | ColorType::La8 | ColorType::L16 | ColorType::La16 => 4 * pixels,
        ColorType::Rgb32F | ColorType::Rgba32F => 4 * pixels,
        _ => 0,
    };
    raw + own.max(made)
}

/// 16 bits a channel to 8, rounded, in the same buffer.
fn narrowed(mut bytes: Vec<u8>) -> Vec<u8> {
    let count = bytes.len() / 2;
    for index in 0..count {
        let wide = u16::from_ne_bytes([bytes[2 * index], bytes[2 * index + 1]]);
        bytes[index] = ((u32::from(wide) + 128) / 257) as u8;
    }
    bytes.truncate(count);
    bytes.shrink_to_fit();
    bytes
}

/// Grey with alpha to colour with alpha.
fn spread(pairs: &[u8]) -> Vec<u8> {
    pairs.chunks_exact(2).flat_map(|p| [p[0], p[0], p[0], p[1]]).collect()
}

fn codec(format: ImageFormat) -> image::ImageFormat {
    match format {
        ImageFormat::Jpeg => image::ImageFormat::Jpeg,
        ImageFormat::Png => image::ImageFormat::Png,
        ImageFormat::Tiff => image::ImageFormat::Tiff,
        ImageFormat::WebP => image::ImageFormat::WebP,
        ImageFormat::Bmp => image::ImageFormat::Bmp,
    }
}

fn turned(orientation: ImageOrientation) -> Orientation {
    Orientation::from_exif(u16::from(orientation.to_exif())).unwrap_or_default()
}
