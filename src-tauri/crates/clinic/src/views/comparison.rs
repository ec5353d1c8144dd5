//! Two photographs of a lesion compared.

use domain::comparison::{Alignment, Change, ComparedOutline, Monitoring};
use domain::image::ImageRecord;
use domain::outline::OutlineMethod;
use domain::uncertainty::Spread;
use domain::{ComparisonId, ImageId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Clone, Copy, Debug, Deserialize, TS)]
pub struct ComparisonRequest {
    pub earlier_id: ImageId,
    pub later_id: ImageId,
}

/// How far a comparison is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ComparisonStep {
    Opening,
    Outlining,
    Registering,
    Measuring,
}

#[derive(Clone, Copy, Debug, Serialize, TS)]
pub struct ComparisonProgress {
    pub step: ComparisonStep,
    /// 0 to 1.
    pub fraction: f64,
}

/// A photograph of a comparison.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ComparedPhotograph {
    pub image: ImageRecord,
    /// Day on which it was taken, else on which it was taken in.
    #[ts(type = "string")]
    pub day: Date,
    pub outline: ComparedOutline,
    pub mm_per_px: Option<f64>,
    /// How unsure millimetres are for the error of the scale; nothing where its source states none.
    pub spread: Option<Spread>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ComparisonView {
    pub id: ComparisonId,
    pub earlier: ComparedPhotograph,
    pub later: ComparedPhotograph,
    /// Days from the earlier to the later photograph.
    #[ts(type = "number")]
    pub days: i64,
    /// What short-term monitoring says of the interval.
    pub monitoring: Monitoring,
    pub alignment: Alignment,
    pub change: Option<Change>,
    pub outline_method: OutlineMethod,
    pub compared_by_name: String,
    #[ts(type = "string")]
    pub compared_at: Timestamp,
}
