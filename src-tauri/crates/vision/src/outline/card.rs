//! The card of an outline model.

use crate::card::{CardError, InputSpec, OutputKind, is_plain_name, is_sha256};
use serde::Deserialize;

/// `outline.card.json`, schema 1. Fields this version does not know are allowed and ignored.
#[derive(Clone, Debug, Deserialize)]
pub struct OutlineCard {
    pub schema: u32,
    pub name: String,
    pub version: String,
    pub task: OutlineTask,
    /// The ONNX file beside the card.
    pub file: String,
    /// SHA-256 of the ONNX file, hex.
    pub sha256: String,
    #[serde(default)]
    pub trained_on: Option<String>,
    pub input: InputSpec,
    pub output: OutlineOutput,
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
pub enum OutlineTask {
    LesionOutline,
}

/// The output is one map of any size over the part of the picture the input shows.
#[derive(Clone, Debug, Deserialize)]
pub struct OutlineOutput {
    pub name: String,
    pub kind: OutputKind,
    /// Probability from which a pixel is lesion, between 0 and 1.
    pub threshold: f64,
}

impl OutlineOutput {
    /// The threshold as a logit.
    pub(super) fn logit_threshold(&self) -> f32 {
        (self.threshold / (1.0 - self.threshold)).ln() as f32
    }
}

impl OutlineCard {
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
        require(self.schema == 1, "schema", "must be 1")?;
        require(!self.name.trim().is_empty(), "name", "must not be empty")?;
        require(!self.version.trim().is_empty(), "version", "must not be empty")?;
        require(is_sha256(&self.sha256), "sha256", "must be 64 hex digits")?;
        require(is_plain_name(&self.file), "file", "must be a file name beside the card")?;
        self.input.check()?;
        let open = self.output.threshold > 0.0 && self.output.threshold < 1.0;
        require(open, "output.threshold", "must lie between 0 and 1")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn example() -> Value {
        json!({
            "schema": 1, "name": "outline", "version": "1", "task": "lesion_outline",
            "file": "outline.onnx", "sha256": "a".repeat(64),
            "input": {"name": "image", "width": 64, "height": 64, "layout": "nchw", "channels": "rgb",
                      "crop": "whole", "resample": "bilinear_antialias", "scale": 1.0,
                      "mean": [0.0, 0.0, 0.0], "std": [1.0, 1.0, 1.0]},
            "output": {"name": "mask", "kind": "logits", "threshold": 0.5},
            "future": 1
        })
    }

    #[test]
    fn each_wrong_field_is_named() {
        assert!(OutlineCard::parse(example().to_string().as_bytes()).is_ok());
        let cases = [
            ("/schema", json!(2), "schema"),
            ("/name", json!(" "), "name"),
            ("/sha256", json!("xyz"), "sha256"),
            ("/file", json!("../x.onnx"), "file"),
            ("/input/height", json!(4), "input"),
            ("/output/threshold", json!(1.0), "output.threshold"),
        ];
        for (pointer, value, expected) in cases {
            let mut card = example();
            *card.pointer_mut(pointer).unwrap() = value;
            match OutlineCard::parse(card.to_string().as_bytes()) {
                Err(CardError::Invalid { field, .. }) => assert_eq!(field, expected, "{pointer}"),
                other => panic!("{pointer}: {other:?}"),
            }
        }
        let mut card = example();
        card["task"] = json!("lesion_classification");
        assert!(matches!(OutlineCard::parse(card.to_string().as_bytes()), Err(CardError::Unreadable(_))));
    }

    #[test]
    fn the_threshold_is_that_of_the_logit() {
        let mut card = OutlineCard::parse(example().to_string().as_bytes()).unwrap();
        assert!(card.output.logit_threshold().abs() < 1e-6);
        card.output.threshold = 0.75;
        assert!((card.output.logit_threshold() - 3f32.ln()).abs() < 1e-6);
    }
}
