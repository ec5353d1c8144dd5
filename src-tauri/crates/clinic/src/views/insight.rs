//! Numbers about the clinic, the risk of a patient, and the use of searches.

use domain::analysis::Gate;
use domain::checklist::{ChecklistKind, ChecklistVerdict};
use domain::insight::{Period, SearchKind, SearchScreen, ShownBand, TrendBy, TrendStep};
use domain::lesion::{BodySite, Laterality};
use domain::morphology::Behaviour;
use domain::report::ReportState;
use domain::{AnalysisId, BiopsyId, ChecklistId, LesionId, PatientId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::SafetyNetCounts;

#[derive(Clone, Debug, Serialize, TS)]
pub struct DashboardView {
    #[ts(type = "string")]
    pub today: Date,
    #[ts(type = "number")]
    pub patients: u64,
    /// Without those that were entered by mistake.
    #[ts(type = "number")]
    pub lesions: u64,
    #[ts(type = "number")]
    pub photographs: u64,
    #[ts(type = "number")]
    pub readings: u64,
    /// Every band.
    pub bands: Vec<BandCount>,
    /// Readings that are in no band here, since they wait for an impression.
    #[ts(type = "number")]
    pub withheld: u64,
    /// Without discarded drafts.
    pub reports: Vec<ReportCount>,
    pub waiting: SafetyNetCounts,
    /// The last 26 weeks, the oldest first.
    pub uploads: Vec<UploadCount>,
}

#[derive(Clone, Copy, Debug, Serialize, TS)]
pub struct BandCount {
    pub band: ShownBand,
    #[ts(type = "number")]
    pub count: u64,
}

#[derive(Clone, Copy, Debug, Serialize, TS)]
pub struct ReportCount {
    pub state: ReportState,
    #[ts(type = "number")]
    pub count: u64,
}

#[derive(Clone, Copy, Debug, Serialize, TS)]
pub struct UploadCount {
    pub period: Period,
    #[ts(type = "number")]
    pub photographs: u64,
    #[ts(type = "number")]
    pub readings: u64,
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
pub struct TrendRequest {
    pub by: TrendBy,
    pub step: TrendStep,
    /// Null begins with the first there is.
    #[ts(type = "string | null")]
    pub from: Option<Date>,
    /// The last day that counts; null ends with the last there is, and not before today.
    #[ts(type = "string | null")]
    pub to: Option<Date>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct TrendView {
    pub by: TrendBy,
    pub step: TrendStep,
    /// Every stretch, also those without anything.
    pub periods: Vec<Period>,
    /// Every band, or the values that were found, the largest first.
    pub series: Vec<TrendSeries>,
    /// Readings that are not counted, since they wait for an impression.
    #[ts(type = "number")]
    pub withheld: u64,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct TrendSeries {
    /// Band, code of the class, site, or identity of the reviewer; empty for photographs, where no class was
    /// named, and where nobody has opened the reading.
    pub value: String,
    /// Of a reviewer, and of a class as its newest reading calls it.
    pub name: Option<String>,
    /// One number a stretch.
    #[ts(type = "Array<number>")]
    pub counts: Vec<u64>,
    #[ts(type = "number")]
    pub total: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum InsightFormat {
    Csv,
    Pdf,
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
pub struct InsightExportRequest {
    /// Null is the dashboard.
    pub trend: Option<TrendRequest>,
    pub format: InsightFormat,
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
pub struct PatientRiskRequest {
    pub patient_id: PatientId,
}

/// What speaks of a patient's risk over time, beside the factors of the record.
#[derive(Clone, Debug, Serialize, TS)]
pub struct PatientRiskView {
    /// Every lesion that was not entered by mistake.
    pub lesions: Vec<RiskLesion>,
    /// Oldest first, without what waits for an impression.
    pub readings: Vec<RiskReading>,
    /// Readings that wait for an impression.
    pub withheld: u32,
    /// The last edition of each, oldest first.
    pub checklists: Vec<RiskChecklist>,
    /// The finding of each specimen that counts, oldest first.
    pub findings: Vec<RiskFinding>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct RiskLesion {
    pub id: LesionId,
    pub label: String,
    pub site: BodySite,
    pub laterality: Laterality,
    /// It is not followed any more.
    pub closed: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct RiskReading {
    pub id: AnalysisId,
    pub lesion_id: LesionId,
    #[ts(type = "string")]
    pub at: Timestamp,
    pub band: ShownBand,
    pub gate: Gate,
    /// Calibrated, 0 to 1.
    pub malignant_sum: f64,
    pub class_name: Option<String>,
    pub model_name: String,
    pub model_version: String,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct RiskChecklist {
    pub id: ChecklistId,
    pub lesion_id: LesionId,
    pub analysis_id: Option<AnalysisId>,
    #[ts(type = "string")]
    pub at: Timestamp,
    pub kind: ChecklistKind,
    pub score: f64,
    pub max: f64,
    /// Nothing while an answer is missing.
    pub verdict: Option<ChecklistVerdict>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct RiskFinding {
    pub id: BiopsyId,
    pub lesion_id: LesionId,
    #[ts(type = "string")]
    pub taken_on: Date,
    pub behaviour: Behaviour,
    /// ICD-O-3.
    pub morphology: Option<String>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct SearchUsageView {
    /// Whether searches are counted.
    pub counts: bool,
    /// By screen, what is used most first.
    pub rows: Vec<SearchUsageRow>,
}

#[derive(Clone, Copy, Debug, Serialize, TS)]
pub struct SearchUsageRow {
    pub screen: SearchScreen,
    pub kind: SearchKind,
    #[ts(type = "number")]
    pub count: u64,
    /// The first day.
    #[ts(type = "string")]
    pub since: Date,
}
