//! From samples to sRGB.

use moxcms::{ColorProfile, DataColorSpace, Layout, ParsingOptions, Transform8BitExecutor, TransformOptions};

use super::super::error::DicomError;
use super::attributes::{Form, Levels, Meaning, Palette};
use super::codec::Samples;

/// Largest colour profile that is read.
const MAX_PROFILE_BYTES: usize = 4 << 20;

/// A byte a channel, row by row.
///
/// # Errors
/// [`DicomError::Damaged`] for a palette picture without its palette.
pub fn to_srgb(
    samples: Samples,
    form: &Form,
    palette: Option<&Palette>,
    levels: &Levels,
    profile: Option<Vec<u8>>,
) -> Result<Vec<u8>, DicomError> {
    let (Samples::Bytes(_, meaning) | Samples::Words(_, meaning)) = samples;
    let mut rgb = match meaning {
        Meaning::Monochrome1 | Meaning::Monochrome2 => {
            let table = greys(&samples, form, levels, meaning == Meaning::Monochrome1);
            looked_up(&samples, form, &table)
        }
        Meaning::Palette => looked_up(&samples, form, &spread(palette.ok_or(DicomError::Damaged)?, form)),
        _ => in_bytes(samples, form),
    };
    if matches!(meaning, Meaning::YbrFull | Meaning::YbrFull422) {
        rgb.as_chunks_mut::<3>().0.iter_mut().for_each(|pixel| *pixel = from_differences(*pixel));
    }
    let coloured = !matches!(meaning, Meaning::Monochrome1 | Meaning::Monochrome2);
    if let Some(profile) = profile.filter(|profile| coloured && profile.len() < MAX_PROFILE_BYTES) {
        through_profile(&mut rgb, &profile);
    }
    Ok(rgb)
}

fn in_bytes(samples: Samples, form: &Form) -> Vec<u8> {
    let drop = form.shift + form.stored.saturating_sub(8);
    match samples {
        Samples::Bytes(bytes, _) if form.stored == 8 => bytes,
        Samples::Bytes(bytes, _) => bytes.into_iter().map(|byte| widened(u32::from(byte), form)).collect(),
        Samples::Words(words, _) if form.stored > 8 => {
            words.into_iter().map(|word| (word >> drop) as u8).collect()
        }
        Samples::Words(words, _) => words.into_iter().map(|word| widened(u32::from(word), form)).collect(),
    }
}

/// Few bits to the whole range of a byte.
fn widened(value: u32, form: &Form) -> u8 {
    let top = (1 << form.stored) - 1;
    (((value >> form.shift) & top) * 255 / top) as u8
}

/// JFIF's equation for the full range, as YBR_FULL has it (PS3.3, C.7.6.3.1.2).
fn from_differences([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let (y, cb, cr) = (i32::from(y) << 16, i32::from(cb) - 128, i32::from(cr) - 128);
    let level = |value: i32| ((value + (1 << 15)) >> 16).clamp(0, 255) as u8;
    [level(y + 91_881 * cr), level(y - 22_554 * cb - 46_802 * cr), level(y + 116_130 * cb)]
}

/// A stored value as a number, after its sign.
fn number(raw: u32, form: &Form) -> i32 {
    let value = raw as i32;
    if form.signed && raw >> (form.stored - 1) & 1 == 1 { value - (1 << form.stored) } else { value }
}

/// The colour of every value that the stored bits can have.
fn looked_up(samples: &Samples, form: &Form, table: &[[u8; 3]]) -> Vec<u8> {
    let top = table.len() - 1;
    let colour = |value: u32| table[(value >> form.shift) as usize & top];
    match samples {
        Samples::Bytes(bytes, _) => bytes.iter().flat_map(|byte| colour(u32::from(*byte))).collect(),
        Samples::Words(words, _) => words.iter().flat_map(|word| colour(u32::from(*word))).collect(),
    }
}

/// Grey levels through the window of the file (PS3.3, C.11.2.1.2.1), or, where it has none, all of a byte's range or
/// from the darkest to the lightest.
fn greys(samples: &Samples, form: &Form, levels: &Levels, inverted: bool) -> Vec<[u8; 3]> {
    let value = |raw: u32| f64::from(number(raw, form)) * levels.slope + levels.intercept;
    let (low, high) = match levels.window {
        Some((centre, width)) => (centre - 0.5 - (width - 1.0) / 2.0, centre - 0.5 + (width - 1.0) / 2.0),
        None => {
            let (first, last) = range(samples, form);
            let ends = [f64::from(first), f64::from(last)].map(|end| end * levels.slope + levels.intercept);
            (ends[0].min(ends[1]), ends[0].max(ends[1]))
        }
    };
    (0..1_u32 << form.stored)
        .map(|raw| {
            let value = value(raw);
            let part =
                if high > low { (value - low) / (high - low) } else { f64::from(u8::from(value > low)) };
            let level = (part.clamp(0.0, 1.0) * 255.0).round() as u8;
            [if inverted { 255 - level } else { level }; 3]
        })
        .collect()
}

fn range(samples: &Samples, form: &Form) -> (i32, i32) {
    let mask = (1_u32 << form.stored) - 1;
    match samples {
        Samples::Words(words, _) if form.stored > 8 => {
            let values = words.iter().map(|word| number((u32::from(*word) >> form.shift) & mask, form));
            values.fold((i32::MAX, i32::MIN), |(low, high), value| (low.min(value), high.max(value)))
        }
        _ if form.signed => (-(1 << (form.stored - 1)), (1 << (form.stored - 1)) - 1),
        _ => (0, (1 << form.stored) - 1),
    }
}

/// Values before the first colour have the first, those after the last have the last.
fn spread(palette: &Palette, form: &Form) -> Vec<[u8; 3]> {
    let last = palette.colours.len() - 1;
    (0..1_u32 << form.stored)
        .map(|raw| {
            let place = number(raw, form) - palette.first;
            palette.colours[usize::try_from(place).unwrap_or(0).min(last)]
        })
        .collect()
}

/// A profile that cannot be read, or that is not for three colours, is passed over: the picture is then taken
/// as sRGB, as viewers do.
fn through_profile(rgb: &mut [u8], profile: &[u8]) {
    let options = ParsingOptions { max_profile_size: MAX_PROFILE_BYTES, ..ParsingOptions::default() };
    let Ok(profile) = ColorProfile::new_from_slice_with_options(profile, options) else { return };
    if profile.color_space != DataColorSpace::Rgb {
        return;
    }
    let target = ColorProfile::new_srgb();
    let transform =
        profile.create_transform_8bit(Layout::Rgb, &target, Layout::Rgb, TransformOptions::default());
    let Ok(transform) = transform else { return };
    if !changes_colours(&*transform) {
        return;
    }
    // In parts, so that the picture is in memory once.
    let mut part = vec![0; 3 << 14];
    for pixels in rgb.chunks_mut(3 << 14) {
        let part = &mut part[..pixels.len()];
        if transform.transform(pixels, part).is_ok() {
            pixels.copy_from_slice(part);
        }
    }
}

/// Most profiles found in photographs are sRGB itself; a probe of the colour cube leaves those pixels alone.
fn changes_colours(transform: &Transform8BitExecutor) -> bool {
    const STEPS: [u8; 6] = [0, 51, 102, 153, 204, 255];
    let cube: Vec<u8> = STEPS
        .iter()
        .flat_map(|&r| STEPS.iter().flat_map(move |&g| STEPS.iter().flat_map(move |&b| [r, g, b])))
        .collect();
    let mut out = vec![0; cube.len()];
    transform.transform(&cube, &mut out).is_ok() && cube.iter().zip(&out).any(|(a, b)| a.abs_diff(*b) > 1)
}
