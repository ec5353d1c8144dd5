//! From a photograph to the tensor the model was trained on, to the pixel.

use crate::card::{Channels, Crop, InputSpec, Layout};
use crate::decode::Photograph;
use crate::resize::resize;

/// The part of a photograph the model saw, in its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CropArea {
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
}

impl CropArea {
    #[must_use]
    pub fn of(width: u32, height: u32, crop: Crop) -> Self {
        match crop {
            Crop::Whole => Self { left: 0, top: 0, width, height },
            Crop::CentreSquare => {
                let side = width.min(height);
                Self { left: (width - side) / 2, top: (height - side) / 2, width: side, height: side }
            }
        }
    }
}

/// The network's input: shape `[1, 3, height, width]` or `[1, height, width, 3]` after the card.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub shape: [usize; 4],
    pub values: Vec<f32>,
    pub area: CropArea,
}

impl Prepared {
    /// Shape of the input the card asks for.
    #[must_use]
    pub const fn shape(spec: &InputSpec) -> [usize; 4] {
        let (width, height) = (spec.width as usize, spec.height as usize);
        match spec.layout {
            Layout::Nchw => [1, 3, height, width],
            Layout::Nhwc => [1, height, width, 3],
        }
    }
}

/// Crop, antialiased bilinear resize to 8-bit pixels, then `(byte * scale - mean) / std`.
#[must_use]
pub fn prepare(photo: &Photograph, spec: &InputSpec) -> Prepared {
    let area = CropArea::of(photo.width, photo.height, spec.crop);
    let small = resize(photo, area, spec.width, spec.height);
    let order = match spec.channels {
        Channels::Rgb => [0, 1, 2],
        Channels::Bgr => [2, 1, 0],
    };
    // A byte has 256 values: a table for each channel saves the arithmetic a pixel.
    let tables: [Vec<f32>; 3] = std::array::from_fn(|channel| {
        (0..=255u8)
            .map(|byte| (f32::from(byte) * spec.scale - spec.mean[channel]) / spec.std[channel])
            .collect()
    });
    let (width, height) = (spec.width as usize, spec.height as usize);
    let mut values = vec![0.0; small.len()];
    match spec.layout {
        Layout::Nchw => {
            for (channel, plane) in values.chunks_exact_mut(width * height).enumerate() {
                let (table, source) = (&tables[channel], order[channel]);
                for (value, pixel) in plane.iter_mut().zip(small.chunks_exact(3)) {
                    *value = table[usize::from(pixel[source])];
                }
            }
        }
        Layout::Nhwc => {
            for (target, pixel) in values.chunks_exact_mut(3).zip(small.chunks_exact(3)) {
                for channel in 0..3 {
                    target[channel] = tables[channel][usize::from(pixel[order[channel]])];
                }
            }
        }
    }
    Prepared { shape: Prepared::shape(spec), values, area }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::tests::{example, parse};
    use domain::image::ImageFormat;

    fn picture(width: u32, height: u32) -> Photograph {
        let rgb = (0..width * height * 3).map(|i| (i * 37 % 256) as u8).collect();
        Photograph::new(width, height, rgb, ImageFormat::Png).unwrap()
    }

    #[test]
    fn the_centre_square_rounds_down() {
        let area = CropArea::of(7, 4, Crop::CentreSquare);
        assert_eq!(area, CropArea { left: 1, top: 0, width: 4, height: 4 });
        let area = CropArea::of(4, 7, Crop::CentreSquare);
        assert_eq!(area, CropArea { left: 0, top: 1, width: 4, height: 4 });
    }

    #[test]
    fn layouts_and_channel_orders_hold_the_same_numbers() {
        let mut card = parse(&example()).unwrap();
        card.input.mean = [0.5; 3];
        card.input.std = [0.25; 3];
        let photo = picture(40, 32);
        let nchw = prepare(&photo, &card.input);
        assert_eq!(nchw.shape, [1, 3, 32, 32]);
        // Same size: the crop is copied, so the numbers follow from the bytes.
        let byte = photo.rgb[(5 * 40 + 4 + 9) * 3 + 1];
        let expected = (f32::from(byte) * card.input.scale - 0.5) / 0.25;
        assert_eq!(nchw.values[32 * 32 + 5 * 32 + 9], expected);
        card.input.layout = Layout::Nhwc;
        card.input.channels = Channels::Bgr;
        let nhwc = prepare(&photo, &card.input);
        assert_eq!(nhwc.shape, [1, 32, 32, 3]);
        for pixel in 0..32 * 32 {
            for channel in 0..3 {
                assert_eq!(nhwc.values[pixel * 3 + channel], nchw.values[(2 - channel) * 1024 + pixel]);
            }
        }
    }
}
