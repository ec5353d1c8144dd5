//! Patients and lesions.

use domain::analysis::{Band, Gate, Urgency};
use domain::body_site::CodedTerm;
use domain::image::ImageRecord;
use domain::lesion::{Lesion, LesionDetails, LesionPlace};
use domain::model::Label;
use domain::patient::{Patient, PatientDetails, Sex};
use domain::report::ReportRecord;
use domain::{AnalysisId, ImageId, PatientId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{BannerHold, JobView, MergeView};

#[derive(Debug, Deserialize, TS)]
pub struct PatientCreateRequest {
    pub details: PatientDetails,
}

#[derive(Debug, Deserialize, TS)]
pub struct PatientUpdateRequest {
    pub id: PatientId,
    /// The version the form was filled from; an older one is refused.
    pub version: u32,
    pub details: PatientDetails,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct PatientView {
    #[serde(flatten)]
    pub patient: Patient,
    /// Completed years today.
    pub age: i16,
}

#[derive(Debug, Deserialize, TS)]
pub struct PatientReadRequest {
    pub id: PatientId,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct PatientPageView {
    pub patient: PatientView,
    pub lesions: Vec<LesionView>,
    pub reports: Vec<ReportRecord>,
    /// False for roles that may not see photographs and results; the lists are then empty.
    pub clinical: bool,
    /// When an emergency look of whoever reads ends; null without one.
    #[ts(type = "string | null")]
    pub look_until: Option<Timestamp>,
    /// Records that were merged into this one, newest first; those that were undone are among them.
    pub merges: Vec<MergeView>,
    /// Which edition of the portrait there is; null without one, and without consent to photographs.
    #[ts(type = "number | null")]
    pub portrait: Option<i64>,
    /// The record may not be erased; null where it may.
    pub hold: Option<BannerHold>,
}

#[derive(Debug, Deserialize, TS)]
pub struct PatientSearchRequest {
    /// Words of name, number, phone or date of birth; at most 200 characters.
    pub text: String,
    /// 1 to 200.
    pub limit: u32,
    pub offset: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct PatientSearchResult {
    pub total: u32,
    /// There are more than `total`: counting ended there.
    pub more: bool,
    pub rows: Vec<PatientRow>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct PatientRow {
    pub id: PatientId,
    pub number: String,
    pub family_name: String,
    pub given_names: String,
    #[ts(type = "string")]
    pub date_of_birth: Date,
    pub age: i16,
    pub sex: Sex,
    pub phone: String,
    /// Found although what was typed is a little different.
    pub approximate: bool,
}

#[derive(Debug, Deserialize, TS)]
pub struct LesionCreateRequest {
    pub patient_id: PatientId,
    pub details: LesionDetails,
    /// Where on the body map, when it is known already.
    #[serde(default)]
    #[ts(optional)]
    pub place: Option<LesionPlace>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct LesionView {
    pub lesion: Lesion,
    /// DICOM UID of the lesion, the same in every export.
    pub uid: String,
    /// Body structure of SNOMED CT.
    pub site_term: CodedTerm,
    /// Side as DICOM codes it.
    pub side_term: Option<CodedTerm>,
    /// Newest first.
    pub images: Vec<ImageRecord>,
    /// Newest first.
    pub analyses: Vec<AnalysisSummary>,
    /// Readings that wait for an impression, newest first; they are not among the others.
    pub withheld: Vec<super::WithheldReading>,
    /// Analyses that are not finished or ended without a result, newest first.
    pub jobs: Vec<JobView>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct AnalysisSummary {
    pub id: AnalysisId,
    #[ts(type = "string")]
    pub analysed_at: Timestamp,
    pub image_ids: Vec<ImageId>,
    pub band: Band,
    pub urgency: Urgency,
    pub gate: Gate,
    pub label: Option<Label>,
    pub malignant_sum: f64,
    pub headline: String,
}
