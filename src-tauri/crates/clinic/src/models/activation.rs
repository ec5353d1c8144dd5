//! Changing over to another version, going back, and taking one out of use.

use domain::ModelVersionId;
use domain::model::ModelIdentity;
use domain::model_version::ModelRefusalReason as Reason;
use records::models;

use super::{is_compared, refused_for, registry, stored};
use crate::commands::Command;
use crate::error::{ErrorCode, Result};
use crate::model::Which;
use crate::session::Session;
use crate::views::{ModelActivateRequest, ModelRegistryView, ModelRetireRequest, ModelRollBackRequest};

/// Puts a version in use. Work under way ends with the one that it began with.
///
/// # Errors
/// `invalid_credentials`; `model_refused` for one that was not tried out, or not held against the version in use;
/// `conflict` for one in use or retired; `model_unavailable` when it cannot be loaded: nothing is changed then.
pub fn activate(session: &Session, request: &ModelActivateRequest) -> Result<ModelRegistryView> {
    session.authorise(Command::ModelActivate)?;
    session.check_password(&request.password)?;
    let not_named = admitted(session, request.id)?;
    change_over(session, Which { version: request.id, not_named }, false)?;
    registry(session)
}

/// Brings back the version from before, with what it might not name then.
///
/// # Errors
/// `invalid_credentials`; `model_refused` (`nothing_before`); `model_unavailable` when it cannot be loaded.
pub fn roll_back(session: &Session, request: &ModelRollBackRequest) -> Result<ModelRegistryView> {
    session.authorise(Command::ModelRollBack)?;
    session.check_password(&request.password)?;
    let (in_use, history) = session.store().read(|tx| Ok((models::in_use(tx)?, models::activations(tx)?)))?;
    let version = in_use.previous.ok_or_else(|| refused_for(Reason::NothingBefore))?;
    let earlier = history.into_iter().find(|one| one.version == version);
    let not_named = earlier.map(|one| one.not_named).unwrap_or_default();
    change_over(session, Which { version, not_named }, true)?;
    registry(session)
}

/// Takes a version out of use for good; readings that name it stay.
///
/// # Errors
/// `invalid_credentials`; `not_found`; `conflict` for the one in use.
pub fn retire(session: &Session, request: &ModelRetireRequest) -> Result<ModelRegistryView> {
    let actor = session.authorise(Command::ModelRetire)?;
    session.check_password(&request.password)?;
    session.store().write(&actor, |tx| models::retire(tx, request.id))?;
    registry(session)
}

/// What a version may not name, if it may be put in use at all. The shipped one needs no comparison: it was proven
/// when it was made.
fn admitted(session: &Session, id: Option<ModelVersionId>) -> Result<Vec<String>> {
    session.store().read(|tx| {
        let in_use = models::in_use(tx)?;
        let Some(id) = id else {
            return Ok(if in_use.active.is_none() { Err(ErrorCode::Conflict.into()) } else { Ok(vec![]) });
        };
        let version = models::get(tx, id)?;
        if in_use.active == Some(id) || version.retired_at.is_some() {
            return Ok(Err(ErrorCode::Conflict.into()));
        }
        if version.trial.is_none() {
            return Ok(Err(refused_for(Reason::NotChecked)));
        }
        Ok(match &version.comparison {
            Some(comparison) if is_compared(tx, &version)? => Ok(comparison.not_named()),
            _ => Err(refused_for(Reason::NotCompared)),
        })
    })?
}

/// Loads first, then writes the one row that changes over: who asks in between gets the old version or the new one,
/// and waits for neither.
fn change_over(session: &Session, which: Which, rolled_back: bool) -> Result<()> {
    let office = session.office();
    let slot = session.workstation().model();
    let classifier = match which.version {
        None => slot.classifier()?,
        Some(id) => slot.get(&which, || stored::load(office, id))?,
    };
    let identity: &ModelIdentity = classifier.identity();
    session.store().write(&session.actor(), |tx| {
        models::activate(tx, which.version, identity, &which.not_named, rolled_back)
    })?;
    slot.keep_only(&which);
    Ok(())
}
