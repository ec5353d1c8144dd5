//! The patient's own look at their record: a slip with a passcode, and what it opens.

use domain::body_site::BodySite;
use domain::patient::Sex;
use domain::{LesionId, PatientId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Password;

#[derive(Debug, Deserialize, TS)]
pub struct PatientViewIssueRequest {
    pub patient_id: PatientId,
    /// Hours until the slip is worthless, 1 to 72.
    pub hours: u32,
}

/// Shown once, and printable as a slip.
#[derive(Clone, Serialize, TS)]
pub struct PatientSlipView {
    pub patient_number: String,
    pub code: String,
    #[ts(type = "string")]
    pub expires_at: Timestamp,
    pub pictures: u32,
    pub reports: u32,
}

impl std::fmt::Debug for PatientSlipView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PatientSlipView(…)")
    }
}

#[derive(Debug, Deserialize, TS)]
pub struct PatientViewOpenRequest {
    pub code: Password,
}

/// Own data, own photographs, signed reports; nothing else.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PatientOwnRecord {
    pub clinic_name: String,
    pub number: String,
    pub family_name: String,
    pub given_names: String,
    #[ts(type = "string")]
    pub date_of_birth: Date,
    pub sex: Sex,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub address: Option<String>,
    pub lesions: Vec<OwnLesion>,
    pub reports: Vec<OwnReport>,
    /// When the record was put together.
    #[ts(type = "string")]
    pub as_of: Timestamp,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OwnLesion {
    pub id: LesionId,
    pub label: String,
    /// Coded body site as English text.
    pub body_site: String,
    /// The same by its code; slips printed before it was kept have none.
    #[serde(default)]
    pub site: Option<BodySite>,
    pub pictures: Vec<OwnPicture>,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OwnPicture {
    /// `vault://localhost/own/<place>`
    pub place: u32,
    #[ts(type = "string")]
    pub taken_at: Timestamp,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OwnReport {
    pub number: String,
    #[ts(type = "string")]
    pub signed_at: Timestamp,
    pub signed_by: String,
    /// `vault://localhost/own/<place>`, a PDF.
    pub place: u32,
}

/// What the window shows a patient, and for how long.
#[derive(Clone, Debug, Serialize, TS)]
pub struct PatientViewing {
    pub record: PatientOwnRecord,
    /// Seconds until it ends by itself.
    pub ends_in_seconds: u32,
    /// Seconds without a touch after which it ends.
    pub idle_seconds: u32,
}
