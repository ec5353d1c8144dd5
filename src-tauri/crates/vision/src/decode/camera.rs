//! What a photograph says of the camera that took it.

use domain::image::ImageFormat;

use super::{exif, sniff};

/// EXIF Make and Model (tags 0x010F and 0x0110, Exif 2.32, section 4.6.4); empty where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Camera {
    pub make: String,
    pub model: String,
}

/// Reads the camera from a JPEG or TIFF file; other formats say nothing of it.
#[must_use]
pub fn camera(bytes: &[u8]) -> Camera {
    let block = match sniff(bytes) {
        Some(ImageFormat::Jpeg) => exif_segment(bytes),
        Some(ImageFormat::Tiff) => Some(bytes),
        _ => None,
    };
    block.map(exif::camera).unwrap_or_default()
}

/// The EXIF segment stands before the pixels (Exif 2.32, section 4.7.2).
fn exif_segment(bytes: &[u8]) -> Option<&[u8]> {
    let mut at = 2usize;
    loop {
        let [0xFF, marker, high, low] = *bytes.get(at..at.checked_add(4)?)? else { return None };
        let length = usize::from(high) << 8 | usize::from(low);
        if marker == 0xDA || length < 2 {
            return None;
        }
        let body = bytes.get(at + 4..at + 2 + length)?;
        match body.strip_prefix(b"Exif\0\0") {
            Some(tiff) if marker == 0xE1 => return Some(tiff),
            _ => at += 2 + length,
        }
    }
}
