//! Pictures for the screen and for paper: display copies, heatmaps, overlays.

use crate::cam::{Heatmap, upscale};
use crate::decode::Photograph;
use crate::encode::{EncodeError, encode_jpeg, encode_png, encode_png_quickly, encode_png_rgba};
use crate::resize::{scale, with_long_side};
use std::sync::LazyLock;

/// Long side of the display copy in pixels.
pub const DISPLAY_SIDE: u32 = 2048;
/// Long side of the stored overlay in pixels: on paper it is a hand wide at most, and heat is smooth.
pub const OVERLAY_SIDE: u32 = 1024;
/// Long side of the thumbnail in pixels.
pub const THUMBNAIL_SIDE: u32 = 320;
const DISPLAY_QUALITY: u8 = 92;
const THUMBNAIL_QUALITY: u8 = 82;

/// Control points of the heat scale: near-black violet, magenta, orange, pale yellow. Lightness rises
/// evenly, so the order survives colour blindness and a grey print.
const SCALE: [[f32; 3]; 7] = [
    [10.0, 7.0, 36.0],
    [66.0, 20.0, 100.0],
    [128.0, 36.0, 118.0],
    [190.0, 56.0, 98.0],
    [234.0, 98.0, 58.0],
    [250.0, 164.0, 40.0],
    [252.0, 240.0, 160.0],
];

/// Colour of a heat of 0 to 1; values outside are taken as the nearer end.
#[must_use]
pub fn heat_colour(heat: f32) -> [u8; 3] {
    let place = heat.clamp(0.0, 1.0) * (SCALE.len() - 1) as f32;
    let index = (place as usize).min(SCALE.len() - 2);
    let part = place - index as f32;
    std::array::from_fn(|c| {
        let (low, high) = (SCALE[index][c], SCALE[index + 1][c]);
        nearest(low + (high - low) * part)
    })
}

/// Steps of heat in which pictures are drawn: finer than their levels.
const STEPS: usize = 1024;

/// Colour and opacity of every step of heat.
static STEPPED: LazyLock<Vec<([u8; 3], f32)>> = LazyLock::new(|| {
    let heats = (0..STEPS).map(|step| step as f32 / (STEPS - 1) as f32);
    heats.map(|heat| (heat_colour(heat), opacity(heat))).collect()
});

/// Colour and opacity of a heat of 0 to 1; values outside are taken as the nearer end.
fn stepped(heat: f32) -> ([u8; 3], f32) {
    STEPPED[((heat.clamp(0.0, 1.0) * (STEPS - 1) as f32 + 0.5) as usize).min(STEPS - 1)]
}

/// The nearest level; `f32::round` is a call of its own on processors of before 2008, for which this is built.
pub(crate) fn nearest(level: f32) -> u8 {
    (level + 0.5) as u8
}

/// The photograph with its long side at `long` at most; smaller ones are copied.
#[must_use]
pub fn shrink_to(photo: &Photograph, long: u32) -> Photograph {
    let (width, height) = with_long_side(photo.width, photo.height, long.max(1));
    let rgb = if (width, height) == (photo.width, photo.height) {
        photo.rgb.clone()
    } else {
        scale(&photo.rgb, (photo.width, photo.height), (width, height))
    };
    Photograph { width, height, rgb, format: photo.format }
}

/// The copies of a photograph for the screen and for lists, both JPEG.
pub struct Copies {
    pub display: Vec<u8>,
    pub thumbnail: Vec<u8>,
}

/// Both copies, the small one made from the larger.
///
/// # Errors
/// [`EncodeError`] never occurs for a decoded photograph.
pub fn copies(photo: &Photograph) -> Result<Copies, EncodeError> {
    let copy = shrink_to(photo, DISPLAY_SIDE);
    Ok(Copies { display: display_of(&copy)?, thumbnail: thumbnail_of(&copy)? })
}

/// The copy for screen and report: JPEG, long side at most [`DISPLAY_SIDE`].
///
/// # Errors
/// [`EncodeError`] never occurs for a decoded photograph.
pub fn display_jpeg(photo: &Photograph) -> Result<Vec<u8>, EncodeError> {
    display_of(&shrink_to(photo, DISPLAY_SIDE))
}

/// The copy for lists: JPEG, long side at most [`THUMBNAIL_SIDE`].
///
/// # Errors
/// [`EncodeError`] never occurs for a decoded photograph.
pub fn thumbnail_jpeg(photo: &Photograph) -> Result<Vec<u8>, EncodeError> {
    thumbnail_of(&shrink_to(photo, DISPLAY_SIDE))
}

fn display_of(copy: &Photograph) -> Result<Vec<u8>, EncodeError> {
    encode_jpeg(&copy.rgb, copy.width, copy.height, DISPLAY_QUALITY)
}

fn thumbnail_of(copy: &Photograph) -> Result<Vec<u8>, EncodeError> {
    let small = shrink_to(copy, THUMBNAIL_SIDE);
    encode_jpeg(&small.rgb, small.width, small.height, THUMBNAIL_QUALITY)
}

/// Heat at every pixel of a `width` × `height` copy of the photograph; `None` outside the part the
/// model saw.
fn heat_at(heatmap: &Heatmap, width: u32, height: u32) -> Vec<Option<f32>> {
    let scale_x = f64::from(width) / f64::from(heatmap.photo.0.max(1));
    let scale_y = f64::from(height) / f64::from(heatmap.photo.1.max(1));
    let place =
        |value: u32, scale: f64, end: u32| ((f64::from(value) * scale).round() as u32).min(end) as usize;
    let area = heatmap.area;
    let left = place(area.left, scale_x, width);
    let right = place(area.left + area.width, scale_x, width);
    let top = place(area.top, scale_y, height);
    let bottom = place(area.top + area.height, scale_y, height);
    let mut heat = vec![None; width as usize * height as usize];
    if right <= left || bottom <= top {
        return heat;
    }
    let columns = right - left;
    let cells = (heatmap.width, heatmap.height);
    let large = upscale(&heatmap.values, cells, (columns, bottom - top));
    for (y, row) in large.chunks_exact(columns).enumerate() {
        let start = (top + y) * width as usize + left;
        for (target, value) in heat[start..start + columns].iter_mut().zip(row) {
            *target = Some(*value);
        }
    }
    heat
}

/// The heatmap alone in the photograph's frame, `width * height * 3` bytes; the part the model did
/// not see is neutral grey.
#[must_use]
pub fn render_heatmap(heatmap: &Heatmap, width: u32, height: u32) -> Vec<u8> {
    const UNSEEN: [u8; 3] = [96, 96, 96];
    heat_at(heatmap, width, height)
        .into_iter()
        .flat_map(|heat| heat.map_or(UNSEEN, |heat| stepped(heat).0))
        .collect()
}

/// The heatmap to lay over the photograph, `width * height * 4` bytes: colour by heat, opacity by
/// heat, nothing outside the part the model saw.
#[must_use]
pub fn render_heatmap_rgba(heatmap: &Heatmap, width: u32, height: u32) -> Vec<u8> {
    let heat = heat_at(heatmap, width, height);
    let mut layer = vec![0; heat.len() * 4];
    for (pixel, heat) in layer.chunks_exact_mut(4).zip(heat) {
        let (colour, opacity) = stepped(heat.unwrap_or(0.0));
        pixel[..3].copy_from_slice(&colour);
        pixel[3] = nearest(opacity * 255.0);
    }
    layer
}

/// Opacity of a heat. Cool places stay clear, so that the skin can be judged under the map.
fn opacity(heat: f32) -> f32 {
    (heat * 1.25).min(1.0)
}

/// The heatmap laid over the photograph, `width * height * 3` bytes of the photograph's size.
/// `strength` 0 shows the photograph alone, 1 the hottest place without photograph.
#[must_use]
pub fn render_overlay(photo: &Photograph, heatmap: &Heatmap, strength: f32) -> Vec<u8> {
    let mut rgb = photo.rgb.clone();
    let strength = strength.clamp(0.0, 1.0);
    let heat = heat_at(heatmap, photo.width, photo.height);
    for (pixel, heat) in rgb.chunks_exact_mut(3).zip(heat) {
        let Some(heat) = heat else { continue };
        let (colour, opacity) = stepped(heat);
        let share = strength * opacity;
        for (under, over) in pixel.iter_mut().zip(colour) {
            let base = f32::from(*under);
            *under = nearest(base + (f32::from(over) - base) * share);
        }
    }
    rgb
}

/// [`render_heatmap`] as a PNG file of `width` × `height` pixels.
///
/// # Errors
/// [`EncodeError`] when a side is 0.
pub fn heatmap_png(heatmap: &Heatmap, width: u32, height: u32) -> Result<Vec<u8>, EncodeError> {
    encode_png(&render_heatmap(heatmap, width, height), width, height)
}

/// [`render_heatmap_rgba`] as a PNG file of `width` × `height` pixels.
///
/// # Errors
/// [`EncodeError`] when a side is 0.
pub fn heatmap_layer_png(heatmap: &Heatmap, width: u32, height: u32) -> Result<Vec<u8>, EncodeError> {
    encode_png_rgba(&render_heatmap_rgba(heatmap, width, height), width, height)
}

/// [`render_overlay`] on a copy with a long side of [`OVERLAY_SIDE`] at most, as a PNG file.
///
/// # Errors
/// [`EncodeError`] never occurs for a decoded photograph.
pub fn overlay_png(photo: &Photograph, heatmap: &Heatmap, strength: f32) -> Result<Vec<u8>, EncodeError> {
    let copy = shrink_to(photo, OVERLAY_SIDE);
    encode_png_quickly(&render_overlay(&copy, heatmap, strength), copy.width, copy.height)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preprocess::CropArea;
    use domain::image::ImageFormat;

    fn heatmap() -> Heatmap {
        Heatmap {
            width: 2,
            height: 2,
            values: vec![0.0, 1.0, 0.0, 1.0],
            class: "mel".to_owned(),
            area: CropArea { left: 100, top: 0, width: 200, height: 200 },
            photo: (400, 200),
        }
    }

    #[test]
    fn lightness_rises_along_the_scale() {
        let luma =
            |c: [u8; 3]| 0.2126 * f32::from(c[0]) + 0.7152 * f32::from(c[1]) + 0.0722 * f32::from(c[2]);
        let steps: Vec<f32> = (0..=100).map(|i| luma(heat_colour(i as f32 / 100.0))).collect();
        assert!(steps.windows(2).all(|pair| pair[1] >= pair[0] - 0.5), "{steps:?}");
        assert!(steps[100] - steps[0] > 200.0);
    }

    #[test]
    fn the_layer_is_clear_outside_the_crop_and_opaque_where_hot() {
        let layer = render_heatmap_rgba(&heatmap(), 40, 20);
        let alpha = |x: usize, y: usize| layer[(y * 40 + x) * 4 + 3];
        assert_eq!((alpha(9, 10), alpha(30, 10)), (0, 0));
        assert_eq!(alpha(11, 10), 0);
        assert_eq!(alpha(29, 10), 255);
    }

    #[test]
    fn no_strength_leaves_the_photograph_alone() {
        let photo = Photograph {
            width: 400,
            height: 200,
            rgb: (0..400 * 200 * 3).map(|i| (i % 256) as u8).collect(),
            format: ImageFormat::Png,
        };
        assert_eq!(render_overlay(&photo, &heatmap(), 0.0), photo.rgb);
        let hot = render_overlay(&photo, &heatmap(), 1.0);
        let at = (100 * 400 + 299) * 3;
        assert_eq!(hot[at..at + 3], heat_colour(1.0));
        assert_eq!(hot[..300], photo.rgb[..300]);
    }

    #[test]
    fn copies_keep_their_proportion() {
        let photo =
            Photograph { width: 640, height: 480, rgb: vec![90; 640 * 480 * 3], format: ImageFormat::Jpeg };
        let small = shrink_to(&photo, 320);
        assert_eq!((small.width, small.height), (320, 240));
        assert!(small.rgb.iter().all(|&v| v == 90));
        assert_eq!(shrink_to(&photo, 2048), photo);
    }
}
