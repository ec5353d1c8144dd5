//! The outline as a line on clear ground, to lay over the photograph.

use crate::encode::{EncodeError, encode_png_rgba};
use crate::mask::{Mask, Window};
use crate::outline::enlarged;
use crate::overlay::nearest;
use crate::resize::with_long_side;

/// Half the width of the line and of its dark casing, as shares of the long side: at the width of a
/// viewer the line has about 2 pixels and the casing 1 on either side, so that it is seen on pale and on
/// dark skin alike.
const LINE: f32 = 1.0 / 800.0;
const CASING: f32 = 1.0 / 400.0;
const LINE_COLOUR: [f32; 3] = [255.0, 255.0, 255.0];
const CASING_COLOUR: [f32; 3] = [16.0, 16.0, 24.0];
const CASING_OPACITY: f32 = 0.65;

/// The border of a mask as a PNG with alpha, its long side at `long` at most and in the proportion of the
/// mask. Where the lesion reaches the frame there is no line.
///
/// # Errors
/// [`EncodeError`] never occurs for a mask.
pub fn outline_layer_png(mask: &Mask, long: u32) -> Result<Vec<u8>, EncodeError> {
    let (width, height) = with_long_side(mask.width() as u32, mask.height() as u32, long.max(1));
    encode_png_rgba(&render(mask, width, height), width, height)
}

/// `width * height * 4` bytes, alpha last and not premultiplied.
fn render(mask: &Mask, width: u32, height: u32) -> Vec<u8> {
    let mask = enlarged(mask, width as usize, height as usize);
    let mut layer = vec![0; mask.pixels().len() * 4];
    let long = width.max(height) as f32;
    let (line, casing) = ((long * LINE).max(0.75), (long * CASING).max(1.75));
    let reach = casing + 1.0;
    let Some(Window { mask: part, left, top }) = mask.window(reach as usize + 1) else { return layer };
    for (at, distance) in to_other_side(&part, reach).into_iter().enumerate() {
        // The border runs half a pixel before the centre of the first pixel beyond it.
        let Some(distance) = distance.map(|squared| (squared as f32).sqrt() - 0.5) else { continue };
        let cover = |half: f32| (half + 0.5 - distance).clamp(0.0, 1.0);
        let (white, dark) = (cover(line), cover(casing) * CASING_OPACITY);
        let alpha = white + dark * (1.0 - white);
        if alpha <= 0.0 {
            continue;
        }
        let share = white / alpha;
        let place = (top + at / part.width()) * mask.width() + left + at % part.width();
        let pixel = &mut layer[place * 4..place * 4 + 4];
        for (byte, (light, shade)) in pixel.iter_mut().zip(LINE_COLOUR.into_iter().zip(CASING_COLOUR)) {
            *byte = nearest(light * share + shade * (1.0 - share));
        }
        pixel[3] = nearest(alpha * 255.0);
    }
    layer
}

/// For each pixel the squared distance to the nearest one on the other side of the border, up to `reach`. The nearest
/// one has a neighbour on this side, so that only such pixels are looked at, each with what lies around it.
fn to_other_side(mask: &Mask, reach: f32) -> Vec<Option<u16>> {
    let (width, height) = (mask.width() as i64, mask.height() as i64);
    let (span, most) = (reach as i64, (reach * reach) as i64);
    let mut nearest = vec![None; mask.pixels().len()];
    let at = |x: i64, y: i64| (y * width + x) as usize;
    for y in 0..height {
        for x in 0..width {
            let here = mask.pixels()[at(x, y)];
            let is_other = |x: i64, y: i64| {
                (0..width).contains(&x) && (0..height).contains(&y) && mask.pixels()[at(x, y)] != here
            };
            if ![(-1, 0), (1, 0), (0, -1), (0, 1)].iter().any(|(dx, dy)| is_other(x + dx, y + dy)) {
                continue;
            }
            for dy in -span..=span {
                for dx in -span..=span {
                    let squared = dx * dx + dy * dy;
                    if squared <= most && is_other(x + dx, y + dy) {
                        let known: &mut Option<u16> = &mut nearest[at(x + dx, y + dy)];
                        *known = Some(known.map_or(squared as u16, |known| known.min(squared as u16)));
                    }
                }
            }
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disc(width: u32, height: u32, radius: f64) -> Mask {
        let inside = (0..width * height)
            .map(|i| {
                let (x, y) = (f64::from(i % width) + 0.5, f64::from(i / width) + 0.5);
                (x - f64::from(width) / 2.0).hypot(y - f64::from(height) / 2.0) <= radius
            })
            .collect();
        Mask::new(width, height, inside).unwrap()
    }

    #[test]
    fn the_line_lies_on_the_border_and_nowhere_else() {
        let (width, height, radius) = (400, 300, 100.0);
        let layer = render(&disc(width, height, radius), width, height);
        for (index, pixel) in layer.chunks_exact(4).enumerate() {
            let (x, y) = ((index as u32 % width) as f64 + 0.5, (index as u32 / width) as f64 + 0.5);
            let off = ((x - 200.0).hypot(y - 150.0) - radius).abs();
            if off < 0.5 {
                assert!(pixel[3] > 200 && pixel[0] > 200, "{off} from the border: {pixel:?}");
            } else if off > 4.0 {
                assert_eq!(pixel[3], 0, "{off} from the border");
            }
        }
    }

    #[test]
    fn the_layer_keeps_the_proportion_and_is_small() {
        let png = outline_layer_png(&disc(1600, 1200, 400.0), 1024).unwrap();
        let limits = crate::decode::DecodeLimits::default();
        let picture = crate::decode::decode(&png, &limits).unwrap();
        assert_eq!((picture.width, picture.height), (1024, 768));
        assert!(png.len() < 64_000, "{}", png.len());
    }

    #[test]
    fn a_lesion_without_border_has_no_line() {
        let all = Mask::new(40, 30, vec![true; 1200]).unwrap();
        assert!(render(&all, 40, 30).iter().all(|&byte| byte == 0));
    }
}
