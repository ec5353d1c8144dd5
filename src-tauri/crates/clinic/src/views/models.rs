//! Versions of the classifier under administration.

use domain::model::{Label, Malignancy, ModelIdentity};
use domain::model_version::{ModelComparison, ModelRefusal, ModelTrial, ModelVersionState, OnnxOutline};
use domain::morphology::Behaviour;
use domain::{ImageId, ModelVersionId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Password;
use crate::error::ErrorCode;

/// Every version there is, and which one was in use when.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ModelRegistryView {
    /// The shipped one first, then the newest.
    pub versions: Vec<ModelVersionView>,
    /// Newest first.
    pub history: Vec<ModelActivationView>,
    /// A roll-back has a version to go back to.
    pub can_roll_back: bool,
    /// A comparison is under way.
    pub comparing: bool,
    /// The clinic lets photographs be read.
    pub analyses_on: bool,
    /// Photographs of the golden set.
    pub golden_images: u32,
    /// Cases with histology that a class needs to be judged by.
    pub least_cases: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ModelVersionView {
    /// Null for the shipped one.
    pub id: Option<ModelVersionId>,
    /// Null for a shipped one that is missing.
    pub identity: Option<ModelIdentity>,
    pub state: ModelVersionState,
    #[ts(type = "number | null")]
    pub bytes: Option<u64>,
    pub added_by_name: Option<String>,
    #[ts(type = "string | null")]
    pub added_at: Option<Timestamp>,
    #[ts(type = "string | null")]
    pub checked_at: Option<Timestamp>,
    pub trial: Option<ModelTrial>,
    pub refusal: Option<ModelRefusal>,
    #[ts(type = "string | null")]
    pub compared_at: Option<Timestamp>,
    pub comparison: Option<ModelComparison>,
    /// The comparison was made with the version that is in use now.
    pub comparison_counts: bool,
    #[ts(type = "string | null")]
    pub retired_at: Option<Timestamp>,
    /// Codes of classes that it may not name, of the one in use.
    pub not_named: Vec<String>,
    /// What the card says; null where it cannot be opened.
    pub card: Option<ModelCardView>,
    /// The one in use cannot be loaded: nothing is read.
    pub problem: Option<ErrorCode>,
}

/// A card in short.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ModelCardView {
    pub labels: Vec<Label>,
    pub trained_on: String,
    pub licence: String,
    #[ts(type = "unknown")]
    pub metrics: serde_json::Value,
    pub limits: Vec<String>,
    /// Whether the card has data to tell pictures unlike any lesion, to give sets with a coverage, and to say what
    /// is near. Without them these say nothing.
    pub novelty: bool,
    pub prediction_set: bool,
    pub likeness: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ModelActivationView {
    /// Null for the shipped one.
    pub id: Option<ModelVersionId>,
    /// Name and version; empty for the shipped one.
    pub name: String,
    pub rolled_back: bool,
    pub by_name: String,
    #[ts(type = "string")]
    pub at: Timestamp,
}

/// Files that were chosen, before they are added.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ModelFilesView {
    /// Name of the ONNX file.
    pub network: String,
    #[ts(type = "number")]
    pub bytes: u64,
    /// Name of the card, where one was chosen with it.
    pub card: Option<String>,
    /// Name of the file that tells pictures unlike any lesion.
    pub novelty: Option<String>,
    pub outline: Option<OnnxOutline>,
    pub refusal: Option<ModelRefusal>,
    /// A form to begin with, where there is no card.
    pub form: Option<ModelCardForm>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ModelLayout {
    Nchw,
    Nhwc,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ModelChannels {
    Rgb,
    Bgr,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ModelCrop {
    CentreSquare,
    Whole,
}

/// What comes out of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ModelOutput {
    Logits,
    /// Probabilities of all classes.
    Softmax,
    /// The probability of the second of two classes.
    Sigmoid,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ModelFormLabel {
    pub code: String,
    pub name: String,
    pub malignancy: Malignancy,
}

/// What a card says, typed by a person. Numbers are as the card writes them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ModelCardForm {
    pub name: String,
    pub version: String,
    pub trained_on: String,
    pub licence: String,
    pub input_name: String,
    pub width: u32,
    pub height: u32,
    pub layout: ModelLayout,
    pub channels: ModelChannels,
    pub crop: ModelCrop,
    /// A byte is multiplied with it before the mean is taken off.
    pub scale: f64,
    pub mean: [f64; 3],
    pub std: [f64; 3],
    pub output_name: String,
    pub output: ModelOutput,
    /// In the order of the network.
    pub labels: Vec<ModelFormLabel>,
    pub temperature: f64,
    pub inconclusive_below: f64,
    pub strong_at: f64,
    pub suspicious_sum_at: f64,
    pub malignant_sum_at: f64,
}

#[derive(Debug, Deserialize, TS)]
pub struct ModelUploadRequest {
    /// Null where the card was chosen with the file.
    pub form: Option<ModelCardForm>,
}

#[derive(Debug, Deserialize, TS)]
pub struct ModelVersionRequest {
    pub id: ModelVersionId,
}

#[derive(Debug, Deserialize, TS)]
pub struct ModelCompareRequest {
    pub id: ModelVersionId,
    /// Share of the lesions of a class, 0 to 1, that must be found for the class to be named.
    pub recall_floor: f64,
}

/// Pictures that are read, of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ModelCompareProgress {
    pub done: u32,
    pub of: u32,
}

#[derive(Debug, Deserialize, TS)]
pub struct ModelActivateRequest {
    /// Null for the shipped one.
    pub id: Option<ModelVersionId>,
    pub password: Password,
}

#[derive(Debug, Deserialize, TS)]
pub struct ModelRollBackRequest {
    pub password: Password,
}

#[derive(Debug, Deserialize, TS)]
pub struct ModelRetireRequest {
    pub id: ModelVersionId,
    pub password: Password,
}

/// Photographs with histology, and the classes that they can be marked with.
#[derive(Clone, Debug, Serialize, TS)]
pub struct GoldenSetView {
    /// Those marked first, in the order of marking.
    pub images: Vec<GoldenImageView>,
    pub classes: Vec<Label>,
    pub most: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct GoldenImageView {
    pub image_id: ImageId,
    #[ts(type = "string")]
    pub imported_at: Timestamp,
    /// What the pathologist found, where it has a code.
    pub morphology: Option<String>,
    pub behaviour: Behaviour,
    /// Null for one that is not marked.
    pub true_class: Option<String>,
}

#[derive(Debug, Deserialize, TS)]
pub struct GoldenImageMarkRequest {
    pub image_id: ImageId,
    pub true_class: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct GoldenImageRequest {
    pub image_id: ImageId,
}
