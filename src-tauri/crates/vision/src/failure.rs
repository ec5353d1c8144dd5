//! Why there is no model, and why a reading did not come about.

use thiserror::Error;

use crate::cam::NetworkError;
use crate::card::CardError;
use crate::classifier::MAX_PHOTOGRAPHS;

/// Why there is no model. All variants mean one thing to the user: `model_unavailable`.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ModelError {
    #[error("a file of the model is missing or cannot be read")]
    Missing,
    #[error("a file of the model was altered: its hash is not the card's")]
    HashMismatch,
    #[error(transparent)]
    Card(#[from] CardError),
    #[error("the model and its card do not fit: {0}")]
    Incompatible(&'static str),
    #[error("the card names {card} classes, the network gives {network}")]
    Classes { card: usize, network: usize },
    #[error("the model cannot be run: {0}")]
    Broken(String),
}

impl ModelError {
    /// Stable code for the border.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "model_unavailable"
    }
}

/// Why a reading did not come about.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum VisionError {
    #[error("the analysis was cancelled")]
    Cancelled,
    #[error("a reading takes one to {MAX_PHOTOGRAPHS} photographs, not {0}")]
    PhotographCount(usize),
    #[error("the model has no such class")]
    UnknownClass,
    #[error("the model failed: {0}")]
    Inference(String),
}

impl VisionError {
    /// Stable code for the border.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::PhotographCount(_) => "photograph_count",
            Self::UnknownClass => "unknown_class",
            Self::Inference(_) => "model_unavailable",
        }
    }
}

impl From<NetworkError> for VisionError {
    fn from(error: NetworkError) -> Self {
        Self::Inference(error.to_string())
    }
}
