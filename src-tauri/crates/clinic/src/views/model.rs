//! What the cards of the models say, for the card in the window.

use domain::model::{Label, ModelIdentity};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::ErrorCode;

/// The classifier's card, and the outline model's in short.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ModelView {
    pub identity: ModelIdentity,
    pub labels: Vec<Label>,
    /// Codes of classes that it may not name in this clinic.
    pub not_named: Vec<String>,
    pub trained_on: String,
    pub licence: String,
    pub sources: Vec<DataSource>,
    /// Photographs by part, collection and class.
    #[ts(type = "unknown")]
    pub images: serde_json::Value,
    #[ts(type = "unknown")]
    pub metrics: serde_json::Value,
    pub limits: Vec<String>,
    /// Null where outlines are found by colour alone, and where `outline_problem` says why.
    pub outline: Option<OutlineModelView>,
    pub outline_problem: Option<ErrorCode>,
}

/// A collection of photographs a model learnt from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct DataSource {
    pub name: String,
    #[serde(rename = "use")]
    pub used_for: String,
    pub licence: String,
    pub cite: String,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct OutlineModelView {
    pub identity: ModelIdentity,
    pub trained_on: String,
    pub licence: String,
    #[ts(type = "unknown")]
    pub metrics: serde_json::Value,
    pub limits: Vec<String>,
}
