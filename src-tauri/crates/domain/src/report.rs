//! What a report says, independent of the paper it is printed on.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::analysis::Assessment;
use crate::checklist::PrintedChecklist;
use crate::id::{AnalysisId, PatientId, ReportId};
use crate::model::ModelIdentity;
use crate::outline::MeasuredLesion;
use crate::patient::Sex;
use crate::quality::QualityReport;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Letterhead {
    pub clinic_name: String,
    /// Address, telephone and the like, a line each.
    pub lines: Vec<String>,
}

/// A report as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReportRecord {
    pub id: ReportId,
    /// Printed number, such as `R-2026-00012`.
    pub number: String,
    pub patient_id: PatientId,
    pub analysis_id: AnalysisId,
    /// The clinician's own words; at most 4,000 characters.
    pub conclusion: String,
    #[ts(type = "string")]
    pub created_at: Timestamp,
}

/// One photograph with its overlay, as encoded pictures (JPEG or PNG, upright, sRGB).
#[derive(Clone, Debug)]
pub struct ReportImage {
    pub caption: String,
    pub photograph: Vec<u8>,
    /// Absent when the model yields no heatmap.
    pub overlay: Option<Vec<u8>>,
    pub quality: QualityReport,
    /// What the automatic outline measured; absent where there is none to rely on.
    pub measured: Option<MeasuredLesion>,
}

/// Everything a report prints, gathered once. `documents` adds nothing to it.
#[derive(Clone, Debug)]
pub struct ReportContent {
    pub letterhead: Letterhead,
    pub number: String,
    pub created_at: Timestamp,
    pub patient_number: String,
    pub patient_name: String,
    pub date_of_birth: Date,
    pub age: i16,
    pub sex: Sex,
    pub lesion_label: String,
    pub body_site: String,
    pub images: Vec<ReportImage>,
    pub assessment: Assessment,
    pub model: ModelIdentity,
    pub analysed_at: Timestamp,
    /// Those that were filled in beside the reading.
    pub checklists: Vec<PrintedChecklist>,
    pub conclusion: String,
    pub author: String,
}
