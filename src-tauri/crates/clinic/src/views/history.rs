//! The history of uploads across patients.

use domain::analysis::{Band, Gate, Urgency};
use domain::history::{DeletionScope, HistoryNoun};
use domain::insight::ShownBand;
use domain::lesion::BodySite;
use domain::{AnalysisId, DeletionId, ImageId, LesionId, PatientId, UserId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Colleague, Password};

#[derive(Clone, Debug, Deserialize, TS)]
pub struct HistoryRequest {
    pub noun: HistoryNoun,
    /// Words of a patient's name or number; empty for everybody. At most 200 characters.
    pub text: String,
    /// Code of the class that was named, or an empty text where none was. This and the next two are of readings
    /// alone.
    pub class: Option<String>,
    /// As it is shown.
    pub band: Option<ShownBand>,
    pub urgency: Option<Urgency>,
    #[ts(type = "string | null")]
    pub from: Option<Date>,
    /// The last day that is listed.
    #[ts(type = "string | null")]
    pub to: Option<Date>,
    pub site: Option<BodySite>,
    /// Who imported the photograph or asked for the reading.
    pub by: Option<UserId>,
    /// Who opened the reading first.
    pub reviewer: Option<UserId>,
    /// Deleted entries alone; otherwise none of them.
    pub deleted: bool,
    pub before: Option<HistoryPlace>,
    /// 1 to 100.
    pub limit: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct HistoryPlace {
    #[ts(type = "string")]
    pub at: Timestamp,
    pub id: String,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct HistoryView {
    /// Newest first.
    pub entries: Vec<HistoryEntry>,
    /// Where the next page begins; null when there is no older entry.
    pub next: Option<HistoryPlace>,
    /// The page ended because enough was looked at, not because it was full.
    pub cut_short: bool,
    /// Everybody who ever had an account, for the filters.
    pub people: Vec<Colleague>,
    /// Days in which a deletion can be undone.
    pub retention_days: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct HistoryEntry {
    pub analysis_id: Option<AnalysisId>,
    /// The photograph, or the first of the reading.
    pub image_id: Option<ImageId>,
    #[ts(type = "string")]
    pub at: Timestamp,
    pub patient_id: PatientId,
    pub patient_number: String,
    pub family_name: String,
    pub given_names: String,
    pub lesion_id: LesionId,
    pub lesion_label: String,
    pub site: BodySite,
    pub by_name: Option<String>,
    /// Of a reading that is not withheld.
    pub said: Option<HistorySaid>,
    /// A reading that waits for an impression.
    pub withheld: bool,
    pub deletion: Option<DeletionView>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct HistorySaid {
    pub band: Band,
    pub urgency: Urgency,
    pub gate: Gate,
    pub class_code: Option<String>,
    pub class_name: Option<String>,
    pub malignant_sum: f64,
    pub model_name: String,
    pub model_version: String,
    pub reviewer_name: Option<String>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct DeletionView {
    pub id: DeletionId,
    pub scope: DeletionScope,
    pub reason: String,
    pub deleted_by_name: String,
    #[ts(type = "string")]
    pub deleted_at: Timestamp,
    /// Until then it can be undone.
    #[ts(type = "string")]
    pub until: Timestamp,
    pub may_undo: bool,
}

#[derive(Debug, Deserialize, TS)]
pub struct ReadingDeleteRequest {
    pub id: AnalysisId,
    /// 1 to 500 characters.
    pub reason: String,
    pub password: Password,
}

#[derive(Debug, Deserialize, TS)]
pub struct PhotographDeleteRequest {
    pub id: ImageId,
    /// 1 to 500 characters.
    pub reason: String,
    pub password: Password,
}

#[derive(Debug, Deserialize, TS)]
pub struct HistoryClearRequest {
    pub patient_id: PatientId,
    /// Readings from before this day go.
    #[ts(type = "string")]
    pub before: Date,
    /// 1 to 500 characters.
    pub reason: String,
    pub password: Password,
}

#[derive(Clone, Copy, Debug, Serialize, TS)]
pub struct HistoryCleared {
    pub id: DeletionId,
    pub readings: u32,
}

#[derive(Debug, Deserialize, TS)]
pub struct DeletionRequest {
    pub id: DeletionId,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
pub struct RetentionSettings {
    /// Days in which a deletion can be undone, 1 to 3,650.
    pub days: u32,
}
