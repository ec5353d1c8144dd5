//! The model in use: loaded once, shared by all jobs, absent rather than guessed.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use domain::ModelVersionId;
use records::models;
use vision::Classifier;
use vision::outline::Outliner;

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::models::stored;
use crate::session::{Office, Session};
use crate::views::{DataSource, ModelStatus, ModelView, OutlineModelView};

pub struct ModelSlot {
    folder: PathBuf,
    loaded: Mutex<Vec<Loaded>>,
    /// Held while a file is read, so that two jobs do not read it at once; whoever finds a model waits for nobody.
    loading: Mutex<()>,
    outliner: Mutex<Option<Arc<Outliner>>>,
}

/// A classifier in memory: which version it is, and what it may not name.
struct Loaded {
    which: Which,
    classifier: Arc<Classifier>,
}

/// A version with the classes that it may not name; nothing stands for the shipped one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Which {
    pub version: Option<ModelVersionId>,
    pub not_named: Vec<String>,
}

impl ModelSlot {
    /// `folder` holds `lesion.card.json` and `outline.card.json` and the files they name.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder, loaded: Mutex::new(vec![]), loading: Mutex::new(()), outliner: Mutex::new(None) }
    }

    /// Where the files lie.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The shipped classifier, loaded on first use. A failure is not remembered: a model put back is found.
    ///
    /// # Errors
    /// `model_unavailable` when a file is missing, altered, or does not fit its card.
    pub fn classifier(&self) -> Result<Arc<Classifier>> {
        self.get(&Which::default(), || {
            Classifier::load(&self.folder).map_err(|error| {
                tracing::warn!(%error, "model");
                Error::new(ErrorCode::ModelUnavailable)
            })
        })
    }

    /// A version that is in memory, or that `load` brings there.
    ///
    /// # Errors
    /// Those of `load`.
    pub(crate) fn get(
        &self,
        which: &Which,
        load: impl FnOnce() -> Result<Classifier>,
    ) -> Result<Arc<Classifier>> {
        if let Some(classifier) = self.held(which) {
            return Ok(classifier);
        }
        let _loading = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(classifier) = self.held(which) {
            return Ok(classifier);
        }
        let classifier = Arc::new(load()?.without_naming(which.not_named.clone()));
        self.hold(which.clone(), Arc::clone(&classifier));
        Ok(classifier)
    }

    fn held(&self, which: &Which) -> Option<Arc<Classifier>> {
        let loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        loaded.iter().find(|one| one.which == *which).map(|one| Arc::clone(&one.classifier))
    }

    fn hold(&self, which: Which, classifier: Arc<Classifier>) {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        loaded.push(Loaded { which, classifier });
    }

    /// Forgets every other version. Work that began with one of them keeps it until it ends.
    pub(crate) fn keep_only(&self, which: &Which) {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        let (kept, gone): (Vec<_>, Vec<_>) = loaded.drain(..).partition(|one| one.which == *which);
        *loaded = kept;
        drop(loaded);
        // Giving back a large model takes a while.
        drop(gone);
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
}

/// The identity of the classifier in use, or why there is none.
///
/// # Errors
/// `record_damaged`, `storage_failed` when it cannot be known which one is in use.
pub(crate) fn status(office: &Office) -> Result<ModelStatus> {
    let active = office.store.read(models::in_use)?.active;
    // Whoever holds no key to its file is told what is in use, not whether it is whole.
    if let (Some(id), None) = (active, &office.sealed) {
        let identity = office.store.read(|tx| models::get(tx, id))?.identity;
        return Ok(ModelStatus { identity: Some(identity), problem: None });
    }
    Ok(match stored::in_use(office) {
        Ok(model) => ModelStatus { identity: Some(model.identity().clone()), problem: None },
        Err(error) => ModelStatus { identity: None, problem: Some(error.code) },
    })
}

/// The cards of the models in use.
///
/// # Errors
/// `model_unavailable`, `not_permitted`.
pub fn read(session: &Session) -> Result<ModelView> {
    session.authorise(Command::ModelRead)?;
    let model = stored::in_use(session.office())?;
    let card = model.card();
    let (outline, outline_problem) = match session.workstation().model().outliner() {
        Ok(outliner) => (outline_view(&outliner), None),
        Err(error) => (None, Some(error.code)),
    };
    Ok(ModelView {
        not_named: model.not_named().to_vec(),
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
