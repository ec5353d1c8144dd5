//! Reading photographs.
//!
//! A file from elsewhere is not trusted: [`structure`] walks over its elements and holds every length against
//! the bytes that are there, before [`attributes`] lets `dicom-object` read the few elements that matter.
//! [`codec`] decompresses frames, [`colour`] settles what their samples mean.

mod attributes;
mod codec;
mod colour;
pub(super) mod jpeg;
mod rle;
mod structure;

use std::borrow::Cow;
use std::io::Read;

use dicom_dictionary_std::uids;
use flate2::read::DeflateDecoder;
use jiff::civil::Date;

use self::attributes::Attributes;
use self::codec::Coding;
use self::structure::{Encoding, Stored};
use super::error::{DicomError, TransferSyntaxName};

/// Largest file, in bytes.
pub const MAX_FILE_BYTES: usize = 64 << 20;
/// Most a deflated file may inflate to, in bytes.
const MAX_INFLATED_BYTES: u64 = 128 << 20;
pub const MAX_SIDE: u32 = 16_384;
/// Of all frames together.
pub const MAX_PIXELS: u64 = 60_000_000;
pub const MAX_FRAMES: u32 = 1_000;
/// Retired in 2014, and still in archives.
const EXPLICIT_BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";
const PREAMBLE: usize = 128;

/// The photographs of a DICOM file and what it says of them.
#[derive(Clone, Debug, PartialEq)]
pub struct DicomPictures {
    /// At least one.
    pub frames: Vec<DicomFrame>,
    /// Millimetres at the skin between the centres of rows and of columns (PS3.3, 10.7.1.3), where the file
    /// says so itself. The spacing at the camera's sensor is not taken for it.
    pub pixel_spacing_mm: Option<[f64; 2]>,
    pub sop_instance_uid: String,
    pub sop_class_uid: String,
    /// As written, `XC` and `DMS` for photographs.
    pub modality: String,
    pub study_date: Option<Date>,
    /// Patient ID as the sender writes it.
    pub patient_number: Option<String>,
    /// Code and coding scheme of the anatomic region.
    pub body_site: Option<(String, String)>,
}

#[derive(Clone, PartialEq, Eq)]
pub struct DicomFrame {
    pub width: u32,
    pub height: u32,
    /// sRGB, a byte a channel, row by row.
    pub rgb: Vec<u8>,
}

impl std::fmt::Debug for DicomFrame {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "DicomFrame({} × {})", self.width, self.height)
    }
}

/// Whether a file begins as a DICOM file does.
#[must_use]
pub fn is_dicom(bytes: &[u8]) -> bool {
    bytes.get(PREAMBLE..PREAMBLE + 4) == Some(b"DICM")
}

/// Reads the photographs of a DICOM file: VL and secondary capture images, native, deflated, RLE, JPEG
/// (baseline, extended, lossless) and JPEG 2000.
///
/// # Errors
/// [`DicomError`]; a file that is cut off is never read in part.
pub fn read(bytes: &[u8]) -> Result<DicomPictures, DicomError> {
    if !is_dicom(bytes) {
        return Err(DicomError::NotDicom);
    }
    if bytes.len() > MAX_FILE_BYTES {
        return Err(DicomError::TooLarge);
    }
    let (syntax, body) = structure::transfer_syntax(&bytes[PREAMBLE + 4..])?;
    let unread = || DicomError::TransferSyntax(TransferSyntaxName::of(&syntax));
    let (encoding, coding) = understood(&syntax).ok_or_else(unread)?;
    let body = if syntax == uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN {
        Cow::Owned(inflated(body)?)
    } else {
        Cow::Borrowed(body)
    };
    let scanned = structure::scan(&body, encoding)?;
    let attributes = Attributes::read(&scanned.wanted, encoding)?;
    if !is_photograph(&attributes.sop_class_uid) {
        let bare = scanned.pixels.is_none();
        return Err(if bare { DicomError::NoPicture } else { DicomError::NotAPhotograph });
    }
    let pixels = scanned.pixels.ok_or(DicomError::NoPicture)?;
    let form = attributes.form()?;
    let palette = attributes.palette(&form)?;
    let levels = attributes.levels();
    let mut frames = Vec::with_capacity(form.frames as usize);
    for frame in codec::split(&body, &pixels, &form)? {
        let samples = match (coding, &pixels) {
            (Coding::Native, Stored::Native(_)) => codec::native(&frame, &form, encoding)?,
            (Coding::Native, _) | (_, Stored::Native(_)) => return Err(DicomError::Damaged),
            (coding, _) => codec::decompressed(coding, frame, &form).map_err(|fault| match fault {
                codec::Fault::Damaged => DicomError::Damaged,
                codec::Fault::Unread => unread(),
                codec::Fault::TooMany => DicomError::TooManyPixels,
            })?,
        };
        let rgb = colour::to_srgb(samples, &form, palette.as_ref(), &levels, attributes.profile())?;
        frames.push(DicomFrame { width: form.columns, height: form.rows, rgb });
    }
    Ok(attributes.into_pictures(frames))
}

fn understood(uid: &str) -> Option<(Encoding, Coding)> {
    Some(match uid {
        uids::IMPLICIT_VR_LITTLE_ENDIAN => (Encoding::ImplicitLittle, Coding::Native),
        uids::EXPLICIT_VR_LITTLE_ENDIAN | uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN => {
            (Encoding::ExplicitLittle, Coding::Native)
        }
        EXPLICIT_BIG_ENDIAN => (Encoding::ExplicitBig, Coding::Native),
        uids::RLE_LOSSLESS => (Encoding::ExplicitLittle, Coding::Rle),
        uids::JPEG_BASELINE8_BIT | uids::JPEG_EXTENDED12_BIT => (Encoding::ExplicitLittle, Coding::Jpeg),
        uids::JPEG_LOSSLESS | uids::JPEG_LOSSLESS_SV1 => (Encoding::ExplicitLittle, Coding::JpegLossless),
        uids::JPEG2000 | uids::JPEG2000_LOSSLESS => (Encoding::ExplicitLittle, Coding::Jpeg2000),
        _ => return None,
    })
}

/// Secondary captures and visible light, stills of one plane (PS3.4, B.5).
fn is_photograph(class: &str) -> bool {
    matches!(
        class,
        uids::SECONDARY_CAPTURE_IMAGE_STORAGE
            | uids::MULTI_FRAME_GRAYSCALE_BYTE_SECONDARY_CAPTURE_IMAGE_STORAGE
            | uids::MULTI_FRAME_GRAYSCALE_WORD_SECONDARY_CAPTURE_IMAGE_STORAGE
            | uids::MULTI_FRAME_TRUE_COLOR_SECONDARY_CAPTURE_IMAGE_STORAGE
            | uids::VL_ENDOSCOPIC_IMAGE_STORAGE
            | uids::VL_MICROSCOPIC_IMAGE_STORAGE
            | uids::VL_PHOTOGRAPHIC_IMAGE_STORAGE
            | uids::DERMOSCOPIC_PHOTOGRAPHY_IMAGE_STORAGE
    )
}

fn inflated(packed: &[u8]) -> Result<Vec<u8>, DicomError> {
    let mut body = Vec::new();
    DeflateDecoder::new(packed)
        .take(MAX_INFLATED_BYTES + 1)
        .read_to_end(&mut body)
        .map_err(|_| DicomError::Damaged)?;
    if body.len() as u64 > MAX_INFLATED_BYTES {
        return Err(DicomError::TooLarge);
    }
    Ok(body)
}
