//! Photographs that the front desk takes in with a visit, and what a clinician does with them.
//!
//! Whoever holds no key to photographs leaves them as deposits: sealed to the clinic's deposit key, which
//! is published in the records by everybody who does hold it. The next such session takes the keys over.

use domain::desk_photo::DeskPhoto;
use domain::image::ImageRecord;
use domain::problem::Problems;
use domain::{DeskPhotoId, FileId, ImageId};
use records::desk_photos::{self, DeskFile, FileKey};
use records::files::SealedFile;
use records::images::{self, Rendition};
use records::settings::{self, Shown};
use records::{lesions, patients, visits};
use serde_json::json;
use vault::{DepositKey, Depository, SealedStore};
use vision::overlay::{self, Copies};
use vision::{DecodeLimits, Photograph};
use zeroize::Zeroizing;

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::events::Subject;
use crate::image::{FILE_VERSION, hex_digest};
use crate::picture::{self, Picture};
use crate::session::Session;
use crate::views::{
    DeskPhotoAddRequest, DeskPhotoAdded, DeskPhotoAssignRequest, DeskPhotoDiscardRequest,
    DeskPhotoListRequest, DeskPhotoView, ImageImported,
};

const DEPOSIT_KEY: &str = "keys.deposit";
const LONGEST_REASON: usize = 500;

/// Checks a photograph and keeps it with a visit until a clinician gives it to a lesion. Nobody at the
/// desk can open it afterwards.
///
/// # Errors
/// The `image_…` codes for what cannot be accepted, `consent_missing`, `not_found` for the visit,
/// `conflict` for a visit that is closed, `storage_full`. Nothing is stored then.
pub fn add(session: &Session, request: &DeskPhotoAddRequest, bytes: &[u8]) -> Result<DeskPhotoAdded> {
    let actor = session.authorise(Command::DeskPhotoAdd)?;
    let (visit, patient) = session.store().read(|tx| {
        let visit = visits::get(tx, request.visit_id)?;
        let patient = patients::get(tx, visit.patient_id)?;
        Ok((visit, patient))
    })?;
    if !visit.state.is_open() {
        return Err(ErrorCode::Conflict.into());
    }
    if !patient.details.photo_consent {
        return Err(Error::with(ErrorCode::ConsentMissing, json!({ "consent": "photo" })));
    }
    let sha256 = hex_digest(bytes);
    let (known, waiting) = session.store().read(|tx| {
        let waiting = desk_photos::same_content(tx, visit.id, &sha256)?.map(|photo| photo.quality);
        let stored = images::same_content(tx, patient.id, &sha256)?.map(|image| image.quality);
        Ok((waiting.or(stored), desk_photos::waiting_with(tx, visit.id)?))
    })?;
    if let Some(quality) = known {
        return Ok(DeskPhotoAdded { already: true, quality, photographs: waiting });
    }
    let decoded = vision::decode(bytes, &DecodeLimits::default())?;
    let quality = vision::check(&decoded)?;
    let files = seal_all(session, bytes, &decoded)?;
    let photo = DeskPhoto {
        id: DeskPhotoId::fresh(),
        patient_id: patient.id,
        visit_id: visit.id,
        format: decoded.format,
        width: decoded.width,
        height: decoded.height,
        sha256,
        bytes: bytes.len() as u64,
        quality: quality.clone(),
        added_at: session.workstation().clock().now(),
    };
    let written = session.store().write(&actor, |tx| {
        desk_photos::add(tx, &photo, &files)?;
        desk_photos::waiting_with(tx, visit.id)
    });
    let photographs = written.inspect_err(|_| discard_all(session, files.iter().map(|file| file.id)))?;
    session.workstation().events().changed(Subject::Visit, visit.id);
    Ok(DeskPhotoAdded { already: false, quality, photographs })
}

/// What waits of a patient, oldest first.
///
/// # Errors
/// `not_permitted`, `not_found`.
pub fn list(session: &Session, request: &DeskPhotoListRequest) -> Result<Vec<DeskPhotoView>> {
    let actor = session.authorise(Command::DeskPhotoList)?;
    let waiting = session.store().write(&actor, |tx| desk_photos::list(tx, request.patient_id))?;
    Ok(waiting.into_iter().map(|w| DeskPhotoView { photo: w.photo, opens: w.opens }).collect())
}

/// Gives a waiting photograph to a lesion: it is an image like any other from now on. One that the lesion
/// has already is only taken off the list.
///
/// # Errors
/// `not_found` when it does not wait, or the lesion is another patient's; `consent_missing`;
/// `conflict` when it does not open.
pub fn assign(session: &Session, request: &DeskPhotoAssignRequest) -> Result<ImageImported> {
    let actor = session.authorise(Command::DeskPhotoAssign)?;
    let (photo, lesion, consent) = session.store().read(|tx| {
        let photo = desk_photos::get(tx, request.id)?;
        let lesion = lesions::get(tx, request.lesion_id)?;
        let consent = patients::get(tx, photo.patient_id)?.details.photo_consent;
        Ok((photo, lesion, consent))
    })?;
    if lesion.patient_id != photo.patient_id {
        return Err(ErrorCode::NotFound.into());
    }
    if !consent {
        return Err(Error::with(ErrorCode::ConsentMissing, json!({ "consent": "photo" })));
    }
    let stored = session.store().read(|tx| images::of_lesion(tx, lesion.id))?;
    if let Some(image) = stored.into_iter().find(|image| image.sha256 == photo.sha256) {
        take_out(session, request.id, "The lesion has this photograph already")?;
        return Ok(ImageImported { image, already_stored: true });
    }
    let image = ImageRecord {
        id: ImageId::fresh(),
        patient_id: photo.patient_id,
        lesion_id: lesion.id,
        kind: request.kind,
        format: photo.format,
        width: photo.width,
        height: photo.height,
        sha256: photo.sha256,
        bytes: photo.bytes,
        quality: photo.quality,
        imported_at: session.workstation().clock().now(),
    };
    session.store().write(&actor, |tx| desk_photos::assign(tx, request.id, &image))?;
    session.workstation().events().changed(Subject::Image, image.id);
    Ok(ImageImported { image, already_stored: false })
}

/// Takes a photograph that does not belong here out of the record for good.
///
/// # Errors
/// `invalid_input` for the reason, `not_found` when it does not wait.
pub fn discard(session: &Session, request: &DeskPhotoDiscardRequest) -> Result<()> {
    session.authorise(Command::DeskPhotoDiscard)?;
    let reason = request.reason.trim();
    let mut problems = Problems::default();
    problems.required_text("reason", reason, LONGEST_REASON);
    problems.into_result()?;
    take_out(session, request.id, reason)
}

fn take_out(session: &Session, id: DeskPhotoId, reason: &str) -> Result<()> {
    let files = session.store().write(&session.actor(), |tx| desk_photos::discard(tx, id, reason))?;
    discard_all(session, files.into_iter());
    session.workstation().events().changed(Subject::Visit, id);
    Ok(())
}

/// A waiting photograph for the eyes of a clinician.
pub(crate) fn look(session: &Session, id: DeskPhotoId, rendition: Rendition) -> Result<Picture> {
    let actor = session.authorise(Command::DeskPhotoList)?;
    let (file, format) = session.store().write(&actor, |tx| {
        let photo = desk_photos::get(tx, id)?;
        let file = match rendition {
            // The list of thumbnails is itself recorded as a read of the patient.
            Rendition::Thumbnail => desk_photos::file(tx, id, rendition)?,
            _ => desk_photos::read_file(tx, id, rendition)?,
        };
        Ok((file, photo.format))
    })?;
    let media_type = if rendition == Rendition::Original { format.media_type() } else { "image/jpeg" };
    let bytes: Zeroizing<Vec<u8>> = picture::open(session, &file, rendition.purpose())?;
    Ok(Picture { media_type, bytes })
}

/// Publishes the deposit key and takes waiting deposits over; for sessions that hold the clinical key.
pub(crate) fn settle(session: &Session) -> Result<()> {
    let Ok(sealed) = session.sealed() else { return Ok(()) };
    let actor = session.actor();
    let own = sealed.deposit_key();
    let (published, waiting) = session
        .store()
        .read(|tx| Ok((settings::get::<DepositKey>(tx, DEPOSIT_KEY)?, desk_photos::deposits(tx)?)))?;
    if published != Some(own) {
        session.store().write(&actor, |tx| settings::set(tx, DEPOSIT_KEY, &own, Shown::Name))?;
    }
    // What does not open was sealed to keys that are gone; the list says so.
    let taken: Vec<SealedFile> = waiting
        .iter()
        .filter_map(|deposit| {
            let key = sealed.adopt(deposit.id, deposit.version, deposit.rendition.purpose(), &deposit.key);
            Some(SealedFile { id: deposit.id, version: deposit.version, key: key.ok()? })
        })
        .collect();
    if !taken.is_empty() {
        session.store().write(&actor, |tx| desk_photos::adopt(tx, &taken))?;
    }
    Ok(())
}

/// Seals a photograph with its copies for screen and list, so that this session can open them again only
/// if it may.
fn seal_all(session: &Session, bytes: &[u8], photo: &Photograph) -> Result<Vec<DeskFile>> {
    let Copies { display, thumbnail } = overlay::copies(photo).map_err(|_| ErrorCode::Internal)?;
    let place = Place::of(session)?;
    let mut done: Vec<DeskFile> = Vec::new();
    for (rendition, content) in [
        (Rendition::Original, bytes),
        (Rendition::Display, display.as_slice()),
        (Rendition::Thumbnail, thumbnail.as_slice()),
    ] {
        match place.seal(rendition, content) {
            Ok(file) => done.push(file),
            Err(error) => {
                discard_all(session, done.iter().map(|file| file.id));
                return Err(error);
            }
        }
    }
    Ok(done)
}

/// Where a session's photographs go.
enum Place<'a> {
    Own(&'a SealedStore),
    Deposits(Depository),
}

impl<'a> Place<'a> {
    fn of(session: &'a Session) -> Result<Self> {
        if let Ok(sealed) = session.sealed() {
            return Ok(Self::Own(sealed));
        }
        let key = session.store().read(|tx| settings::get::<DepositKey>(tx, DEPOSIT_KEY))?;
        // Nobody who opens photographs has signed in since the clinic was made by an earlier version.
        let key = key.ok_or(ErrorCode::NotPermitted)?;
        Ok(Self::Deposits(Depository::open(session.workstation().folder(), key)?))
    }

    fn seal(&self, rendition: Rendition, content: &[u8]) -> Result<DeskFile> {
        let (id, version) = (FileId::fresh(), FILE_VERSION);
        let purpose = rendition.purpose();
        let key = match self {
            Self::Own(sealed) => FileKey::Wrapped(sealed.seal(id, version, purpose, content)?),
            Self::Deposits(depository) => FileKey::Deposited(depository.seal(id, version, purpose, content)?),
        };
        Ok(DeskFile { rendition, id, version, key })
    }

    fn discard(&self, file: FileId) {
        // What this misses the next start sweeps.
        let _ = match self {
            Self::Own(sealed) => sealed.discard(file),
            Self::Deposits(depository) => depository.discard(file),
        };
    }
}

fn discard_all(session: &Session, files: impl Iterator<Item = FileId>) {
    if let Ok(place) = Place::of(session) {
        files.for_each(|file| place.discard(file));
    }
}
