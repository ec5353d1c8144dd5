//! An object of the plan as a DICOM file.

use documents::dicom::{
    DicomDevice, DicomPatient, DicomPlace, DicomReference, MeasurementReport, Photograph, Picture,
    derived_uid, encapsulated_pdf, photograph,
};
use documents::{DocumentError, Paper};
use domain::image::ImageFormat;
use domain::image::ImageKind;
use domain::report::ReportRecord;
use records::images::{self, Rendition};
use sha2::{Digest, Sha256};
use vision::DecodeLimits;
use vision::decode::is_upright_jpeg;
use zeroize::Zeroizing;

use crate::error::{ErrorCode, Result};
use crate::session::Session;
use crate::{picture, report};

use super::objects::{Content, Place, Planned, Said, Shown};

/// Whether the file itself was coded with loss: every JPEG, and a WebP with a lossy bitstream (RFC 9649, 2.5), which
/// stands in it plainly or in its extended form.
fn has_loss(format: ImageFormat, bytes: &[u8]) -> bool {
    match format {
        ImageFormat::Jpeg => true,
        ImageFormat::WebP => bytes.windows(4).any(|chunk| chunk == b"VP8 "),
        ImageFormat::Png | ImageFormat::Tiff | ImageFormat::Bmp => false,
    }
}

/// How photographs are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// A JPEG stays as it is where a DICOM file may hold it.
    AsStored,
    /// For a receiver that takes no JPEG.
    Uncompressed,
}

/// What all objects of one patient share.
pub(super) struct Renderer<'a> {
    session: &'a Session,
    patient: DicomPatient,
    device: DicomDevice,
}

impl<'a> Renderer<'a> {
    pub fn new(session: &'a Session, patient: DicomPatient) -> Self {
        let device = DicomDevice {
            serial_number: session.office().clinic.id.to_string(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        Self { session, patient, device }
    }

    /// # Errors
    /// `record_damaged` for a file that does not open.
    pub fn file(&self, object: &Planned, coding: Coding) -> Result<(Zeroizing<Vec<u8>>, DicomReference)> {
        let (file, reference) = match &object.content {
            Content::Photograph(shown) => self.photograph(&object.place, shown, coding)?,
            Content::Reading(said) => self.reading(&object.place, said)?,
            Content::Report(record) => self.report(&object.place, record)?,
        };
        Ok((Zeroizing::new(file), reference))
    }

    fn placed<'p>(&'p self, place: &'p Place, instance_uid: &'p str) -> DicomPlace<'p> {
        DicomPlace {
            patient: &self.patient,
            study: &place.study,
            device: &self.device,
            series_uid: &place.series_uid,
            series_number: place.series_number,
            instance_uid,
            instance_number: place.number,
            on: place.on,
            time: place.time,
        }
    }

    fn photograph(&self, place: &Place, shown: &Shown, coding: Coding) -> Result<(Vec<u8>, DicomReference)> {
        let file = self.session.store().read(|tx| images::file(tx, shown.image.id, Rendition::Original))?;
        let bytes = picture::open(self.session, &file, Rendition::Original.purpose())?;
        let lesion_uid = shown.lesion.uid();
        let written = |picture| {
            let photographed = Photograph {
                dermoscopic: shown.image.kind == ImageKind::Dermoscopic,
                picture,
                pixel_spacing_mm: shown.spacing_mm,
                site: shown.lesion.details.site.term(),
                laterality: shown.lesion.details.laterality,
                lesion_label: &shown.lesion.details.label,
                lesion_uid: &lesion_uid,
            };
            photograph(&self.placed(place, &shown.reference.sop_instance_uid), &photographed)
        };
        if coding == Coding::AsStored && is_upright_jpeg(&bytes) {
            match written(Picture::Jpeg(&bytes)) {
                // Progressive, or of four channels: its pixels go without the coding.
                Err(DocumentError::PhotographUnreadable(_)) => {}
                done => return Ok(done?),
            }
        }
        let photo = vision::decode(&bytes, &DecodeLimits::default()).map_err(|_| ErrorCode::RecordDamaged)?;
        let lossy = has_loss(photo.format, &bytes);
        let rgb = Zeroizing::new(photo.rgb);
        let (width, height) = (photo.width, photo.height);
        Ok(written(Picture::Rgb { width, height, pixels: &rgb, lossy })?)
    }

    fn reading(&self, place: &Place, said: &Said) -> Result<(Vec<u8>, DicomReference)> {
        let lesion_uid = said.lesion.uid();
        let report = MeasurementReport {
            lesion_label: &said.lesion.details.label,
            lesion_uid: &lesion_uid,
            site: said.lesion.details.site.term(),
            laterality: said.lesion.details.laterality,
            images: &said.images,
            measurements: &said.measurements,
            reading: Some(documents::dicom::Reading {
                model: &said.analysis.model,
                assessment: &said.analysis.assessment,
            }),
            impression: said.impression.as_deref(),
            author_family_name: &said.author,
            author_given_names: "",
        };
        Ok(report.render(&self.placed(place, &said.uid))?)
    }

    fn report(&self, place: &Place, record: &ReportRecord) -> Result<(Vec<u8>, DicomReference)> {
        let pdf = Zeroizing::new(report::pdf(self.session, record.id, Paper::A4)?);
        let printed = hex::encode(Sha256::digest(&*pdf));
        let uid = derived_uid(&["report", &record.id.to_string(), &printed]);
        Ok(encapsulated_pdf(&self.placed(place, &uid), &record.number, &pdf)?)
    }
}
