//! A file is taken in: read, judged, proposed a kind, sealed, recorded. The same way for every source.

use documents::dicom::{self, DicomError, DicomPictures};
use domain::image::{ImageFormat, ImageKind, ImageRecord};
use domain::patient::Patient;
use domain::quality::QualityReport;
use domain::scale::NewScale;
use domain::tray::{DicomOrigin, PhotoOrigin, TrayPhoto};
use domain::{Actor, ImageId, TrayPhotoId, VisitId};
use jiff::civil::{Date, date};
use records::images;
use records::origins::{self, Known};
use records::{RecordsError, Writing, image_scales, lesions, patients, tray, visits};
use serde_json::json;
use vision::decode::taken_on;
use vision::encode::encode_png;
use vision::{DecodeLimits, Photograph, overlay};

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::events::Subject;
use crate::files_in::SealedFiles;
use crate::image::{digested_and_decoded, hex_digest};
use crate::session::Session;
use crate::views::{Doubt, DoubtView, TakenPhoto, TrayAddRequest, TrayAdded};

/// Long side of the copy that a list of incoming files shows first.
const PREVIEW_SIDE: u32 = 320;
/// A camera whose clock was never set says a day before this.
const EARLIEST: Date = date(1995, 1, 1);
/// Modalities of PS3.3, C.7.3.1.1.1 under which photographs of skin are kept.
const PHOTOGRAPHIC: [&str; 5] = ["XC", "DMS", "ES", "GM", "OT"];

/// Takes a file in: to the tray of a patient, or straight to a lesion. What the patient has already is told and
/// not stored again; what a person should know first is asked.
///
/// # Errors
/// The `image_…` and `dicom_…` codes for what cannot be accepted, `consent_missing`, `not_found`,
/// `storage_full`, `storage_failed`. Nothing is stored then.
pub fn add(session: &Session, request: &TrayAddRequest, bytes: &[u8]) -> Result<TrayAdded> {
    let actor = session.authorise(Command::TrayAdd)?;
    session.sealed()?;
    let patient = receiving(session, request)?;
    let mut taking = Taking { session, actor, request, patient, doubts: Vec::new() };
    if dicom::is_dicom(bytes) { taking.dicom(bytes) } else { taking.picture(bytes) }
}

/// A small JPEG of a file on its way in; nothing is stored.
///
/// # Errors
/// The `image_…` and `dicom_…` codes.
pub fn preview(session: &Session, bytes: &[u8]) -> Result<Vec<u8>> {
    session.authorise(Command::PhotoPreview)?;
    let photo = if dicom::is_dicom(bytes) {
        let first = dicom::read(bytes)?.frames.into_iter().next().ok_or(ErrorCode::DicomUnreadable)?;
        Photograph::new(first.width, first.height, first.rgb, ImageFormat::Png)?
    } else {
        vision::decode::decode_small(bytes, &DecodeLimits::default(), PREVIEW_SIDE)?
    };
    overlay::thumbnail_jpeg(&photo).map_err(|_| ErrorCode::Internal.into())
}

fn receiving(session: &Session, request: &TrayAddRequest) -> Result<Patient> {
    let patient = session.store().read(|tx| {
        let patient = patients::get(tx, request.patient_id)?;
        if let Some(lesion) = request.lesion_id
            && lesions::get(tx, lesion)?.patient_id != patient.id
        {
            return Err(RecordsError::NotFound);
        }
        Ok(patient)
    })?;
    if patient.merged_into.is_some() {
        return Err(ErrorCode::PatientMerged.into());
    }
    if !patient.details.photo_consent {
        return Err(Error::with(ErrorCode::ConsentMissing, json!({ "consent": "photo" })));
    }
    Ok(patient)
}

/// One file on its way in.
struct Taking<'a> {
    session: &'a Session,
    actor: Actor,
    request: &'a TrayAddRequest,
    patient: Patient,
    doubts: Vec<DoubtView>,
}

/// A picture that was judged and is ready to be stored.
struct Judged {
    photo: Photograph,
    quality: QualityReport,
    sha256: String,
    origin: PhotoOrigin,
}

/// A picture whose files are sealed, on its way into the records.
struct Ready<'a> {
    files: SealedFiles<'a>,
    waiting: TrayPhoto,
    /// Where it goes straight to a lesion.
    image: Option<ImageRecord>,
}

impl<'a> Taking<'a> {
    fn picture(&mut self, bytes: &[u8]) -> Result<TrayAdded> {
        let (sha256, decoded) = digested_and_decoded(bytes)?;
        if let Some(known) = self.known(&sha256, None)? {
            return Ok(TrayAdded::Taken { photos: vec![known] });
        }
        let photo = decoded?;
        let quality = vision::check(&photo)?;
        self.ask_for_another(&sha256)?;
        if !self.doubts.is_empty() {
            return Ok(self.doubted());
        }
        let taken_on = taken_on(bytes).and_then(|(year, month, day)| Date::new(year, month, day).ok());
        let origin = self.origin(&photo, taken_on, None);
        let ready = self.seal(Judged { photo, quality, sha256, origin }, bytes)?;
        Ok(TrayAdded::Taken { photos: self.store(vec![ready])? })
    }

    /// Every picture of the file is kept as a PNG, which loses nothing.
    fn dicom(&mut self, bytes: &[u8]) -> Result<TrayAdded> {
        let read = dicom::read(bytes)?;
        self.ask_about(&read);
        let mut judged = Vec::new();
        let mut photos = Vec::new();
        for (number, frame) in read.frames.into_iter().enumerate() {
            let png = encode_png(&frame.rgb, frame.width, frame.height).map_err(|_| ErrorCode::Internal)?;
            let photo = Photograph::new(frame.width, frame.height, frame.rgb, ImageFormat::Png)?;
            let sha256 = hex_digest(&png);
            let frame = u32::try_from(number).map_err(|_| ErrorCode::DicomUnreadable)?;
            if let Some(known) = self.known(&sha256, Some((&read.sop_instance_uid, frame)))? {
                photos.push(known);
                continue;
            }
            let quality = vision::check(&photo)?;
            self.ask_for_another(&sha256)?;
            let origin = self.origin(
                &photo,
                read.study_date,
                Some(DicomOrigin {
                    sop_instance_uid: read.sop_instance_uid.clone(),
                    frame,
                    modality: read.modality.clone(),
                    pixel_spacing_mm: read.pixel_spacing_mm,
                }),
            );
            judged.push((Judged { photo, quality, sha256, origin }, png));
        }
        if !judged.is_empty() && !self.doubts.is_empty() {
            return Ok(self.doubted());
        }
        if !judged.is_empty() {
            let sealed = judged.into_iter().map(|(picture, png)| self.seal(picture, &png));
            photos.extend(self.store(sealed.collect::<Result<_>>()?)?);
        }
        Ok(TrayAdded::Taken { photos })
    }

    fn ask_about(&mut self, read: &DicomPictures) {
        let number = read.patient_number.as_deref().map(str::trim).unwrap_or_default();
        if !number.is_empty() && !number.eq_ignore_ascii_case(self.patient.number.trim()) {
            self.ask(Doubt::PatientNumber, Some(number.to_owned()));
        }
        if !PHOTOGRAPHIC.contains(&read.modality.as_str()) {
            self.ask(Doubt::NotAPhotograph, Some(read.modality.clone()));
        }
    }

    fn ask_for_another(&mut self, sha256: &str) -> Result<()> {
        let patient = self.patient.id;
        if self.session.store().read(|tx| origins::stored_for_another(tx, patient, sha256))? {
            self.ask(Doubt::StoredForAnother, None);
        }
        Ok(())
    }

    fn ask(&mut self, doubt: Doubt, detail: Option<String>) {
        let told = self.request.accepted.contains(&doubt) || self.doubts.iter().any(|d| d.doubt == doubt);
        if !told {
            self.doubts.push(DoubtView { doubt, detail });
        }
    }

    fn doubted(&mut self) -> TrayAdded {
        TrayAdded::Doubted { doubts: std::mem::take(&mut self.doubts) }
    }

    fn known(&self, sha256: &str, instance: Option<(&str, u32)>) -> Result<Option<TakenPhoto>> {
        let patient = self.patient.id;
        let known = self.session.store().read(|tx| origins::known(tx, patient, sha256, instance))?;
        Ok(known.map(|known| {
            let (tray_id, image) = match known {
                Known::Image(image) => (None, Some(*image)),
                Known::Tray(id) => (Some(id), None),
                Known::Desk => (None, None),
            };
            TakenPhoto { already: true, tray_id, image, quality: None }
        }))
    }

    fn origin(&self, photo: &Photograph, day: Option<Date>, dicom: Option<DicomOrigin>) -> PhotoOrigin {
        let today = self.session.workstation().clock().today();
        PhotoOrigin {
            source: self.request.source,
            taken_on: day.filter(|day| (EARLIEST..=today).contains(day)),
            proposed: Some(vision::kind::propose(photo)),
            dicom,
        }
    }

    fn seal(&self, judged: Judged, bytes: &[u8]) -> Result<Ready<'a>> {
        let files = SealedFiles::of(self.session.sealed()?, bytes, &judged.photo)?;
        let Judged { photo, quality, sha256, origin } = judged;
        let proposed = origin.proposed.map_or(ImageKind::Clinical, |proposal| proposal.kind);
        let waiting = TrayPhoto {
            id: TrayPhotoId::fresh(),
            patient_id: self.patient.id,
            kind: self.request.kind.unwrap_or(proposed),
            kind_chosen: self.request.kind.is_some(),
            format: photo.format,
            width: photo.width,
            height: photo.height,
            sha256,
            bytes: bytes.len() as u64,
            quality,
            origin,
            added_at: self.session.workstation().clock().now(),
        };
        let image = self.request.lesion_id.map(|lesion| image_of(&waiting, lesion));
        Ok(Ready { files, waiting, image })
    }

    /// The pictures of a file in one write: half of them would pass for all.
    fn store(&self, pictures: Vec<Ready<'_>>) -> Result<Vec<TakenPhoto>> {
        self.session.store().write(&self.actor, |tx| {
            pictures.iter().try_for_each(|Ready { files, waiting, image }| {
                let Some(image) = image else { return tray::add(tx, waiting, files.list()) };
                images::insert(tx, image, files.list())?;
                let visit = visit_of(tx, waiting)?;
                origins::keep(tx, image, &waiting.origin, visit)?;
                keep_scale(tx, image.id, &waiting.origin)
            })
        })?;
        let events = self.session.workstation().events();
        let told = pictures.into_iter().map(|Ready { files, waiting, image }| {
            files.keep();
            match &image {
                Some(image) => events.changed(Subject::Image, image.id),
                None => events.changed(Subject::Tray, waiting.patient_id),
            }
            let tray_id = image.is_none().then_some(waiting.id);
            TakenPhoto { already: false, tray_id, image, quality: Some(waiting.quality) }
        });
        Ok(told.collect())
    }
}

/// The image that a waiting photograph becomes.
pub(crate) fn image_of(photo: &TrayPhoto, lesion: domain::LesionId) -> ImageRecord {
    ImageRecord {
        id: ImageId::fresh(),
        patient_id: photo.patient_id,
        lesion_id: lesion,
        kind: photo.kind,
        format: photo.format,
        width: photo.width,
        height: photo.height,
        sha256: photo.sha256.clone(),
        bytes: photo.bytes,
        quality: photo.quality.clone(),
        imported_at: photo.added_at,
    }
}

/// The spacing that a DICOM file states is the scale of the photograph.
pub(crate) fn keep_scale(
    tx: &Writing<'_>,
    image: ImageId,
    origin: &PhotoOrigin,
) -> std::result::Result<(), RecordsError> {
    let spacing = origin.dicom.as_ref().and_then(|dicom| dicom.pixel_spacing_mm);
    let Some(new) = spacing.and_then(|[rows, columns]| NewScale::dicom(columns * 1e3, rows * 1e3).ok())
    else {
        return Ok(());
    };
    image_scales::set(tx, image, &new).map(drop)
}

/// The one visit on the day of a photograph that took place, or takes place.
fn visit_of(tx: &Writing<'_>, photo: &TrayPhoto) -> std::result::Result<Option<VisitId>, RecordsError> {
    use domain::visit::VisitState as S;
    let day = photo.origin.taken_on.unwrap_or_else(|| tx.today());
    let visits = visits::of_patient(tx, photo.patient_id)?;
    let mut that_day = visits
        .into_iter()
        .filter(|visit| visit.details.day == day)
        .filter(|visit| !matches!(visit.state, S::Cancelled | S::DidNotAttend));
    let only = that_day.next();
    Ok(only.filter(|_| that_day.next().is_none()).map(|visit| visit.id))
}

impl From<DicomError> for Error {
    fn from(error: DicomError) -> Self {
        match error {
            DicomError::TooLarge => ErrorCode::ImageTooLarge,
            DicomError::TooManyPixels => ErrorCode::ImageTooManyPixels,
            DicomError::NotAPhotograph => ErrorCode::DicomNotPhotograph,
            _ => ErrorCode::DicomUnreadable,
        }
        .into()
    }
}
