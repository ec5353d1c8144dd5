//! JPEG: a walk over the markers first (caps, EXIF, ICC, completeness), then the pixels.
//!
//! Grey and three-channel files go through libjpeg-turbo, whose pixels are those of the training code to
//! the bit; four-channel and untidy files go through `zune-jpeg`, which reads them more kindly.

use super::colour::{self, MAX_PROFILE_BYTES, Pixels};
use super::{DecodeError, MAX_DECODE_BYTES, MAX_JPEG_SCANS, MAX_SIDE, Orientation, Stored, check_size, exif};
use turbojpeg::{Decompressor, Image, PixelFormat, ScalingFactor};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// Scans times pixels: 13 scans of 60 megapixels. Common progressive files have 10.
const MAX_SCANNED_PIXELS: u64 = 800_000_000;
/// A file that asks for more than this is not read a second time, more kindly.
const MAX_READ_AGAIN: u64 = 200_000_000;

/// What the markers tell (ITU-T T.81, annex B).
#[derive(Default)]
struct Layout {
    width: u32,
    height: u32,
    components: u8,
    scans: usize,
    orientation: Orientation,
    taken_on: Option<(i16, i8, i8)>,
    /// Coefficients are kept for the whole picture (SOF2, SOF6, SOF10, SOF14).
    progressive: bool,
    /// Samples of all components at their own resolution.
    samples: u64,
    /// Number and data of each ICC part (ICC.1:2022, annex B.4).
    profile: Vec<(u8, Vec<u8>)>,
    profile_bytes: usize,
    /// Bytes lie between segments; the decoder's strict mode would refuse them.
    untidy: bool,
}

impl Layout {
    fn scanned(&self) -> u64 {
        self.scans as u64 * u64::from(self.width) * u64::from(self.height)
    }
}

pub fn decode(bytes: &[u8]) -> Result<Stored, DecodeError> {
    let layout = judged(bytes)?;
    let raw = match turbo(bytes, &layout, ScalingFactor::ONE) {
        Some((_, _, raw)) => raw,
        None if layout.scanned() > MAX_READ_AGAIN => return Err(DecodeError::Corrupt),
        None => zune(bytes, &layout)?,
    };
    let (width, height) = (layout.width, layout.height);
    Ok(finished(layout, width, height, raw))
}

/// A small copy by leaving out the fine coefficients, its long side at least `long` where the file has as
/// much; nothing for a file that only the full way reads.
pub fn decode_small(bytes: &[u8], long: u32) -> Result<Option<Stored>, DecodeError> {
    let layout = judged(bytes)?;
    let side = layout.width.max(layout.height);
    let eighths = (1..8).find(|eighth| side * eighth / 8 >= long).unwrap_or(8);
    let small = turbo(bytes, &layout, ScalingFactor::new(eighths as usize, 8));
    Ok(small.map(|(width, height, raw)| finished(layout, width, height, raw)))
}

/// When the camera says it was taken.
pub fn taken_on(bytes: &[u8]) -> Option<(i16, i8, i8)> {
    walk(bytes).ok()?.taken_on
}

/// Whether the samples lie as they are looked at.
pub fn lies_upright(bytes: &[u8]) -> bool {
    walk(bytes).is_ok_and(|layout| layout.orientation == Orientation::default())
}

fn judged(bytes: &[u8]) -> Result<Layout, DecodeError> {
    let layout = walk(bytes)?;
    let (width, height) = (layout.width, layout.height);
    check_size(width, height)?;
    if layout.scans > MAX_JPEG_SCANS {
        return Err(DecodeError::TooManyScans { scans: layout.scans });
    }
    let pixels = u64::from(width) * u64::from(height);
    // Pixels of the file's components, sRGB of those that are converted, and 16-bit coefficients.
    let components = u64::from(layout.components);
    let converted = if components == 4 { 3 } else { 0 };
    let kept = if layout.progressive { 2 * layout.samples } else { 0 };
    if pixels * (components + converted) + kept > MAX_DECODE_BYTES {
        return Err(DecodeError::TooManyPixels { width, height });
    }
    // Every scan may pass over the whole picture again.
    if layout.scanned() > MAX_SCANNED_PIXELS {
        return Err(DecodeError::TooManyScans { scans: layout.scans });
    }
    Ok(layout)
}

fn finished(layout: Layout, width: u32, height: u32, raw: Pixels) -> Stored {
    let profile = join(layout.profile);
    let rgb = colour::to_srgb(raw, profile.as_deref());
    Stored { width, height, rgb, orientation: layout.orientation }
}

/// Nothing for a file that libjpeg-turbo has as much as a warning about.
fn turbo(bytes: &[u8], layout: &Layout, scale: ScalingFactor) -> Option<(u32, u32, Pixels)> {
    let format = match layout.components {
        _ if layout.untidy => return None,
        1 => PixelFormat::GRAY,
        3 => PixelFormat::RGB,
        _ => return None,
    };
    let mut decoder = Decompressor::new().ok()?;
    decoder.set_scan_limit(u32::try_from(MAX_JPEG_SCANS).ok()?).ok()?;
    let header = decoder.read_header(bytes).ok()?;
    if (header.width, header.height) != (layout.width as usize, layout.height as usize) {
        return None;
    }
    decoder.set_scaling_factor(scale).ok()?;
    let (width, height) = (scale.scale(header.width), scale.scale(header.height));
    let pitch = width * format.size();
    let mut pixels = vec![0; pitch * height];
    let target = Image { pixels: pixels.as_mut_slice(), width, pitch, height, format };
    decoder.decompress(bytes, target).ok()?;
    let raw = if format == PixelFormat::GRAY { Pixels::Grey(pixels) } else { Pixels::Rgb(pixels) };
    Some((u32::try_from(width).ok()?, u32::try_from(height).ok()?, raw))
}

fn zune(bytes: &[u8], layout: &Layout) -> Result<Pixels, DecodeError> {
    let options = DecoderOptions::default()
        .set_max_width(MAX_SIDE as usize)
        .set_max_height(MAX_SIDE as usize)
        .jpeg_set_max_scans(MAX_JPEG_SCANS)
        .set_strict_mode(!layout.untidy);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(|_| DecodeError::Corrupt)?;
    let target = match (layout.components, decoder.input_colorspace()) {
        (1, _) => ColorSpace::Luma,
        (3, _) => ColorSpace::RGB,
        (4, Some(ColorSpace::YCCK)) => ColorSpace::YCCK,
        (4, _) => ColorSpace::CMYK,
        _ => return Err(DecodeError::Corrupt),
    };
    decoder.set_options(options.jpeg_set_out_colorspace(target));
    let raw = decoder.decode().map_err(|_| DecodeError::Corrupt)?;
    let pixels = layout.width as usize * layout.height as usize;
    if raw.len() != pixels * target.num_components() {
        return Err(DecodeError::Corrupt);
    }
    Ok(match target {
        ColorSpace::Luma => Pixels::Grey(raw),
        ColorSpace::CMYK => Pixels::Ink(cmyk_to_ink(raw)),
        ColorSpace::YCCK => Pixels::Ink(ycck_to_ink(raw)),
        _ => Pixels::Rgb(raw),
    })
}

/// Goes from marker to marker. A file without its end marker is incomplete.
fn walk(bytes: &[u8]) -> Result<Layout, DecodeError> {
    let mut layout = Layout::default();
    let mut at = 2;
    loop {
        let start = at;
        let marker = next_marker(bytes, &mut at).ok_or(DecodeError::Corrupt)?;
        layout.untidy |= at - start > 2;
        match marker {
            0xD9 => break,
            0x01 | 0xD0..=0xD8 => continue,
            _ => {}
        }
        let length = bytes
            .get(at..at + 2)
            .map(|pair| usize::from(pair[0]) << 8 | usize::from(pair[1]))
            .filter(|&length| length >= 2)
            .ok_or(DecodeError::Corrupt)?;
        let body = bytes.get(at + 2..at + length).ok_or(DecodeError::Corrupt)?;
        at += length;
        match marker {
            // Start of frame, but neither DHT (C4), JPG (C8) nor DAC (CC).
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                frame(body, &mut layout)?;
                layout.progressive |= marker & 3 == 2;
            }
            0xE1 => {
                if let Some(tiff) = body.strip_prefix(b"Exif\0\0") {
                    layout.orientation = exif::orientation(tiff);
                    layout.taken_on = layout.taken_on.or_else(|| exif::taken_on(tiff));
                }
            }
            0xE2 => collect_profile(body, &mut layout),
            0xDA => {
                layout.scans += 1;
                skip_entropy_coded(bytes, &mut at);
            }
            _ => {}
        }
    }
    if layout.scans == 0 { Err(DecodeError::Corrupt) } else { Ok(layout) }
}

/// The code of the next marker; `at` is moved behind it.
fn next_marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    loop {
        let found = *at + bytes.get(*at..)?.iter().position(|&byte| byte == 0xFF)?;
        let code = bytes.get(found + 1)?;
        *at = found + 1;
        if !matches!(code, 0 | 0xFF) {
            *at = found + 2;
            return Some(*code);
        }
    }
}

fn frame(body: &[u8], layout: &mut Layout) -> Result<(), DecodeError> {
    let [_, h1, h0, w1, w0, components, ref sampling @ ..] = *body else {
        return Err(DecodeError::Corrupt);
    };
    layout.height = u32::from(h1) << 8 | u32::from(h0);
    layout.width = u32::from(w1) << 8 | u32::from(w0);
    layout.components = components;
    // Each component has an identity, its sampling factors (across in the upper half) and a table.
    let factors = sampling.chunks_exact(3).map(|part| u64::from(part[1] >> 4) * u64::from(part[1] & 15));
    let largest = factors.clone().max().unwrap_or(1).max(1);
    let pixels = u64::from(layout.width) * u64::from(layout.height);
    layout.samples = factors.map(|own| pixels * own / largest).sum();
    Ok(())
}

fn collect_profile(body: &[u8], layout: &mut Layout) {
    if let Some([number, _count, data @ ..]) = body.strip_prefix(b"ICC_PROFILE\0")
        && layout.profile_bytes + data.len() <= MAX_PROFILE_BYTES
    {
        layout.profile_bytes += data.len();
        layout.profile.push((*number, data.to_vec()));
    }
}

/// Moves to the marker that ends a scan; stuffed zeros and restart markers belong to the scan.
fn skip_entropy_coded(bytes: &[u8], at: &mut usize) {
    while let Some(offset) = bytes[*at..].iter().position(|&byte| byte == 0xFF) {
        *at += offset;
        match bytes.get(*at + 1) {
            Some(0 | 0xD0..=0xD7) => *at += 2,
            Some(0xFF) => *at += 1,
            _ => return,
        }
    }
    *at = bytes.len();
}

fn join(mut parts: Vec<(u8, Vec<u8>)>) -> Option<Vec<u8>> {
    parts.sort_by_key(|(number, _)| *number);
    (!parts.is_empty()).then(|| parts.into_iter().flat_map(|(_, data)| data).collect())
}

/// Adobe stores ink inverted, 255 for none, and every common writer of CMYK JPEGs does the same.
fn cmyk_to_ink(mut raw: Vec<u8>) -> Vec<u8> {
    for byte in &mut raw {
        *byte = 255 - *byte;
    }
    raw
}

/// YCCK is CMYK with its first three channels turned into luminance and chrominance (Adobe TN 5116).
/// Their RGB is the complement of the stored value, and so the ink itself.
fn ycck_to_ink(mut raw: Vec<u8>) -> Vec<u8> {
    for pixel in raw.chunks_exact_mut(4) {
        let y = f32::from(pixel[0]);
        let (cb, cr) = (f32::from(pixel[1]) - 128.0, f32::from(pixel[2]) - 128.0);
        let channel = |value: f32| value.round().clamp(0.0, 255.0) as u8;
        pixel[0] = channel(y + 1.402 * cr);
        pixel[1] = channel(y - 0.344_136 * cb - 0.714_136 * cr);
        pixel[2] = channel(y + 1.772 * cb);
        pixel[3] = 255 - pixel[3];
    }
    raw
}
