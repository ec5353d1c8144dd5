//! Impressions, decisions, feedback, letters of referral, sets of cases.

use domain::analysis::Band;
use domain::decision::{DecisionEntry, FeedbackEntry, ReferralEntry};
use domain::impression::{Confidence, ImpressionAgreement, ImpressionEntry};
use domain::model::Malignancy;
use domain::{AnalysisId, DecisionId, ImpressionId, LesionId, RecallId, ReferralId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{PaperSize, Password};

/// A reading that is not shown before an impression of the lesion is committed.
#[derive(Clone, Debug, Serialize, TS)]
pub struct WithheldReading {
    pub id: AnalysisId,
    #[ts(type = "string")]
    pub analysed_at: Timestamp,
    pub image_ids: Vec<domain::ImageId>,
}

/// Whether the clinic asks for an impression before a reading is shown.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
pub struct ReadFirstSettings {
    pub on: bool,
}

#[derive(Debug, Deserialize, TS)]
pub struct ImpressionCommitRequest {
    pub analysis_id: AnalysisId,
    pub entry: ImpressionEntry,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ImpressionView {
    pub id: ImpressionId,
    pub entry: ImpressionEntry,
    pub author_name: String,
    #[ts(type = "string")]
    pub committed_at: Timestamp,
    pub agreement: ImpressionAgreement,
}

/// How impressions stood to readings; only readings on the lists count.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ImpressionStatistics {
    pub committed: u32,
    pub malignancy: AgreementCount,
    pub class: AgreementCount,
    /// By how sure the clinician was, the malignancy group.
    pub by_confidence: Vec<ConfidenceAgreement>,
}

#[derive(Clone, Copy, Debug, Default, Serialize, TS)]
pub struct AgreementCount {
    pub agree: u32,
    pub disagree: u32,
    /// One of the two left it open.
    pub open: u32,
}

#[derive(Clone, Copy, Debug, Serialize, TS)]
pub struct ConfidenceAgreement {
    pub confidence: Confidence,
    pub malignancy: AgreementCount,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct DiagnosisTermView {
    pub code: String,
    /// English name.
    pub name: String,
    /// Concept of SNOMED CT, where one is sure.
    pub snomed: Option<String>,
    pub malignancy: Malignancy,
    /// One of the classes of the model.
    pub is_class: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct DecisionPageView {
    /// What a lesion can be taken for, the classes of the model first.
    pub terms: Vec<DiagnosisTermView>,
    /// The reading waits for an impression; everything about it below is left out.
    pub withheld: bool,
    /// The band of the reading, against which a plan is held.
    pub band: Option<Band>,
    /// Committed before the reading was shown.
    pub impression: Option<ImpressionView>,
    pub decision: Option<DecisionView>,
    /// Decisions on the lesion that do not count here any more or were made otherwise, newest first.
    pub earlier: Vec<DecisionView>,
    pub feedback: Option<FeedbackView>,
    /// Newest first.
    pub letters: Vec<ReferralView>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct DecisionView {
    pub id: DecisionId,
    pub analysis_id: Option<AnalysisId>,
    pub entry: DecisionEntry,
    pub recall_id: Option<RecallId>,
    /// Day of the recall, where the plan made one.
    #[ts(type = "string | null")]
    pub recall_on: Option<Date>,
    /// From 1.
    pub edition: u32,
    pub author_name: String,
    #[ts(type = "string")]
    pub decided_at: Timestamp,
    /// Another decision stands in its place.
    pub superseded: bool,
}

#[derive(Debug, Deserialize, TS)]
pub struct DecisionSaveRequest {
    pub lesion_id: LesionId,
    pub analysis_id: Option<AnalysisId>,
    /// The decision the edit began from.
    pub previous: Option<DecisionId>,
    pub entry: DecisionEntry,
}

#[derive(Debug, Deserialize, TS)]
pub struct FeedbackGiveRequest {
    pub analysis_id: AnalysisId,
    pub entry: FeedbackEntry,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct FeedbackView {
    pub entry: FeedbackEntry,
    pub author_name: String,
    #[ts(type = "string")]
    pub given_at: Timestamp,
}

#[derive(Debug, Deserialize, TS)]
pub struct ReferralWriteRequest {
    pub decision_id: DecisionId,
    pub entry: ReferralEntry,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ReferralView {
    pub id: ReferralId,
    pub entry: ReferralEntry,
    pub author_name: String,
    #[ts(type = "string")]
    pub written_at: Timestamp,
}

#[derive(Debug, Deserialize, TS)]
pub struct ReferralExportRequest {
    pub id: ReferralId,
    pub paper: PaperSize,
}

#[derive(Debug, Deserialize, TS)]
pub struct CaseSetCountRequest {
    /// Readings reported wrong alone; otherwise all that somebody decided on.
    pub incorrect_only: bool,
}

/// What a set would hold.
#[derive(Clone, Copy, Debug, Serialize, TS)]
pub struct CaseSetCount {
    pub cases: u32,
    pub patients: u32,
    pub photographs: u32,
    /// Readings of patients who did not consent to training: they stay out.
    pub without_consent: u32,
}

#[derive(Debug, Deserialize, TS)]
pub struct CaseSetExportRequest {
    pub incorrect_only: bool,
    pub password: Password,
}
