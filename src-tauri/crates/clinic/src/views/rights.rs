//! Rights of the patient: holds, the export of everything on record, the end of the record.

use domain::PatientId;
use domain::erasure::ErasureReason;
use domain::hold::HoldDetails;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{PaperSize, Password};

#[derive(Debug, Deserialize, TS)]
pub struct HoldReadRequest {
    pub patient_id: PatientId,
}

#[derive(Debug, Deserialize, TS)]
pub struct HoldSetRequest {
    pub patient_id: PatientId,
    pub details: HoldDetails,
}

/// A hold that stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct HoldView {
    pub reason: String,
    /// The last day of the hold; null while it stands until it is lifted.
    #[ts(type = "string | null")]
    pub until: Option<Date>,
    /// Name of whoever set it.
    pub set_by: String,
    #[ts(type = "string")]
    pub set_at: Timestamp,
}

#[derive(Debug, Deserialize, TS)]
pub struct SubjectExportRequest {
    pub patient_id: PatientId,
    pub paper: PaperSize,
    /// One's own, typed again.
    pub password: Password,
    /// Seals the archive, with 12 to 128 characters; without one it lies open.
    pub passphrase: Option<Password>,
    pub passphrase_repeat: Option<Password>,
}

#[derive(Debug, Deserialize, TS)]
pub struct PatientEraseRequest {
    pub patient_id: PatientId,
    /// The patient's number, typed.
    pub number: String,
    pub reason: ErasureReason,
    /// One's own, typed again.
    pub password: Password,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ErasureView {
    /// Sealed files that went with the record.
    pub files: u32,
    /// False when a rest is removed at the next start of the program.
    pub clean: bool,
}
