//! Photographs that the front desk took in with a visit and that wait for a clinician.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::{DeskPhotoId, PatientId, VisitId};
use crate::image::ImageFormat;
use crate::quality::QualityReport;

/// What is known of such a photograph. `width` and `height` are upright, after EXIF orientation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DeskPhoto {
    pub id: DeskPhotoId,
    pub patient_id: PatientId,
    pub visit_id: VisitId,
    pub format: ImageFormat,
    pub width: u32,
    pub height: u32,
    /// SHA-256 of the file as it was taken in, lower-case hex.
    pub sha256: String,
    #[ts(type = "number")]
    pub bytes: u64,
    pub quality: QualityReport,
    #[ts(type = "string")]
    pub added_at: Timestamp,
}
