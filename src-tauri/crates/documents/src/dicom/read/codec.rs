//! From the bytes of a frame to its samples.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};
use jpeg_decoder::{ColorTransform, PixelFormat};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::super::error::DicomError;
use super::attributes::{Form, Meaning};
use super::jpeg::{Markers, markers};
use super::structure::{Encoding, Stored};
use super::{MAX_SIDE, rle};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    Native,
    Rle,
    Jpeg,
    JpegLossless,
    Jpeg2000,
}

/// Scans of a JPEG; common progressive files have 10.
const MAX_SCANS: usize = 64;
/// Pixels of a frame whose decoder keeps several bytes a sample while it works.
const MAX_PROGRESSIVE_PIXELS: usize = 24_000_000;
const MAX_LOSSLESS_PIXELS: usize = 12_000_000;
const MAX_WAVELET_PIXELS: usize = 8_000_000;

/// Samples of a frame, pixel by pixel.
#[derive(Debug, PartialEq, Eq)]
pub enum Samples {
    Bytes(Vec<u8>, Meaning),
    Words(Vec<u16>, Meaning),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Damaged,
    /// The codec has this kind of frame, the reader has not.
    Unread,
    TooMany,
}

/// The bytes of every frame.
pub fn split<'a>(body: &'a [u8], pixels: &Stored, form: &Form) -> Result<Vec<Cow<'a, [u8]>>, DicomError> {
    let frames = form.frames as usize;
    match pixels {
        Stored::Native(range) => {
            let size = native_size(form);
            let whole = &body[range.clone()];
            let needed = size.checked_mul(frames).ok_or(DicomError::TooManyPixels)?;
            let used = whole.get(..needed).ok_or(DicomError::Damaged)?;
            Ok(used.chunks_exact(size).map(Cow::Borrowed).collect())
        }
        Stored::Encapsulated { fragments, .. } if frames == 1 && !fragments.is_empty() => {
            Ok(vec![joined(body, fragments)])
        }
        Stored::Encapsulated { fragments, .. } if fragments.len() == frames => {
            Ok(fragments.iter().map(|range| Cow::Borrowed(&body[range.clone()])).collect())
        }
        Stored::Encapsulated { offsets, fragments } if offsets.len() == frames => {
            // A fragment lies eight bytes after the offset of its item.
            let first = fragments.first().ok_or(DicomError::Damaged)?.start;
            let starts: Vec<usize> = offsets.iter().map(|offset| first + *offset as usize).collect();
            let at = |start: &usize| fragments.iter().position(|range| range.start == *start);
            let mut places = starts.iter().map(at).collect::<Option<Vec<_>>>().ok_or(DicomError::Damaged)?;
            places.push(fragments.len());
            if !places.is_sorted_by(|before, after| before < after) {
                return Err(DicomError::Damaged);
            }
            Ok(places.windows(2).map(|pair| joined(body, &fragments[pair[0]..pair[1]])).collect())
        }
        Stored::Encapsulated { .. } => Err(DicomError::Damaged),
    }
}

fn joined<'a>(body: &'a [u8], fragments: &[std::ops::Range<usize>]) -> Cow<'a, [u8]> {
    match fragments {
        [only] => Cow::Borrowed(&body[only.clone()]),
        several => Cow::Owned(several.iter().flat_map(|range| &body[range.clone()]).copied().collect()),
    }
}

/// Bytes of a frame that is not compressed.
fn native_size(form: &Form) -> usize {
    let samples = match form.meaning {
        // Y, Y, Cb, Cr for two pixels; rows have an even number of them.
        Meaning::YbrFull422 => 2 * form.pixels(),
        _ => form.samples * form.pixels(),
    };
    samples * (form.allocated as usize / 8)
}

pub fn native(bytes: &[u8], form: &Form, encoding: Encoding) -> Result<Samples, DicomError> {
    if form.meaning == Meaning::YbrIct {
        return Err(DicomError::Damaged);
    }
    if form.meaning == Meaning::YbrFull422 {
        if !form.columns.is_multiple_of(2) || form.allocated != 8 || form.planar {
            return Err(DicomError::PixelLayout);
        }
        let full = bytes.chunks_exact(4).flat_map(|p| [p[0], p[2], p[3], p[1], p[2], p[3]]).collect();
        return Ok(Samples::Bytes(full, Meaning::YbrFull));
    }
    if form.allocated == 8 {
        return Ok(Samples::Bytes(interleaved(bytes.iter().copied(), form), form.meaning));
    }
    let word: fn([u8; 2]) -> u16 =
        if encoding == Encoding::ExplicitBig { u16::from_be_bytes } else { u16::from_le_bytes };
    let words = bytes.as_chunks::<2>().0.iter().map(|pair| word(*pair));
    Ok(Samples::Words(interleaved(words, form), form.meaning))
}

/// Colour by colour to pixel by pixel.
fn interleaved<T: Copy + Default>(samples: impl ExactSizeIterator<Item = T>, form: &Form) -> Vec<T> {
    if !form.planar {
        return samples.collect();
    }
    let pixels = form.pixels();
    let mut out = vec![T::default(); samples.len()];
    for (at, sample) in samples.enumerate() {
        out[at % pixels * form.samples + at / pixels] = sample;
    }
    out
}

/// Decodes a frame. A codec that panics has met a damaged frame.
pub fn decompressed(coding: Coding, frame: Cow<'_, [u8]>, form: &Form) -> Result<Samples, Fault> {
    catch_unwind(AssertUnwindSafe(|| match coding {
        Coding::Native => Err(Fault::Damaged),
        Coding::Rle => run_lengths(&frame, form),
        Coding::Jpeg => jpeg(frame, form),
        Coding::JpegLossless => lossless(&frame, form),
        Coding::Jpeg2000 => wavelets(&frame, form),
    }))
    .unwrap_or(Err(Fault::Damaged))
}

fn run_lengths(frame: &[u8], form: &Form) -> Result<Samples, Fault> {
    // Annex G knows no shared colours.
    if matches!(form.meaning, Meaning::YbrFull422 | Meaning::YbrIct) {
        return Err(Fault::Unread);
    }
    let bytes = form.allocated as usize / 8;
    let samples = rle::unpacked(frame, form.pixels(), form.samples, bytes).ok_or(Fault::Damaged)?;
    if bytes == 1 {
        return Ok(Samples::Bytes(samples, form.meaning));
    }
    let words = samples.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
    Ok(Samples::Words(words, form.meaning))
}

/// The markers, where they say what the file says.
fn surveyed(frame: &[u8], form: &Form) -> Result<Markers, Fault> {
    let found = markers(frame).ok_or(Fault::Damaged)?;
    let same = (found.width, found.height) == (form.columns, form.rows) && found.components == form.samples;
    if same { Ok(found) } else { Err(Fault::Damaged) }
}

/// What three components mean: markers before the file's word, as most readers do, because many senders write
/// RGB over a stream of colour differences.
fn colours(found: &Markers, form: &Form) -> Meaning {
    if form.samples == 1 {
        return form.meaning;
    }
    let differences = found.differences.unwrap_or(form.meaning != Meaning::Rgb);
    if differences { Meaning::YbrFull } else { Meaning::Rgb }
}

fn jpeg(mut frame: Cow<'_, [u8]>, form: &Form) -> Result<Samples, Fault> {
    let found = surveyed(&frame, form)?;
    if found.precision != 8 || found.process > 2 {
        return Err(Fault::Unread);
    }
    if found.process == 2 && form.pixels() > MAX_PROGRESSIVE_PIXELS {
        return Err(Fault::TooMany);
    }
    let meaning = colours(&found, form);
    hide_adobe(&mut frame);
    let options = DecoderOptions::default()
        .set_max_width(MAX_SIDE as usize)
        .set_max_height(MAX_SIDE as usize)
        .jpeg_set_max_scans(MAX_SCANS)
        .set_strict_mode(true);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&*frame), options);
    decoder.decode_headers().map_err(|_| Fault::Damaged)?;
    let (target, given) = match meaning {
        Meaning::YbrFull => (ColorSpace::RGB, Meaning::Rgb),
        // As the decoder names its components, so that it leaves them alone.
        Meaning::Rgb => (decoder.input_colorspace().ok_or(Fault::Damaged)?, Meaning::Rgb),
        _ => (ColorSpace::Luma, meaning),
    };
    decoder.set_options(options.jpeg_set_out_colorspace(target));
    let raw = decoder.decode().map_err(|_| Fault::Damaged)?;
    if raw.len() != form.pixels() * form.samples {
        return Err(Fault::Damaged);
    }
    Ok(Samples::Bytes(raw, given))
}

/// The decoder would follow the Adobe segment; [`colours`] has judged it already.
fn hide_adobe(frame: &mut Cow<'_, [u8]>) {
    let head = frame.len().min(1 << 16);
    if let Some(at) = frame[..head].windows(9).position(|w| w[..2] == [0xFF, 0xEE] && &w[4..] == b"Adobe") {
        frame.to_mut()[at + 4] = b'a';
    }
}

fn lossless(frame: &[u8], form: &Form) -> Result<Samples, Fault> {
    let found = surveyed(frame, form)?;
    if found.process != 3 || found.precision < 2 || u32::from(found.precision) > form.allocated {
        return Err(Fault::Unread);
    }
    if form.pixels() > MAX_LOSSLESS_PIXELS {
        return Err(Fault::TooMany);
    }
    let mut decoder = jpeg_decoder::Decoder::new(frame);
    decoder.set_color_transform(ColorTransform::None);
    let raw = decoder.decode().map_err(|_| Fault::Damaged)?;
    let wide = found.precision > 8;
    let format = decoder.info().map(|info| info.pixel_format);
    let count = form.pixels() * form.samples;
    if format == Some(PixelFormat::CMYK32) || raw.len() != count * (1 + usize::from(wide)) {
        return Err(Fault::Damaged);
    }
    let meaning = if form.samples == 1 { form.meaning } else { colours(&found, form) };
    if !wide {
        return Ok(Samples::Bytes(raw, meaning));
    }
    let words = raw.as_chunks::<2>().0.iter().map(|pair| u16::from_ne_bytes(*pair)).collect();
    Ok(Samples::Words(words, meaning))
}

fn wavelets(frame: &[u8], form: &Form) -> Result<Samples, Fault> {
    let image = Image::new(frame, &DecodeSettings::default()).map_err(|_| Fault::Damaged)?;
    if (image.width(), image.height()) != (form.columns, form.rows) || image.has_alpha() {
        return Err(Fault::Damaged);
    }
    if form.pixels() > MAX_WAVELET_PIXELS {
        return Err(Fault::TooMany);
    }
    if image.color_space().num_channels() as usize != form.samples {
        return Err(Fault::Damaged);
    }
    if form.signed || form.stored > 8 || image.original_bit_depth() != 8 {
        return Err(Fault::Unread);
    }
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(|_| Fault::Damaged)?;
    let count = form.pixels() * form.samples;
    let mut raw = vec![0; count];
    if decoded.components().iter().map(|part| part.samples().len()).sum::<usize>() != count {
        return Err(Fault::Damaged);
    }
    decoded.store_u8_into(&mut raw);
    let meaning = match form.meaning {
        Meaning::YbrIct => Meaning::Rgb,
        Meaning::YbrFull422 => Meaning::YbrFull,
        other => other,
    };
    Ok(Samples::Bytes(raw, meaning))
}
