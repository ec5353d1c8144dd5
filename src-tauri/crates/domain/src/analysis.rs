//! What the classifier says of a lesion, after calibration and gate.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::advice::Advice;
use crate::id::{AnalysisId, ImageId, LesionId, PatientId};
use crate::model::{Label, ModelIdentity};

/// How far the calibrated top probability carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// Under the card's lower limit, or led by a class that may not be named here: no label, general advice.
    Inconclusive,
    /// Between the card's limits: the label with a strong warning.
    Uncertain,
    /// From the card's upper limit on: class-specific advice.
    Confident,
    /// The picture is unlike anything the model was fitted to: no label, no reassurance.
    OutOfDistribution,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    Benign,
    Suspicious,
    Malignant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    Routine,
    Appointment,
    Immediate,
}

impl Band {
    #[must_use]
    pub const fn urgency(self) -> Urgency {
        match self {
            Self::Benign => Urgency::Routine,
            Self::Suspicious => Urgency::Appointment,
            Self::Malignant => Urgency::Immediate,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ClassProbability {
    #[serde(flatten)]
    pub label: Label,
    /// Calibrated, 0 to 1; all classes of a result sum to 1.
    pub probability: f64,
    /// Largest minus smallest over the images averaged; 0 for one image.
    pub spread: f64,
}

/// Labels that together hold the truth with the stated coverage (split-conformal, Vovk 2005; Sadinle 2019).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PredictionSet {
    pub codes: Vec<String>,
    pub coverage: f64,
}

/// Distance of the features from those of the training lesions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Novelty {
    pub score: f64,
    pub threshold: f64,
    pub outside: bool,
}

/// The gated reading of one lesion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Assessment {
    /// In the model's label order.
    pub probabilities: Vec<ClassProbability>,
    /// Sum over the malignant classes.
    pub malignant_sum: f64,
    pub gate: Gate,
    /// The leading class, where the gate lets one be named.
    pub label: Option<Label>,
    pub band: Band,
    pub urgency: Urgency,
    /// The malignant sum alone raised the band, whatever the leading class.
    pub malignancy_override: bool,
    pub prediction_set: Option<PredictionSet>,
    pub novelty: Option<Novelty>,
    pub advice: Advice,
    /// Codes of classes that this model may not name in this clinic, because it found too few of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub not_named: Option<Vec<String>>,
}

impl Assessment {
    /// The class with the largest probability, named or not.
    #[must_use]
    pub fn leading(&self) -> Option<&ClassProbability> {
        self.probabilities.iter().max_by(|a, b| a.probability.total_cmp(&b.probability))
    }
}

/// Milliseconds of each step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Timings {
    pub decode_ms: f64,
    pub check_ms: f64,
    pub classify_ms: f64,
    pub explain_ms: f64,
    pub total_ms: f64,
}

/// Why there is no heatmap, when there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HeatmapState {
    Available,
    /// The network has no last spatial map (a transformer, for example).
    NoSpatialMap,
    /// The head holds an operator whose gradient is not known here.
    UnsupportedHead,
}

/// A finished analysis as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Analysis {
    pub id: AnalysisId,
    pub patient_id: PatientId,
    pub lesion_id: LesionId,
    /// One to three images of the lesion.
    pub image_ids: Vec<ImageId>,
    pub assessment: Assessment,
    pub model: ModelIdentity,
    pub heatmap: HeatmapState,
    pub timings: Timings,
    #[ts(type = "string")]
    pub analysed_at: Timestamp,
}
