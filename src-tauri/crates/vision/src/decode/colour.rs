//! Colour to sRGB: ICC profiles through `moxcms`, inks to light, alpha onto white.

use moxcms::{ColorProfile, DataColorSpace, Layout, ParsingOptions, Transform8BitExecutor, TransformOptions};
use std::sync::Arc;

/// Largest colour profile that is read; print profiles with four-dimensional tables stay below 3 MiB.
pub const MAX_PROFILE_BYTES: usize = 4 << 20;

/// Pixels of a decoder before their colour is settled.
pub enum Pixels {
    Rgb(Vec<u8>),
    Grey(Vec<u8>),
    /// Ink amounts, 0 none to 255 full: cyan, magenta, yellow, black.
    Ink(Vec<u8>),
}

/// sRGB pixels. A profile that cannot be read, or that is not for these channels, is passed over:
/// the picture is then taken as sRGB, as viewers do.
pub fn to_srgb(pixels: Pixels, profile: Option<&[u8]>) -> Vec<u8> {
    let parsed = profile.filter(|bytes| bytes.len() < MAX_PROFILE_BYTES).and_then(|bytes| {
        let options = ParsingOptions { max_profile_size: MAX_PROFILE_BYTES, ..ParsingOptions::default() };
        ColorProfile::new_from_slice_with_options(bytes, options).ok()
    });
    match pixels {
        Pixels::Rgb(mut rgb) => {
            if let Some(transform) =
                parsed.as_ref().and_then(|p| transform(p, DataColorSpace::Rgb, Layout::Rgb))
                && changes_colours(&*transform)
            {
                rgb = apply(&*transform, &rgb, 3).unwrap_or(rgb);
            }
            rgb
        }
        Pixels::Grey(grey) => parsed
            .as_ref()
            .and_then(|p| transform(p, DataColorSpace::Gray, Layout::Gray))
            .and_then(|transform| apply(&*transform, &grey, 1))
            .unwrap_or_else(|| grey.iter().flat_map(|&level| [level; 3]).collect()),
        Pixels::Ink(ink) => parsed
            .as_ref()
            .and_then(|p| transform(p, DataColorSpace::Cmyk, Layout::Rgba))
            .and_then(|transform| apply(&*transform, &ink, 4))
            .unwrap_or_else(|| ink_to_light(&ink)),
    }
}

fn transform(
    profile: &ColorProfile,
    space: DataColorSpace,
    layout: Layout,
) -> Option<Arc<Transform8BitExecutor>> {
    if profile.color_space != space {
        return None;
    }
    profile
        .create_transform_8bit(layout, &ColorProfile::new_srgb(), Layout::Rgb, TransformOptions::default())
        .ok()
}

/// Most profiles found in photographs are sRGB itself; a probe of the colour cube saves the pass
/// over millions of pixels.
fn changes_colours(transform: &Transform8BitExecutor) -> bool {
    const STEPS: [u8; 6] = [0, 51, 102, 153, 204, 255];
    let cube: Vec<u8> = STEPS
        .iter()
        .flat_map(|&r| STEPS.iter().flat_map(move |&g| STEPS.iter().flat_map(move |&b| [r, g, b])))
        .collect();
    let mut out = vec![0; cube.len()];
    transform.transform(&cube, &mut out).is_ok() && cube.iter().zip(&out).any(|(a, b)| a.abs_diff(*b) > 1)
}

fn apply(transform: &Transform8BitExecutor, pixels: &[u8], channels: usize) -> Option<Vec<u8>> {
    let mut out = vec![0; pixels.len() / channels * 3];
    transform.transform(pixels, &mut out).ok()?;
    Some(out)
}

/// The plain formula for inks without a usable profile: what the ink lets through, times black.
fn ink_to_light(ink: &[u8]) -> Vec<u8> {
    let through = |a: u8, k: u8| ((u32::from(255 - a) * u32::from(255 - k) + 127) / 255) as u8;
    ink.chunks_exact(4)
        .flat_map(|p| [through(p[0], p[3]), through(p[1], p[3]), through(p[2], p[3])])
        .collect()
}

/// As [`onto_white`], in the same buffer.
pub fn laid_on_white(mut rgba: Vec<u8>) -> Vec<u8> {
    let pixels = rgba.len() / 4;
    for index in 0..pixels {
        let alpha = u32::from(rgba[4 * index + 3]);
        for channel in 0..3 {
            let level = u32::from(rgba[4 * index + channel]);
            rgba[3 * index + channel] = ((level * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
        }
    }
    rgba.truncate(pixels * 3);
    rgba.shrink_to_fit();
    rgba
}

/// Removes the alpha channel by laying the picture on white.
pub fn onto_white(rgba: &[u8]) -> Vec<u8> {
    rgba.chunks_exact(4)
        .flat_map(|p| {
            let alpha = u32::from(p[3]);
            [p[0], p[1], p[2]].map(|c| ((u32::from(c) * alpha + 255 * (255 - alpha) + 127) / 255) as u8)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ink_follows_the_plain_formula() {
        let ink = vec![0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 255, 0, 255, 0, 0];
        let rgb = to_srgb(Pixels::Ink(ink), None);
        assert_eq!(rgb, [255, 255, 255, 0, 255, 255, 0, 0, 0, 255, 0, 255]);
    }

    #[test]
    fn alpha_lies_on_white() {
        assert_eq!(onto_white(&[0, 0, 0, 0, 10, 20, 30, 255]), [255, 255, 255, 10, 20, 30]);
        assert_eq!(onto_white(&[0, 0, 0, 128]), [127, 127, 127]);
        let rgba: Vec<u8> = (0..64).map(|step| (step * 37 % 256) as u8).collect();
        assert_eq!(laid_on_white(rgba.clone()), onto_white(&rgba));
    }

    #[test]
    fn a_wide_gamut_profile_changes_the_numbers_and_srgb_does_not() {
        let p3 = ColorProfile::new_display_p3().encode().unwrap();
        let srgb = ColorProfile::new_srgb().encode().unwrap();
        let skin = vec![200, 150, 120];
        assert_eq!(to_srgb(Pixels::Rgb(skin.clone()), Some(&srgb)), skin);
        let converted = to_srgb(Pixels::Rgb(skin.clone()), Some(&p3));
        // Display P3 (200,150,120) lies at about (208,148,116) in sRGB.
        for (got, want) in converted.iter().zip([208u8, 148, 116]) {
            assert!(got.abs_diff(want) <= 3, "{converted:?}");
        }
    }

    #[test]
    fn a_broken_or_foreign_profile_is_passed_over() {
        let grey = ColorProfile::new_gray_with_gamma(2.2).encode().unwrap();
        for profile in [&[][..], &[7; 500][..], &grey] {
            assert_eq!(to_srgb(Pixels::Rgb(vec![1, 2, 3]), Some(profile)), [1, 2, 3]);
        }
    }
}
