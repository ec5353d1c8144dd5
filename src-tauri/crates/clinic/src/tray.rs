//! The tray of a patient: photographs that wait for a lesion, and photographs that were put wrongly.

use std::collections::BTreeSet;

use domain::image::ImageRecord;
use domain::problem::Problems;
use domain::tray::TrayPhoto;
use domain::{Actor, TrayPhotoId};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use records::images::{self, Rendition};
use records::{RecordsError, lesions, origins, patients, tray, visits};
use serde_json::json;
use zeroize::Zeroizing;

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::events::Subject;
use crate::picture::{self, Picture};
use crate::session::Session;
use crate::taking::{image_of, keep_scale};
use crate::views::{
    ImageKindRequest, ImageMoveRequest, TrayAssignRequest, TrayDiscardRequest, TrayKindRequest,
    TrayListRequest, TrayView, TrayVisit,
};

/// Most photographs that are assigned, changed or discarded at once.
const MOST: usize = 200;
const LONGEST_REASON: usize = 500;

/// What waits of a patient, with the visits of those days.
///
/// # Errors
/// `not_permitted`, `not_found`.
pub fn list(session: &Session, request: &TrayListRequest) -> Result<TrayView> {
    let actor = session.authorise(Command::TrayList)?;
    let today = session.workstation().clock().today();
    let (photos, visits) = session.store().write(&actor, |tx| {
        let photos = tray::list(tx, request.patient_id)?;
        let days: BTreeSet<Date> = photos.iter().flat_map(days_of).chain([today]).collect();
        let visits = visits::of_patient(tx, request.patient_id)?
            .into_iter()
            .filter(|visit| days.contains(&visit.details.day))
            .map(|visit| TrayVisit { id: visit.id, day: visit.details.day, state: visit.state })
            .collect();
        Ok((photos, visits))
    })?;
    Ok(TrayView { photos, visits, today })
}

/// The day on which the camera says it was taken, and the one on which it came in.
fn days_of(photo: &TrayPhoto) -> [Date; 2] {
    let added = photo.added_at.to_zoned(TimeZone::system()).date();
    [photo.origin.taken_on.unwrap_or(added), added]
}

/// Gives waiting photographs to a lesion, all or none.
///
/// # Errors
/// `invalid_input` unless there are 1 to 200 different ones; `not_found` when one does not wait, or lesion or visit
/// are another patient's; `consent_missing`.
pub fn assign(session: &Session, request: &TrayAssignRequest) -> Result<Vec<ImageRecord>> {
    let actor = session.authorise(Command::TrayAssign)?;
    check_count(&request.ids)?;
    let images = session.store().write(&actor, |tx| {
        let lesion = lesions::get(tx, request.lesion_id)?;
        if !patients::get(tx, lesion.patient_id)?.details.photo_consent {
            return Ok(Err(Error::with(ErrorCode::ConsentMissing, json!({ "consent": "photo" }))));
        }
        let mut images = Vec::new();
        for id in &request.ids {
            let photo = tray::get(tx, *id)?;
            let image = image_of(&photo, lesion.id);
            tray::assign(tx, *id, &image, request.visit_id)?;
            keep_scale(tx, image.id, &photo.origin)?;
            images.push(image);
        }
        Ok(Ok(images))
    })??;
    for image in &images {
        session.workstation().events().changed(Subject::Image, image.id);
    }
    if let Some(image) = images.first() {
        session.workstation().events().changed(Subject::Tray, image.patient_id);
    }
    Ok(images)
}

/// Says what kind waiting photographs are.
///
/// # Errors
/// `invalid_input` unless there are 1 to 200 different ones, `not_found` when one does not wait.
pub fn change_kind(session: &Session, request: &TrayKindRequest) -> Result<Vec<TrayPhoto>> {
    let actor = session.authorise(Command::TrayKindChange)?;
    check_count(&request.ids)?;
    let photos: Vec<TrayPhoto> = session.store().write(&actor, |tx| {
        request.ids.iter().map(|id| tray::choose_kind(tx, *id, request.kind)).collect()
    })?;
    if let Some(photo) = photos.first() {
        session.workstation().events().changed(Subject::Tray, photo.patient_id);
    }
    Ok(photos)
}

/// Takes waiting photographs that do not belong here out of the record for good.
///
/// # Errors
/// `invalid_input` for the reason or the count, `not_found` when one does not wait.
pub fn discard(session: &Session, request: &TrayDiscardRequest) -> Result<()> {
    let actor = session.authorise(Command::TrayDiscard)?;
    check_count(&request.ids)?;
    let reason = request.reason.trim();
    let mut problems = Problems::default();
    problems.required_text("reason", reason, LONGEST_REASON);
    problems.into_result()?;
    let (patient, files) = session.store().write(&actor, |tx| {
        let patient = tray::get(tx, request.ids[0])?.patient_id;
        let mut files = Vec::new();
        for id in &request.ids {
            files.extend(tray::discard(tx, *id, reason)?);
        }
        Ok((patient, files))
    })?;
    let sealed = session.sealed()?;
    for file in files {
        // Its key is gone; what this misses the next start sweeps.
        let _ = sealed.discard(file);
    }
    session.workstation().events().changed(Subject::Tray, patient);
    Ok(())
}

/// Puts a photograph to another lesion of its patient. Readings of it stay where they were made.
///
/// # Errors
/// `invalid_input` without a reason where readings look at it; `not_found`; `conflict` when it is that lesion's
/// already; `photograph_in_use` while it is analysed or shows the site of a specimen.
pub fn move_image(session: &Session, request: &ImageMoveRequest) -> Result<ImageRecord> {
    let actor = session.authorise(Command::ImageMove)?;
    let reason = request.reason.trim();
    let readings = session.store().read(|tx| origins::readings_of(tx, request.id))?;
    let mut problems = Problems::default();
    if readings > 0 {
        problems.required_text("reason", reason, LONGEST_REASON);
    } else {
        problems.text("reason", reason, LONGEST_REASON);
    }
    problems.into_result()?;
    let in_use = session.store().read(|tx| records::deletions::shows_a_specimen(tx, request.id))?;
    if in_use {
        return Err(ErrorCode::PhotographInUse.into());
    }
    let moved =
        session.store().write(&actor, |tx| origins::relocate(tx, request.id, request.lesion_id, reason));
    let image = moved.map_err(|error| match error {
        RecordsError::WorkUnderWay => ErrorCode::PhotographInUse.into(),
        other => Error::from(other),
    })?;
    session.workstation().events().changed(Subject::Image, image.id);
    Ok(image)
}

/// Says what kind a photograph is.
///
/// # Errors
/// `not_found`.
pub fn change_image_kind(session: &Session, request: &ImageKindRequest) -> Result<ImageRecord> {
    let actor = session.authorise(Command::ImageKindChange)?;
    let image = session.store().write(&actor, |tx| origins::change_kind(tx, request.id, request.kind))?;
    session.workstation().events().changed(Subject::Image, image.id);
    Ok(image)
}

/// A waiting photograph for the eyes of a clinician.
pub(crate) fn look(session: &Session, id: TrayPhotoId, rendition: Rendition) -> Result<Picture> {
    let actor: Actor = session.authorise(Command::TrayList)?;
    let (file, format) = session.store().write(&actor, |tx| {
        let photo = tray::get(tx, id)?;
        let file = match rendition {
            // The list of thumbnails is itself recorded as a read of the patient.
            Rendition::Thumbnail => tray::file(tx, id, rendition)?,
            _ => tray::read_file(tx, id, rendition)?,
        };
        Ok((file, photo.format))
    })?;
    let media_type =
        if rendition == images::Rendition::Original { format.media_type() } else { "image/jpeg" };
    let bytes: Zeroizing<Vec<u8>> = picture::open(session, &file, rendition.purpose())?;
    Ok(Picture { media_type, bytes })
}

fn check_count(ids: &[TrayPhotoId]) -> Result<()> {
    let distinct: BTreeSet<_> = ids.iter().collect();
    if ids.is_empty() || ids.len() > MOST || distinct.len() != ids.len() {
        return Err(Error::with(ErrorCode::InvalidInput, json!({ "max": MOST })));
    }
    Ok(())
}
