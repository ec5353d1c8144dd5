//! VL Photographic (PS3.3, A.32.4) and Dermoscopic Photography (A.32.11, of supplement 221) images.

use dicom_core::value::{C, PixelFragmentSequence, PrimitiveValue};
use dicom_core::{DataElement, VR, dicom_value};
use dicom_dictionary_std::{tags, uids};
use domain::body_site::CodedTerm;
use domain::lesion::Laterality;

use super::object::{Coded, Object};
use super::{DicomPlace, DicomReference, derived_uid};
use crate::dicom::read::jpeg::{Markers, markers};
use crate::error::DocumentError;

/// What a photograph shows.
#[derive(Clone, Copy, Debug)]
pub struct Photograph<'a> {
    /// Taken with a dermoscope.
    pub dermoscopic: bool,
    pub picture: Picture<'a>,
    /// Millimetres between rows and between columns, where they were measured.
    pub pixel_spacing_mm: Option<[f64; 2]>,
    pub site: CodedTerm,
    pub laterality: Laterality,
    pub lesion_label: &'a str,
    /// The same in every object of the lesion.
    pub lesion_uid: &'a str,
}

#[derive(Clone, Copy)]
pub enum Picture<'a> {
    /// A baseline or extended JPEG of eight bits, upright as it is; its samples stay as they are, what else the file
    /// says (place, camera, comments) is left out.
    Jpeg(&'a [u8]),
    /// sRGB, a byte a channel, row by row; `lossy` where its file was coded with loss; what one without loss
    /// was made of is not known.
    Rgb { width: u32, height: u32, pixels: &'a [u8], lossy: bool },
}

impl std::fmt::Debug for Picture<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Jpeg(_) => "Jpeg",
            Self::Rgb { .. } => "Rgb",
        })
    }
}

/// The SOP class of a photograph (PS3.4, B.5).
#[must_use]
pub const fn photograph_class(dermoscopic: bool) -> &'static str {
    if dermoscopic {
        uids::DERMOSCOPIC_PHOTOGRAPHY_IMAGE_STORAGE
    } else {
        uids::VL_PHOTOGRAPHIC_IMAGE_STORAGE
    }
}

/// Writes a photograph as a DICOM file.
///
/// # Errors
/// [`DocumentError::PhotographUnreadable`] for a JPEG of another kind or a picture of the wrong size,
/// [`DocumentError::Write`].
pub fn photograph(
    place: &DicomPlace<'_>,
    shown: &Photograph<'_>,
) -> Result<(Vec<u8>, DicomReference), DocumentError> {
    let class = photograph_class(shown.dermoscopic);
    let modality = if shown.dermoscopic { "DMS" } else { "XC" };
    let mut object = Object::placed(place, class, modality);
    object.put(tags::IMAGE_TYPE, VR::CS, dicom_value!(Strs, ["ORIGINAL", "PRIMARY"]));
    object.empty(tags::PATIENT_ORIENTATION, VR::CS);
    object.sequence(tags::ACQUISITION_CONTEXT_SEQUENCE, Vec::new());
    object.date(tags::ACQUISITION_DATE, Some(place.on));
    if place.time.is_some() {
        object.time(tags::ACQUISITION_TIME, place.time);
    }
    where_it_is(&mut object, shown);
    if shown.dermoscopic {
        dermoscopic(&mut object, shown, place.instance_uid);
    }
    if let Some(spacing) = shown.pixel_spacing_mm {
        let text =
            spacing.map(|step| format!("{step:.8}").trim_end_matches('0').trim_end_matches('.').to_owned());
        object.put(tags::PIXEL_SPACING, VR::DS, PrimitiveValue::Strs(text.into_iter().collect()));
    }
    let file = match shown.picture {
        Picture::Jpeg(jpeg) => compressed(object, jpeg, class, place.instance_uid)?,
        Picture::Rgb { width, height, pixels, lossy } => {
            plain(&mut object, width, height, pixels, lossy)?;
            object.into_explicit_file(class, place.instance_uid)?
        }
    };
    let reference = DicomReference::at(place, class);
    Ok((file, reference))
}

fn where_it_is(object: &mut Object, shown: &Photograph<'_>) {
    let mut region = Coded::from(shown.site).item();
    if let Some(side) = shown.laterality.term() {
        region.code(tags::ANATOMIC_REGION_MODIFIER_SEQUENCE, side.into());
    }
    object.sequence(tags::ANATOMIC_REGION_SEQUENCE, vec![region]);
    let side = match shown.laterality {
        Laterality::Left => "L",
        Laterality::Right => "R",
        // Not one of a pair; saying nothing would leave open which of a pair it is.
        Laterality::Midline | Laterality::NotApplicable => "U",
    };
    object.text(tags::IMAGE_LATERALITY, VR::CS, side);
}

/// The modules Frame of Reference and Dermoscopic Image (C.7.4.1, C.8.12.14). What the dermoscope did not say is left empty.
fn dermoscopic(object: &mut Object, shown: &Photograph<'_>, instance: &str) {
    // Every photograph lies in a frame of its own.
    object.text(tags::FRAME_OF_REFERENCE_UID, VR::UI, &derived_uid(&["frame", instance]));
    object.empty(tags::POSITION_REFERENCE_INDICATOR, VR::LO);
    object.empty(tags::LIGHT_SOURCE_POLARIZATION, VR::CS);
    object.empty(tags::EMITTER_COLOR_TEMPERATURE, VR::US);
    object.empty(tags::CONTACT_METHOD, VR::CS);
    object.empty(tags::OPTICAL_MAGNIFICATION_FACTOR, VR::DS);
    object.text(tags::RECOGNIZABLE_VISUAL_FEATURES, VR::CS, "NO");
    object.text(tags::TRACKING_ID, VR::UT, shown.lesion_label);
    object.text(tags::TRACKING_UID, VR::UI, shown.lesion_uid);
}

fn laid_out(object: &mut Object, width: u32, height: u32, samples: u16, meaning: &str) -> Option<()> {
    object.put(tags::COLUMNS, VR::US, u16::try_from(width).ok()?);
    object.put(tags::ROWS, VR::US, u16::try_from(height).ok()?);
    object.put(tags::SAMPLES_PER_PIXEL, VR::US, samples);
    object.text(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, meaning);
    if samples == 3 {
        object.put(tags::PLANAR_CONFIGURATION, VR::US, 0_u16);
    }
    object.put(tags::BITS_ALLOCATED, VR::US, 8_u16);
    object.put(tags::BITS_STORED, VR::US, 8_u16);
    object.put(tags::HIGH_BIT, VR::US, 7_u16);
    object.put(tags::PIXEL_REPRESENTATION, VR::US, 0_u16);
    Some(())
}

fn plain(
    object: &mut Object,
    width: u32,
    height: u32,
    pixels: &[u8],
    lossy: bool,
) -> Result<(), DocumentError> {
    let unreadable = DocumentError::PhotographUnreadable(0);
    if width == 0 || height == 0 || pixels.len() as u64 != u64::from(width) * u64::from(height) * 3 {
        return Err(unreadable);
    }
    laid_out(object, width, height, 3, "RGB").ok_or(unreadable)?;
    object.text(tags::LOSSY_IMAGE_COMPRESSION, VR::CS, if lossy { "01" } else { "" });
    let mut even = pixels.to_vec();
    even.resize(even.len().next_multiple_of(2), 0);
    object.put(tags::PIXEL_DATA, VR::OB, even);
    Ok(())
}

fn compressed(
    mut object: Object,
    jpeg: &[u8],
    class: &str,
    instance: &str,
) -> Result<Vec<u8>, DocumentError> {
    let unreadable = || DocumentError::PhotographUnreadable(0);
    let found =
        markers(jpeg).filter(|found| found.precision == 8 && found.process <= 1).ok_or_else(unreadable)?;
    let (meaning, samples) = match (found.components, found.differences) {
        (1, _) => ("MONOCHROME2", 1),
        (3, Some(false)) => ("RGB", 3),
        // Baseline JPEG knows no other name for colour differences (PS3.5, 8.2.1).
        (3, _) => ("YBR_FULL_422", 3),
        _ => return Err(unreadable()),
    };
    laid_out(&mut object, found.width, found.height, samples, meaning).ok_or_else(unreadable)?;
    let kept = pared(jpeg).ok_or_else(unreadable)?;
    if let Some(profile) = kept.profile {
        object.put(tags::ICC_PROFILE, VR::OB, even(profile));
    }
    object.text(tags::LOSSY_IMAGE_COMPRESSION, VR::CS, "01");
    object.text(tags::LOSSY_IMAGE_COMPRESSION_METHOD, VR::CS, "ISO_10918_1");
    let ratio = natural_bytes(&found) as f64 / kept.jpeg.len() as f64;
    object.put(tags::LOSSY_IMAGE_COMPRESSION_RATIO, VR::DS, format!("{ratio:.3}"));
    let fragments: C<Vec<u8>> = std::iter::once(even(kept.jpeg)).collect();
    let pixels = PixelFragmentSequence::new(C::<u32>::new(), fragments);
    let mut inner = object.into_inner();
    inner.put(DataElement::new(tags::PIXEL_DATA, VR::OB, pixels));
    let syntax = if found.process == 0 { uids::JPEG_BASELINE8_BIT } else { uids::JPEG_EXTENDED12_BIT };
    Object::from(inner).into_file(class, instance, syntax)
}

fn natural_bytes(found: &Markers) -> u64 {
    u64::from(found.width) * u64::from(found.height) * found.components as u64
}

fn even(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.resize(bytes.len().next_multiple_of(2), 0);
    bytes
}

struct Pared {
    jpeg: Vec<u8>,
    profile: Option<Vec<u8>>,
}

/// Bytes of entropy-coded data up to the next marker (ITU-T T.81, B.1.1.5); all of them where there is none.
fn scan_length(data: &[u8]) -> usize {
    let is_marker = |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xFF | 0xD0..=0xD7);
    data.windows(2).position(is_marker).unwrap_or(data.len())
}

/// A JPEG with its colour markers alone: EXIF, XMP and comments name cameras, places and people.
fn pared(jpeg: &[u8]) -> Option<Pared> {
    let mut kept = jpeg.get(..2)?.to_vec();
    let mut rest = jpeg.get(2..)?;
    let mut profile: Vec<(u8, &[u8])> = Vec::new();
    loop {
        let [0xFF, marker, ..] = *rest else { return None };
        if marker == 0xFF {
            rest = &rest[1..];
            continue;
        }
        // What stands behind the picture's end is another file: a second picture, a film, each with its own EXIF.
        if marker == 0xD9 {
            break;
        }
        let length = usize::from(u16::from_be_bytes(*rest.get(2..)?.first_chunk()?));
        let (whole, after) = rest.split_at_checked(2 + length)?;
        let body = whole.get(4..)?;
        match marker {
            0xE2 if body.starts_with(b"ICC_PROFILE\0") => profile.push((*body.get(12)?, body.get(14..)?)),
            0xE0 if body.starts_with(b"JFIF\0") => kept.extend_from_slice(whole),
            0xEE if body.starts_with(b"Adobe") => kept.extend_from_slice(whole),
            0xE0..=0xEF | 0xFE => {}
            _ => kept.extend_from_slice(whole),
        }
        rest = after;
        if marker == 0xDA {
            let scan;
            (scan, rest) = after.split_at(scan_length(after));
            kept.extend_from_slice(scan);
            if rest.is_empty() {
                break;
            }
        }
    }
    kept.extend_from_slice(&[0xFF, 0xD9]);
    profile.sort_by_key(|(number, _)| *number);
    let profile: Vec<u8> = profile.into_iter().flat_map(|(_, part)| part).copied().collect();
    Some(Pared { jpeg: kept, profile: Some(profile).filter(|profile| !profile.is_empty()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_that_stands_between_or_behind_the_scans() {
        let segment = |marker: u8, body: &[u8]| {
            let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
            [&[0xFF, marker], length.as_slice(), body].concat()
        };
        let scan =
            [segment(0xDA, b"\x01\x01\x00\x00\x3F\x00"), b"\x12\xFF\x00\x34\xFF\xD0\x56".to_vec()].concat();
        let film =
            [&[0xFF, 0xD8], segment(0xE1, b"Exif\0\0another place").as_slice(), &[0xFF, 0xD9]].concat();
        let jpeg = [
            b"\xFF\xD8".to_vec(),
            segment(0xE1, b"Exif\0\0a place"),
            segment(0xDB, b"table"),
            scan.clone(),
            segment(0xFE, b"a comment"),
            scan.clone(),
            b"\xFF\xD9".to_vec(),
            film,
        ];
        let expected =
            [b"\xFF\xD8".to_vec(), segment(0xDB, b"table"), scan.clone(), scan.clone(), b"\xFF\xD9".to_vec()];
        assert_eq!(pared(&jpeg.concat()).unwrap().jpeg, expected.concat());
        // One that was cut off gets its end.
        assert_eq!(
            pared(&jpeg[..4].concat()).unwrap().jpeg,
            [&expected[..3].concat(), &expected[4]].map(|part| part.as_slice()).concat()
        );
        for length in 0..jpeg.concat().len() {
            let _ = pared(&jpeg.concat()[..length]);
        }
    }
}
