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

/// How the PACS is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PacsWay {
    /// An association (PS3.8) with C-STORE.
    Dimse,
    /// HTTP with STOW-RS (PS3.18).
    Dicomweb,
}

/// What a server of DICOMweb asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PacsAccess {
    Open,
    /// User and password (RFC 7617).
    Password,
    /// A bearer token (RFC 6750).
    Token,
}

/// The PACS of the house. Off unless an administrator switches it on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PacsNode {
    pub enabled: bool,
    pub way: PacsWay,
    /// Name or address, for an association.
    pub host: String,
    pub port: u16,
    /// Application entity title of the PACS: 1 to 16 characters of ASCII without a backslash.
    pub called_title: String,
    /// Title of this workstation.
    pub calling_title: String,
    /// TLS (PS3.15, B.12) for an association.
    pub tls: bool,
    /// Base of the DICOMweb services, such as `https://pacs.house/dicom-web`; its name must stand for addresses of
    /// this machine or of a private network.
    pub url: String,
    pub access: PacsAccess,
    pub user: String,
    /// Seconds that an answer may take, 1 to 120.
    pub patience_seconds: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PacsSettingsView {
    pub node: PacsNode,
    /// Whether a password or token is kept.
    pub has_secret: bool,
    /// SHA-256 of the certificate that is trusted; null where the trust store of the system judges.
    pub certificate: Option<String>,
}

#[derive(Clone, Debug, Deserialize, TS)]
pub struct PacsSettingsRequest {
    pub node: PacsNode,
    /// Password or token; null keeps the stored one, empty takes it away.
    pub secret: Option<Password>,
    /// Certificates in PEM, of authorities or the server's own; null keeps the stored ones, empty leaves it to the
    /// system.
    pub certificate: Option<String>,
}

/// Whether there is a PACS to send to.
#[derive(Clone, Debug, Serialize, TS)]
pub struct PacsStatus {
    pub enabled: bool,
    /// Its title, or the machine that its URL names.
    pub name: String,
}
