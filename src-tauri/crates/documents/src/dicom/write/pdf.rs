//! Encapsulated PDF (PS3.3, A.45.1).

use dicom_core::VR;
use dicom_dictionary_std::{tags, uids};

use super::object::{Coded, Object};
use super::{DicomPlace, DicomReference};
use crate::error::DocumentError;

/// Day and time in one value (PS3.5, 6.2), which may end with the day.
fn moment(place: &DicomPlace<'_>) -> String {
    let day = place.on.strftime("%Y%m%d");
    place.time.map_or_else(|| day.to_string(), |time| format!("{day}{}", time.strftime("%H%M%S")))
}

/// Wraps a report as it was printed.
///
/// # Errors
/// [`DocumentError::Write`].
pub fn encapsulated_pdf(
    place: &DicomPlace<'_>,
    title: &str,
    pdf: &[u8],
) -> Result<(Vec<u8>, DicomReference), DocumentError> {
    let class = uids::ENCAPSULATED_PDF_STORAGE;
    let mut object = Object::placed(place, class, "DOC");
    object.text(tags::CONVERSION_TYPE, VR::CS, "WSD");
    object.put(tags::ACQUISITION_DATE_TIME, VR::DT, moment(place));
    // The patient's name stands on every page.
    object.text(tags::BURNED_IN_ANNOTATION, VR::CS, "YES");
    object.text(tags::DOCUMENT_TITLE, VR::ST, title);
    object.code(tags::CONCEPT_NAME_CODE_SEQUENCE, Coded::new("LN", "18748-4", "Diagnostic imaging report"));
    object.text(tags::MIME_TYPE_OF_ENCAPSULATED_DOCUMENT, VR::LO, "application/pdf");
    let length = u32::try_from(pdf.len()).map_err(|_| DocumentError::Write)?;
    object.put(tags::ENCAPSULATED_DOCUMENT_LENGTH, VR::UL, length);
    let mut even = pdf.to_vec();
    even.resize(even.len().next_multiple_of(2), 0);
    object.put(tags::ENCAPSULATED_DOCUMENT, VR::OB, even);
    let reference = DicomReference::at(place, class);
    Ok((object.into_explicit_file(class, place.instance_uid)?, reference))
}
