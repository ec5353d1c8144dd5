//! Records in formats that other programs read.

use domain::PatientId;
use serde::Deserialize;
use ts_rs::TS;

use super::{PaperSize, Password};

#[derive(Debug, Deserialize, TS)]
pub struct FhirExportRequest {
    pub patient_id: PatientId,
    /// Of the reports.
    pub paper: PaperSize,
    /// One's own, typed again.
    pub password: Password,
    /// Seals the archive, with 12 to 128 characters; without one it lies open.
    pub passphrase: Option<Password>,
    pub passphrase_repeat: Option<Password>,
}

#[derive(Debug, Deserialize, TS)]
pub struct ClinicTablesRequest {
    /// Photographs with what explains the readings go along, so that the records can be read into a clinic.
    pub photographs: bool,
    /// One's own, typed again.
    pub password: Password,
    /// Seals the archive, with 12 to 128 characters; without one it lies open.
    pub passphrase: Option<Password>,
    pub passphrase_repeat: Option<Password>,
}
