//! Photographs, jobs, results.

use domain::analysis::Analysis;
use domain::disagreement::Disagreement;
use domain::image::{ImageKind, ImageRecord};
use domain::job::{AnalysisStep, JobState};
use domain::outline::LesionOutline;
use domain::{AnalysisId, ImageId, JobId, LesionId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Error;

#[derive(Debug, Deserialize, TS)]
pub struct ImageImportRequest {
    pub lesion_id: LesionId,
    pub kind: ImageKind,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ImageImported {
    pub image: ImageRecord,
    /// The same file was already stored for this lesion; nothing was added.
    pub already_stored: bool,
}

#[derive(Debug, Deserialize, TS)]
pub struct AnalysisStartRequest {
    /// One to three photographs of one lesion.
    pub image_ids: Vec<ImageId>,
}

#[derive(Debug, Deserialize, TS)]
pub struct JobRequest {
    pub id: JobId,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct JobView {
    pub id: JobId,
    pub lesion_id: LesionId,
    pub image_ids: Vec<ImageId>,
    pub state: JobState,
    pub step: AnalysisStep,
    /// 0 to 1.
    pub fraction: f64,
    /// Set when `COMPLETED`.
    pub analysis_id: Option<AnalysisId>,
    /// Set when `FAILED`.
    pub error: Option<Error>,
    #[ts(type = "string")]
    pub created_at: Timestamp,
}

#[derive(Debug, Deserialize, TS)]
pub struct AnalysisReadRequest {
    pub id: AnalysisId,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct AnalysisView {
    pub analysis: Analysis,
    pub images: Vec<ImageRecord>,
    /// Outline, measures and artefacts, one an image; empty for an analysis from before they were kept.
    pub outlines: Vec<LesionOutline>,
    /// The photographs may not show one lesion.
    pub disagreement: Option<Disagreement>,
    /// The sentence that stands under every result.
    pub disclaimer: String,
}
