//! The model card: what an ONNX file needs said about it before it may speak.

use domain::model::{Label, Malignancy};
use domain::similar::NearnessBounds;
use serde::Deserialize;
use std::collections::HashSet;
use thiserror::Error;

/// Largest side of a model's input in pixels.
const MAX_INPUT: u32 = 1024;
/// Most classes a card may name.
const MAX_LABELS: usize = 200;

/// `*.card.json`, schema 1. Fields this version does not know are allowed and ignored.
#[derive(Clone, Debug, Deserialize)]
pub struct ModelCard {
    pub schema: u32,
    pub name: String,
    pub version: String,
    pub task: Task,
    /// The ONNX file beside the card.
    pub file: String,
    /// SHA-256 of the ONNX file, hex.
    pub sha256: String,
    #[serde(default)]
    pub trained_on: Option<String>,
    pub input: InputSpec,
    pub output: OutputSpec,
    pub labels: Vec<CardLabel>,
    pub calibration: Calibration,
    pub thresholds: Thresholds,
    #[serde(default)]
    pub conformal: Option<Conformal>,
    #[serde(default)]
    pub ood: Option<OodSpec>,
    /// Where the words for the likeness of two photographs change.
    #[serde(default)]
    pub similarity: Option<NearnessBounds>,
    /// Tensor to explain, where it is not the last spatial map.
    #[serde(default)]
    pub feature_layer: Option<String>,
    #[serde(default)]
    pub licence: Option<String>,
    #[serde(default)]
    pub data: serde_json::Value,
    #[serde(default)]
    pub metrics: serde_json::Value,
    #[serde(default)]
    pub limits: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    LesionClassification,
}

/// How a photograph becomes the input tensor: crop, resize, `(byte * scale - mean) / std`.
#[derive(Clone, Debug, Deserialize)]
pub struct InputSpec {
    pub name: String,
    pub width: u32,
    pub height: u32,
    pub layout: Layout,
    pub channels: Channels,
    pub crop: Crop,
    pub resample: Resample,
    pub scale: f32,
    pub mean: [f32; 3],
    pub std: [f32; 3],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    Nchw,
    Nhwc,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channels {
    Rgb,
    Bgr,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Crop {
    /// The largest centred square.
    CentreSquare,
    /// The whole picture, squeezed to the input.
    Whole,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resample {
    /// Triangle filter whose support grows with the reduction, as `BILINEAR` of Pillow.
    BilinearAntialias,
}

#[derive(Clone, Debug, Deserialize)]
pub struct OutputSpec {
    pub name: String,
    pub kind: OutputKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutputKind {
    Logits,
    Probabilities,
}

#[derive(Clone, Debug, Deserialize)]
pub struct CardLabel {
    pub code: String,
    pub name: String,
    pub malignancy: Malignancy,
    #[serde(default)]
    pub snomed: Option<String>,
    #[serde(default)]
    pub icd10: Option<String>,
}

impl CardLabel {
    #[must_use]
    pub fn to_label(&self) -> Label {
        Label { code: self.code.clone(), name: self.name.clone(), malignancy: self.malignancy }
    }
}

/// `p = softmax((logits + bias) / temperature)`; temperature scaling (Guo 2017) with an optional
/// bias for each class.
#[derive(Clone, Debug, Deserialize)]
pub struct Calibration {
    pub method: CalibrationMethod,
    pub temperature: f64,
    #[serde(default)]
    pub bias: Option<Vec<f64>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalibrationMethod {
    BiasTemperature,
}

/// Limits of gate and band; see [`crate::gate`].
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct Thresholds {
    pub inconclusive_below: f64,
    pub strong_at: f64,
    pub suspicious_sum_at: f64,
    pub malignant_sum_at: f64,
}

/// Split-conformal prediction sets.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct Conformal {
    pub method: ConformalMethod,
    /// Share of lesions whose set may miss the truth; coverage is `1 - alpha`.
    pub alpha: f64,
    /// Quantile of the conformal score on the calibration lesions.
    pub quantile: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConformalMethod {
    /// Score `1 - p` of the true class (least ambiguous classifier, Sadinle 2019).
    Lac,
    /// Score the mass down to and with the true class (adaptive prediction sets, Romano 2020).
    Aps,
}

#[derive(Clone, Debug, Deserialize)]
pub struct OodSpec {
    pub method: OodMethod,
    #[serde(default)]
    pub layer: Option<String>,
    /// A score above it is outside.
    pub threshold: f64,
    /// The parameters beside the card.
    pub file: String,
    /// SHA-256 of the parameters, where the card states it.
    #[serde(default)]
    pub sha256: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OodMethod {
    Mahalanobis,
}

/// Why a card cannot be used. The texts name fields of the card, nothing else.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CardError {
    #[error("the model card is no valid JSON of this schema: {0}")]
    Unreadable(String),
    #[error("model card: {field}: {reason}")]
    Invalid { field: &'static str, reason: &'static str },
}

impl ModelCard {
    /// Reads and checks a card.
    ///
    /// # Errors
    /// [`CardError`] naming the first field that is wrong.
    pub fn parse(json: &[u8]) -> Result<Self, CardError> {
        let card: Self = serde_json::from_slice(json).map_err(|e| CardError::Unreadable(e.to_string()))?;
        card.check()?;
        Ok(card)
    }

    fn check(&self) -> Result<(), CardError> {
        let require = |good: bool, field, reason| {
            if good { Ok(()) } else { Err(CardError::Invalid { field, reason }) }
        };
        let classes = self.labels.len();
        require(self.schema == 1, "schema", "must be 1")?;
        require(!self.name.trim().is_empty(), "name", "must not be empty")?;
        require(!self.version.trim().is_empty(), "version", "must not be empty")?;
        require(is_sha256(&self.sha256), "sha256", "must be 64 hex digits")?;
        require(is_plain_name(&self.file), "file", "must be a file name beside the card")?;
        self.input.check()?;
        require((2..=MAX_LABELS).contains(&classes), "labels", "must name at least two classes")?;
        let codes: HashSet<&str> = self.labels.iter().map(|label| label.code.as_str()).collect();
        require(codes.len() == classes, "labels", "codes must differ")?;
        require(!codes.contains(""), "labels", "codes must not be empty")?;
        let t = self.calibration.temperature;
        require(t.is_finite() && t > 0.0, "calibration.temperature", "must be positive")?;
        if let Some(bias) = &self.calibration.bias {
            require(bias.len() == classes, "calibration.bias", "must have one value a label")?;
            require(bias.iter().all(|b| b.is_finite()), "calibration.bias", "must be finite")?;
        }
        self.thresholds.check()?;
        if let Some(conformal) = self.conformal {
            let open = conformal.alpha > 0.0 && conformal.alpha < 1.0;
            require(open, "conformal.alpha", "must lie between 0 and 1")?;
            let finite = conformal.quantile.is_finite() && conformal.quantile >= 0.0;
            require(finite, "conformal.quantile", "must not be negative")?;
        }
        if let Some(ood) = &self.ood {
            require(ood.threshold.is_finite(), "ood.threshold", "must be finite")?;
            require(is_plain_name(&ood.file), "ood.file", "must be a file name beside the card")?;
            let hash = ood.sha256.as_deref().is_none_or(is_sha256);
            require(hash, "ood.sha256", "must be 64 hex digits")?;
        }
        if let Some(bounds) = &self.similarity {
            let ordered = bounds.near > 0.0 && bounds.near < bounds.far && bounds.far <= 2.0;
            require(ordered, "similarity", "near must lie below far, both within 0 to 2")?;
        }
        Ok(())
    }
}

impl InputSpec {
    pub(crate) fn check(&self) -> Result<(), CardError> {
        let invalid = |field, reason| Err(CardError::Invalid { field, reason });
        if !(8..=MAX_INPUT).contains(&self.width) || !(8..=MAX_INPUT).contains(&self.height) {
            return invalid("input", "sides must be 8 to 1024");
        }
        if self.crop == Crop::CentreSquare && self.width != self.height {
            return invalid("input", "a square crop needs a square input");
        }
        if !self.scale.is_finite() || self.scale <= 0.0 {
            return invalid("input.scale", "must be positive");
        }
        if self.mean.iter().any(|m| !m.is_finite()) {
            return invalid("input.mean", "must be finite");
        }
        if self.std.iter().any(|s| !s.is_finite() || *s <= 0.0) {
            return invalid("input.std", "must be positive");
        }
        Ok(())
    }
}

impl Thresholds {
    fn check(&self) -> Result<(), CardError> {
        let invalid = |reason| Err(CardError::Invalid { field: "thresholds", reason });
        let share = |value: f64| (0.0..=1.0).contains(&value);
        let all = [self.inconclusive_below, self.strong_at, self.suspicious_sum_at, self.malignant_sum_at];
        if !all.into_iter().all(share) {
            return invalid("must lie between 0 and 1");
        }
        if self.inconclusive_below > self.strong_at {
            return invalid("inconclusive_below must not exceed strong_at");
        }
        // A sum of 0 would call every lesion suspicious.
        if self.suspicious_sum_at <= 0.0 || self.suspicious_sum_at > self.malignant_sum_at {
            return invalid("suspicious_sum_at must be positive and not exceed malignant_sum_at");
        }
        Ok(())
    }
}

pub(crate) fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// A bare name: a card must not reach outside its folder.
pub(crate) fn is_plain_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('.')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// A card of three classes, one of each malignancy.
    pub fn example() -> Value {
        json!({
            "schema": 1, "name": "tiny", "version": "1", "task": "lesion_classification",
            "file": "lesion.onnx", "sha256": "0".repeat(64), "trained_on": "2026-01-01",
            "input": {"name": "image", "width": 32, "height": 32, "layout": "nchw", "channels": "rgb",
                      "crop": "centre_square", "resample": "bilinear_antialias", "scale": 1.0 / 255.0,
                      "mean": [0.7, 0.55, 0.53], "std": [0.16, 0.15, 0.16]},
            "output": {"name": "logits", "kind": "logits"},
            "labels": [
                {"code": "nv", "name": "Naevus", "malignancy": "benign", "icd10": "D22"},
                {"code": "ak", "name": "Actinic keratosis", "malignancy": "premalignant"},
                {"code": "mel", "name": "Melanoma", "malignancy": "malignant", "snomed": "372244006"}],
            "calibration": {"method": "bias_temperature", "temperature": 1.5, "bias": [0.0, 0.1, -0.1]},
            "thresholds": {"inconclusive_below": 0.6, "strong_at": 0.8,
                           "suspicious_sum_at": 0.2, "malignant_sum_at": 0.5},
            "conformal": {"method": "lac", "alpha": 0.1, "quantile": 0.8},
            "feature_layer": null, "licence": "", "data": {}, "metrics": {}, "limits": [],
            "future": {"field": true}
        })
    }

    pub fn parse(card: &Value) -> Result<ModelCard, CardError> {
        ModelCard::parse(card.to_string().as_bytes())
    }

    #[test]
    fn the_example_is_valid_and_unknown_fields_are_allowed() {
        let card = parse(&example()).unwrap();
        assert_eq!(card.labels[2].malignancy, Malignancy::Malignant);
        assert_eq!(card.labels[0].icd10.as_deref(), Some("D22"));
        assert!(card.ood.is_none());
    }

    #[test]
    fn each_wrong_field_is_named() {
        let cases = [
            ("/schema", json!(2), "schema"),
            ("/sha256", json!("xyz"), "sha256"),
            ("/file", json!("../lesion.onnx"), "file"),
            ("/file", json!("/etc/passwd"), "file"),
            ("/input/width", json!(31), "input"),
            ("/input/std/1", json!(0.0), "input.std"),
            ("/input/scale", json!(-1.0), "input.scale"),
            ("/labels/1/code", json!("nv"), "labels"),
            ("/calibration/temperature", json!(0.0), "calibration.temperature"),
            ("/calibration/bias", json!([0.0]), "calibration.bias"),
            ("/thresholds/inconclusive_below", json!(0.9), "thresholds"),
            ("/thresholds/suspicious_sum_at", json!(0.6), "thresholds"),
            ("/thresholds/malignant_sum_at", json!(1.1), "thresholds"),
            ("/conformal/alpha", json!(1.0), "conformal.alpha"),
        ];
        for (pointer, value, expected) in cases {
            let mut card = example();
            *card.pointer_mut(pointer).unwrap() = value;
            match parse(&card) {
                Err(CardError::Invalid { field, .. }) => assert_eq!(field, expected, "{pointer}"),
                other => panic!("{pointer}: {other:?}"),
            }
        }
    }
}
