//! Photographs made ready for print: no larger than the paper can show, as JPEG, without metadata.

use std::io::Cursor;

use fast_image_resize::images::Image;
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{IntoImageView, IntoImageViewMut, PixelType, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ExtendedColorType, ImageReader, Limits, RgbImage};

/// Dots an inch at the printed size.
const RESOLUTION: f32 = 300.0;
const QUALITY: u8 = 84;
const LONGEST_SIDE: u32 = 20_000;
const MEMORY: u64 = 1 << 30;

/// A picture in memory, upright.
pub struct Picture {
    pixels: RgbImage,
}

/// A baseline JPEG, 8-bit RGB.
pub struct Jpeg {
    pub width: u32,
    pub height: u32,
    pub bytes: Vec<u8>,
}

impl Picture {
    /// Decodes a JPEG or PNG; transparency is laid on white. `None` when it is neither.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
        let mut limits = Limits::default();
        limits.max_image_width = Some(LONGEST_SIDE);
        limits.max_image_height = Some(LONGEST_SIDE);
        limits.max_alloc = Some(MEMORY);
        reader.limits(limits);
        let decoded = reader.decode().ok()?;
        let pixels = if decoded.color().has_alpha() { on_white(&decoded) } else { decoded.into_rgb8() };
        (pixels.width() > 0 && pixels.height() > 0).then_some(Self { pixels })
    }

    /// Width over height.
    pub fn aspect(&self) -> f32 {
        self.pixels.width() as f32 / self.pixels.height() as f32
    }

    /// The picture for a printed width in points, made smaller where it holds more than 300 dots
    /// an inch. Encoding anew drops what the file said of camera and place.
    pub fn for_print(self, printed_width: f32) -> Option<Jpeg> {
        let wanted = (printed_width / 72.0 * RESOLUTION).round().max(1.0) as u32;
        let pixels = if self.pixels.width() > wanted {
            let height = (wanted as f32 / self.aspect()).round().max(1.0) as u32;
            shrink(self.pixels, wanted, height)?
        } else {
            self.pixels
        };
        let (width, height) = pixels.dimensions();
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, QUALITY)
            .encode(pixels.as_raw(), width, height, ExtendedColorType::Rgb8)
            .ok()?;
        Some(Jpeg { width, height, bytes })
    }
}

fn shrink(pixels: RgbImage, width: u32, height: u32) -> Option<RgbImage> {
    let (from_width, from_height) = pixels.dimensions();
    let source = Image::from_vec_u8(from_width, from_height, pixels.into_raw(), PixelType::U8x3).ok()?;
    let mut target = Image::new(width, height, PixelType::U8x3);
    // Named, the type of the pixels is the only one that the convolutions are compiled for.
    Resizer::new()
        .resize_typed(&source.image_view::<U8x3>()?, &mut target.image_view_mut::<U8x3>()?, None)
        .ok()?;
    RgbImage::from_raw(width, height, target.into_vec())
}

fn on_white(picture: &DynamicImage) -> RgbImage {
    let source = picture.to_rgba8();
    RgbImage::from_fn(source.width(), source.height(), |x, y| {
        let [red, green, blue, alpha] = source.get_pixel(x, y).0;
        let over = |channel: u8| {
            let mixed = u32::from(channel) * u32::from(alpha) + 255 * (255 - u32::from(alpha));
            (mixed / 255) as u8
        };
        image::Rgb([over(red), over(green), over(blue)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(picture: &DynamicImage) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn large_pictures_are_printed_at_300_dots_an_inch_and_small_ones_as_they_are() {
        let large = png(&DynamicImage::new_rgb8(1200, 600));
        let printed = Picture::decode(&large).unwrap().for_print(144.0).unwrap();
        assert_eq!((printed.width, printed.height), (600, 300));
        let small = png(&DynamicImage::new_rgb8(100, 50));
        let printed = Picture::decode(&small).unwrap().for_print(144.0).unwrap();
        assert_eq!((printed.width, printed.height), (100, 50));
    }

    #[test]
    fn transparency_is_white_paper() {
        let clear = png(&DynamicImage::new_rgba8(4, 4));
        let picture = Picture::decode(&clear).unwrap();
        assert!(picture.pixels.pixels().all(|pixel| pixel.0 == [255; 3]));
    }

    #[test]
    fn rubbish_is_no_picture() {
        assert!(Picture::decode(b"not a picture").is_none());
        assert!(Picture::decode(&png(&DynamicImage::new_rgb8(9, 9))[..60]).is_none());
    }
}
