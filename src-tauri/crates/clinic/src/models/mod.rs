//! Versions of the classifier: adding one, trying it out, holding it against the one in use, and changing over.
//!
//! A file from elsewhere is first run in a process of its own ([`probe`]), with bounds of memory and time. Activation
//! is one row: work under way keeps the version that it began with.

mod activation;
mod child;
mod form;
mod golden;
pub mod probe;
pub(crate) mod stored;
mod upload;

use domain::ModelVersionId;
use domain::model_version::{LEAST_CASES, ModelRefusal, ModelRefusalReason as Reason};
use records::models::{self, InUse, ModelVersion};
use records::{Reading, RecordsError, golden_images};
use serde_json::json;
use vision::card::ModelCard;

pub use activation::{activate, retire, roll_back};
pub use child::TrialProgram;
pub use golden::{cancel, compare, mark, set, unmark};
pub use upload::{PickedFiles, pick, try_out, upload};

use crate::commands::Command;
use crate::error::{Error, ErrorCode, Result};
use crate::names::Names;
use crate::session::Session;
use crate::settings;
use crate::views::{ModelActivationView, ModelCardView, ModelRegistryView, ModelVersionView};

/// Every version with its state, and which one was in use when.
///
/// # Errors
/// `not_permitted`, `record_damaged`.
pub fn list(session: &Session) -> Result<ModelRegistryView> {
    session.authorise(Command::ModelVersionList)?;
    registry(session)
}

fn registry(session: &Session) -> Result<ModelRegistryView> {
    let (in_use, versions, history, names, analyses_on, golden) = session.store().read(|tx| {
        Ok((
            models::in_use(tx)?,
            models::list(tx)?,
            models::activations(tx)?,
            Names::read(tx)?,
            settings::analyses(tx)?,
            golden_images::list(tx)?.len(),
        ))
    })?;
    let changed_at = history.first().map(|last| last.at);
    let told = |id: Option<ModelVersionId>| {
        let version = id.and_then(|id| versions.iter().find(|version| version.id == id));
        version
            .map_or_else(String::new, |known| format!("{} {}", known.identity.name, known.identity.version))
    };
    let history = history.iter().map(|one| ModelActivationView {
        id: one.version,
        name: told(one.version),
        rolled_back: one.rolled_back,
        by_name: names.name(one.by),
        at: one.at,
    });
    let history: Vec<_> = history.collect();
    let mut views = vec![shipped(session, &in_use)];
    views.extend(versions.iter().map(|version| {
        let counts = version.comparison.is_some() && version.compared_at > changed_at;
        ModelVersionView { comparison_counts: counts, ..view(session, &in_use, version, &names) }
    }));
    Ok(ModelRegistryView {
        versions: views,
        history,
        can_roll_back: in_use.previous.is_some(),
        comparing: session.workstation().comparing().is_under_way(),
        analyses_on,
        golden_images: u32::try_from(golden).unwrap_or(u32::MAX),
        least_cases: LEAST_CASES,
    })
}

fn shipped(session: &Session, in_use: &InUse) -> ModelVersionView {
    let model = session.workstation().model().classifier();
    let state = in_use.state(None);
    ModelVersionView {
        id: None,
        identity: model.as_ref().ok().map(|model| model.identity().clone()),
        state,
        bytes: None,
        added_by_name: None,
        added_at: None,
        checked_at: None,
        trial: None,
        refusal: None,
        compared_at: None,
        comparison: None,
        comparison_counts: false,
        retired_at: None,
        not_named: vec![],
        card: model.as_ref().ok().map(|model| card_view(model.card())),
        problem: model.err().map(|error| error.code),
    }
}

fn view(session: &Session, in_use: &InUse, version: &ModelVersion, names: &Names) -> ModelVersionView {
    let active = in_use.active == Some(version.id);
    let problem = if active { stored::in_use(session.office()).err().map(|error| error.code) } else { None };
    ModelVersionView {
        id: Some(version.id),
        identity: Some(version.identity.clone()),
        state: in_use.state(Some(version)),
        bytes: Some(version.bytes),
        added_by_name: Some(names.name(version.added_by)),
        added_at: Some(version.added_at),
        checked_at: version.checked_at,
        trial: version.trial.clone(),
        refusal: version.refusal.clone(),
        compared_at: version.compared_at,
        comparison: version.comparison.clone(),
        comparison_counts: false,
        retired_at: version.retired_at,
        not_named: if active { in_use.not_named.clone() } else { vec![] },
        card: stored::card(session.office(), version.id).ok().map(|card| card_view(&card)),
        problem,
    }
}

/// One version as the list shows it.
fn one(session: &Session, id: ModelVersionId) -> Result<ModelVersionView> {
    let found = registry(session)?.versions.into_iter().find(|version| version.id == Some(id));
    found.ok_or_else(|| ErrorCode::NotFound.into())
}

fn card_view(card: &ModelCard) -> ModelCardView {
    ModelCardView {
        labels: card.labels.iter().map(vision::card::CardLabel::to_label).collect(),
        trained_on: card.trained_on.clone().unwrap_or_default(),
        licence: card.licence.clone().unwrap_or_default(),
        metrics: card.metrics.clone(),
        limits: card.limits.clone(),
        novelty: card.ood.is_some(),
        prediction_set: card.conformal.is_some(),
        likeness: card.similarity.is_some(),
    }
}

fn refused(refusal: &ModelRefusal) -> Error {
    Error::with(ErrorCode::ModelRefused, json!(refusal))
}

fn refused_for(reason: Reason) -> Error {
    refused(&ModelRefusal::new(reason))
}

/// Whether a comparison was made after the version in use came into use.
fn is_compared(tx: &Reading<'_>, version: &ModelVersion) -> std::result::Result<bool, RecordsError> {
    let changed_at = models::activations(tx)?.first().map(|last| last.at);
    Ok(version.comparison.is_some() && version.compared_at > changed_at)
}
