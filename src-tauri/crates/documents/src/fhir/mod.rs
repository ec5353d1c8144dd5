//! FHIR R4 (4.0.1): what is known of a patient as a bundle of type `collection`.
//!
//! Terms are coded in published systems where one was checked. What has none is coded in a system of our own,
//! which travels in the bundle, so that no code is left unexplained. References stay inside the bundle
//! (`urn:uuid:`); photographs and reports lie beside it as files, for a picture in base64 is a third larger and
//! has to be read whole.
//!
//! The writer reads no clock, and the same record gives the same bytes.

mod bundle;
mod code;
mod examination;
mod lesion;
mod pathology;
mod person;
mod reading;
mod report;

use domain::UserId;
use domain::analysis::Analysis;
use domain::biopsy::{Biopsy, Histology};
use domain::checklist::FilledChecklist;
use domain::clinic::Clinic;
use domain::consent::ConsentEntry;
use domain::decision::{Decision, Feedback};
use domain::image::ImageRecord;
use domain::impression::CommittedImpression;
use domain::lesion::Lesion;
use domain::patient::Patient;
use domain::report::ReportRecord;
use domain::user::User;
use jiff::Timestamp;
use jiff::civil::Date;
use sha1::{Digest, Sha1};

use crate::error::DocumentError;
use bundle::Bundle;

/// Everything that a bundle tells. What refers to something that is not in it tells so without the reference.
#[derive(Clone, Copy, Debug)]
pub struct FhirRecord<'a> {
    pub clinic: &'a Clinic,
    pub made_at: Timestamp,
    pub made_by: UserId,
    /// Of this program.
    pub program_version: &'a str,
    pub patient: &'a Patient,
    /// Newest first.
    pub consents: &'a [ConsentEntry],
    /// The accounts of the clinic; those alone who had to do with the patient are named.
    pub staff: &'a [User],
    pub lesions: &'a [Lesion],
    pub photographs: &'a [FhirPhotograph],
    pub readings: &'a [Analysis],
    /// The word that counts of each reading.
    pub feedback: &'a [Feedback],
    pub checklists: &'a [FilledChecklist],
    pub impressions: &'a [CommittedImpression],
    pub decisions: &'a [Decision],
    /// With every edition of the finding, the first one first.
    pub biopsies: &'a [(Biopsy, Vec<Histology>)],
    pub reports: &'a [FhirReport],
}

/// A photograph of a lesion; without a file where the file is damaged.
#[derive(Clone, Debug)]
pub struct FhirPhotograph {
    pub record: ImageRecord,
    /// The day on which it was taken, where that is another than that of the import.
    pub taken_on: Option<Date>,
    pub file: Option<FhirFile>,
}

/// A report; without a file where its pictures are damaged or must stay.
#[derive(Clone, Debug)]
pub struct FhirReport {
    pub record: ReportRecord,
    pub author: UserId,
    pub file: Option<FhirFile>,
}

/// A file beside the bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FhirFile {
    /// From the folder of the bundle, with `/`.
    path: String,
    media_type: &'static str,
    bytes: u32,
    /// FHIR R4 asks for SHA-1 (Attachment.hash); it finds accidents, not forgers.
    sha1: [u8; 20],
}

impl FhirFile {
    #[must_use]
    pub fn of(path: String, media_type: &'static str, content: &[u8]) -> Self {
        let bytes = u32::try_from(content.len()).unwrap_or(u32::MAX);
        Self { path, media_type, bytes, sha1: Sha1::digest(content).into() }
    }
}

/// Writes the bundle as JSON.
///
/// # Errors
/// [`DocumentError::Write`].
pub fn render_fhir(record: &FhirRecord<'_>) -> Result<Vec<u8>, DocumentError> {
    let mut bundle = Bundle::new(record);
    person::add(&mut bundle);
    lesion::add(&mut bundle);
    reading::add(&mut bundle);
    examination::add(&mut bundle);
    pathology::add(&mut bundle);
    report::add(&mut bundle);
    bundle.finish()
}
