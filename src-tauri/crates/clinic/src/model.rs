//! The model in use: loaded once, shared by all jobs, absent rather than guessed.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use vision::Classifier;
use vision::outline::Outliner;

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::session::Session;
use crate::views::{DataSource, ModelStatus, ModelView, OutlineModelView};

pub struct ModelSlot {
    folder: PathBuf,
    loaded: Mutex<Option<Arc<Classifier>>>,
    outliner: Mutex<Option<Arc<Outliner>>>,
}

impl ModelSlot {
    /// `folder` holds `lesion.card.json` and `outline.card.json` and the files they name.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder, loaded: Mutex::new(None), outliner: Mutex::new(None) }
    }

    /// Where the files lie.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
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

    /// What finds outlines, loaded on first use: the outline model, or the classical way where the folder
    /// has none.
    ///
    /// # Errors
    /// `model_unavailable` for an outline model that is there and unfit.
    pub fn outliner(&self) -> Result<Arc<Outliner>> {
        let mut loaded = self.outliner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(outliner) = &*loaded {
            return Ok(Arc::clone(outliner));
        }
        let outliner = Outliner::of_folder(&self.folder).map(Arc::new).map_err(|error| {
            tracing::warn!(%error, "outline model");
            Error::new(ErrorCode::ModelUnavailable)
        })?;
        *loaded = Some(Arc::clone(&outliner));
        Ok(outliner)
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

/// The cards of the models in use.
///
/// # Errors
/// `model_unavailable`, `not_permitted`.
pub fn read(session: &Session) -> Result<ModelView> {
    session.authorise(Command::ModelRead)?;
    let models = session.workstation().model();
    let model = models.classifier()?;
    let card = model.card();
    let (outline, outline_problem) = match models.outliner() {
        Ok(outliner) => (outline_view(&outliner), None),
        Err(error) => (None, Some(error.code)),
    };
    Ok(ModelView {
        identity: model.identity().clone(),
        labels: model.labels().to_vec(),
        trained_on: card.trained_on.clone().unwrap_or_default(),
        licence: card.licence.clone().unwrap_or_default(),
        sources: sources(&card.data),
        images: card.data["images"].clone(),
        metrics: card.metrics.clone(),
        limits: card.limits.clone(),
        outline,
        outline_problem,
    })
}

fn outline_view(outliner: &Outliner) -> Option<OutlineModelView> {
    let (card, identity) = (outliner.card()?, outliner.identity()?);
    Some(OutlineModelView {
        identity: identity.clone(),
        trained_on: card.trained_on.clone().unwrap_or_default(),
        licence: card.licence.clone().unwrap_or_default(),
        metrics: card.metrics.clone(),
        limits: card.limits.clone(),
    })
}

/// The collections a card names; what does not read as one is left out.
fn sources(data: &serde_json::Value) -> Vec<DataSource> {
    let listed = data["sources"].as_array().cloned().unwrap_or_default();
    listed.into_iter().filter_map(|source| serde_json::from_value(source).ok()).collect()
}
