//! The model in use: loaded once, shared by all jobs, absent rather than guessed.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use vision::Classifier;

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::session::Session;
use crate::views::{ModelStatus, ModelView};

pub struct ModelSlot {
    folder: PathBuf,
    loaded: Mutex<Option<Arc<Classifier>>>,
}

impl ModelSlot {
    /// `folder` holds `lesion.card.json` and the files it names.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder, loaded: Mutex::new(None) }
    }

    /// The classifier, loaded on first use. A failure is not remembered: a model put back is found.
    ///
    /// # Errors
    /// `model_unavailable` when a file is missing, altered, or does not fit its card.
    pub fn classifier(&self) -> Result<Arc<Classifier>> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(classifier) = &*loaded {
            return Ok(Arc::clone(classifier));
        }
        let classifier = Classifier::load(&self.folder).map(Arc::new).map_err(|error| {
            tracing::warn!(%error, "model");
            Error::new(ErrorCode::ModelUnavailable)
        })?;
        *loaded = Some(Arc::clone(&classifier));
        Ok(classifier)
    }

    /// The identity and the card's words, or why there is none.
    #[must_use]
    pub fn status(&self) -> ModelStatus {
        match self.classifier() {
            Ok(model) => ModelStatus { identity: Some(model.identity().clone()), problem: None },
            Err(error) => ModelStatus { identity: None, problem: Some(error.code) },
        }
    }
}

/// The card of the model in use.
///
/// # Errors
/// `model_unavailable`, `not_permitted`.
pub fn read(session: &Session) -> Result<ModelView> {
    session.authorise(Command::ModelRead)?;
    let model = session.workstation().model().classifier()?;
    let card = model.card();
    Ok(ModelView {
        identity: model.identity().clone(),
        labels: model.labels().to_vec(),
        trained_on: card.trained_on.clone().unwrap_or_default(),
        licence: card.licence.clone().unwrap_or_default(),
        metrics: card.metrics.clone(),
        limits: card.limits.clone(),
    })
}
