//! The patient's portrait beside the name, so that nobody works in the wrong record.
//!
//! It is no photograph of the examination: whoever may read the patient's name sees it, and it is kept as a
//! small JPEG made here, without anything the file said beside its pixels.

use domain::PatientId;
use records::{patients, portraits};
use serde_json::json;
use vision::{DecodeLimits, Photograph, encode, overlay};
use zeroize::Zeroizing;

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::events::Subject;
use crate::picture::Picture;
use crate::session::Session;
use crate::views::{PortraitRequest, PortraitView};

/// Side of the square that is kept, in pixels.
const SIDE: u32 = 256;
/// Tried in turn until the file is small enough.
const QUALITIES: [u8; 4] = [85, 70, 50, 30];
/// Largest file that is looked at.
const LARGEST_FILE: usize = 16 << 20;

/// Keeps the middle of a picture as the patient's portrait.
///
/// # Errors
/// The `image_…` codes for what is no picture, `consent_missing` without consent to photographs, `not_found`,
/// `patient_merged`.
pub fn save(session: &Session, request: &PortraitRequest, bytes: &[u8]) -> Result<PortraitView> {
    let actor = session.authorise(Command::PortraitSave)?;
    let patient = session.store().read(|tx| patients::get(tx, request.patient_id))?;
    if !patient.details.photo_consent {
        return Err(Error::with(ErrorCode::ConsentMissing, json!({ "consent": "photo" })));
    }
    if bytes.len() > LARGEST_FILE {
        return Err(Error::with(ErrorCode::ImageTooLarge, json!({ "limit_bytes": LARGEST_FILE })));
    }
    let jpeg = small_square(&vision::decode(bytes, &DecodeLimits::default())?)?;
    let edition = session.store().write(&actor, |tx| portraits::set(tx, patient.id, &jpeg))?;
    session.workstation().events().changed(Subject::Patient, patient.id);
    Ok(PortraitView { edition })
}

/// # Errors
/// `not_found` where there is none.
pub fn remove(session: &Session, request: &PortraitRequest) -> Result<()> {
    let actor = session.authorise(Command::PortraitRemove)?;
    session.store().write(&actor, |tx| portraits::remove(tx, request.patient_id))?;
    session.workstation().events().changed(Subject::Patient, request.patient_id);
    Ok(())
}

/// The picture for the window. Nothing where the consent was withdrawn since.
pub(crate) fn look(session: &Session, patient: PatientId) -> Result<Picture> {
    session.authorise(Command::PatientRead)?;
    let jpeg = session.store().read(|tx| {
        if patients::get(tx, patient)?.details.photo_consent {
            portraits::jpeg(tx, patient)
        } else {
            Err(records::RecordsError::NotFound)
        }
    })?;
    Ok(Picture { media_type: "image/jpeg", bytes: Zeroizing::new(jpeg) })
}

pub(crate) fn small_square(photo: &Photograph) -> Result<Vec<u8>> {
    let small = overlay::shrink_to(&middle(photo), SIDE);
    for quality in QUALITIES {
        let jpeg = encode::encode_jpeg(&small.rgb, small.width, small.height, quality)
            .map_err(|_| ErrorCode::Internal)?;
        if jpeg.len() <= portraits::MOST_BYTES {
            return Ok(jpeg);
        }
    }
    Err(ErrorCode::Internal.into())
}

/// The largest square in the middle.
fn middle(photo: &Photograph) -> Photograph {
    let (width, height) = (photo.width as usize, photo.height as usize);
    let side = width.min(height);
    let (left, top) = ((width - side) / 2, (height - side) / 2);
    let rows = photo.rgb.chunks_exact(width * 3).skip(top).take(side);
    let rgb = rows.flat_map(|row| &row[left * 3..(left + side) * 3]).copied().collect();
    let side = photo.width.min(photo.height);
    Photograph { width: side, height: side, rgb, format: photo.format }
}

#[cfg(test)]
mod tests {
    use domain::image::ImageFormat;

    use super::*;

    #[test]
    fn noise_in_any_shape_becomes_a_small_square() {
        for (width, height) in [(900, 500), (300, 1200), (40, 90)] {
            let mut state = 7_u32;
            let rgb: Vec<u8> = (0..width * height * 3)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (state >> 24) as u8
                })
                .collect();
            let photo = Photograph::new(width, height, rgb, ImageFormat::Png).unwrap();
            let jpeg = small_square(&photo).unwrap();
            assert!(jpeg.len() <= portraits::MOST_BYTES, "{}", jpeg.len());
            let back = vision::decode(&jpeg, &DecodeLimits::default()).unwrap();
            let kept = width.min(height).min(SIDE);
            assert_eq!((back.width, back.height), (kept, kept));
        }
    }
}
