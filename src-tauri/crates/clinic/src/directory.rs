//! The directory of clinicians: who signs reports, with licence number and the picture of a signature.

use domain::ClinicianId;
use domain::problem::Problems;
use records::clinicians::{self, Clinician};
use records::users;
use serde_json::json;
use vision::{DecodeLimits, encode};
use zeroize::Zeroizing;

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::picture::Picture;
use crate::session::Session;
use crate::views::{ClinicianRequest, ClinicianSaveRequest, ClinicianView};

/// Largest file of a signature, its longest sides in pixels, and the largest PNG that is kept.
const LARGEST_FILE: usize = 2 << 20;
const LONGEST: (u32, u32) = (1600, 800);
const LARGEST_PNG: usize = 256 << 10;

/// # Errors
/// `not_permitted`.
pub fn list(session: &Session) -> Result<Vec<ClinicianView>> {
    session.authorise(Command::ClinicianList)?;
    Ok(session.store().read(clinicians::list)?.into_iter().map(view).collect())
}

/// Adds or changes an entry.
///
/// # Errors
/// `invalid_input` with the fields, `not_found` for entry or user, `conflict` when the user has another entry.
pub fn save(session: &Session, request: &ClinicianSaveRequest) -> Result<ClinicianView> {
    let actor = session.authorise(Command::ClinicianSave)?;
    let (name, licence) = (request.full_name.trim(), request.licence_number.trim());
    let mut problems = Problems::default();
    problems.required_text("full_name", name, 100);
    problems.text("licence_number", licence, 40);
    problems.into_result()?;
    let saved = session.store().write(&actor, |tx| {
        if let Some(user) = request.user_id {
            users::get(tx, user)?;
        }
        match request.id {
            Some(id) => clinicians::change(tx, id, name, licence, request.user_id),
            None => clinicians::add(tx, name, licence, request.user_id),
        }
    })?;
    Ok(view(saved))
}

/// Stores the picture of a signature, at most 1600 × 800 pixels, as a PNG without anything beside its pixels.
///
/// # Errors
/// The `image_…` codes for what is no picture, `not_found`.
pub fn signature_save(session: &Session, request: &ClinicianRequest, bytes: &[u8]) -> Result<ClinicianView> {
    let actor = session.authorise(Command::ClinicianSignatureSave)?;
    session.store().read(|tx| clinicians::get(tx, request.id))?;
    let png = as_plain_png(bytes)?;
    Ok(view(session.store().write(&actor, |tx| clinicians::set_signature(tx, request.id, &png))?))
}

/// # Errors
/// `not_found`.
pub fn remove(session: &Session, request: &ClinicianRequest) -> Result<()> {
    let actor = session.authorise(Command::ClinicianRemove)?;
    Ok(session.store().write(&actor, |tx| clinicians::remove(tx, request.id))?)
}

pub(crate) fn signature(session: &Session, id: ClinicianId) -> Result<Picture> {
    session.authorise(Command::ClinicianList)?;
    let png = session.store().read(|tx| clinicians::signature(tx, id))?;
    Ok(Picture { media_type: "image/png", bytes: Zeroizing::new(png) })
}

/// The picture of a signature as it is kept.
///
/// # Errors
/// The `image_…` codes for what is no picture, or too large for a signature.
pub(crate) fn as_plain_png(bytes: &[u8]) -> Result<Vec<u8>> {
    if bytes.len() > LARGEST_FILE {
        return Err(Error::with(ErrorCode::ImageTooLarge, json!({ "limit_bytes": LARGEST_FILE })));
    }
    let photo = vision::decode(bytes, &DecodeLimits::default())?;
    if photo.width > LONGEST.0 || photo.height > LONGEST.1 {
        let details = json!({ "width": photo.width, "height": photo.height });
        return Err(Error::with(ErrorCode::ImageTooManyPixels, details));
    }
    let png = encode::encode_png(&photo.rgb, photo.width, photo.height).map_err(|_| ErrorCode::Internal)?;
    // A drawn signature is far below; a photograph is not a signature.
    if png.len() > LARGEST_PNG {
        return Err(Error::with(ErrorCode::ImageTooLarge, json!({ "limit_bytes": LARGEST_PNG })));
    }
    Ok(png)
}

fn view(entry: Clinician) -> ClinicianView {
    ClinicianView {
        id: entry.id,
        full_name: entry.full_name,
        licence_number: entry.licence_number,
        user_id: entry.user_id,
        has_signature: entry.has_signature,
    }
}
