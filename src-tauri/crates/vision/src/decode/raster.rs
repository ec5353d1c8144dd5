//! PNG, TIFF, WebP and BMP through the `image` crate.

use super::colour::{self, Pixels};
use super::{DecodeError, MAX_SIDE, Orientation, Stored, check_size};
use domain::image::ImageFormat;
use image::metadata::Orientation as ImageOrientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};
use std::io::Cursor;

/// Room for 60 megapixels of 16-bit RGBA and the decoder's own buffers.
const MAX_ALLOCATION: u64 = 640 << 20;

/// Profile and orientation come from the file itself.
pub fn decode(bytes: &[u8], format: ImageFormat) -> Result<Stored, DecodeError> {
    let mut decoder = open(bytes, format)?;
    let profile = decoder.icc_profile().ok().flatten();
    let orientation = decoder.orientation().map(turned).unwrap_or_default();
    finish(decoder, profile, orientation)
}

/// The profile was read elsewhere, and the file is upright.
pub fn decode_with(
    bytes: &[u8],
    format: ImageFormat,
    profile: Option<Vec<u8>>,
) -> Result<Stored, DecodeError> {
    finish(open(bytes, format)?, profile, Orientation::default())
}

fn open(bytes: &[u8], format: ImageFormat) -> Result<impl ImageDecoder, DecodeError> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOCATION);
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
    profile: Option<Vec<u8>>,
    orientation: Orientation,
) -> Result<Stored, DecodeError> {
    let image = DynamicImage::from_decoder(decoder).map_err(|_| DecodeError::Corrupt)?;
    let (width, height) = (image.width(), image.height());
    let pixels = match image {
        DynamicImage::ImageRgb8(rgb) => Pixels::Rgb(rgb.into_raw()),
        DynamicImage::ImageLuma8(grey) => Pixels::Grey(grey.into_raw()),
        other if other.color().has_alpha() => Pixels::Rgb(colour::onto_white(other.into_rgba8().as_raw())),
        other if other.color().has_color() => Pixels::Rgb(other.into_rgb8().into_raw()),
        other => Pixels::Grey(other.into_luma8().into_raw()),
    };
    let rgb = colour::to_srgb(pixels, profile.as_deref());
    Ok(Stored { width, height, rgb, orientation })
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
