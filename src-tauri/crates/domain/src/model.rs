//! Which model spoke, and the words it may use.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Printed beside every result: a result without it is not shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ModelIdentity {
    pub name: String,
    pub version: String,
    /// SHA-256 of the ONNX file, lower-case hex.
    pub sha256: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Malignancy {
    Benign,
    Premalignant,
    Malignant,
}

/// A class of a model: `code` is its short name in the field (mel, nv, bcc, …).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Label {
    pub code: String,
    pub name: String,
    pub malignancy: Malignancy,
}
