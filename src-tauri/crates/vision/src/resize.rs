//! Resizing through `fast_image_resize`, whose convolution follows Pillow's.

use crate::decode::Photograph;
use crate::preprocess::CropArea;
use fast_image_resize::images::{CroppedImage, Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

/// Antialiased bilinear resize of `area` of a photograph, as Pillow's
/// `crop(area).resize((width, height), BILINEAR)`: few bytes differ, and those by one, because the
/// resizer's weights have 16 bits. Returns `width * height * 3` bytes.
#[must_use]
pub fn resize(photo: &Photograph, area: CropArea, width: u32, height: u32) -> Vec<u8> {
    let crop = (area.left, area.top, area.width, area.height);
    convolve(&photo.rgb, (photo.width, photo.height), crop, (width, height), FilterType::Bilinear)
}

/// The whole picture, each target pixel the mean of the area it covers.
pub(crate) fn shrink(rgb: &[u8], from: (u32, u32), to: (u32, u32)) -> Vec<u8> {
    convolve(rgb, from, (0, 0, from.0, from.1), to, FilterType::Box)
}

/// The whole picture with the triangle filter.
pub(crate) fn scale(rgb: &[u8], from: (u32, u32), to: (u32, u32)) -> Vec<u8> {
    convolve(rgb, from, (0, 0, from.0, from.1), to, FilterType::Bilinear)
}

fn convolve(
    rgb: &[u8],
    from: (u32, u32),
    (left, top, crop_width, crop_height): (u32, u32, u32, u32),
    to: (u32, u32),
    filter: FilterType,
) -> Vec<u8> {
    // The buffers are exact and the crop lies inside: none of the calls below has a failing case left.
    let source = ImageRef::new(from.0, from.1, rgb, PixelType::U8x3)
        .expect("a photograph holds width x height x 3 bytes");
    // A view, not the resizer's own crop: pixels beyond the crop must not bleed into its border.
    let view = CroppedImage::new(&source, left, top, crop_width, crop_height)
        .expect("the crop lies inside the photograph");
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter));
    let mut resizer = Resizer::new();
    // Rows first, then columns, with 8-bit pixels in between: Pillow's order.
    let mut rows = Image::new(to.0, crop_height, PixelType::U8x3);
    let mut target = Image::new(to.0, to.1, PixelType::U8x3);
    resizer
        .resize(&view, &mut rows, &options)
        .and_then(|()| resizer.resize(&rows, &mut target, &options))
        .expect("all three have one pixel type");
    target.into_vec()
}

/// Size with the short side at `short`, or the size itself where it is smaller already.
pub(crate) fn with_short_side(width: u32, height: u32, short: u32) -> (u32, u32) {
    let current = width.min(height);
    if current <= short {
        return (width, height);
    }
    let scaled = |side: u32| {
        let rounded = (f64::from(side) * f64::from(short) / f64::from(current)).round();
        (rounded as u32).max(short)
    };
    (scaled(width), scaled(height))
}

/// Size with the long side at most `long`.
pub(crate) fn with_long_side(width: u32, height: u32, long: u32) -> (u32, u32) {
    let current = width.max(height);
    if current <= long {
        return (width, height);
    }
    let scaled = |side: u32| {
        let rounded = (f64::from(side) * f64::from(long) / f64::from(current)).round();
        (rounded as u32).max(1)
    };
    (scaled(width), scaled(height))
}
