//! Resizing: exact for the model's input, through `fast_image_resize` where a level more or less does
//! not matter.

use crate::decode::Photograph;
use crate::preprocess::CropArea;
use crate::resample::{Window, bilinear};
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{
    FilterType, IntoImageView, IntoImageViewMut, PixelType, ResizeAlg, ResizeOptions, Resizer,
};

/// Antialiased bilinear resize of `area` of a photograph: the same bytes as Pillow's
/// `crop(area).resize((width, height), BILINEAR)`. Returns `width * height * 3` bytes.
#[must_use]
pub fn resize(photo: &Photograph, area: CropArea, width: u32, height: u32) -> Vec<u8> {
    let window = Window {
        rgb: &photo.rgb,
        stride: photo.width as usize,
        left: area.left as usize,
        top: area.top as usize,
        width: area.width as usize,
        height: area.height as usize,
    };
    bilinear(window, width as usize, height as usize)
}

/// The whole picture, each target pixel the mean of the area it covers.
pub(crate) fn shrink(rgb: &[u8], from: (u32, u32), to: (u32, u32)) -> Vec<u8> {
    convolve(rgb, from, to, FilterType::Box)
}

/// The whole picture with the triangle filter.
pub(crate) fn scale(rgb: &[u8], from: (u32, u32), to: (u32, u32)) -> Vec<u8> {
    convolve(rgb, from, to, FilterType::Bilinear)
}

fn convolve(rgb: &[u8], from: (u32, u32), to: (u32, u32), filter: FilterType) -> Vec<u8> {
    // The buffer is exact and both have one pixel type: neither call has a failing case left.
    let source = ImageRef::new(from.0, from.1, rgb, PixelType::U8x3)
        .expect("a photograph holds width x height x 3 bytes");
    let mut target = Image::new(to.0, to.1, PixelType::U8x3);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter));
    // Named, the type of the pixels is the only one that the convolutions are compiled for.
    let view = source.image_view::<U8x3>().expect("made of this type");
    let mut onto = target.image_view_mut::<U8x3>().expect("made of this type");
    Resizer::new().resize_typed(&view, &mut onto, &options).expect("the whole of the source is inside it");
    drop(onto);
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
