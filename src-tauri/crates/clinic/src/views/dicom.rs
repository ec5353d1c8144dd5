//! What leaves the clinic as DICOM, and the PACS it may go to.

use domain::{LesionId, PatientId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Password;
use crate::error::Error;

/// What of a patient goes along. Photographs always do.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct DicomSelection {
    pub patient_id: PatientId,
    /// Null for every lesion.
    pub lesion_ids: Option<Vec<LesionId>>,
    /// Reports as encapsulated PDF.
    pub reports: bool,
    /// Measurements and readings as structured reports.
    pub readings: bool,
}

#[derive(Debug, Deserialize, TS)]
pub struct PatientDicomExportRequest {
    pub selection: DicomSelection,
    /// One's own, typed again.
    pub password: Password,
}

/// What a file-set holds, and what was left out of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct DicomCounts {
    pub photographs: u32,
    pub reports: u32,
    pub readings: u32,
    /// Readings that wait for an impression, with the reports on them.
    pub withheld: u32,
    /// Photographs and reports whose stored files are damaged.
    pub damaged: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct DicomExported {
    pub saved: bool,
    pub path: Option<String>,
    /// Null when no place was chosen.
    pub counts: Option<DicomCounts>,
}

#[derive(Debug, Deserialize, TS)]
pub struct PatientDicomSendRequest {
    pub selection: DicomSelection,
}

#[derive(Clone, Copy, Debug, Serialize, TS)]
pub struct DicomSendProgress {
    pub done: u32,
    pub of: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DicomObjectKind {
    Photograph,
    Reading,
    Report,
}

/// What became of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DicomSendState {
    Stored,
    /// Stored with a warning, such as for changed elements (status Bxxx).
    StoredWithWarning,
    /// The PACS answered with a failure.
    Refused,
    /// The PACS takes no objects of this kind.
    NotAccepted,
    /// The stored file of the clinic is damaged.
    Damaged,
    NotSent,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct DicomSentObject {
    pub kind: DicomObjectKind,
    /// The lesion's label, or the report's number.
    pub label: String,
    pub state: DicomSendState,
    /// The answer of the PACS (PS3.7, annex C); null where there was none.
    pub status: Option<u16>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct DicomSendView {
    pub objects: Vec<DicomSentObject>,
    /// How many the PACS has.
    pub stored: u32,
    /// Readings that wait for an impression, with the reports on them; they were not sent.
    pub withheld: u32,
    /// Why the sending ended before all was sent.
    pub error: Option<Error>,
}

/// The PACS of the house. Off unless an administrator switches it on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PacsSettings {
    pub enabled: bool,
    /// Name or address.
    pub host: String,
    pub port: u16,
    /// Application entity title of the PACS: 1 to 16 characters of ASCII without a backslash.
    pub called_title: String,
    /// Title of this workstation.
    pub calling_title: String,
    /// TLS (PS3.15, B.12), the certificate judged by the trust store of the system.
    pub tls: bool,
    /// Seconds that an answer may take, 1 to 120.
    pub patience_seconds: u32,
}

/// Whether there is a PACS to send to.
#[derive(Clone, Debug, Serialize, TS)]
pub struct PacsStatus {
    pub enabled: bool,
    pub called_title: String,
}
